#include "api/store_routes.hpp"

#include "api/auth_gate.hpp"
#include "domain/store/view.hpp"

namespace cell::api {

namespace {

Json reason_schema() {
  return schema::object(
      {{"capability", schema::string()}, {"words", schema::text(4096)}, {"why", schema::text(4096)}});
}

std::vector<std::pair<std::string, Json>> item_members() {
  const Json count = schema::integer(0, INT64_MAX);
  return {
      {"id", schema::string()},
      {"label", schema::string()},
      {"name", schema::text(4096)},
      {"summary", schema::text(4096)},
      {"description", schema::text(4096)},
      {"version", schema::string()},
      {"upstream_version?", schema::string()},
      {"kind", schema::one_of({"native", "declarative"})},
      {"category", schema::string()},
      {"stage", schema::one_of({"stable", "beta", "experimental", "deprecated"})},
      {"license", schema::string()},
      {"homepage?", schema::text(300)},
      {"source", schema::string()},
      {"icon", schema::nullable(schema::text(300))},
      {"rating", schema::integer(1, 6)},
      {"reasons", schema::array(reason_schema())},
      {"download_bytes", count},
      {"memory_mb", count},
      {"disk_mb", count},
      {"state", schema::one_of({"available", "installed", "update_available", "installing", "incompatible"})},
      {"installed_version?", schema::string()},
      {"incompatible_reason?", schema::text(4096)},
      {"first_party", schema::boolean()},
      {"changelog", schema::text(1'048'576)}};
}

Json details_schema() {
  auto members = item_members();
  const Json permission = schema::object({{"capability", schema::string()},
                                          {"why", schema::text(4096)},
                                          {"details", schema::map(Json::object())}});
  members.emplace_back("options", schema::map(Json::object()));
  members.emplace_back("permissions", schema::array(permission));
  members.emplace_back(
      "breaking",
      schema::array(schema::object({{"version", schema::string()}, {"text", schema::text(4096)}})));
  return schema::object(std::move(members));
}

Json source_schema() {
  return schema::object({{"name", schema::string()},
                         {"location", schema::text(1024)},
                         {"key_id", schema::string()},
                         {"state", schema::one_of({"ok", "expired", "unreachable", "refused"})},
                         {"problem?", schema::text(4096)},
                         {"version", schema::integer(0, INT64_MAX)},
                         {"expires", schema::nullable(schema::time())},
                         {"first_party", schema::boolean()}});
}

store::OfferFacts facts_of(const StoreParts& parts, const std::string& id) {
  store::OfferFacts facts;
  if (const auto entry = settings::service_of(parts.config.snapshot()->root, id))
    facts.installed_version = entry->version;
  const auto busy = parts.services.busy(id);
  facts.is_installing = busy && busy->kind == "install";
  return facts;
}

Result<store::Offer> offer_of(const StoreParts& parts, const std::string& id) {
  auto offer = parts.store.offer(id);
  if (offer) return std::move(*offer);
  return Error{Code::not_found, "no store offers '" + id.substr(0, 64) + "'", "refresh the store"};
}

Route index_route(const StoreParts& parts) {
  Route route{"GET", "/api/store/index", Access::admin, "store", "Lists what can be installed"};
  route.query = {"language"};
  route.response = schema::object({{"items", schema::array(schema::object(item_members()), 5000)},
                                   {"sources", schema::array(source_schema())}});
  route.handle = [parts](const Context& context) -> Result<http::Response> {
    const std::string language = language_of(context);
    Json items = Json::array();
    for (const store::Offer& offer : parts.store.offers())
      items.push_back(store::item_json(offer, facts_of(parts, offer.listed.id), language));
    Json sources = Json::array();
    for (const store::SourceState& source : parts.store.sources())
      sources.push_back(store::source_json(source));
    return http::Response::json({{"items", std::move(items)}, {"sources", std::move(sources)}});
  };
  return route;
}

Route item_route(const StoreParts& parts) {
  Route route{"GET", "/api/store/items/{id}", Access::admin, "store",
              "Shows what can be installed, with its options"};
  route.query = {"language"};
  route.response = details_schema();
  route.handle = [parts](const Context& context) -> Result<http::Response> {
    const auto offer = CELL_TRY(offer_of(parts, context.param("id")));
    return http::Response::json(
        store::item_details(offer, facts_of(parts, offer.listed.id), language_of(context)));
  };
  return route;
}

Route icon_route(const StoreParts& parts) {
  Route route{"GET", "/api/store/items/{id}/icon", Access::admin, "store",
              "The picture of what can be installed"};
  route.media_type = "image/svg+xml";
  route.handle = [parts](const Context& context) -> Result<http::Response> {
    const auto offer = CELL_TRY(offer_of(parts, context.param("id")));
    if (offer.info) {
      const auto icon = offer.info->texts.find(offer.info->manifest.icon);
      if (icon != offer.info->texts.end()) return http::Response::text(icon->second, "image/svg+xml");
    }
    return Error{Code::not_found, "there is no picture of '" + offer.listed.id + "'"};
  };
  return route;
}

Route refresh_route(const StoreParts& parts) {
  Route route{"POST", "/api/store/refresh", Access::admin, "store", "Looks at all stores anew"};
  route.response = schema::object({{"job_id", schema::string()}});
  route.success = 202;
  route.handle = [parts](const Context& context) -> Result<http::Response> {
    jobs::Request request;
    request.kind = "store.refresh";
    request.title = "Refresh the store";
    request.actor = context.principal->actor();
    request.target = "store";
    request.phases = {"Stores"};
    request.run = [&store = parts.store](jobs::Progress& progress) -> Result<void> {
      progress.phase("Stores");
      store.refresh([&](double done) { progress.advance(done); });
      return {};
    };
    return http::Response::json({{"job_id", CELL_TRY(parts.jobs.start(std::move(request)))}});
  };
  return route;
}

Result<http::Response> add_source(const StoreParts& parts, const Context& context) {
  settings::StoreSource source{json_string(context.body, "name"),
                               json_string(context.body, "location"),
                               json_string(context.body, "key"),
                               {},
                               {}};
  for (const Json& id : json_member(context.body, "allowed_ids"))
    source.allowed_ids.push_back(id.get<std::string>());
  auto added =
      CELL_TRY(parts.store.add_source(source, commit_options(context, "store '" + source.name + "' added")));
  for (store::SourceState& state : parts.store.sources()) {
    if (state.source.name == source.name) added = std::move(state);
  }
  return http::Response::json(store::source_json(added));
}

std::vector<Route> source_routes(const StoreParts& parts) {
  Route listing{"GET", "/api/store/sources", Access::admin, "store", "Lists the stores"};
  listing.response = schema::collection(source_schema());
  listing.handle = [parts](const Context&) -> Result<http::Response> {
    Json items = Json::array();
    for (const store::SourceState& source : parts.store.sources())
      items.push_back(store::source_json(source));
    return http::Response::json({{"items", std::move(items)}});
  };
  Route adding{"POST", "/api/store/sources", Access::admin, "store",
               "Adds a store, once its index has been checked"};
  Json label = schema::string(32, 1);
  label["pattern"] = "^[a-z][a-z0-9-]*$";
  adding.request = schema::object({{"name", label},
                                   {"location", schema::string(1024, 1)},
                                   {"key", schema::string(64, 1)},
                                   {"allowed_ids?", schema::array(schema::string(64, 3), 64)}});
  adding.response = source_schema();
  adding.success = 201;
  adding.handle = [parts](const Context& context) { return add_source(parts, context); };
  Route removing{"DELETE", "/api/store/sources/{name}", Access::admin, "store",
                 "Removes a store; what was installed from it stays"};
  removing.success = 204;
  removing.handle = [parts](const Context& context) -> Result<http::Response> {
    const std::string source = context.param("name");
    CELL_TRY(parts.store.remove_source(
        source, commit_options(context, "store '" + source.substr(0, 64) + "' removed")));
    return http::Response::empty();
  };
  return {listing, adding, removing};
}

}  // namespace

std::string language_of(const Context& context) {
  const std::string language = context.query("language", "en");
  const bool fits = language.size() == 2 && std::all_of(language.begin(), language.end(),
                                                        [](char c) { return c >= 'a' && c <= 'z'; });
  return fits ? language : "en";
}

std::vector<Route> store_routes(const StoreParts& parts) {
  std::vector<Route> routes{index_route(parts), item_route(parts), icon_route(parts), refresh_route(parts)};
  for (Route& route : source_routes(parts)) routes.push_back(std::move(route));
  return routes;
}

}  // namespace cell::api
