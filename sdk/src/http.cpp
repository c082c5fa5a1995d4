#include "cell/http.hpp"

#include <utility>

#include "reader.hpp"

namespace cell::sdk {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& byte : result) {
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
  }
  return result;
}

std::optional<Principal> principal_of(const Json* value) {
  if (value == nullptr || !value->is_object()) return {};
  const detail::Reader from(*value);
  return Principal{.id = from.text("id"), .name = from.text("name"), .role = from.text("role")};
}

}  // namespace

Result<Request> Request::parse(const Json& head, std::string body) {
  const detail::Reader from(head);
  Request request{.method = from.text("method"),
                  .path = from.text("path"),
                  .params = from.text_map("params"),
                  .query = from.text_map("query"),
                  .headers = {},
                  .principal = principal_of(from.find("principal")),
                  .request_id = from.text("request_id"),
                  .body = std::move(body)};
  for (auto& [name, value] : from.text_map("headers")) request.headers[lower(name)] = value;
  if (request.method.empty() || request.path.empty() || request.path.front() != '/')
    return Error{.code = Code::invalid_argument,
                 .message = "the request has no method or no path",
                 .fields = {{request.method.empty() ? "/method" : "/path", "must be there"}}};
  return request;
}

std::string Request::param(const std::string& name) const {
  const auto found = params.find(name);
  return found != params.end() ? found->second : std::string();
}

std::string Request::header(std::string_view name) const {
  const auto found = headers.find(lower(name));
  return found != headers.end() ? found->second : std::string();
}

Result<Json> Request::json() const {
  auto value = parse_json(body);
  if (value) return value;
  Error error = std::move(value).error();
  error.message = "the body is not fit: " + error.message;
  error.hint = "send one JSON document";
  return error;
}

Response Response::json(const Json& value, int status) {
  return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = dump_json(value)};
}

Response Response::text(std::string text, int status) {
  return {
      .status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(text)};
}

}  // namespace cell::sdk
