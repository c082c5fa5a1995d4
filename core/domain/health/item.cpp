#include "domain/health/item.hpp"

namespace cell::health {

std::string_view to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::problem:
      return "problem";
    case Severity::attention:
      return "attention";
    case Severity::info:
      return "info";
  }
  return "problem";
}

Json to_json(const Item& item) {
  Json json = {
      {"id", item.id}, {"severity", to_string(item.severity)}, {"title", item.title}, {"action", nullptr}};
  if (!item.cause.empty()) json["cause"] = item.cause;
  if (!item.fix.empty()) json["fix"] = item.fix;
  if (item.action) json["action"] = {{"label", item.action->label}, {"href", item.action->href}};
  json["ignore_until"] = item.ignore_until ? Json(format_time(*item.ignore_until)) : Json(nullptr);
  return json;
}

}  // namespace cell::health
