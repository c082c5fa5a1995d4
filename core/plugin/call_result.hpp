#pragma once

#include "plugin/border.hpp"
#include "plugin/instance.hpp"

// Inside core/plugin only: from what a call gave to what the caller gets, the same for both ways to host.
namespace cell::plugin {

Result<void> check_opened(const CallResult& result);
Result<Json> plan_of(const CallResult& result);
Result<PluginResponse> response_of(CallResult result);
Result<void> notified(const CallResult& result);

}  // namespace cell::plugin
