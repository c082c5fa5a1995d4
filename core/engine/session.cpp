#include "engine/session.hpp"

#include "engine/parse.hpp"

namespace cell::engine {

namespace {

// The newest API this client was written against; newer engines answer it, older ones get theirs.
constexpr std::string_view kOurVersion = "1.47";
constexpr std::chrono::milliseconds kPingLimit{5'000};

Error in_words(Error error, std::string_view doing) {
  if (error.code == Code::unavailable && error.hint.empty()) {
    error.hint = "check that the container engine runs: docker info";
  }
  if (error.code == Code::timeout) error.hint = "the container engine hangs; restart it";
  return std::move(error).within(doing);
}

}  // namespace

Result<std::string> Session::version() {
  {
    const std::lock_guard lock(mutex_);
    if (!version_.empty()) return version_;
  }
  auto reply =
      unix_http({.socket = socket_, .target = "/_ping", .limit = kPingLimit, .max_reply = 64 * 1024});
  if (!reply) return in_words(std::move(reply).error(), "cannot reach the container engine");
  if (reply->status != 200)
    return engine_error(reply->status, reply->body, "the container engine refuses to answer");
  const auto header = reply->headers.find("api-version");
  auto chosen =
      CELL_TRY(choose_api_version(kOurVersion, header == reply->headers.end() ? "" : header->second));
  const std::lock_guard lock(mutex_);
  version_ = chosen;
  return chosen;
}

// Another engine may sit behind the socket when it is back.
void Session::forget_version_if_lost(const Error& error) {
  if (error.code != Code::unavailable) return;
  const std::lock_guard lock(mutex_);
  version_.clear();
}

Result<UnixHttpRequest> Session::request_of(const Call& call) {
  UnixHttpRequest request;
  request.socket = socket_;
  request.method = call.method;
  request.target = "/v" + CELL_TRY_DOING(version(), call.doing) + call.path;
  request.limit = call.limit;
  if (!call.archive.empty()) {
    request.body = call.archive;
    request.headers["Content-Type"] = "application/x-tar";
  } else if (!call.body.is_null()) {
    request.body = dump_json(call.body);
    request.headers["Content-Type"] = "application/json";
  }
  return request;
}

Result<UnixHttpReply> Session::send(const Call& call) {
  const auto request = CELL_TRY(request_of(call));
  auto reply = unix_http(request);
  if (!reply) {
    forget_version_if_lost(reply.error());
    return in_words(std::move(reply).error(), call.doing);
  }
  if (reply->status >= 400) return engine_error(reply->status, reply->body, call.doing);
  return reply;
}

Result<Json> Session::get_json(const Call& call) {
  const auto reply = CELL_TRY(send(call));
  auto json = parse_json(reply.body, {.max_bytes = 32 * 1024 * 1024});
  if (!json)
    return Error{Code::internal,
                 std::string(call.doing) + ": the engine's answer is not JSON: " + json.error().message};
  return json;
}

Result<void> Session::stream(const Call& call, std::chrono::milliseconds idle,
                             const std::function<bool(std::string_view)>& on_data) {
  const auto request = CELL_TRY(request_of(call));
  auto reply = unix_http_stream(request, idle, on_data);
  if (!reply) {
    forget_version_if_lost(reply.error());
    return in_words(std::move(reply).error(), call.doing);
  }
  if (reply->status >= 400) return engine_error(reply->status, reply->body, call.doing);
  return {};
}

}  // namespace cell::engine
