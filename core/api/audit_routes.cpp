#include "api/audit_routes.hpp"

#include <charconv>

namespace cell::api {

namespace {

Json to_json(const identity::AuditEntry& entry) {
  return {{"id", std::to_string(entry.id)}, {"t", format_time(entry.time)}, {"actor", entry.actor},
          {"action", entry.action},         {"target", entry.target},       {"result", entry.result},
          {"address", entry.address}};
}

Result<std::int64_t> read_cursor(const std::string& cursor) {
  if (cursor.empty()) return std::int64_t{0};
  std::int64_t before = 0;
  const auto [end, failure] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), before);
  if (failure == std::errc{} && end == cursor.data() + cursor.size() && before > 0) return before;
  return Error{Code::invalid_argument, "this cursor is not valid", "start from the first page"};
}

Result<http::Response> list(identity::Identity& identity, const Context& context) {
  const Page page = CELL_TRY(page_of(context));
  const std::int64_t before = CELL_TRY(read_cursor(page.cursor));
  const auto found = CELL_TRY(identity.audit().list(page.limit, before));
  Json answer = {{"items", Json::array()}};
  for (const identity::AuditEntry& entry : found.entries) answer["items"].push_back(to_json(entry));
  if (found.next != 0) answer["next_cursor"] = std::to_string(found.next);
  return http::Response::json(answer);
}

}  // namespace

std::vector<Route> audit_routes(identity::Identity& identity) {
  Route listing{"GET", "/api/audit", Access::admin, "audit", "Lists who did what, newest first"};
  listing.response = schema::collection(
      schema::object({{"id", schema::string()},
                      {"t", schema::time()},
                      {"actor", schema::string(1024)},
                      {"action", schema::string(1024)},
                      {"target", schema::string(1024)},
                      {"result", schema::matching("^(ok|wrong password|refused [1-5][0-9]{2})$")},
                      {"address", schema::string(1024)}}));
  listing.query = {"limit", "cursor"};
  listing.handle = [&identity](const Context& context) { return list(identity, context); };
  return {listing};
}

}  // namespace cell::api
