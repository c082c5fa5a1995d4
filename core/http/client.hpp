#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "base/result.hpp"

namespace cell::http {

struct ClientRequest {
  std::string method = "GET";
  std::string url;  // "https://…" or "http://…"
  std::map<std::string, std::string> headers{};
  std::string body{};
  std::chrono::milliseconds limit{30'000};   // for the whole exchange
  std::size_t max_reply = 16 * 1024 * 1024;  // above: too_large
  std::function<void(double)> advance = {};  // 0 to 1, where the length is known
};

struct ClientReply {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// One exchange with a server elsewhere, by public authorities' certificates where it is HTTPS. Redirects are
// not followed. A status of 400 or more is an answer. Errors: invalid_argument (no such URL), unavailable,
// timeout, too_large. Thread: any.
Result<ClientReply> fetch(const ClientRequest& request);

}  // namespace cell::http
