#include "plugin/call_result.hpp"

#include "plugin/documents.hpp"

namespace cell::plugin {

namespace {

Result<void> check_outcome(const CallResult& result, const char* call) {
  switch (result.outcome) {
    case Outcome::answered:
    case Outcome::lacks_call:
      return {};
    case Outcome::threw:
      return broke_contract(std::string("the plugin's ") + call + " threw an exception through the border");
    case Outcome::too_long:
      return broke_contract(std::string("the plugin's ") + call + " answered more than is allowed");
  }
  return broke_contract(std::string("the plugin's ") + call + " gave an unknown outcome");
}

}  // namespace

Result<void> check_opened(const CallResult& result) {
  CELL_TRY(check_outcome(result, "open"));
  // What the host itself found wrong; see Border::open.
  if (result.status == CELL_BAD_SINK) return broke_contract(result.first);
  return check_status(result.status, result.first, "open");
}

Result<Json> plan_of(const CallResult& result) {
  CELL_TRY(check_outcome(result, "plan"));
  CELL_TRY(check_status(result.status, result.first, "plan"));
  return read_plan(result.first);
}

Result<PluginResponse> response_of(CallResult result) {
  if (result.outcome == Outcome::lacks_call)
    return Error{Code::not_found, "the plugin has no routes of its own"};
  CELL_TRY(check_outcome(result, "handle"));
  CELL_TRY(check_status(result.status, result.first, "handle"));
  return read_response(result.first, std::move(result.second));
}

Result<void> notified(const CallResult& result) {
  CELL_TRY(check_outcome(result, "notify"));
  return check_status(result.status, result.first, "notify");
}

}  // namespace cell::plugin
