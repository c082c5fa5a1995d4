#include "api/body.hpp"

#include <algorithm>
#include <charconv>

#include "domain/settings/text.hpp"

namespace cell::api {

namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxValues = 100'000;

bool is_json(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  const std::string lower = settings::lower_ascii(type);
  return lower == "application/json" || lower == "application/merge-patch+json";
}

}  // namespace

Result<Json> read_body(const Route& route, const Schema* schema, const http::Request& request) {
  if (schema == nullptr) {
    if (request.body.empty() || request.body == "{}") return Json(nullptr);
    return Error{Code::invalid_argument, "this request takes no body"};
  }
  if (request.body.size() > route.max_body) {
    return Error{Code::too_large, "the body is larger than " + std::to_string(route.max_body) + " bytes"};
  }
  const bool may_be_empty = !route.request.contains("required");
  Json body = Json::object();
  if (!request.body.empty() || !may_be_empty) {
    if (!is_json(request.header("Content-Type"))) {
      return Error{Code::unsupported,
                   "the body is not declared as JSON",
                   "send Content-Type: application/json",
                   {},
                   "media_type"};
    }
    body = CELL_TRY(parse_json(request.body, {route.max_body, kMaxDepth, kMaxValues}));
  }
  CELL_TRY(schema->check(body));
  return body;
}

Result<void> check_query(const Route& route, const http::Request& request) {
  for (const auto& [name, value] : request.query) {
    if (std::find(route.query.begin(), route.query.end(), name) != route.query.end()) continue;
    std::string hint;
    for (const std::string& known : route.query) hint += (hint.empty() ? "known here: " : ", ") + known;
    return Error{Code::invalid_argument, "unknown query parameter '" + name.substr(0, 64) + "'", hint};
  }
  return {};
}

Result<std::optional<std::int64_t>> read_if_match(const http::Request& request) {
  std::string_view tag = request.header("If-Match");
  if (tag.empty() || tag == "*") return std::optional<std::int64_t>{};
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  std::int64_t revision = -1;
  if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
    tag = tag.substr(1, tag.size() - 2);
    const auto [end, failure] = std::from_chars(tag.data(), tag.data() + tag.size(), revision);
    if (failure == std::errc{} && end == tag.data() + tag.size() && revision >= 0)
      return std::optional{revision};
  }
  return Error{Code::precondition_failed, "the If-Match header is not a revision of this cell",
               "send the ETag of the last answer, or leave the header out"};
}

}  // namespace cell::api
