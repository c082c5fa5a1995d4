#pragma once

#include <gtest/gtest.h>

#include "base/clock.hpp"
#include "base/event_sink.hpp"
#include "base/log.hpp"
#include "config/store.hpp"
#include "database/database.hpp"
#include "domain/settings/document.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::test {

class NoEvents final : public EventSink {
 public:
  void publish(std::string_view, const Json&) override {}
};

// Configuration and database of one cell in a directory of the test's own.
struct ConfigState {
  TemporaryDirectory directory{memory_directory()};
  ManualClock clock;
  std::unique_ptr<log::Logs> logs = log::Logs::null();
  std::unique_ptr<config::Store> config = open_config();
  std::unique_ptr<database::Database> database = database::Database::in_memory().value();

  std::unique_ptr<config::Store> open_config() {
    config::Store::Options options;
    options.directory = directory.path() / "config";
    options.initial = settings::initial_document("fd12:3456:789a:1::/64");
    options.schema = std::make_shared<const Schema>(Schema::compile(settings::document_schema()).value());
    options.clock = &clock;
    return config::Store::open(std::move(options)).value();
  }
  void complete_setup() {
    const config::Edit edit = [](Json& root) -> Result<void> {
      root["identity"]["setup_complete"] = true;
      root["identity"]["cell_name"] = "home";
      return {};
    };
    ASSERT_TRUE(config->commit({}, edit));
  }
};

}  // namespace cell::test
