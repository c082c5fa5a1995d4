#include "plugin/documents.hpp"

#include "cell/abi.h"

namespace cell::plugin {

namespace {

const std::map<std::string_view, Code> kCodes{{"invalid_argument", Code::invalid_argument},
                                              {"unauthenticated", Code::unauthenticated},
                                              {"forbidden", Code::forbidden},
                                              {"not_found", Code::not_found},
                                              {"conflict", Code::conflict},
                                              {"gone", Code::gone},
                                              {"precondition_failed", Code::precondition_failed},
                                              {"too_large", Code::too_large},
                                              {"rate_limited", Code::rate_limited},
                                              {"unsupported", Code::unsupported},
                                              {"unavailable", Code::unavailable},
                                              {"timeout", Code::timeout},
                                              {"cancelled", Code::cancelled},
                                              {"internal", Code::internal}};
constexpr std::size_t kMaxFields = 20;
constexpr std::size_t kMaxHeaders = 64;
constexpr std::size_t kMaxValue = 8 * 1024;

Error with_reason(std::string message, const char* reason) {
  Error error{Code::unavailable, std::move(message)};
  error.reason = reason;
  return error;
}

std::string said(const char* call, const char* what) {
  return std::string("the plugin's ") + call + " " + what;
}

bool is_token(const std::string& name) {
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
             std::string::npos;
}

bool is_header_value(const std::string& value) {
  return value.size() <= kMaxValue && std::none_of(value.begin(), value.end(), [](char c) {
           return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
         });
}

}  // namespace

Error crashed(std::string message) { return with_reason(std::move(message), "plugin_crashed"); }
Error timed_out(std::string message) { return with_reason(std::move(message), "plugin_timeout"); }
Error broke_contract(std::string message) { return with_reason(std::move(message), "plugin_broke_contract"); }

Error busy(std::string message) {
  Error error{Code::rate_limited, std::move(message)};
  error.retry_after_s = 1;
  return error;
}

Error error_of_document(std::string_view document, const char* call) {
  const auto json =
      parse_json(document, {.max_bytes = kMaxErrorDocument, .max_depth = 8, .max_values = 1000});
  if (!json || !json->is_object()) return broke_contract(said(call, "failed without an error document"));
  const auto code = kCodes.find(json_string(*json, "code", "internal"));
  const std::string message = json_string(*json, "message");
  if (code == kCodes.end() || message.empty())
    return broke_contract(said(call, "failed with an error document that has no known code or no message"));
  Error error{code->second, message, json_string(*json, "hint")};
  for (const Json& field : json_member(*json, "fields")) {
    if (error.fields.size() == kMaxFields) break;
    error.fields.push_back({json_string(field, "pointer"), json_string(field, "detail")});
  }
  return error;
}

Result<void> check_status(std::int32_t status, std::string_view error_document, const char* call) {
  if (status == CELL_OK) return {};
  if (status == CELL_FAILED) return error_of_document(error_document, call);
  return broke_contract(said(call, ("answered with the unknown status " + std::to_string(status)).c_str()));
}

Result<Json> read_plan(std::string_view document) {
  auto json = parse_json(document, {.max_bytes = kMaxPlan, .max_depth = 64, .max_values = 200'000});
  if (!json) return broke_contract(said("plan", ("gave a document that is " + json.error().message).c_str()));
  if (!json->is_object()) return broke_contract(said("plan", "gave a document that is no object"));
  return json;
}

Result<PluginResponse> read_response(std::string_view head, std::string body) {
  const auto json = parse_json(head, {.max_bytes = kMaxHead, .max_depth = 8, .max_values = 1000});
  if (!json)
    return broke_contract(said("handle", ("gave a response that is " + json.error().message).c_str()));
  PluginResponse response{static_cast<int>(json_int(*json, "status")), {}, std::move(body)};
  if (response.status < 200 || response.status > 599)
    return broke_contract(said("handle", "gave a response without a status from 200 to 599"));
  for (const auto& [name, value] : json->items()) {
    if (name != "status" && name != "headers")
      return broke_contract(
          said("handle", ("gave a response with the unknown member '" + name.substr(0, 64) + "'").c_str()));
  }
  const Json& headers = json_member(*json, "headers");
  if (json->contains("headers") && !headers.is_object())
    return broke_contract(said("handle", "gave headers that are no object"));
  if (headers.size() > kMaxHeaders) return broke_contract(said("handle", "gave more than 64 headers"));
  for (const auto& [name, value] : headers.items()) {
    if (!is_token(name) || !value.is_string() || !is_header_value(value.get_ref<const std::string&>()))
      return broke_contract(said("handle", ("gave the bad header '" + name + "'").c_str()));
    response.headers[name] = value.get<std::string>();
  }
  return response;
}

std::string error_document(const Error& error) {
  Json document{{"code", to_string(error.code)}, {"message", error.message}};
  if (!error.hint.empty()) document["hint"] = error.hint;
  for (const FieldError& field : error.fields)
    document["fields"].push_back({{"pointer", field.pointer}, {"detail", field.detail}});
  return dump_json(document);
}

void write_log(const log::Logger& log, std::int32_t level, std::string_view message,
               std::string_view fields) {
  const log::Level severity = level <= CELL_LOG_DEBUG  ? log::Level::debug
                              : level == CELL_LOG_INFO ? log::Level::info
                              : level == CELL_LOG_WARN ? log::Level::warn
                                                       : log::Level::error;
  if (!log.enabled(severity)) return;
  Json facts = Json::object();
  if (!fields.empty()) {
    auto json = parse_json(fields, {.max_bytes = kMaxLogFields, .max_depth = 8, .max_values = 1000});
    if (json && json->is_object()) facts = std::move(*json);
  }
  log.write(severity, message.substr(0, kMaxLogMessage), facts);
}

HostAnswer answer_call(const HostCall& host, std::string_view method, std::string_view request) {
  if (!host) return {false, error_document({Code::unsupported, "this host answers no calls"})};
  auto json = parse_json(request.empty() ? "{}" : request,
                         {.max_bytes = kMaxHostRequest, .max_depth = 64, .max_values = 200'000});
  if (!json) return {false, error_document(json.error())};
  const auto answer = host(std::string(method.substr(0, 64)), *json);
  if (!answer) return {false, error_document(answer.error())};
  return {true, dump_json(*answer)};
}

}  // namespace cell::plugin
