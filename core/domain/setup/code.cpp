#include "domain/setup/code.hpp"

#include <algorithm>

#include "crypto/digest.hpp"
#include "crypto/random.hpp"

namespace cell::setup {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHJKMNPQRSTVWXYZ23456789";  // no I, L, O, U, 0, 1
constexpr std::size_t kLength = 16;
constexpr std::size_t kGroup = 4;
constexpr std::size_t kMaxTyped = 64;
constexpr int kMaxWrong = 10;
constexpr std::chrono::seconds kWindow{60};
constexpr std::size_t kMaxAddresses = 1000;

}  // namespace

std::string generate_code() {
  static constexpr std::size_t kFair = 256 / kAlphabet.size() * kAlphabet.size();
  std::string code;
  for (std::size_t made = 0; made < kLength;) {
    const auto byte = static_cast<unsigned char>(crypto::random_bytes(1)[0]);
    if (byte >= kFair) continue;
    if (made > 0 && made % kGroup == 0) code += '-';
    code += kAlphabet[byte % kAlphabet.size()];
    ++made;
  }
  return code;
}

std::string normalised_code(std::string_view typed) {
  std::string code;
  for (const char c : typed.substr(0, kMaxTyped)) {
    if (c == ' ' || c == '-') continue;
    code += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return code;
}

void CodeGuard::set(std::string_view code) {
  const std::lock_guard lock(mutex_);
  code_ = normalised_code(code);
}

Result<void> CodeGuard::check(std::string_view typed, const std::string& address) {
  const std::lock_guard lock(mutex_);
  const SteadyPoint now = clock_.steady();
  if (attempts_.size() >= kMaxAddresses) {
    std::erase_if(attempts_, [&](const auto& item) { return now - item.second.began >= kWindow; });
    if (attempts_.size() >= kMaxAddresses) attempts_.clear();  // 78 bits are safe without counting
  }
  Attempts& attempts = attempts_[address];
  if (attempts.wrong == 0 || now - attempts.began >= kWindow) attempts = {0, now};
  if (attempts.wrong >= kMaxWrong) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(attempts.began + kWindow - now).count();
    return Error{Code::rate_limited,
                 "too many wrong setup codes",
                 "try again in a minute",
                 {},
                 {},
                 static_cast<int>(std::max<std::int64_t>(wait, 1))};
  }
  if (!code_.empty() && crypto::equal_constant_time(normalised_code(typed), code_)) {
    attempts_.erase(address);
    return {};
  }
  ++attempts.wrong;
  return Error{Code::forbidden,
               "this is not the setup code of this cell",
               "'make start' shows it, and it stands in the file run/setup-code of the cell's directory",
               {{"/setup_code", "this is not the setup code of this cell"}},
               "setup_code_invalid"};
}

}  // namespace cell::setup
