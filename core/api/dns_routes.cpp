#include "api/dns_routes.hpp"

#include <algorithm>

#include "api/auth_gate.hpp"
#include "domain/dns/names.hpp"
#include "domain/settings/document.hpp"

namespace cell::api {

namespace {

constexpr std::size_t kMaxGenerated = 100'000;
constexpr std::int64_t kMaxTtl = 604'800;

http::Response with_etag(const DnsParts& parts, const Json& body) {
  http::Response response = http::Response::json(body);
  response.headers.emplace("ETag", "\"" + std::to_string(parts.config.snapshot()->revision) + "\"");
  return response;
}

std::string full_name(const std::string& relative, const std::string& zone) {
  return relative == "@" ? zone : relative + "." + zone;
}

Json to_json(const dns::OwnRecord& own) {
  Json json = {{"id", own.id},
               {"name", own.record.name},
               {"type", own.record.type},
               {"value", own.record.value},
               {"ttl", own.record.ttl}};
  if (!own.comment.empty()) json["comment"] = own.comment;
  return json;
}

Result<http::Response> show(const DnsParts& parts) {
  const auto snapshot = parts.config.snapshot();
  const std::string zone = settings::identity_of(snapshot->root).domain_name;
  Json generated = Json::array();
  for (const auto& [record, source] : dns::generated_records(snapshot->root, parts.place, dns::View::vpn)) {
    generated.push_back({{"name", full_name(record.name, zone)},
                         {"type", record.type},
                         {"value", record.value},
                         {"source", source},
                         {"ttl", record.ttl}});
  }
  return with_etag(parts, {{"zone", zone},
                           {"state", parts.state()},
                           {"upstreams", dns::upstreams_of(snapshot->root)},
                           {"cache_s", dns::kCacheSeconds},
                           {"listen_port", parts.place.core.dns_port},
                           {"generated", std::move(generated)},
                           {"revision", snapshot->revision}});
}

Result<http::Response> change(const DnsParts& parts, const Context& context) {
  if (context.body.contains("upstreams")) {
    const auto upstreams = context.body["upstreams"].get<std::vector<std::string>>();
    CELL_TRY(parts.resolver.set_upstreams(upstreams, commit_options(context, "resolvers changed")));
  }
  return show(parts);
}

// Pages by position: `cursor` is the id of the last record of the page before.
Result<http::Response> list(const DnsParts& parts, const Context& context) {
  const Page page = CELL_TRY(page_of(context));
  const auto records = parts.records.list();
  auto at = records.begin();
  if (!page.cursor.empty()) {
    at = std::find_if(records.begin(), records.end(),
                      [&](const dns::OwnRecord& own) { return own.id == page.cursor; });
    if (at == records.end())
      return Error{Code::invalid_argument, "this cursor is not valid any more", "start from the first page"};
    ++at;
  }
  Json answer = {{"items", Json::array()}};
  for (; at != records.end() && answer["items"].size() < page.limit; ++at)
    answer["items"].push_back(to_json(*at));
  if (at != records.end()) answer["next_cursor"] = (at - 1)->id;
  return with_etag(parts, answer);
}

Result<http::Response> create(const DnsParts& parts, const Context& context) {
  const Json& body = context.body;
  const coredns::Record record{json_string(body, "name"), json_string(body, "type"),
                               json_string(body, "value"),
                               static_cast<std::uint32_t>(json_int(body, "ttl", 300))};
  const auto own = CELL_TRY(parts.records.create(
      record, json_string(body, "comment"), commit_options(context, "record '" + record.name + "' added")));
  http::Response response = with_etag(parts, to_json(own));
  response.headers.emplace("Location", "/api/network/dns/records/" + own.id);
  return response;
}

std::optional<std::string> member(const Json& body, const char* name) {
  return body.contains(name) ? std::optional(json_string(body, name)) : std::nullopt;
}

Result<http::Response> change_record(const DnsParts& parts, const Context& context) {
  const Json& body = context.body;
  dns::RecordChange wanted{member(body, "name"), member(body, "type"), member(body, "value"), std::nullopt,
                           member(body, "comment")};
  if (body.contains("ttl")) wanted.ttl = static_cast<std::uint32_t>(json_int(body, "ttl"));
  const auto own =
      CELL_TRY(parts.records.change(context.param("id"), wanted, commit_options(context, "record changed")));
  return with_etag(parts, to_json(own));
}

Result<http::Response> look_up(const DnsParts& parts, const Context& context) {
  const coredns::Answer answer = CELL_TRY(
      parts.resolver.look_up(json_string(context.body, "name"), json_string(context.body, "type", "A")));
  Json entries = Json::array();
  for (const auto& entry : answer.entries) {
    entries.push_back(
        {{"name", entry.name}, {"type", entry.type}, {"ttl", entry.ttl}, {"value", entry.value}});
  }
  return http::Response::json({{"answers", std::move(entries)},
                               {"rcode", answer.rcode},
                               {"duration_ms", static_cast<double>(answer.took.count()) / 1000.0}});
}

Json dns_schema() {
  const Json generated = schema::object({{"name", schema::string()},
                                         {"type", schema::one_of({"A", "AAAA"})},
                                         {"value", schema::string()},
                                         {"source", schema::one_of({"peer", "container", "service", "cell"})},
                                         {"ttl", schema::integer(0, kMaxTtl)}});
  return schema::object({{"zone", schema::string()},
                         {"state", schema::one_of({"ok", "degraded", "down", "pending"})},
                         {"upstreams", schema::array(schema::string())},
                         {"cache_s", schema::integer(0, kMaxTtl)},
                         {"listen_port", schema::integer(1, 65'535)},
                         {"generated", schema::array(generated, kMaxGenerated)},
                         {"revision", schema::integer(0, INT64_MAX)}});
}

// Values are told apart by the domain, whose messages say more than a schema's.
Json record_input(bool is_patch) {
  const std::string optional = is_patch ? "?" : "";
  return schema::object({{"name" + optional, schema::string()},
                         {"type" + optional, schema::one_of({"A", "AAAA", "CNAME", "TXT", "MX", "SRV"})},
                         {"value" + optional, schema::string(4096)},
                         {"ttl?", schema::integer(1, kMaxTtl)},
                         {"comment?", schema::string()}});
}

Json record_schema() {
  Json schema = record_input(false);
  schema["properties"]["id"] = schema::string();
  schema["required"].push_back("id");
  schema["required"].push_back("ttl");
  return schema;
}

Json answer_schema() {
  const Json entry = schema::object({{"name", schema::string(1024)},
                                     {"type", schema::string()},
                                     {"ttl", schema::integer(0, UINT32_MAX)},
                                     {"value", schema::string(65'536)}});
  return schema::object(
      {{"answers", schema::array(entry)}, {"rcode", schema::string()}, {"duration_ms", schema::number()}});
}

std::vector<Route> record_routes(const DnsParts& parts) {
  Route listing{"GET", "/api/network/dns/records", Access::admin, "network", "Lists the owner's DNS records"};
  listing.query = {"limit", "cursor"};
  listing.response = schema::collection(record_schema());
  listing.handle = [parts](const Context& context) { return list(parts, context); };

  Route adding{"POST", "/api/network/dns/records", Access::admin, "network", "Adds a DNS record"};
  adding.request = record_input(false);
  adding.response = record_schema();
  adding.success = 201;
  adding.handle = [parts](const Context& context) { return create(parts, context); };

  Route showing{"GET", "/api/network/dns/records/{id}", Access::admin, "network", "Shows a DNS record"};
  showing.response = record_schema();
  showing.handle = [parts](const Context& context) -> Result<http::Response> {
    return with_etag(parts, to_json(CELL_TRY(parts.records.find(context.param("id")))));
  };

  Route changing{"PATCH", "/api/network/dns/records/{id}", Access::admin, "network", "Changes a DNS record"};
  changing.request = record_input(true);
  changing.response = record_schema();
  changing.handle = [parts](const Context& context) { return change_record(parts, context); };

  Route removing{"DELETE", "/api/network/dns/records/{id}", Access::admin, "network", "Removes a DNS record"};
  removing.success = 204;
  removing.handle = [parts](const Context& context) -> Result<http::Response> {
    CELL_TRY(parts.records.remove(context.param("id"), commit_options(context, "record removed")));
    return http::Response::empty();
  };
  return {listing, adding, showing, changing, removing};
}

}  // namespace

std::vector<Route> dns_routes(const DnsParts& parts) {
  Route showing{"GET", "/api/network/dns", Access::admin, "network",
                "Shows the cell's DNS server and the names it gives out"};
  showing.response = dns_schema();
  showing.handle = [parts](const Context&) { return show(parts); };

  Route changing{"PATCH", "/api/network/dns", Access::admin, "network",
                 "Sets the resolvers that are asked for other names"};
  changing.request = schema::object({{"upstreams?", schema::array(schema::string(), 64)}});
  changing.response = dns_schema();
  changing.handle = [parts](const Context& context) { return change(parts, context); };

  Route asking{"POST", "/api/network/dns/lookup", Access::admin, "network",
               "Asks the cell's DNS server, as a device in the tunnel"};
  asking.request = schema::object({{"name", schema::string(253, 1)}, {"type?", schema::string(16, 1)}});
  asking.response = answer_schema();
  asking.handle = [parts](const Context& context) { return look_up(parts, context); };

  std::vector<Route> routes{showing, changing, asking};
  for (Route& route : record_routes(parts)) routes.push_back(std::move(route));
  return routes;
}

}  // namespace cell::api
