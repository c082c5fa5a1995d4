#include "api/containers_routes.hpp"

#include <charconv>

namespace cell::api {

namespace {

using containers::Containers;

constexpr std::size_t kDefaultTail = 200;
constexpr std::size_t kMaxTail = 5000;

std::vector<std::pair<std::string, Json>> container_members() {
  const Json port = schema::object({{"host_ip?", schema::string()},
                                    {"host_port", schema::nullable(schema::integer(0, 65'535))},
                                    {"container_port", schema::integer(0, 65'535)},
                                    {"protocol", schema::one_of({"tcp", "udp", "sctp"})}});
  return {{"id", schema::string()},
          {"name", schema::string()},
          {"image", schema::string(1024)},
          {"state", schema::one_of({"created", "running", "paused", "restarting", "removing", "exited",
                                    "dead", "unknown"})},
          {"status", schema::string(1024)},
          {"health", schema::nullable(schema::one_of({"starting", "healthy", "unhealthy"}))},
          {"owner", schema::nullable(schema::string())},
          {"core", schema::boolean()},
          {"read_only", schema::boolean()},
          {"ports", schema::array(port)},
          {"addresses", schema::array(schema::string())}};
}

Json list_item_schema() {
  auto members = container_members();
  members.emplace_back("started_at", schema::nullable(schema::time()));
  return schema::object(std::move(members));
}

Json details_schema() {
  const Json time = schema::nullable(schema::time());
  const Json mount = schema::object(
      {{"source", schema::string(4096)}, {"target", schema::string(4096)}, {"read_only", schema::boolean()}});
  auto members = container_members();
  const std::vector<std::pair<std::string, Json>> more{{"created_at", time},
                                                       {"started_at", time},
                                                       {"finished_at", time},
                                                       {"exit_code", schema::integer(INT64_MIN, INT64_MAX)},
                                                       {"restart_count", schema::integer(0, INT64_MAX)},
                                                       {"restart_policy", schema::string()},
                                                       {"environment", schema::array(schema::string(4096))},
                                                       {"mounts", schema::array(mount)},
                                                       {"networks", schema::array(schema::string())},
                                                       {"capabilities", schema::array(schema::string())},
                                                       {"privileged", schema::boolean()},
                                                       {"command", schema::array(schema::string(65'536))},
                                                       {"stopped_by_owner", schema::boolean()}};
  members.insert(members.end(), more.begin(), more.end());
  return schema::object(std::move(members));
}

Json stats_schema() {
  const Json count = schema::integer(0, INT64_MAX);
  return schema::object({{"name", schema::string()},
                         {"cpu_percent", schema::number()},
                         {"memory_bytes", count},
                         {"memory_limit_bytes", count},
                         {"rx_bytes", count},
                         {"tx_bytes", count},
                         {"pids", count}});
}

Result<std::size_t> tail_of(const Context& context) {
  const std::string text = context.query("tail");
  if (text.empty()) return kDefaultTail;
  std::size_t tail = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), tail);
  if (failure == std::errc{} && end == text.data() + text.size() && tail >= 1 && tail <= kMaxTail)
    return tail;
  return Error{Code::invalid_argument,
               "query parameter 'tail' is not a number from 1 to " + std::to_string(kMaxTail)};
}

Result<http::Response> logs(const Containers& containers, const Context& context) {
  const std::size_t tail = CELL_TRY(tail_of(context));
  const std::string since = context.query("since");
  if (!since.empty() && !parse_time(since)) {
    return Error{Code::invalid_argument, "query parameter 'since' is not a time",
                 "for example 2026-11-24T00:16:23Z"};
  }
  return http::Response::json({{"items", CELL_TRY(containers.logs(context.param("name"), tail, since))}});
}

Route listing(std::string path, std::string tag, std::string summary, Json item,
              std::function<Result<Json>()> items) {
  Route route{"GET", std::move(path), Access::admin, std::move(tag), std::move(summary)};
  route.response = schema::collection(std::move(item));
  route.handle = [items = std::move(items)](const Context&) -> Result<http::Response> {
    return http::Response::json({{"items", CELL_TRY(items())}});
  };
  return route;
}

Route acting(Containers& containers, containers::Act act, std::string summary) {
  Route route{"POST", "/api/containers/{name}/" + std::string(containers::to_string(act)), Access::admin,
              "containers", std::move(summary)};
  route.response = schema::object({{"job_id", schema::string()}});
  route.success = 202;
  route.handle = [&containers, act](const Context& context) -> Result<http::Response> {
    const std::string id = CELL_TRY(containers.begin(act, context.param("name"), context.principal->actor()));
    return http::Response::json({{"job_id", id}});
  };
  return route;
}

}  // namespace

std::vector<Route> containers_routes(Containers& containers) {
  Route one{"GET", "/api/containers/{name}", Access::admin, "containers",
            "Shows a container, without secrets"};
  one.response = details_schema();
  one.handle = [&containers](const Context& context) -> Result<http::Response> {
    return http::Response::json(CELL_TRY(containers.inspect(context.param("name"))));
  };

  Route reading{"GET", "/api/containers/{name}/logs", Access::admin, "containers",
                "Reads what a container wrote, oldest first"};
  reading.query = {"tail", "since"};
  reading.response = schema::collection(schema::object({{"t", schema::string()},
                                                        {"stream", schema::one_of({"stdout", "stderr"})},
                                                        {"line", schema::string(1'048'576)}}));
  reading.handle = [&containers](const Context& context) { return logs(containers, context); };

  const Json image = schema::object({{"id", schema::string()},
                                     {"references", schema::array(schema::string(1024))},
                                     {"size_bytes", schema::integer(0, INT64_MAX)},
                                     {"created_at", schema::time()}});
  const Json volume = schema::object({{"name", schema::string()},
                                      {"owner", schema::nullable(schema::string())},
                                      {"read_only", schema::boolean()}});
  return {
      listing("/api/containers", "containers", "Lists the containers of this machine, the cell's own first",
              list_item_schema(), [&containers] { return containers.list(); }),
      listing("/api/containers/stats", "containers", "Tells what each running container uses", stats_schema(),
              [&containers] { return containers.stats(); }),
      one,
      reading,
      acting(containers, containers::Act::start, "Starts a container of the cell"),
      acting(containers, containers::Act::stop,
             "Stops a container of the cell; it stays stopped until it is started"),
      acting(containers, containers::Act::restart, "Restarts a container of the cell"),
      listing("/api/images", "containers", "Lists the images of this machine", image,
              [&containers] { return containers.images(); }),
      listing("/api/volumes", "containers", "Lists the volumes of this machine", volume,
              [&containers] { return containers.volumes(); })};
}

}  // namespace cell::api
