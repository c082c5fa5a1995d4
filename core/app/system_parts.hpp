#pragma once

#include <memory>

#include "api/api.hpp"
#include "app/foundation.hpp"
#include "app/stack.hpp"
#include "base/task_queue.hpp"
#include "domain/containers/containers.hpp"
#include "domain/health/dashboard.hpp"
#include "domain/history/history.hpp"
#include "domain/identity/identity.hpp"
#include "domain/logs/follower.hpp"
#include "domain/logs/verbosity.hpp"
#include "http/server.hpp"

namespace cell::app {

// The cell's view of itself: containers, dashboard, history, logs, settings and measurements. Made before the
// stack is started, which it listens to, and after whoever
// else contributes containers to it. Thread: any, after open().
class SystemParts {
 public:
  struct Needs {
    Foundation& foundation;
    Stack& stack;
    jobs::Jobs& jobs;
    identity::Identity& identity;
    // After the configuration went back to an older revision: brings the hub the devices of that.
    std::function<void()> restored;
    // The certificate that people meet, where there is one; asked for each dashboard, so it must not wait for
    // anybody.
    std::function<std::optional<health::Certificate>()> certificate = [] {
      return std::optional<health::Certificate>{};
    };
    // Services that are not well.
    std::function<std::vector<health::ServiceTrouble>()> services = [] {
      return std::vector<health::ServiceTrouble>{};
    };
  };
  static Result<std::unique_ptr<SystemParts>> open(Needs needs);
  ~SystemParts();  // stops

  void add_routes(api::Api& api, std::function<http::Server::Stats()> http_stats);
  void start();
  void stop();
  void session_ended(const std::string& id) { follower_.close_tagged(id); }

 private:
  explicit SystemParts(Needs needs);
  Result<void> open_parts();
  void listen();
  void refresh_soon();
  health::Facts facts();
  [[nodiscard]] std::vector<health::Device> keyless_devices() const;
  [[nodiscard]] health::Dashboard::Sources sources();
  [[nodiscard]] health::CellFacts cell_facts() const;
  [[nodiscard]] std::vector<health::Recent> recent() const;
  std::optional<health::Hub> look_at_hub();

  Needs needs_;
  SteadyPoint started_steady_;
  log::Logger log_;
  containers::Containers containers_;
  logs::Follower follower_;
  std::unique_ptr<logs::Verbosity> verbosity_;
  std::unique_ptr<history::History> history_;
  std::unique_ptr<health::Board> board_;
  std::unique_ptr<health::Dashboard> dashboard_;
  std::atomic<std::size_t> peers_online_ = 0;
  int hub_silent_ = 0;  // looks in a row; of the refreshing thread
  std::atomic<bool> refresh_waits_ = false;
  std::atomic<bool> stopped_ = false;
  std::unique_ptr<TaskQueue> tasks_;
};

}  // namespace cell::app
