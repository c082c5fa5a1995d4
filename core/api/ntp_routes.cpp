#include "api/ntp_routes.hpp"

#include "api/auth_gate.hpp"

namespace cell::api {

namespace {

struct NtpParts {
  config::Store& config;
  ntp::Ntp& ntp;
  std::uint16_t listen_port;
  std::function<std::string()> state;
};

Json to_json(const chrony::Source& source) {
  const bool was_heard = source.last_rx_s >= 0;
  return {{"address", source.address},
          {"state", source.state},
          {"stratum", source.stratum},
          {"offset_s", was_heard ? Json(source.offset_s) : Json(nullptr)},
          {"last_rx_s", was_heard ? Json(source.last_rx_s) : Json(nullptr)}};
}

// A time server that does not answer is an answer too: the page shows what is set, and that it is down.
http::Response show(const NtpParts& parts) {
  const auto snapshot = parts.config.snapshot();
  Json json = {{"state", parts.state()},
               {"sources", Json::array()},
               {"servers", ntp::servers_of(snapshot->root)},
               {"stratum", 0},
               {"offset_s", nullptr},
               {"synchronised", false},
               {"listen_port", parts.listen_port}};
  if (const auto report = parts.ntp.report()) {
    for (const chrony::Source& source : report->sources) json["sources"].push_back(to_json(source));
    json["stratum"] = report->tracking.stratum;
    json["synchronised"] = report->tracking.synchronised;
    if (report->tracking.synchronised) json["offset_s"] = report->tracking.offset_s;
  } else if (json["state"] == "ok") {
    json["state"] = "down";
  }
  http::Response response = http::Response::json(json);
  response.headers.emplace("ETag", "\"" + std::to_string(snapshot->revision) + "\"");
  return response;
}

Json ntp_schema() {
  const Json source =
      schema::object({{"address", schema::string()},
                      {"state", schema::one_of({"selected", "candidate", "unreachable", "local"})},
                      {"stratum", schema::integer(0, 16)},
                      {"offset_s", schema::nullable(schema::number())},
                      {"last_rx_s", schema::nullable(schema::integer(0, INT64_MAX))}});
  return schema::object({{"state", schema::one_of({"ok", "degraded", "down", "pending"})},
                         {"sources", schema::array(source)},
                         {"servers", schema::array(schema::string())},
                         {"stratum", schema::integer(0, 16)},
                         {"offset_s", schema::nullable(schema::number())},
                         {"synchronised", schema::boolean()},
                         {"listen_port", schema::integer(1, 65'535)}});
}

}  // namespace

std::vector<Route> ntp_routes(config::Store& config, ntp::Ntp& ntp, std::uint16_t listen_port,
                              std::function<std::string()> state) {
  const NtpParts parts{config, ntp, listen_port, std::move(state)};
  Route showing{"GET", "/api/network/ntp", Access::admin, "network",
                "Shows the cell's time server and its sources"};
  showing.response = ntp_schema();
  showing.handle = [parts](const Context&) -> Result<http::Response> { return show(parts); };

  Route changing{"PATCH", "/api/network/ntp", Access::admin, "network",
                 "Sets the servers that the cell takes the time from"};
  changing.request = schema::object({{"servers?", schema::array(schema::string(), 64)}});
  changing.response = ntp_schema();
  changing.handle = [parts](const Context& context) -> Result<http::Response> {
    if (context.body.contains("servers")) {
      const auto servers = context.body["servers"].get<std::vector<std::string>>();
      CELL_TRY(parts.ntp.set_servers(servers, commit_options(context, "time servers changed")));
    }
    return show(parts);
  };
  return {showing, changing};
}

}  // namespace cell::api
