#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/json.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "plugin/manifest.hpp"

namespace cell::plugin {

struct PluginRequest {
  Json head;  // {"method", "path", "params", "query", "headers", "principal", "request_id"}
  std::string body;
};
struct PluginResponse {
  int status = 200;
  std::map<std::string, std::string> headers;
  std::string body;
};

// A running plugin, however it is hosted. Every call ends by its deadline: what a plugin does wrong (crash,
// hang, an answer that is too long or no JSON) is an error, `unavailable` with reason "plugin_crashed",
// "plugin_timeout" or "plugin_broke_contract", that names the fault. Thread: any; the tags of
// sdk/include/cell/abi.h are kept by this side.
class Instance {
 public:
  virtual ~Instance() = default;  // closes
  // The document as it came; parse_contributions() is the caller's.
  virtual Result<Json> plan(const Json& config) = 0;
  virtual Result<PluginResponse> handle(const PluginRequest& request) = 0;
  virtual Result<void> notify(const Json& event) = 0;
  [[nodiscard]] virtual std::string mode() const = 0;  // "in_process", "isolated", "declarative"
  // Of its own, where that can be told apart from celld's; 0 else.
  [[nodiscard]] virtual std::int64_t memory_bytes() const { return 0; }
};

// What a plugin may ask of the host; answers by method name "state.get/1". `forbidden` where the manifest has
// no permission for it. Thread: any.
using HostCall = std::function<Result<Json>(const std::string& method, const Json& request)>;

struct OpenOptions {
  std::filesystem::path library;  // absolute, in a folder that only root writes to
  HostCall host;
  log::Logger log;
  std::chrono::milliseconds plan_limit{2'000};
  std::chrono::milliseconds handle_limit{10'000};
  std::chrono::milliseconds notify_limit{60'000};
  std::filesystem::path host_program;  // cell-plugin-host, for isolated ones
  std::int64_t memory_mb = 512;        // address space of an isolated one
  // Told of a fault that no caller is told of: a handle() in this process that does not come back ("handle"),
  // a child that ends while nobody calls it ("run"). By a thread that must not close the instance.
  std::function<void(const std::string& call, const std::string& message)> on_fault;
};

// Replaces {{options.x}}, {{cell.domain}}, {{secrets.x}} and the like in the strings of the manifest's
// contributions.
std::unique_ptr<Instance> open_declarative(const Manifest& manifest);
// In this process: whatever it does to memory it does to celld's. For what is shipped with the product.
Result<std::unique_ptr<Instance>> open_in_process(const Manifest& manifest, OpenOptions options);
// In a child process with nothing but a socket to this one; started again with backoff after a crash.
Result<std::unique_ptr<Instance>> open_isolated(const Manifest& manifest, OpenOptions options);

}  // namespace cell::plugin
