#pragma once

#include <memory>

#include "app/log_levels.hpp"
#include "base/event_sink.hpp"
#include "base/log.hpp"
#include "config/sealed.hpp"
#include "config/store.hpp"
#include "database/database.hpp"
#include "domain/settings/document.hpp"
#include "domain/settings/environment.hpp"
#include "engine/client.hpp"
#include "http/broadcaster.hpp"

namespace cell::app {

// What every part of the cell stands on: the machine's settings, clock, logs, configuration, secrets,
// database, container engine and the event streams. Made first, taken down last.
class Foundation {
 public:
  // Makes the folders of the cell, opens what is in them and subscribes the log levels to the configuration.
  static Result<std::unique_ptr<Foundation>> open(const settings::Environment& environment, log::Logs& logs);

  settings::Environment environment;
  SystemClock clock;
  log::Logs& logs;
  LogLevels levels;
  http::Broadcaster broadcaster;
  std::unique_ptr<EventSink> events;  // to the streams of `broadcaster`
  std::unique_ptr<config::Store> config;
  std::unique_ptr<config::SealedStore> sealed;
  std::unique_ptr<database::Database> database;
  std::unique_ptr<engine::Engine> engine;

  [[nodiscard]] bool setup_complete() const {
    return settings::identity_of(config->snapshot()->root).setup_complete;
  }

 private:
  Foundation(const settings::Environment& environment, log::Logs& logs);
  Result<void> open_configuration();
};

}  // namespace cell::app
