#include "hub/protocol.hpp"

#include "hub/frame.hpp"
#include "hub/members.hpp"

namespace cell::hub {
namespace {

constexpr std::size_t kMaxPeers = 65'536;
constexpr std::size_t kMaxText = 64;

const JsonLimits& limits() {
  // 65,536 peers of about twelve values each.
  static const JsonLimits frame_limits{.max_bytes = kMaxFrame, .max_depth = 16, .max_values = 2'000'000};
  return frame_limits;
}

Code code_from_text(std::string_view text) {
  for (int value = static_cast<int>(Code::invalid_argument); value < static_cast<int>(Code::internal);
       ++value) {
    if (to_string(static_cast<Code>(value)) == text) return static_cast<Code>(value);
  }
  return Code::internal;
}

Result<Request> read_change(const Json& json) {
  Members members(json, "", {"op", "base_hash", "upsert", "remove"});
  ChangePeersRequest request;
  request.base_hash = members.text("base_hash", kMaxText);
  const auto& upsert = members.array("upsert", kMaxPeers);
  request.remove_keys = members.texts("remove", kMaxPeers, kMaxText);
  CELL_TRY(members.result());
  for (std::size_t index = 0; index < upsert.size(); ++index) {
    request.upsert.push_back(
        CELL_TRY_DOING(peer_from_json(upsert[index]), "peer " + std::to_string(index) + " of the change"));
  }
  return Request{std::move(request)};
}

Result<Request> read_request(const Json& json) {
  const auto operation = json_string(json, "op");
  if (operation == "hello" || operation == "status") {
    CELL_TRY(Members(json, "", {"op"}).result());
    return operation == "hello" ? Request{HelloRequest{}} : Request{StatusRequest{}};
  }
  if (operation == "apply") {
    Members members(json, "", {"op", "document"});
    const auto& document = members.object("document");
    CELL_TRY(members.result());
    return Request{ApplyRequest{CELL_TRY(document_from_json(document))}};
  }
  if (operation == "change_peers") return read_change(json);
  return field_error("/op", "unknown operation '" + operation.substr(0, kMaxText) + "'");
}

struct RequestWriter {
  Json operator()(const HelloRequest&) const { return {{"op", "hello"}}; }
  Json operator()(const StatusRequest&) const { return {{"op", "status"}}; }
  Json operator()(const ApplyRequest& request) const {
    return {{"op", "apply"}, {"document", to_json(request.document)}};
  }
  Json operator()(const ChangePeersRequest& request) const {
    Json upsert = Json::array();
    for (const auto& peer : request.upsert) upsert.push_back(to_json(peer));
    return {{"op", "change_peers"},
            {"base_hash", request.base_hash},
            {"upsert", std::move(upsert)},
            {"remove", request.remove_keys}};
  }
};

}  // namespace

Json to_json(const Request& request) { return std::visit(RequestWriter{}, request); }

Result<Request> request_from_text(std::string_view text) {
  const auto json = CELL_TRY(parse_json(text, limits()));
  if (!json.is_object()) return field_error("", "a request is an object");
  return read_request(json);
}

Json to_json(const ApplyReport& report) {
  return {{"wireguard_changed", report.wireguard_changed},
          {"firewall_changed", report.firewall_changed},
          {"routes_changed", report.routes_changed},
          {"document_hash", report.document_hash}};
}

Result<ApplyReport> report_from_json(const Json& json) {
  Members members(json, "", {"wireguard_changed", "firewall_changed", "routes_changed", "document_hash"});
  ApplyReport report;
  report.wireguard_changed = members.flag("wireguard_changed");
  report.firewall_changed = members.flag("firewall_changed");
  report.routes_changed = members.flag("routes_changed");
  report.document_hash = members.text("document_hash", kMaxText);
  CELL_TRY(members.result());
  return report;
}

Json success(Json result) { return {{"ok", true}, {"result", std::move(result)}}; }

Json failure(const Error& error) {
  Json fields = Json::array();
  for (const auto& field : error.fields)
    fields.push_back({{"pointer", field.pointer}, {"detail", field.detail}});
  return {{"ok", false},
          {"error",
           {{"code", to_string(error.code)},
            {"message", error.message},
            {"hint", error.hint},
            {"reason", error.reason},
            {"fields", std::move(fields)}}}};
}

Result<Json> result_from_text(std::string_view text) {
  auto json = CELL_TRY_DOING(parse_json(text, limits()), "the hub's answer");
  if (json_bool(json, "ok")) return Json(json_member(json, "result"));
  const auto& details = json_member(json, "error");
  Error error{code_from_text(json_string(details, "code")),
              json_string(details, "message", "the hub gave no reason"), json_string(details, "hint")};
  error.reason = json_string(details, "reason");
  for (const auto& field : json_member(details, "fields")) {
    error.fields.push_back({json_string(field, "pointer"), json_string(field, "detail")});
  }
  return error;
}

}  // namespace cell::hub
