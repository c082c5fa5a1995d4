#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cell {

struct UnixHttpRequest {
  std::filesystem::path socket;
  std::string method = "GET";
  std::string target;  // "/v1.41/containers/json?all=1", already encoded
  std::string body{};
  std::map<std::string, std::string> headers{};
  std::chrono::milliseconds limit{10'000};   // for the whole call
  std::size_t max_reply = 32 * 1024 * 1024;  // above: too_large
};

struct UnixHttpReply {
  int status = 0;
  std::string body;
  std::map<std::string, std::string> headers;  // names in lower case
};

// One HTTP/1.1 exchange over a unix socket on a connection of its own (see the traps of Poco 1.11 in the
// .cpp). Errors: unavailable (socket missing, refused, closed mid-way), timeout, too_large, internal (not
// HTTP). Thread: any.
Result<UnixHttpReply> unix_http(const UnixHttpRequest& request);

// As unix_http, but hands the body over piece by piece as it comes; `on_data` answering false ends the call
// (ok). `limit` bounds the wait for the head; `idle_limit` the silence between two pieces (timeout). The
// reply's body is empty unless the status is not 2xx.
Result<UnixHttpReply> unix_http_stream(const UnixHttpRequest& request, std::chrono::milliseconds idle_limit,
                                       const std::function<bool(std::string_view)>& on_data);

}  // namespace cell
