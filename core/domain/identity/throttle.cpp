#include "domain/identity/throttle.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "domain/identity/source.hpp"
#include "domain/settings/text.hpp"

namespace cell::identity {

namespace {

using std::chrono::seconds;

constexpr int kFreeAttempts = 5;
constexpr seconds kPairMemory{15 * 60};
constexpr seconds kMaxDelay{15 * 60};
constexpr int kMaxPerSource = 20;
constexpr seconds kSourceWindow{60};
constexpr int kMaxPerAccount = 100;
constexpr seconds kAccountWindow{3600};
constexpr std::size_t kKeyBytes = 12;  // of a digest: short keys bound the memory, whatever the name's length

seconds delay_after(int attempts) {
  if (attempts < kFreeAttempts) return seconds{0};
  const int doublings = std::min(attempts - kFreeAttempts, 10);
  return std::min(seconds{std::int64_t{1} << doublings}, kMaxDelay);
}

Error come_back(SteadyPoint now, SteadyPoint when) {
  const auto wait = std::chrono::ceil<seconds>(when - now).count();
  const int wait_s = static_cast<int>(std::max<std::int64_t>(wait, 1));
  return Error{Code::rate_limited,
               "too many attempts",
               "try again in " + std::to_string(wait_s) + " s",
               {},
               {},
               wait_s};
}

template <class Window>
void roll(Window& window, SteadyPoint now, seconds length) {
  if (window.attempts == 0 || now - window.began >= length) window = {0, now};
}

}  // namespace

Throttle::Throttle(const Clock& clock, std::size_t max_entries)
    : clock_(clock),
      pairs_(max_entries),
      sources_(max_entries),
      accounts_(max_entries),
      known_(max_entries) {}

Throttle::Keys Throttle::keys_of(std::string_view account, std::string_view address) {
  const auto digest = [](const std::string& text) { return crypto::sha256(text).substr(0, kKeyBytes); };
  const std::string name = settings::lower_ascii(account);
  const std::string source = source_key(address);
  return {digest("a" + name), digest("s" + source), digest(source + "\n" + name)};
}

Result<void> Throttle::admit(std::string_view account, std::string_view address) {
  const Keys keys = keys_of(account, address);
  const SteadyPoint now = clock_.steady();
  const std::lock_guard lock(mutex_);
  Pair& pair = pairs_.at(keys.pair);
  if (now < pair.blocked_until) return come_back(now, pair.blocked_until);
  if (now - pair.last >= kPairMemory) pair = {};
  Window& source = sources_.at(keys.source);
  roll(source, now, kSourceWindow);
  if (source.attempts >= kMaxPerSource) return come_back(now, source.began + kSourceWindow);
  Window& of_account = accounts_.at(keys.account);
  roll(of_account, now, kAccountWindow);
  if (of_account.attempts >= kMaxPerAccount && known_.find(keys.pair) == nullptr) {
    return come_back(now, of_account.began + kAccountWindow);
  }
  ++source.attempts;
  ++of_account.attempts;
  ++pair.attempts;
  pair.last = now;
  pair.blocked_until = now + delay_after(pair.attempts);
  return {};
}

void Throttle::undo(const Keys& keys, bool forget_pair) {
  if (Window* source = sources_.find(keys.source); source != nullptr && source->attempts > 0)
    --source->attempts;
  if (Window* account = accounts_.find(keys.account); account != nullptr && account->attempts > 0)
    --account->attempts;
  if (forget_pair) return pairs_.erase(keys.pair);
  if (Pair* pair = pairs_.find(keys.pair); pair != nullptr && pair->attempts > 0) {
    --pair->attempts;
    pair->blocked_until = {};
  }
}

void Throttle::succeeded(std::string_view account, std::string_view address) {
  const Keys keys = keys_of(account, address);
  const std::lock_guard lock(mutex_);
  undo(keys, true);
  known_.at(keys.pair) = 1;
}

void Throttle::withdrawn(std::string_view account, std::string_view address) {
  const Keys keys = keys_of(account, address);
  const std::lock_guard lock(mutex_);
  undo(keys, false);
}

std::size_t Throttle::entries() const {
  const std::lock_guard lock(mutex_);
  return pairs_.size() + sources_.size() + accounts_.size() + known_.size();
}

}  // namespace cell::identity
