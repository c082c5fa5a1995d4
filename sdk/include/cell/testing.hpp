#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cell/abi.h"
#include "cell/host.hpp"
#include "cell/http.hpp"
#include "cell/json.hpp"
#include "cell/result.hpp"

// For unit tests of a plugin: a host that behaves, and a plugin driven through the C ABI just as celld does.
// Link CellSDK::testing; a plugin never links it.
namespace cell::sdk::testing {

// A document as plan() gets it: service, cell, no accounts, no secrets, and these options.
Json config(const Json& options = Json::object());

struct LogLine {
  int level = 0;
  std::string message{};
  Json fields = Json::object();
};

// A plugin between open and close. Not to outlive its FakeHost. Thread: as abi.h says of each call.
class OpenPlugin {
 public:
  OpenPlugin(const OpenPlugin&) = delete;
  OpenPlugin& operator=(const OpenPlugin&) = delete;
  ~OpenPlugin();  // closes

  [[nodiscard]] Result<Json> plan(const Json& config) const;
  [[nodiscard]] Result<Response> handle(const Request& request) const;
  [[nodiscard]] Result<void> notify(const Json& event) const;
  // The same with bytes that need not be JSON, to see what the plugin makes of them.
  [[nodiscard]] Result<Json> plan_bytes(std::string_view config) const;
  [[nodiscard]] Result<Response> handle_bytes(std::string_view request, std::string_view body) const;
  [[nodiscard]] Result<void> notify_bytes(std::string_view event) const;

  [[nodiscard]] const cell_plugin& abi() const { return plugin_; }

 private:
  friend class FakeHost;
  OpenPlugin() = default;
  cell_plugin plugin_{};
};

// Keeps to sdk/docs/host-methods.md: state, secrets, options, identity and plan requests always work; people,
// peers, exec, http and events need allow(). Fill the public members before opening a plugin. Thread: any.
class FakeHost {
 public:
  FakeHost();
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  // As if the manifest asked for that permission: "people", "peers", "exec", "http", "events".
  void allow(const std::string& capability) { allowed_.insert(capability); }
  [[nodiscard]] Result<std::unique_ptr<OpenPlugin>> open(
      cell_plugin_open_function function = cell_plugin_open);

  // For those who make a Host, or call a plugin's open function, by themselves.
  [[nodiscard]] const cell_host& abi() const { return host_; }

  CellInfo cell{.name = "home", .domain = "home.cell", .timezone = "UTC", .language = "en"};
  std::map<std::string, std::string> secrets{};
  Json options = Json::object();  // of options.get/1; plan() has those of its own input
  std::vector<Person> people{};
  std::vector<Peer> peers{};
  // What a program or a server answers; without them such calls are `unavailable`.
  std::function<Result<ExecResult>(const ExecRequest&)> on_exec{};
  std::function<Result<FetchResult>(const FetchRequest&)> on_fetch{};

  // Copies of what happened so far.
  [[nodiscard]] std::map<std::string, Json> state() const;
  [[nodiscard]] std::vector<LogLine> log() const;
  [[nodiscard]] std::vector<Json> events() const;  // {"type", "data"}
  [[nodiscard]] int plan_requests() const;

 private:
  static void on_log(void* context, std::int32_t level, cell_bytes message, cell_bytes fields);
  static cell_status on_call(void* context, cell_bytes method, cell_bytes request, const cell_sink* reply);
  Result<Json> answer(const std::string& method, const Json& request);
  Result<Json> answer_state(const std::string& verb, const Json& request);
  Result<Json> answer_own(const std::string& method, const Json& request);
  Result<Json> answer_permitted(const std::string& method, const Json& request);

  cell_host host_{};
  std::set<std::string> allowed_{};
  mutable std::mutex mutex_{};  // of everything below
  std::map<std::string, Json> state_{};
  std::vector<LogLine> log_{};
  std::vector<Json> events_{};
  int plan_requests_ = 0;
};

}  // namespace cell::sdk::testing
