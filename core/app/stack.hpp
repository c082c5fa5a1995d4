#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "app/foundation.hpp"
#include "caddy/admin.hpp"
#include "hub/client.hpp"
#include "reconcile/core_stack.hpp"
#include "reconcile/reconciler.hpp"

namespace cell::app {

// The cell's containers and documents: what is desired is the core's own parts plus what each contributor
// adds to them from the configuration, and the reconciler makes it true. Contributors are added before
// start(). Thread: any.
class Stack {
 public:
  // Adds to, or changes, what is desired; an error leaves everything as it is.
  using Contribute = std::function<Result<void>(const Json& root, reconcile::Desired& desired)>;
  using MakeHub = std::function<Result<hub::Document>(const Json& root)>;

  explicit Stack(Foundation& foundation);
  ~Stack();

  void contribute(Contribute contribute) { contributors_.push_back(std::move(contribute)); }
  // Who makes the hub's document; it may also be applied alone, see apply_hub().
  void set_hub(MakeHub make) { make_hub_ = std::move(make); }
  // Told of each change of a resource's state / of each event of the engine; before start(), never under a
  // lock.
  void on_state(std::function<void(const reconcile::State&)> listener) {
    state_listeners_.push_back(std::move(listener));
  }
  void on_engine_event(std::function<void(const engine::Event&)> listener) {
    event_listeners_.push_back(std::move(listener));
  }

  // Begins to converge, and goes on doing so after each change of the configuration. Called once the cell is
  // set up: a cell without a configuration wants nothing, and wanting nothing would remove what runs.
  void start();
  void stop();
  [[nodiscard]] bool started() const { return running_; }

  // Only the hub, at once: for changes to peers. Fine while not started.
  Result<void> apply_hub();
  void request(std::string_view reason);
  // A whole run in the calling thread; unavailable while not started.
  Result<reconcile::RunReport> converge();
  // What the hub passes on to services; who makes images that no registry has. Before start().
  void set_service_forwards(std::function<std::vector<hub::Forward>(const Json& root)> forwards) {
    service_forwards_ = std::move(forwards);
  }
  // The exits of services by name, "<service>/<exit>". Before start().
  void set_service_exits(std::function<std::map<std::string, hub::Exit>(const Json& root)> exits) {
    service_exits_ = std::move(exits);
  }
  void set_image_maker(std::function<Result<bool>(const std::string& reference)> make) {
    make_image_ = std::move(make);
  }

  // Of what was looked at, without working out what is desired.
  [[nodiscard]] std::vector<reconcile::State> known_states() const { return reconciler_->states(); }
  // Of everything desired, also what was not looked at yet, and of what is still to be removed.
  [[nodiscard]] std::vector<reconcile::State> states() const;
  [[nodiscard]] Result<reconcile::Desired> desired() const;

  [[nodiscard]] const reconcile::CoreSettings& settings() const { return settings_; }
  [[nodiscard]] const reconcile::CoreNames& names() const { return names_; }
  // What the hub passes on to the other parts: DNS and time always, HTTP, HTTPS and the services' ports as
  // `services`.
  [[nodiscard]] std::vector<hub::Forward> hub_forwards(const Json& root) const;
  [[nodiscard]] std::map<std::string, hub::Exit> hub_exits(const Json& root) const;
  // The container network, as the hub must know it.
  [[nodiscard]] std::vector<std::string> cell_subnets() const;
  hub::Hub& hub() { return *hub_; }
  caddy::Admin& caddy() { return *caddy_; }

 private:
  [[nodiscard]] std::vector<reconcile::State> wanted() const;

  Foundation& foundation_;
  reconcile::CoreSettings settings_;
  reconcile::CoreNames names_;
  std::unique_ptr<hub::Hub> hub_;
  std::unique_ptr<caddy::Admin> caddy_;
  std::vector<Contribute> contributors_;
  MakeHub make_hub_;
  std::function<std::vector<hub::Forward>(const Json& root)> service_forwards_;
  std::function<std::map<std::string, hub::Exit>(const Json& root)> service_exits_;
  std::function<Result<bool>(const std::string& reference)> make_image_;
  std::vector<std::function<void(const reconcile::State&)>> state_listeners_;
  std::vector<std::function<void(const engine::Event&)>> event_listeners_;
  std::mutex starting_;
  std::atomic<bool> running_ = false;
  mutable std::mutex naming_;  // guards the following two
  mutable std::int64_t wanted_revision_ = -1;
  mutable std::vector<reconcile::State> wanted_;
  std::unique_ptr<reconcile::Reconciler> reconciler_;
};

}  // namespace cell::app
