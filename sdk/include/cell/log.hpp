#pragma once

#include <string_view>

#include "cell/abi.h"
#include "cell/json.hpp"

namespace cell::sdk {

// The plugin's own log, which the owner reads in the web UI. The message is a constant text, what varies goes
// into `fields`: log().warn("cannot reach the provider", {{"reason", error.message}}). Never a secret.
// [any] Copies write to the same log; a log without a host drops everything.
class Log {
 public:
  Log() = default;
  explicit Log(const cell_host* host) : host_(host) {}

  void debug(std::string_view message, const Json& fields = Json::object()) const;
  void info(std::string_view message, const Json& fields = Json::object()) const;
  void warn(std::string_view message, const Json& fields = Json::object()) const;
  void error(std::string_view message, const Json& fields = Json::object()) const;

 private:
  void write(int level, std::string_view message, const Json& fields) const;
  const cell_host* host_ = nullptr;  // not owned, outlives the plugin's instance
};

}  // namespace cell::sdk
