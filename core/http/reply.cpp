#include "http/reply.hpp"

#include <random>

#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeFormatter.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Timestamp.h>

namespace cell::http {

namespace {

// Formatted once a second for each thread.
const std::string& http_date() {
  thread_local std::int64_t formatted_for = -1;
  thread_local std::string text;
  const Poco::Timestamp now;
  if (now.epochTime() != formatted_for) {
    formatted_for = now.epochTime();
    text = Poco::DateTimeFormatter::format(now, Poco::DateTimeFormat::HTTP_FORMAT);
  }
  return text;
}

const std::string& reason_of(int status) {
  return Poco::Net::HTTPResponse::getReasonForStatus(
      static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status));
}

// Header values of ours may hold text of a client (a file name): nothing in them may end the line.
void append_field(std::string& head, std::string_view name, std::string_view value) {
  head += name;
  head += ": ";
  for (const char c : value) {
    if (c != '\r' && c != '\n' && c != '\0') head += c;
  }
  head += "\r\n";
}

constexpr std::string_view kSecurityFields =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";
// What holds where the response does not say otherwise.
constexpr std::array<std::pair<const char*, const char*>, 2> kDefaults{
    {{"Cache-Control", "no-store"}, {"Cross-Origin-Resource-Policy", "same-origin"}}};

bool has_no_body(int status) { return status < 200 || status == 204 || status == 304; }

// The part of the problem's type that programs look at.
std::string_view problem_name(int status) {
  switch (status) {
    case 408:
      return "timeout";
    case 413:
    case 414:
    case 431:
      return "too_large";
    case 500:
      return "internal";
    case 501:
    case 505:
      return "unsupported";
    case 503:
      return "unavailable";
    default:
      return "bad_request";
  }
}

}  // namespace

std::string render_reply(const Response& response, const std::string& request_id, bool keep_alive,
                         bool head_only) {
  std::string text;
  text.reserve(512 + (head_only ? 0 : response.body.size()));
  text += "HTTP/1.1 " + std::to_string(response.status) + ' ' + reason_of(response.status) + "\r\n";
  append_field(text, "Date", http_date());
  append_field(text, "X-Request-Id", request_id);
  text += kSecurityFields;
  if (!response.content_type.empty()) append_field(text, "Content-Type", response.content_type);
  for (const auto& [name, value] : kDefaults) {
    if (!response.headers.contains(name)) append_field(text, name, value);
  }
  for (const auto& [name, value] : response.headers) append_field(text, name, value);
  if (response.stream) return text += "Connection: close\r\n\r\n";
  if (!has_no_body(response.status))
    append_field(text, "Content-Length", std::to_string(response.body.size()));
  if (!keep_alive) text += "Connection: close\r\n";
  text += "\r\n";
  if (!head_only && !has_no_body(response.status)) text += response.body;
  return text;
}

Response refusal_response(const Refusal& refusal, const std::string& request_id) {
  Response response =
      Response::json({{"type", "urn:cell:problem:" + std::string(problem_name(refusal.status))},
                      {"title", reason_of(refusal.status)},
                      {"status", refusal.status},
                      {"detail", refusal.detail},
                      {"request_id", request_id}},
                     refusal.status);
  response.content_type = "application/problem+json";
  return response;
}

std::string new_request_id() {
  // Not a secret: it only has to be different.
  thread_local std::mt19937_64 generator{std::random_device{}()};
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string id(32, '0');
  for (std::size_t half = 0; half < 2; ++half) {
    std::uint64_t bits = generator();
    for (std::size_t i = 0; i < 16; ++i, bits >>= 4U) id[half * 16 + i] = kDigits[bits & 15U];
  }
  return id;
}

}  // namespace cell::http
