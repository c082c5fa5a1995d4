#include "cell/result.hpp"

#include <array>
#include <utility>

namespace cell::sdk {
namespace {

constexpr std::array<std::pair<Code, std::string_view>, 14> kNames = {{
    {Code::invalid_argument, "invalid_argument"},
    {Code::unauthenticated, "unauthenticated"},
    {Code::forbidden, "forbidden"},
    {Code::not_found, "not_found"},
    {Code::conflict, "conflict"},
    {Code::gone, "gone"},
    {Code::precondition_failed, "precondition_failed"},
    {Code::too_large, "too_large"},
    {Code::rate_limited, "rate_limited"},
    {Code::unsupported, "unsupported"},
    {Code::unavailable, "unavailable"},
    {Code::timeout, "timeout"},
    {Code::cancelled, "cancelled"},
    {Code::internal, "internal"},
}};

}  // namespace

std::string_view to_string(Code code) noexcept {
  for (const auto& [value, name] : kNames) {
    if (value == code) return name;
  }
  return "internal";
}

Code code_of(std::string_view name) noexcept {
  for (const auto& [value, text] : kNames) {
    if (text == name) return value;
  }
  return Code::internal;
}

}  // namespace cell::sdk
