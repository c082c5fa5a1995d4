#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace cell::hub {

// Strict reading of one JSON object: the first wrong member is remembered and every later read answers an
// empty value, so that a reader is a list of assignments with one check at the end.
class Members {
 public:
  // `at` is the object's own pointer in the document. Members that are not in `known` are refused.
  Members(const Json& object, std::string at, std::initializer_list<std::string_view> known);

  std::string text(std::string_view name, std::size_t max_size);
  std::string text_or_empty(std::string_view name, std::size_t max_size);
  bool flag(std::string_view name);
  std::uint64_t number(std::string_view name, std::uint64_t min, std::uint64_t max);
  std::uint64_t number_or_zero(std::string_view name, std::uint64_t max);
  std::int64_t signed_number(std::string_view name);
  const Json& array(std::string_view name, std::size_t max_items);
  const Json& array_or_empty(std::string_view name, std::size_t max_items);
  const Json& object(std::string_view name);
  std::vector<std::string> texts(std::string_view name, std::size_t max_items, std::size_t max_size);

  void fail(std::string_view name, std::string detail, std::string hint = {});
  [[nodiscard]] std::string pointer(std::string_view name) const { return pointer_append(at_, name); }
  [[nodiscard]] Result<void> result() const;

 private:
  const Json* find(std::string_view name);
  [[nodiscard]] bool has(std::string_view name) const {
    return object_.is_object() && object_.contains(name);
  }

  const Json& object_;
  std::string at_;
  Result<void> result_;
};

// 32 bytes in base64: 44 characters, the last '='.
bool is_key(std::string_view text);
// An address in its canonical text ("10.13.13.2", "fd00::2"), so that equal addresses are equal texts.
bool is_address(std::string_view text);
bool is_ipv4(std::string_view text);
bool is_ipv6(std::string_view text);
bool is_subnet(std::string_view text);

}  // namespace cell::hub
