#include "domain/settings/change.hpp"

#include "domain/settings/document.hpp"

namespace cell::settings {

namespace {

void append(std::vector<FieldError>& fields, const Result<void>& checked) {
  if (checked) return;
  for (FieldError field : checked.error().fields) {
    if (!checked.error().hint.empty()) field.detail += "; " + checked.error().hint;
    fields.push_back(std::move(field));
  }
}

Result<void> check_fixed(const Json& root, const Json& patch) {
  const Identity identity = identity_of(root);
  std::vector<FieldError> fields;
  if (patch.contains("cell_name") && json_string(patch, "cell_name") != identity.cell_name) {
    fields.push_back(
        {"/cell_name", "devices, names and certificates are built on the name, so it is fixed after set-up"});
  }
  if (patch.contains("domain") && patch["domain"] != json_member(json_member(root, "identity"), "domain")) {
    fields.push_back(
        {"/domain", "devices, names and certificates are built on the domain, so it is fixed after set-up"});
  }
  if (fields.empty()) return {};
  Error error{Code::conflict, fields[0].detail,
              "set up another cell, with its own CELL_INSTANCE and CELL_DIR, for another name"};
  error.fields = std::move(fields);
  error.reason = "fixed_after_setup";
  return error;
}

// Owners who are not there any more would make devices that belong to nobody and yet are not free.
void drop_missing_owners(Json& root) {
  for (auto& [id, peer] : root["peers"].items()) {
    if (peer.contains("owner_id") && !root["people"].contains(json_string(peer, "owner_id")))
      peer.erase("owner_id");
  }
}

}  // namespace

Json settings_view(const Json& root) {
  const Identity identity = identity_of(root);
  const SessionLimits limits = session_limits_of(root);
  return {{"cell_name", identity.cell_name},
          {"domain", {{"mode", identity.domain_mode}, {"name", identity.domain_name}}},
          {"timezone", identity.timezone},
          {"endpoint_host", identity.endpoint_host},
          {"session", {{"idle_s", limits.idle_s}, {"absolute_s", limits.absolute_s}}}};
}

Result<void> apply_settings(Json& root, const Json& patch) {
  CELL_TRY(check_fixed(root, patch));
  std::vector<FieldError> fields;
  if (patch.contains("timezone")) append(fields, check_timezone(json_string(patch, "timezone"), "/timezone"));
  if (patch.contains("endpoint_host"))
    append(fields, check_endpoint_host(json_string(patch, "endpoint_host"), "/endpoint_host"));
  const Json& session = json_member(patch, "session");
  if (patch.contains("session") && json_int(session, "idle_s") > json_int(session, "absolute_s")) {
    fields.push_back(
        {"/session/idle_s", "a session can't be idle for longer than it lasts at all (absolute_s)"});
  }
  if (!fields.empty()) {
    Error error{Code::invalid_argument,
                fields.size() == 1 ? fields[0].detail : "some settings are not right"};
    error.fields = std::move(fields);
    return error;
  }
  for (const char* name : {"timezone", "endpoint_host"}) {
    if (patch.contains(name)) root["identity"][name] = patch[name];
  }
  if (patch.contains("session")) root["session"] = session;
  return {};
}

Result<Json> restored(const Json& now, const Json& then) {
  if (!identity_of(then).setup_complete) {
    return Error{Code::conflict,
                 "that revision is of before the cell was set up",
                 "choose a newer one",
                 {},
                 "before_setup"};
  }
  Json root = then;
  root["people"] = json_member(now, "people");
  for (const char* name : {"cell_name", "domain", "setup_complete"})
    root["identity"][name] = json_member(now, "identity")[name];
  drop_missing_owners(root);
  return root;
}

}  // namespace cell::settings
