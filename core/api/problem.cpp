#include "api/problem.hpp"

namespace cell::api {

namespace {

// Reasons that have a status of their own; every other reason has the one of its code.
constexpr std::string_view kMethodNotAllowed = "method_not_allowed";
constexpr std::string_view kMediaType = "media_type";

int status_of_error(const Error& error) {
  if (error.reason == kMethodNotAllowed) return 405;
  if (error.reason == kMediaType) return 415;
  return status_of(error.code);
}

std::string_view title_of(const Error& error) {
  if (error.reason == kMethodNotAllowed) return "Method not allowed";
  if (error.reason == kMediaType) return "Media type not supported";
  switch (error.code) {
    case Code::invalid_argument:
      return "The input is not valid";
    case Code::unauthenticated:
      return "Log in first";
    case Code::forbidden:
      return "Not allowed";
    case Code::not_found:
      return "Not found";
    case Code::conflict:
      return "Conflict with the current state";
    case Code::gone:
      return "No longer available";
    case Code::precondition_failed:
      return "Changed in the meantime";
    case Code::too_large:
      return "Too large";
    case Code::rate_limited:
      return "Too many requests";
    case Code::setup_required:
      return "The cell is not set up";
    case Code::unsupported:
      return "Not supported";
    case Code::unavailable:
      return "Temporarily not available";
    case Code::timeout:
      return "Took too long";
    case Code::cancelled:
      return "Cancelled";
    case Code::internal:
      return "Internal error";
  }
  return "Internal error";
}

}  // namespace

int status_of(Code code) noexcept {
  switch (code) {
    case Code::invalid_argument:
      return 400;
    case Code::unauthenticated:
      return 401;
    case Code::forbidden:
      return 403;
    case Code::not_found:
      return 404;
    case Code::conflict:
      return 409;
    case Code::gone:
      return 410;
    case Code::precondition_failed:
      return 412;
    case Code::too_large:
      return 413;
    case Code::rate_limited:
      return 429;
    case Code::setup_required:
      return 428;
    case Code::unsupported:
      return 501;
    case Code::unavailable:
      return 503;
    case Code::timeout:
      return 504;
    case Code::cancelled:
      return 409;
    case Code::internal:
      return 500;
  }
  return 500;
}

http::Response problem(const Error& error, const std::string& request_id) {
  const std::string name = error.reason.empty() ? std::string(to_string(error.code)) : error.reason;
  const int status = status_of_error(error);
  Json document = {{"type", "urn:cell:problem:" + name},
                   {"title", title_of(error)},
                   {"status", status},
                   {"detail", error.message},
                   {"request_id", request_id}};
  if (!error.hint.empty()) document["hint"] = error.hint;
  if (error.code == Code::setup_required) document["setup"] = "/setup";
  for (const FieldError& field : error.fields) {
    document["errors"].push_back({{"pointer", field.pointer}, {"detail", field.detail}});
  }
  http::Response response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = dump_json(document);
  if (error.retry_after_s > 0) response.headers.emplace("Retry-After", std::to_string(error.retry_after_s));
  if (status == 401) response.headers.emplace("WWW-Authenticate", "Bearer realm=\"cell\"");
  return response;
}

}  // namespace cell::api
