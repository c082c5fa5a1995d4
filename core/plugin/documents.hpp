#pragma once

#include <string>
#include <string_view>

#include "plugin/instance.hpp"

// Inside core/plugin only: what crosses the border, checked. The same for both ways to host.
namespace cell::plugin {

inline constexpr std::size_t kMaxPlan = 4UL * 1024 * 1024;
inline constexpr std::size_t kMaxHead = 64UL * 1024;
inline constexpr std::size_t kMaxBody = 16UL * 1024 * 1024;
inline constexpr std::size_t kMaxErrorDocument = 64UL * 1024;
inline constexpr std::size_t kMaxHostRequest = 4UL * 1024 * 1024;
inline constexpr std::size_t kMaxLogMessage = 4UL * 1024;
inline constexpr std::size_t kMaxLogFields = 16UL * 1024;

// unavailable with one of the three reasons of Instance.
Error crashed(std::string message);
Error timed_out(std::string message);
Error broke_contract(std::string message);
// rate_limited: the plugin works on others' calls.
Error busy(std::string message);

// The status a callback gave and what it wrote. CELL_FAILED with an error document is the plugin's own
// answer; anything that is none is a broken contract. `call` is for the message: "plan".
Result<void> check_status(std::int32_t status, std::string_view error_document, const char* call);
Result<Json> read_plan(std::string_view document);
Result<PluginResponse> read_response(std::string_view head, std::string body);

std::string error_document(const Error& error);
Error error_of_document(std::string_view document, const char* call);

// A line that the plugin wrote, cut to the limits, into its log.
void write_log(const log::Logger& log, std::int32_t level, std::string_view message, std::string_view fields);

// The answer of the host to a call, or its error document.
struct HostAnswer {
  bool ok = false;
  std::string document;
};
HostAnswer answer_call(const HostCall& host, std::string_view method, std::string_view request);

}  // namespace cell::plugin
