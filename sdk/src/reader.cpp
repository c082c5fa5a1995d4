#include "reader.hpp"

namespace cell::sdk::detail {

const Json* Reader::find(const char* name) const {
  if (!object_->is_object()) return nullptr;
  const auto found = object_->find(name);
  return found != object_->end() ? &*found : nullptr;
}

std::string Reader::text(const char* name) const {
  const Json* value = find(name);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::int64_t Reader::integer(const char* name) const {
  const Json* value = find(name);
  return value != nullptr && value->is_number_integer() ? value->get<std::int64_t>() : 0;
}

bool Reader::boolean(const char* name) const {
  const Json* value = find(name);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::vector<std::string> Reader::texts(const char* name) const {
  std::vector<std::string> result;
  const Json* value = find(name);
  if (value == nullptr || !value->is_array()) return result;
  for (const Json& item : *value) {
    if (item.is_string()) result.push_back(item.get<std::string>());
  }
  return result;
}

std::map<std::string, std::string> Reader::text_map(const char* name) const {
  std::map<std::string, std::string> result;
  const Json* value = find(name);
  if (value == nullptr || !value->is_object()) return result;
  for (const auto& [key, item] : value->items()) {
    if (item.is_string()) result[key] = item.get<std::string>();
  }
  return result;
}

std::vector<Reader> Reader::objects(const char* name) const {
  std::vector<Reader> result;
  const Json* value = find(name);
  if (value == nullptr || !value->is_array()) return result;
  for (const Json& item : *value) result.emplace_back(item);
  return result;
}

}  // namespace cell::sdk::detail
