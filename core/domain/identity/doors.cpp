#include "domain/identity/doors.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "crypto/random.hpp"

namespace cell::identity {

namespace {

constexpr std::chrono::seconds kTicketLife{30};
constexpr std::size_t kMaxTickets = 1000;
constexpr std::size_t kMaxKeys = 10'000;

Error no_entry(std::string message) {
  return Error{Code::forbidden, std::move(message), "open the service again", {}, "door"};
}

}  // namespace

Result<Secret> Doors::ticket(const Secret& session_token, const std::string& host,
                             const std::string& nonce_hash) {
  CELL_TRY(identity_.by_session(session_token.reveal()));
  const std::lock_guard lock(mutex_);
  sweep();
  if (tickets_.size() >= kMaxTickets)
    return Error{Code::rate_limited, "too many people enter at once", "try again", {}, {}, 5};
  const std::string text = crypto::random_token();
  tickets_[crypto::sha256(text)] = {session_token, host, nonce_hash, clock_.steady() + kTicketLife};
  return Secret(text);
}

Result<Secret> Doors::enter(std::string_view ticket, const std::string& host, std::string_view nonce) {
  const std::lock_guard lock(mutex_);
  sweep();
  const auto found = tickets_.find(crypto::sha256(ticket));
  if (found == tickets_.end()) return no_entry("this ticket was used or has expired");
  const Ticket used = std::move(found->second);
  tickets_.erase(found);
  const bool fits = used.host == host && !nonce.empty() &&
                    crypto::equal_constant_time(used.nonce_hash, crypto::to_hex(crypto::sha256(nonce)));
  if (!fits) return no_entry("this ticket is not for this browser");
  if (keys_.size() >= kMaxKeys) keys_.clear();  // browsers fetch new ones by themselves
  const std::string text = crypto::random_token();
  keys_[crypto::sha256(text)] = {used.session_token, host};
  return Secret(text);
}

Result<Person> Doors::holder(std::string_view key, const std::string& host) {
  Secret session_token;
  const std::string hash = crypto::sha256(key);
  {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(hash);
    if (found == keys_.end() || found->second.host != host)
      return Error{Code::unauthenticated, "nobody is logged in here", "log in at the cell's own page"};
    session_token = found->second.session_token;
  }
  auto caller = identity_.by_session(session_token.reveal());
  if (caller) return caller->person;
  const std::lock_guard lock(mutex_);
  keys_.erase(hash);
  return caller.error();
}

void Doors::sweep() {
  const SteadyPoint now = clock_.steady();
  std::erase_if(tickets_, [&](const auto& entry) { return entry.second.until <= now; });
}

}  // namespace cell::identity
