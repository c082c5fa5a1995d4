#include "domain/identity/password_rules.hpp"

#include <algorithm>

#include "crypto/random.hpp"
#include "domain/settings/text.hpp"

namespace cell::identity {

namespace {

constexpr std::size_t kMinLength = 8;
constexpr std::size_t kMaxLength = 1024;      // above, hashing would be a way to keep the processor busy
constexpr std::size_t kMinContextWord = 3;    // "al" is in too many words
constexpr std::size_t kMinBesideContext = 5;  // characters that must be left when the word is taken away

bool is_run(const std::u32string& points) {
  const auto step = [&](std::size_t i) {
    return static_cast<std::int64_t>(points[i]) - static_cast<std::int64_t>(points[i - 1]);
  };
  const std::int64_t first = step(1);
  if (first < -1 || first > 1) return false;
  for (std::size_t i = 2; i < points.size(); ++i) {
    if (step(i) != first) return false;
  }
  return true;
}

bool is_mostly(std::string lower, const std::string& word) {
  if (word.size() < kMinContextWord) return false;
  bool found = false;
  for (std::size_t at = lower.find(word); at != std::string::npos; at = lower.find(word)) {
    lower.erase(at, word.size());
    found = true;
  }
  return found && lower.size() < kMinBesideContext;
}

}  // namespace

Result<void> check_password(const Secret& password, const std::vector<std::string>& context,
                            const std::string& pointer) {
  const auto points = settings::decode_utf8(password.reveal());
  if (!points) return field_error(pointer, "the password is not valid UTF-8");
  if (points->size() < kMinLength) return field_error(pointer, "a password has at least 8 characters");
  if (points->size() > kMaxLength) return field_error(pointer, "a password has at most 1024 characters");
  const std::string lower = settings::lower_ascii(password.reveal());
  if (is_run(*points) || is_common_password(lower)) {
    return field_error(pointer, "this password is one of the first that are tried",
                       "take a few unrelated words");
  }
  for (const std::string& word : context) {
    if (!is_mostly(lower, settings::lower_ascii(word))) continue;
    return field_error(pointer, "the password is little more than the name of the person or the cell",
                       "take a few unrelated words");
  }
  return {};
}

Secret generate_password() {
  static constexpr std::string_view kAlphabet = "abcdefghjkmnpqrstuvwxyz23456789";
  static constexpr std::size_t kLength = 20;
  static constexpr std::size_t kFair =
      256 / kAlphabet.size() * kAlphabet.size();  // bytes above would favour some letters
  std::string text;
  while (text.size() < kLength) {
    const auto byte = static_cast<unsigned char>(crypto::random_bytes(1)[0]);
    if (byte < kFair) text += kAlphabet[byte % kAlphabet.size()];
  }
  return Secret(std::move(text));
}

}  // namespace cell::identity
