#include "crypto/password.hpp"

#include <array>
#include <charconv>
#include <optional>

#include <argon2.h>

#include "crypto/random.hpp"

namespace cell::crypto {

namespace {

// OWASP's choice for argon2id: 19 MiB and two passes, about 30 ms.
constexpr std::uint32_t kMemoryKib = 19 * 1024;
constexpr std::uint32_t kPasses = 2;
constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kMaxPasswordBytes = 4096;

// A hash from a restored backup must not make one login cost more than this.
constexpr std::uint32_t kMaxMemoryKib = 256 * 1024;
constexpr std::uint32_t kMaxPasses = 16;
constexpr std::uint32_t kMaxLanes = 16;

struct Cost {
  std::uint32_t memory_kib = 0;
  std::uint32_t passes = 0;
  std::uint32_t lanes = 0;
};

bool take_number(std::string_view& text, std::string_view prefix, std::uint32_t& value) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

// "$argon2id$v=19$m=19456,t=2,p=1$…"
std::optional<Cost> cost_of(std::string_view phc) {
  Cost cost;
  const bool readable = take_number(phc, "$argon2id$v=19$m=", cost.memory_kib) &&
                        take_number(phc, ",t=", cost.passes) && take_number(phc, ",p=", cost.lanes) &&
                        phc.starts_with('$');
  if (!readable) return {};
  return cost;
}

}  // namespace

Result<std::string> hash_password(const Secret& password) {
  const std::string_view text = password.reveal();
  if (text.size() > kMaxPasswordBytes) return Error{Code::invalid_argument, "the password is too long"};
  const std::string salt = random_bytes(kSaltBytes);
  std::array<char, 256> phc{};
  const int problem = argon2id_hash_encoded(kPasses, kMemoryKib, kLanes, text.data(), text.size(),
                                            salt.data(), salt.size(), kHashBytes, phc.data(), phc.size());
  if (problem == ARGON2_MEMORY_ALLOCATION_ERROR) {
    return Error{Code::unavailable, "not enough memory to check a password", "try again in a moment"};
  }
  if (problem != ARGON2_OK)
    return Error{Code::internal, std::string("cannot hash a password: ") + argon2_error_message(problem)};
  return std::string(phc.data());
}

bool verify_password(const Secret& password, std::string_view phc) {
  const std::string_view text = password.reveal();
  const auto cost = cost_of(phc);
  if (!cost || text.size() > kMaxPasswordBytes || phc.find('\0') != std::string_view::npos) return false;
  if (cost->memory_kib > kMaxMemoryKib || cost->passes > kMaxPasses || cost->lanes > kMaxLanes) return false;
  return argon2id_verify(std::string(phc).c_str(), text.data(), text.size()) == ARGON2_OK;
}

bool needs_rehash(std::string_view phc) {
  const auto cost = cost_of(phc);
  return !cost || cost->memory_kib < kMemoryKib || cost->passes < kPasses;
}

}  // namespace cell::crypto
