#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

// Structured logging: one JSON object a line, one file a service, 5 MB × 5 kept. Only base/log.cpp knows
// spdlog.
namespace cell::log {

enum class Level { trace, debug, info, warn, error, critical, off };

Result<Level> parse_level(std::string_view text);  // "WARNING" and "warn" alike; anything unknown is refused
std::string_view to_string(Level level) noexcept;

// Facts beside a message. Values whose key sounds like a secret (password, token, private_key, secret,
// authorization, cookie) are written as "***".
using Fields = Json;

// Handle to one service's logger; cheap to copy. The message is a constant, the facts are fields.
// Thread: any.
class Logger {
 public:
  void trace(std::string_view message, const Fields& fields = Json::object()) const {
    write(Level::trace, message, fields);
  }
  void debug(std::string_view message, const Fields& fields = Json::object()) const {
    write(Level::debug, message, fields);
  }
  void info(std::string_view message, const Fields& fields = Json::object()) const {
    write(Level::info, message, fields);
  }
  void warn(std::string_view message, const Fields& fields = Json::object()) const {
    write(Level::warn, message, fields);
  }
  void error(std::string_view message, const Fields& fields = Json::object()) const {
    write(Level::error, message, fields);
  }
  void write(Level level, std::string_view message, const Fields& fields) const;
  [[nodiscard]] bool enabled(Level level) const;

 private:
  friend class Logs;
  struct State;
  std::shared_ptr<State> state_;
};

struct Options {
  std::filesystem::path directory;  // empty: console only
  bool console = true;              // stderr
  Level root = Level::info;
  std::map<std::string, Level> services;  // override of single services
  std::size_t max_bytes = 5 * 1024 * 1024;
  std::size_t max_files = 5;
};

// Owns every sink. Warnings and worse are on disk when the call returns, other lines within a second. Made
// first thing in main and handed down; loggers may be asked for at any time. A level change reaches the root,
// each service's logger and every sink at once. Thread: any.
class Logs {
 public:
  static Result<std::unique_ptr<Logs>> open(const Options& options);
  // A Logs that writes nowhere, for tests.
  static std::unique_ptr<Logs> null();
  ~Logs();

  // The logger of `service` ("http", "reconcile", …), made on first use with a file `<service>.log`.
  Logger logger(std::string_view service);
  void set_levels(Level root, const std::map<std::string, Level>& services);
  [[nodiscard]] Level level_of(std::string_view service) const;
  [[nodiscard]] std::vector<std::string> services() const;
  void flush();

 private:
  Logs();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Sets request_id / job_id for every line this thread writes while the object lives.
class Scope {
 public:
  Scope(std::string_view key, std::string value);
  ~Scope();
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  std::string key_;
  std::string previous_;
};

}  // namespace cell::log
