#pragma once

#include <memory>
#include <string>

#include "api/api.hpp"
#include "api/peers_parts.hpp"
#include "app/foundation.hpp"
#include "app/stack.hpp"
#include "base/task_queue.hpp"
#include "domain/identity/identity.hpp"

namespace cell::app {

// The devices of the VPN, tied to the hub: gives the stack the hub's document, looks at the hub every two
// seconds (more often while a new device is awaited), and cuts devices off when they expire. Taken down
// before the stack.
class Devices {
 public:
  static Result<std::unique_ptr<Devices>> open(Foundation& foundation, Stack& stack);
  ~Devices();

  // `dns_answers`: whether the cell's DNS does.
  void add_routes(api::Api& api, identity::Identity& identity, std::function<bool()> dns_answers);
  // Begins to look at the hub.
  void start();
  // Brings the hub what a revision that was gone back to makes of the devices.
  void bring() { peers_->bring_current(); }
  // [{id, name, person_id, address, online}], for plugins that may know.
  [[nodiscard]] Json overview() const;
  // For the set-up: answers the device's id.
  Result<std::string> create_first(const std::string& name, const std::string& owner_id);

 private:
  Devices(Foundation& foundation, Stack& stack)
      : foundation_(foundation), stack_(stack), log_(foundation.logs.logger("peers")) {}
  [[nodiscard]] Result<hub::Document> document(const Json& root) const;
  void look();
  void save();

  Foundation& foundation_;
  Stack& stack_;
  log::Logger log_;
  std::unique_ptr<peers::Peers> peers_;
  std::unique_ptr<peers::Live> live_;
  std::unique_ptr<peers::History> history_;
  std::unique_ptr<peers::Links> links_;
  SteadyPoint looked_{};  // of the looking thread
  std::unique_ptr<TaskQueue> timers_;
};

}  // namespace cell::app
