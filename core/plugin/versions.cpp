#include "plugin/manifest.hpp"

namespace cell::plugin {

namespace {

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Takes what stands before the first `separator` off `text`.
std::string_view take_until(std::string_view& text, char separator) {
  const auto end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  return part;
}

int sign(int comparison) { return comparison < 0 ? -1 : comparison > 0 ? 1 : 0; }

// Of any length: the longer number without leading zeros is the larger one.
int compare_numbers(std::string_view left, std::string_view right) {
  left.remove_prefix(std::min(left.find_first_not_of('0'), left.size()));
  right.remove_prefix(std::min(right.find_first_not_of('0'), right.size()));
  if (left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
  return sign(left.compare(right));
}

int compare_identifiers(std::string_view left, std::string_view right) {
  const bool left_is_number = is_number(left);
  const bool right_is_number = is_number(right);
  if (left_is_number && right_is_number) return compare_numbers(left, right);
  if (left_is_number != right_is_number) return left_is_number ? -1 : 1;
  return sign(left.compare(right));
}

int compare_pre_releases(std::string_view left, std::string_view right) {
  if (left.empty() || right.empty()) return left.empty() == right.empty() ? 0 : left.empty() ? 1 : -1;
  while (!left.empty() && !right.empty()) {
    const int order = compare_identifiers(take_until(left, '.'), take_until(right, '.'));
    if (order != 0) return order;
  }
  return left.empty() == right.empty() ? 0 : left.empty() ? -1 : 1;
}

}  // namespace

int compare_versions(std::string_view left, std::string_view right) {
  // Build metadata does not count.
  left = left.substr(0, left.find('+'));
  right = right.substr(0, right.find('+'));
  std::string_view left_numbers = take_until(left, '-');
  std::string_view right_numbers = take_until(right, '-');
  for (int i = 0; i < 3; ++i) {
    const int order = compare_numbers(take_until(left_numbers, '.'), take_until(right_numbers, '.'));
    if (order != 0) return order;
  }
  return compare_pre_releases(left, right);
}

}  // namespace cell::plugin
