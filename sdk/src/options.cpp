#include <utility>

#include "cell/config.hpp"
#include "cell/text.hpp"

namespace cell::sdk {
namespace {

constexpr const char* kMissing = "must be there";
constexpr const char* kNoLine = "must be one line of text without control characters";

}  // namespace

Options Options::of(Json object) {
  return {std::move(object), "", std::make_shared<std::vector<FieldError>>()};
}

const Json* Options::find(std::string_view name, bool must_be_there) const {
  const auto found = value_.find(std::string(name));
  if (found != value_.end() && !found->is_null()) return &*found;
  if (must_be_there) reject(name, kMissing);
  return nullptr;
}

bool Options::has(std::string_view name) const { return find(name, false) != nullptr; }

void Options::reject(std::string_view name, std::string detail) const {
  problems_->push_back({pointer_append(pointer_, name), std::move(detail)});
}

std::string Options::text(std::string_view name, std::optional<std::string> fallback) const {
  const Json* value = find(name, !fallback);
  if (value == nullptr) return fallback.value_or("");
  if (value->is_string()) return value->get<std::string>();
  reject(name, "must be a text");
  return fallback.value_or("");
}

std::string Options::line(std::string_view name, std::optional<std::string> fallback) const {
  std::string value = text(name, fallback);
  if (is_line(value)) return value;
  reject(name, kNoLine);
  return fallback.value_or("");
}

std::string Options::host_name(std::string_view name, std::optional<std::string> fallback) const {
  const Json* there = find(name, false);
  std::string value = text(name, fallback);
  if (there == nullptr || !there->is_string() || is_host_name(value)) return value;
  reject(name, "must be a host name such as mail.example.org");
  return fallback.value_or("");
}

std::int64_t Options::integer(std::string_view name, std::optional<std::int64_t> fallback) const {
  const Json* value = find(name, !fallback);
  if (value == nullptr) return fallback.value_or(0);
  // Beyond int64 an unsigned number would turn negative.
  if (value->is_number_integer() &&
      (!value->is_number_unsigned() || value->get<std::uint64_t>() <= INT64_MAX))
    return value->get<std::int64_t>();
  reject(name, "must be a whole number");
  return fallback.value_or(0);
}

double Options::number(std::string_view name, std::optional<double> fallback) const {
  const Json* value = find(name, !fallback);
  if (value == nullptr) return fallback.value_or(0);
  if (value->is_number()) return value->get<double>();
  reject(name, "must be a number");
  return fallback.value_or(0);
}

bool Options::boolean(std::string_view name, std::optional<bool> fallback) const {
  const Json* value = find(name, !fallback);
  if (value == nullptr) return fallback.value_or(false);
  if (value->is_boolean()) return value->get<bool>();
  reject(name, "must be true or false");
  return fallback.value_or(false);
}

std::vector<std::string> Options::lines(std::string_view name) const {
  const Json* value = find(name, false);
  if (value == nullptr) return {};
  std::vector<std::string> result;
  if (!value->is_array()) reject(name, "must be a list of texts");
  for (const Json& item : value->is_array() ? *value : Json::array()) {
    if (item.is_string() && is_line(item.get_ref<const std::string&>())) {
      result.push_back(item.get<std::string>());
    } else {
      reject(name, std::string("each ") + kNoLine);
      return {};
    }
  }
  return result;
}

std::vector<Options> Options::objects(std::string_view name) const {
  const Json* value = find(name, false);
  if (value == nullptr) return {};
  std::vector<Options> result;
  if (!value->is_array()) reject(name, "must be a list of objects");
  for (const Json& item : value->is_array() ? *value : Json::array()) {
    const std::string pointer = pointer_append(pointer_append(pointer_, name), std::to_string(result.size()));
    if (!item.is_object()) {
      problems_->push_back({pointer, "must be an object"});
      return {};
    }
    result.push_back(Options(item, pointer, problems_));
  }
  return result;
}

Options Options::object(std::string_view name) const {
  const Json* value = find(name, false);
  if (value != nullptr && !value->is_object()) {
    reject(name, "must be an object");
    value = nullptr;
  }
  return Options(value != nullptr ? *value : Json::object(), pointer_append(pointer_, name), problems_);
}

}  // namespace cell::sdk
