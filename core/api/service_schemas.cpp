#include "api/service_schemas.hpp"

namespace cell::api::schema {

namespace {

Json anything() { return map(Json::object()); }

Json container() {
  return object({{"name", string()},
                 {"state", string()},
                 {"health", nullable(one_of({"healthy", "unhealthy", "starting"}))},
                 {"image", string(512)},
                 {"memory_bytes?", integer(0, INT64_MAX)}});
}

Json plan_item() {
  return object({{"kind", one_of({"container", "volume", "route", "dns", "port", "exit", "image", "files"})},
                 {"name", text(4096)},
                 {"detail", text(16'384)}});
}

}  // namespace

Json service() {
  const Json problem = object({{"message", text(16'384)}, {"hint", text(4096)}});
  const Json accounts = object({{"kind", string()}, {"quota", boolean()}, {"login", string()}});
  const Json client = object({{"title", text(4096)}, {"kind", string()}, {"value", text(500)}});
  const Json failure = object({{"at", time()}, {"call", string()}, {"message", text(4096)}});
  const Json plugin = object({{"mode", string()},
                              {"failures", integer(0, INT64_MAX)},
                              {"last_failure?", failure},
                              {"quarantined", boolean()}});
  return object({{"id", string()},
                 {"label", string()},
                 {"name", text(4096)},
                 {"summary", text(4096)},
                 {"icon", nullable(text(300))},
                 {"version", string()},
                 {"update_version?", string()},
                 {"kind", one_of({"native", "declarative"})},
                 {"mode", string()},
                 {"category", string()},
                 {"state", one_of({"running", "starting", "stopped", "failed", "updating", "installing",
                                   "quarantined"})},
                 {"problem?", problem},
                 {"address", nullable(text(500))},
                 {"enabled", boolean()},
                 {"installed_at", time()},
                 {"containers", array(container())},
                 {"options", anything()},
                 {"options_schema", anything()},
                 {"accounts", nullable(accounts)},
                 {"clients", array(client)},
                 {"panels", array(anything())},
                 {"job_id?", string()},
                 {"plugin", nullable(plugin)}});
}

Json service_plan() {
  const Json exposure = object({{"port", integer(1, 65'535)},
                                {"protocol", one_of({"tcp", "udp"})},
                                {"expose", one_of({"vpn", "lan", "public"})},
                                {"words", text(4096)}});
  const Json conflict =
      object({{"kind", string()}, {"name", text(4096)}, {"detail", text(4096)}, {"fix", text(4096)}});
  return object({{"id", string()},
                 {"version", string()},
                 {"action", one_of({"install", "update", "configure", "remove"})},
                 {"token", string()},
                 {"creates", array(plan_item())},
                 {"changes", array(plan_item())},
                 {"removes", array(plan_item())},
                 {"exposes", array(exposure)},
                 {"addresses", array(text(500))},
                 {"conflicts", array(conflict)},
                 {"permissions_added", array(object({{"words", text(4096)}, {"why", text(4096)}}))},
                 {"download_bytes", integer(0, INT64_MAX)},
                 {"warnings", array(text(4096))}});
}

Json job_started() { return object({{"job_id", string()}}); }

}  // namespace cell::api::schema
