#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cell/abi.h"
#include "cell/testing.hpp"
#include "plugin/instance.hpp"
#include "plugin/manifest.hpp"

namespace cell::tool {

// What a callback answered, as it came.
struct Answer {
  cell_status status = CELL_OK;
  std::string head;  // the document, or the error document
  std::string body;  // of handle()
};

// A library that was loaded and opened through abi.h, with a host that has what the manifest asks for. For
// a child process: the library may do anything. Thread: as abi.h says of each call.
class Border {
 public:
  // Loads, opens, and holds what open() filled against the contract. `options` are what the host says is in
  // force.
  static Result<std::unique_ptr<Border>> open(const std::filesystem::path& library,
                                              const plugin::Manifest& manifest, const Json& options);
  ~Border();  // closes
  Border(const Border&) = delete;
  Border& operator=(const Border&) = delete;

  Answer plan(std::string_view config) const;
  Answer handle(std::string_view request, std::string_view body) const;
  Answer notify(std::string_view event) const;
  [[nodiscard]] bool has_handle() const { return plugin_.handle != nullptr; }
  [[nodiscard]] bool has_notify() const { return plugin_.notify != nullptr; }
  [[nodiscard]] const cell_plugin& raw() const { return plugin_; }

 private:
  Border() = default;
  sdk::testing::FakeHost host_;
  cell_plugin plugin_{};
};

// The answer as the host reads it: an error of the plugin's own, or a broken contract (see is_broken()).
Result<Json> as_plan(const Answer& answer);
Result<plugin::PluginResponse> as_response(const Answer& answer);
Result<void> as_outcome(const Answer& answer, const char* call);

// Whether the error is the host's about the plugin, not the plugin's own.
bool is_broken(const Error& error);

}  // namespace cell::tool
