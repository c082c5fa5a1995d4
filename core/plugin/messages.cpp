#include "plugin/messages.hpp"

namespace cell::plugin {

const char* role_name(bool is_admin) { return is_admin ? "admin" : "peer"; }

Json request_document(const RequestHead& head) {
  Json asker;
  if (head.asker)
    asker = {{"id", head.asker->id}, {"name", head.asker->name}, {"role", role_name(head.asker->is_admin)}};
  return {{"method", head.method},        {"path", head.path},       {"params", head.params},
          {"query", head.query},          {"headers", head.headers}, {"principal", std::move(asker)},
          {"request_id", head.request_id}};
}

namespace event {

Json schedule(const std::string& name) { return {{"type", "schedule"}, {"name", name}}; }
Json installed(const std::string& version) { return {{"type", "installed"}, {"version", version}}; }
Json updated(const std::string& from, const std::string& version) {
  return {{"type", "updated"}, {"from", from}, {"version", version}};
}
Json options_changed() { return {{"type", "options_changed"}}; }
Json accounts_changed() { return {{"type", "accounts_changed"}}; }
Json started() { return {{"type", "started"}}; }
Json stopped() { return {{"type", "stopped"}}; }
Json removing(bool purge) { return {{"type", "removing"}, {"purge", purge}}; }

}  // namespace event
}  // namespace cell::plugin
