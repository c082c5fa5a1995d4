#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "hub/client.hpp"
#include "hub/document.hpp"

// Requests and replies inside the frames. A request is {"op": …, …}; a reply {"ok": true, "result": …} or
// {"ok": false, "error": {code, message, hint, fields}}. Used by both ends.
namespace cell::hub {

inline constexpr int kProtocolVersion = 1;

struct HelloRequest {};
struct StatusRequest {};
struct ApplyRequest {
  Document document;
};
struct ChangePeersRequest {
  std::string base_hash;
  std::vector<Peer> upsert;
  std::vector<std::string> remove_keys;
};
using Request = std::variant<HelloRequest, StatusRequest, ApplyRequest, ChangePeersRequest>;

Json to_json(const Request& request);
Result<Request> request_from_text(std::string_view text);

Json to_json(const ApplyReport& report);
Result<ApplyReport> report_from_json(const Json& json);

Json success(Json result);
Json failure(const Error& error);
// The result of a reply, or the agent's error as it was there.
Result<Json> result_from_text(std::string_view text);

}  // namespace cell::hub
