#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "http/message.hpp"
#include "http/server.hpp"

namespace cell::http {

// A head that may go on: what RFC 9112 allows, read one way only.
struct Head {
  std::string method;
  std::string path;                          // decoded once
  std::map<std::string, std::string> query;  // decoded
  Headers headers;                           // values trimmed
  bool http_1_0 = false;
  bool keep_alive = true;
  bool chunked = false;
  bool expects_continue = false;
  std::uint64_t content_length = 0;  // 0 with `chunked`
};

// Why a head is refused. The connection is closed afterwards: where the next request begins is not known.
struct Refusal {
  int status = 400;
  std::string detail;
  bool operator==(const Refusal&) const = default;
};

// Reads a complete head (up to and with its empty line). Pure. Everything that two readers could understand
// differently is refused: see RFC 9112 §2.2, §3.2, §5, §6.1–6.3 and the table in
// tests/unit/http/guard_test.cpp.
std::variant<Head, Refusal> read_head(std::string_view head, const Limits& limits);

// The target of a request line: "/api/peers?tag=a" → decoded path and query. RFC 3986 §3.3, §3.4.
struct Target {
  std::string path;
  std::map<std::string, std::string> query;
};
std::variant<Target, Refusal> read_target(std::string_view target);

}  // namespace cell::http
