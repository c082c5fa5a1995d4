#include "base/log.hpp"

#include <cctype>
#include <condition_variable>
#include <thread>

#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>

#include "base/atomic_file.hpp"
#include "base/clock.hpp"

namespace cell::log {

namespace {

constexpr std::string_view kRedacted = "***";
constexpr std::chrono::seconds kFlushInterval{1};

// What this thread's lines carry: request_id, job_id.
thread_local std::map<std::string, std::string> scope_values;

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::trace:
      return spdlog::level::trace;
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warn:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
    case Level::critical:
      return spdlog::level::critical;
    case Level::off:
      return spdlog::level::off;
  }
  return spdlog::level::info;
}

// The payload is a whole JSON line already.
class LineFormatter final : public spdlog::formatter {
 public:
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    out.append(message.payload.begin(), message.payload.end());
    out.push_back('\n');
  }
  [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<LineFormatter>();
  }
};

bool names_a_secret(std::string_view key) {
  std::string lower(key);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const std::string_view part :
       {"password", "secret", "token", "private_key", "preshared", "authorization", "cookie"}) {
    if (lower.find(part) != std::string::npos) return true;
  }
  return false;
}

Json redacted(const Json& value) {
  if (value.is_array()) {
    Json copy = Json::array();
    for (const Json& item : value) copy.push_back(redacted(item));
    return copy;
  }
  if (!value.is_object()) return value;
  Json copy = Json::object();
  for (const auto& [key, item] : value.items())
    copy[key] = names_a_secret(key) ? Json(kRedacted) : redacted(item);
  return copy;
}

std::string render_line(std::string_view service, Level level, std::string_view message,
                        const Fields& fields) {
  Json line = fields.is_object() ? redacted(fields) : Json::object();
  for (const auto& [key, value] : scope_values) line[key] = value;
  line["t"] = format_time_ms(std::chrono::system_clock::now());
  line["level"] = to_string(level);
  line["service"] = service;
  line["message"] = message;
  return dump_json(line);
}

bool is_service_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name.front() != '.' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.-") == std::string_view::npos;
}

}  // namespace

struct Logger::State {
  std::string service;
  std::shared_ptr<spdlog::logger> logger;
};

struct Logs::Impl {
  Options options;
  mutable std::mutex mutex;
  spdlog::sink_ptr console;
  std::map<std::string, std::shared_ptr<Logger::State>> loggers;
  std::condition_variable_any wake;
  // Last, so that it is joined before what it uses goes.
  std::jthread flusher;

  void flush();
  void flush_until(const std::stop_token& stop);
};

// Lines below warn may wait a second for the disk; without the lock, so that nobody waits for a slow one.
void Logs::Impl::flush() {
  std::vector<std::shared_ptr<Logger::State>> states;
  {
    const std::lock_guard lock(mutex);
    for (const auto& [name, state] : loggers) states.push_back(state);
  }
  for (const auto& state : states) state->logger->flush();
}

void Logs::Impl::flush_until(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::unique_lock lock(mutex);
      wake.wait_for(lock, stop, kFlushInterval, [] { return false; });
    }
    flush();
  }
}

Result<Level> parse_level(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  static const std::map<std::string, Level> kLevels{
      {"trace", Level::trace},  {"debug", Level::debug}, {"info", Level::info},         {"warn", Level::warn},
      {"warning", Level::warn}, {"error", Level::error}, {"critical", Level::critical}, {"off", Level::off}};
  const auto found = kLevels.find(lower);
  if (found == kLevels.end()) {
    return Error{Code::invalid_argument, "unknown log level '" + std::string(text) + "'",
                 "use trace, debug, info, warn, error, critical or off"};
  }
  return found->second;
}

std::string_view to_string(Level level) noexcept {
  switch (level) {
    case Level::trace:
      return "trace";
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warn:
      return "warn";
    case Level::error:
      return "error";
    case Level::critical:
      return "critical";
    case Level::off:
      return "off";
  }
  return "info";
}

bool Logger::enabled(Level level) const {
  return state_ && state_->logger && state_->logger->should_log(to_spdlog(level));
}

void Logger::write(Level level, std::string_view message, const Fields& fields) const {
  if (enabled(level))
    state_->logger->log(to_spdlog(level), render_line(state_->service, level, message, fields));
}

Logs::Logs() : impl_(std::make_unique<Impl>()) {}
Logs::~Logs() { flush(); }

std::unique_ptr<Logs> Logs::null() {
  auto logs = std::unique_ptr<Logs>(new Logs());
  logs->impl_->options.console = false;
  logs->impl_->options.root = Level::off;
  return logs;
}

Result<std::unique_ptr<Logs>> Logs::open(const Options& options) {
  auto logs = std::unique_ptr<Logs>(new Logs());
  logs->impl_->options = options;
  if (!options.directory.empty()) CELL_TRY(ensure_directory(options.directory, 0750));
  if (options.console) {
    logs->impl_->console = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    logs->impl_->console->set_formatter(std::make_unique<LineFormatter>());
  }
  if (!options.directory.empty()) {
    logs->impl_->flusher =
        std::jthread([impl = logs->impl_.get()](const std::stop_token& stop) { impl->flush_until(stop); });
  }
  return logs;
}

Logger Logs::logger(std::string_view service) {
  const std::lock_guard lock(impl_->mutex);
  const std::string name = is_service_name(service) ? std::string(service) : std::string("core");
  std::shared_ptr<Logger::State>& state = impl_->loggers[name];
  if (!state) {
    std::vector<spdlog::sink_ptr> sinks;
    if (impl_->console) sinks.push_back(impl_->console);
    if (!impl_->options.directory.empty()) {
      try {
        auto file = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(
            (impl_->options.directory / (name + ".log")).string(), impl_->options.max_bytes,
            impl_->options.max_files);
        file->set_formatter(std::make_unique<LineFormatter>());
        sinks.push_back(std::move(file));
      } catch (const spdlog::spdlog_ex&) {
        // The file can't be opened: the console goes on.
      }
    }
    state = std::make_shared<Logger::State>();
    state->service = name;
    state->logger = std::make_shared<spdlog::logger>(name, sinks.begin(), sinks.end());
    state->logger->flush_on(spdlog::level::warn);
    const auto own = impl_->options.services.find(name);
    state->logger->set_level(
        to_spdlog(own == impl_->options.services.end() ? impl_->options.root : own->second));
  }
  Logger logger;
  logger.state_ = state;
  return logger;
}

void Logs::set_levels(Level root, const std::map<std::string, Level>& services) {
  const std::lock_guard lock(impl_->mutex);
  impl_->options.root = root;
  impl_->options.services = services;
  for (auto& [name, state] : impl_->loggers) {
    const auto own = services.find(name);
    const auto level = to_spdlog(own == services.end() ? root : own->second);
    state->logger->set_level(level);
    // The sinks take what the loggers let through; a sink of its own level would hide lines.
    for (const auto& sink : state->logger->sinks()) sink->set_level(spdlog::level::trace);
  }
}

Level Logs::level_of(std::string_view service) const {
  const std::lock_guard lock(impl_->mutex);
  const auto own = impl_->options.services.find(std::string(service));
  return own == impl_->options.services.end() ? impl_->options.root : own->second;
}

std::vector<std::string> Logs::services() const {
  const std::lock_guard lock(impl_->mutex);
  std::vector<std::string> names;
  for (const auto& [name, state] : impl_->loggers) names.push_back(name);
  return names;
}

void Logs::flush() { impl_->flush(); }

Scope::Scope(std::string_view key, std::string value) : key_(key) {
  std::string& slot = scope_values[key_];
  previous_ = std::exchange(slot, std::move(value));
}

Scope::~Scope() {
  if (previous_.empty())
    scope_values.erase(key_);
  else
    scope_values[key_] = std::move(previous_);
}

}  // namespace cell::log
