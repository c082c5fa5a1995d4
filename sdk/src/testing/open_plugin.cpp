#include "../documents.hpp"
#include "../reader.hpp"
#include "cell/testing.hpp"

namespace cell::sdk::testing {

using detail::bytes_of;
using detail::StringSink;

namespace {

Result<void> outcome(cell_status status, const StringSink& error) {
  if (status == CELL_OK) return {};
  if (status == CELL_FAILED) return detail::error_of(error.text());
  if (status == CELL_BAD_SINK)
    return Error{.code = Code::too_large, .message = "the answer is over its limit"};
  return Error{.message = "the plugin answered with a status that abi.h does not have"};
}

Json document_of(const Request& request) {
  Json principal;
  if (request.principal)
    principal = {
        {"id", request.principal->id}, {"name", request.principal->name}, {"role", request.principal->role}};
  return {{"method", request.method},        {"path", request.path},       {"params", request.params},
          {"query", request.query},          {"headers", request.headers}, {"principal", principal},
          {"request_id", request.request_id}};
}

}  // namespace

Json config(const Json& options) {
  return {{"service", {{"id", "example"}, {"version", "1.0.0"}}},
          {"cell", {{"name", "home"}, {"domain", "home.cell"}, {"timezone", "UTC"}, {"language", "en"}}},
          {"options", options},
          {"accounts", Json::array()},
          {"secrets", Json::object()}};
}

OpenPlugin::~OpenPlugin() {
  if (plugin_.close != nullptr) plugin_.close(plugin_.instance);
}

Result<Json> OpenPlugin::plan_bytes(std::string_view config) const {
  const StringSink answer;
  CELL_TRY(outcome(plugin_.plan(plugin_.instance, bytes_of(config), answer.sink()), answer));
  return parse_json(answer.text());
}

Result<Response> OpenPlugin::handle_bytes(std::string_view request, std::string_view body) const {
  if (plugin_.handle == nullptr) return Error{.code = Code::not_found, .message = "the plugin has no routes"};
  const StringSink head, answer_body;
  CELL_TRY(outcome(
      plugin_.handle(plugin_.instance, bytes_of(request), bytes_of(body), head.sink(), answer_body.sink()),
      head));
  const Json document = CELL_TRY(parse_json(head.text()));
  const detail::Reader from(document);
  return Response{.status = static_cast<int>(from.integer("status")),
                  .headers = from.text_map("headers"),
                  .body = answer_body.text()};
}

Result<void> OpenPlugin::notify_bytes(std::string_view event) const {
  if (plugin_.notify == nullptr) return {};
  const StringSink error;
  return outcome(plugin_.notify(plugin_.instance, bytes_of(event), error.sink()), error);
}

Result<Json> OpenPlugin::plan(const Json& config) const { return plan_bytes(dump_json(config)); }

Result<Response> OpenPlugin::handle(const Request& request) const {
  return handle_bytes(dump_json(document_of(request)), request.body);
}

Result<void> OpenPlugin::notify(const Json& event) const { return notify_bytes(dump_json(event)); }

Result<std::unique_ptr<OpenPlugin>> FakeHost::open(cell_plugin_open_function function) {
  std::unique_ptr<OpenPlugin> plugin(new OpenPlugin);
  plugin->plugin_.size = sizeof(cell_plugin);
  const StringSink error;
  CELL_TRY(outcome(function(&host_, &plugin->plugin_, error.sink()), error));
  return plugin;
}

}  // namespace cell::sdk::testing
