#pragma once

#include <memory>

#include "api/api.hpp"
#include "app/devices.hpp"
#include "app/foundation.hpp"
#include "app/stack.hpp"
#include "base/task_queue.hpp"
#include "domain/health/rules.hpp"
#include "domain/identity/doors.hpp"
#include "domain/services/plugin_services.hpp"
#include "domain/services/services.hpp"
#include "domain/store/store.hpp"
#include "domain/vault/vault.hpp"
#include "engine/workshop.hpp"
#include "plugin/registry.hpp"

namespace cell::app {

// Installed services, their plugins and the store: adds what services are made of to what the stack desires,
// and serves the routes. Made before the stack starts and before SystemParts; taken down after the jobs.
class ServicesParts {
 public:
  struct Needs {
    Foundation& foundation;
    Stack& stack;
    jobs::Jobs& jobs;
    identity::Identity& identity;
    Devices& devices;
    vault::Vault& vault;
  };
  static Result<std::unique_ptr<ServicesParts>> open(Needs needs);
  ~ServicesParts();  // stops

  void add_routes(api::Api& api);
  // Looks at the stores, finishes what was interrupted and begins to tell plugins the time.
  void start();
  void stop();

  // What services add to proxy and names.
  [[nodiscard]] settings::ServiceParts place_parts(const Json& root);
  // Those that are not well, for the list of health.
  [[nodiscard]] std::vector<health::ServiceTrouble> troubles();

 private:
  explicit ServicesParts(Needs needs);
  Result<void> open_parts();
  void open_services();
  Result<void> open_plugins();
  void listen();
  Result<void> contribute(const Json& root, reconcile::Desired& desired);
  void give_addresses(const Json& root, std::vector<services::Active>& active);
  [[nodiscard]] std::vector<services::Active> active(const Json& root);
  [[nodiscard]] services::Frame frame() const;
  [[nodiscard]] Result<bool> make_image(const std::string& reference);
  [[nodiscard]] services::Catalogue catalogue();
  [[nodiscard]] services::Plugins plugins();
  [[nodiscard]] Json people() const;
  [[nodiscard]] std::string login_of(const identity::Person& person);
  [[nodiscard]] Json plugin_of(const std::string& id) const;
  [[nodiscard]] Json plugin_list() const;
  Result<void> release(const std::string& id);
  Result<void> isolate(const std::string& id, std::optional<bool> isolated,
                       const config::CommitOptions& options);
  void tell_time();
  void renew_certificates();
  [[nodiscard]] Result<services::Secrets::Certificate> issue(const std::string& label);

  Needs needs_;
  log::Logger log_;
  services::Secrets secrets_;
  std::unique_ptr<services::Accounts> accounts_;
  std::unique_ptr<engine::Workshop> workshop_;
  std::unique_ptr<services::Images> images_;
  std::unique_ptr<services::Journal> journal_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<services::PluginServices> plugin_services_;
  std::unique_ptr<plugin::Quarantine> quarantine_;
  std::unique_ptr<plugin::Registry> registry_;
  std::unique_ptr<services::Runtime> runtime_;
  std::unique_ptr<services::Services> services_;
  identity::Doors doors_;
  std::map<std::string, SteadyPoint> due_;  // schedules, by service and name; of the timing task
  std::atomic<bool> stopped_ = false;
  std::unique_ptr<TaskQueue> tasks_;
};

}  // namespace cell::app
