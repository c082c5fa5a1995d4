#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/event_sink.hpp"
#include "database/database.hpp"
#include "domain/services/active.hpp"
#include "domain/services/secrets.hpp"
#include "engine/client.hpp"
#include "http/client.hpp"
#include "plugin/host_services.hpp"

namespace cell::services {

// What the cell does for plugins that ask: see sdk/docs/host-methods.md. Thread: any.
class PluginServices final : public plugin::HostServices {
 public:
  struct Parts {
    database::Database& database;
    engine::Engine& engine;
    Secrets& secrets;
    EventSink& events;
    std::function<Frame()> frame;
    std::function<Result<Json>(const plugin::Manifest& manifest)> options;
    std::function<Json()> identity;
    std::function<Json()> people;
    std::function<Json()> peers;
    std::function<void(std::string_view reason)> replan;
    std::function<Result<http::ClientReply>(const http::ClientRequest&)> fetch;
  };
  static Result<std::unique_ptr<PluginServices>> open(Parts parts);

  plugin::StateStore& state() override { return *state_; }
  Result<std::string> secret(const plugin::Manifest& manifest, const std::string& name) override;
  Result<Json> options(const plugin::Manifest& manifest) override { return parts_.options(manifest); }
  Result<Json> identity() override { return parts_.identity(); }
  Result<Json> people() override { return parts_.people(); }
  Result<Json> peers() override { return parts_.peers(); }
  Result<plugin::ExecAnswer> exec(const std::string& id, const plugin::ExecWish& wish) override;
  Result<void> request_plan(const std::string& id) override;
  Result<void> emit(const std::string& id, const std::string& type, const Json& data) override;
  Result<plugin::FetchAnswer> fetch(const std::string& id, const plugin::FetchWish& wish) override;

  // The state of a service that was removed with its data.
  Result<void> forget(const std::string& id);

 private:
  PluginServices(Parts parts, std::unique_ptr<plugin::StateStore> state)
      : parts_(std::move(parts)), state_(std::move(state)) {}

  Parts parts_;
  std::unique_ptr<plugin::StateStore> state_;
};

}  // namespace cell::services
