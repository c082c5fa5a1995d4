#pragma once

#include <memory>
#include <string>
#include <type_traits>

#include "cell/abi.h"
#include "cell/config.hpp"
#include "cell/contributions.hpp"
#include "cell/host.hpp"
#include "cell/http.hpp"
#include "cell/json.hpp"
#include "cell/log.hpp"
#include "cell/result.hpp"

namespace cell::sdk {

// Something happened to the service.
struct Event {
  std::string type{};  // schedule installed updated options_changed accounts_changed started stopped removing
  std::string name{};  // of the schedule
  Json document = Json::object();  // all of it
};

// The base of every plugin. Write `using Plugin::Plugin;`, override what is needed, and end the file with
// CELL_PLUGIN(YourType). What an override throws becomes an error document with code `internal`.
class Plugin {
 public:
  explicit Plugin(const Host& host) : host_(host) {}
  virtual ~Plugin() = default;  // [control] the last call; ends and joins the plugin's own threads
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  // [control] A pure function: no clock, no files, nothing of the host; the same input gives the same answer.
  [[nodiscard]] virtual Result<Contributions> plan(const Config& config) const = 0;
  // [worker] Several at once. A plugin that does not override it has no routes of its own.
  [[nodiscard]] virtual Result<Response> handle(const Request& request);
  // [job] One at a time, may take long. A plugin that does not override it hears of nothing.
  virtual Result<void> notify(const Event& event);

 protected:
  [[nodiscard]] const Host& host() const { return host_; }
  [[nodiscard]] Log log() const { return host_.log(); }

 private:
  Host host_;
};

namespace detail {

// What open() has to know of a plugin's type.
struct Kind {
  std::unique_ptr<Plugin> (*make)(const Host& host) = nullptr;
  bool has_handle = false;
  bool has_notify = false;
};

template <class Type>
Kind kind_of() {
  static_assert(std::is_base_of_v<Plugin, Type>, "a plugin's type derives from cell::sdk::Plugin");
  static_assert(std::is_constructible_v<Type, const Host&>,
                "write `using Plugin::Plugin;`, or a constructor "
                "that takes a const Host&");
  return {[](const Host& host) -> std::unique_ptr<Plugin> { return std::make_unique<Type>(host); },
          !std::is_same_v<decltype(&Type::handle), decltype(&Plugin::handle)>,
          !std::is_same_v<decltype(&Type::notify), decltype(&Plugin::notify)>};
}

cell_status open(const cell_host* host, cell_plugin* plugin, const cell_sink* error, Kind (*kind)()) noexcept;

}  // namespace detail
}  // namespace cell::sdk

// Exports the one symbol of a plugin. Once per library, outside of every namespace.
#define CELL_PLUGIN(Type)                                                                         \
  extern "C" CELL_EXPORT cell_status cell_plugin_open(const cell_host* host, cell_plugin* plugin, \
                                                      const cell_sink* error) {                   \
    return ::cell::sdk::detail::open(host, plugin, error, &::cell::sdk::detail::kind_of<Type>);   \
  }                                                                                               \
  static_assert(true, "so that a semicolon may follow")
