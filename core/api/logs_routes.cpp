#include "api/logs_routes.hpp"

#include <charconv>

#include "api/auth_gate.hpp"
#include "domain/logs/search.hpp"

namespace cell::api {

namespace {

constexpr std::size_t kMaxText = 256;

Error bad_query(const std::string& name, const std::string& detail, const std::string& hint = {}) {
  return Error{Code::invalid_argument, "query parameter '" + name + "' " + detail, hint};
}

Result<std::optional<TimePoint>> time_query(const Context& context, const std::string& name) {
  const std::string text = context.query(name);
  if (text.empty()) return std::optional<TimePoint>{};
  const auto time = parse_time(text);
  if (!time) return bad_query(name, "is not a time", "for example 2026-11-24T00:16:23Z");
  return std::optional<TimePoint>(*time);
}

// What search and follow have in common; the UI follows with the filter that it searched with.
Result<logs::Query> filter_query(const Context& context) {
  logs::Query query;
  query.service = context.query("service");
  query.text = context.query("q");
  if (query.text.size() > kMaxText) return bad_query("q", "is longer than 256 bytes");
  const std::string level = context.query("level");
  if (!level.empty()) query.level = CELL_TRY_DOING(log::parse_level(level), "query parameter 'level'");
  query.since = CELL_TRY(time_query(context, "since"));
  return query;
}

Result<logs::Query> search_query(const Context& context) {
  logs::Query query = CELL_TRY(filter_query(context));
  query.until = CELL_TRY(time_query(context, "until"));
  const std::string limit = context.query("limit", "200");
  const auto [end, failure] = std::from_chars(limit.data(), limit.data() + limit.size(), query.limit);
  if (failure != std::errc{} || end != limit.data() + limit.size() || query.limit < 1 || query.limit > 1000) {
    return bad_query("limit", "is not a number from 1 to 1000");
  }
  if (const std::string cursor = context.query("cursor"); !cursor.empty())
    CELL_TRY(logs::apply_cursor(query, cursor));
  return query;
}

Result<http::Response> search(const std::filesystem::path& directory, const Context& context) {
  const logs::Query query = CELL_TRY(search_query(context));
  Json items = CELL_TRY(logs::search(directory, query));
  const std::string cursor = logs::next_cursor(query, items);
  Json answer = {{"items", std::move(items)}, {"services", logs::services(directory)}};
  if (!cursor.empty()) answer["next_cursor"] = cursor;
  return http::Response::json(answer);
}

Result<http::Response> follow(logs::Follower& follower, const StillAdmitted& still_admitted,
                              const Context& context) {
  const logs::Query query = CELL_TRY(filter_query(context));
  if (!follower.has_room()) {
    return Error{Code::unavailable,
                 "too many follow the logs already",
                 "close another page that follows them",
                 {},
                 "too_many_followers"};
  }
  http::Response response = http::Response::text("", "text/event-stream");
  response.stream = [&follower, query, principal = *context.principal,
                     still_admitted](std::shared_ptr<http::EventStream> stream) {
    const auto copy = stream;
    const bool joined = follower.join(std::move(stream), query, principal.session_id,
                                      [still_admitted, principal] { return still_admitted(principal); });
    if (!joined) copy->close();
  };
  return response;
}

Json item_schema() {
  return schema::object({{"t", schema::string()},
                         {"service", schema::string()},
                         {"level", schema::log_level()},
                         {"message", schema::text(65536)},
                         {"fields", schema::map(true)},
                         {"request_id?", schema::string()},
                         {"job_id?", schema::string()}});
}

Json entries_schema() {
  return schema::array(schema::object({{"name", schema::string()},
                                       {"level", schema::log_level()},
                                       {"applied", schema::one_of({"hot", "pending_restart"})}}));
}

std::vector<Route> verbosity_routes(logs::Verbosity& verbosity) {
  const Json levels = schema::map(schema::log_level());
  Route showing{"GET", "/api/logs/verbosity", Access::admin, "logs", "Shows how much each part writes"};
  showing.response =
      schema::object({{"core", schema::object({{"root", schema::log_level()}, {"services", levels}})},
                      {"containers", levels},
                      {"entries", entries_schema()}});
  showing.handle = [&verbosity](const Context&) -> Result<http::Response> {
    return http::Response::json(verbosity.view());
  };

  Route changing{"PUT", "/api/logs/verbosity", Access::admin, "logs", "Sets how much each part writes"};
  const Json spelled = schema::map(schema::string());  // "WARNING" and "warn" alike
  const Json core = schema::object({{"root?", schema::string()}, {"services?", spelled}});
  // The UI sends the object back that it was given, with its entries.
  changing.request = schema::object(
      {{"core?", core}, {"python?", core}, {"containers?", spelled}, {"entries?", entries_schema()}});
  changing.response = schema::object({{"entries", entries_schema()}});
  changing.handle = [&verbosity](const Context& context) -> Result<http::Response> {
    Json body = context.body;
    body.erase("entries");
    return http::Response::json(
        CELL_TRY(verbosity.change(body, commit_options(context, "log levels changed"))));
  };
  return {showing, changing};
}

}  // namespace

std::vector<Route> logs_routes(std::filesystem::path directory, logs::Follower& follower,
                               logs::Verbosity& verbosity, StillAdmitted still_admitted) {
  Route searching{"GET", "/api/logs", Access::admin, "logs",
                  "Searches the logs of celld's services, newest first"};
  searching.query = {"service", "level", "q", "since", "until", "limit", "cursor"};
  searching.response = schema::object({{"items", schema::array(item_schema())},
                                       {"services", schema::array(schema::string())},
                                       {"next_cursor?", schema::string()}});
  searching.handle = [directory = std::move(directory)](const Context& context) {
    return search(directory, context);
  };

  Route following{"GET", "/api/logs/follow", Access::admin, "logs",
                  "Streams new lines of the logs (Server-Sent Events)"};
  following.query = {"service", "level", "q", "since"};
  following.media_type = "text/event-stream";
  following.handle = [&follower, still_admitted = std::move(still_admitted)](const Context& context) {
    return follow(follower, still_admitted, context);
  };

  std::vector<Route> routes{searching, following};
  for (Route& route : verbosity_routes(verbosity)) routes.push_back(std::move(route));
  return routes;
}

}  // namespace cell::api
