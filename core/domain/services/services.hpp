#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/event_sink.hpp"
#include "config/store.hpp"
#include "domain/jobs/jobs.hpp"
#include "domain/services/accounts.hpp"
#include "domain/services/convergence.hpp"
#include "domain/services/images.hpp"
#include "domain/services/journal.hpp"
#include "domain/services/runtime.hpp"
#include "domain/services/service_plan.hpp"
#include "domain/services/volumes.hpp"
#include "reconcile/reconciler.hpp"

namespace cell::services {

// What services ask of the reconciler; the composition root fills it.
struct Converge {
  std::function<Result<reconcile::RunReport>()> now;  // a whole run in the calling thread
  std::function<std::vector<reconcile::State>()> states;
  std::function<void(std::string_view reason)> soon;
};

// What this machine has left, and which ports others use.
struct MachineFacts {
  std::function<std::int64_t()> free_bytes = [] { return std::int64_t{-1}; };
  std::function<std::int64_t()> free_memory_bytes = [] { return std::int64_t{-1}; };
  std::function<bool(std::uint16_t port, bool is_tcp)> is_port_busy = [](std::uint16_t, bool) {
    return false;
  };
};

struct Wish {
  std::string version;  // empty: the newest, or the one that is there
  Json options = Json::object();
  std::string plan_token;  // empty: no plan was shown
  bool accept_permissions = false;
  std::optional<bool> isolated{};
};

struct ShownPlan {
  ServicePlan plan;
  std::string token;
};

// The services of the cell and their life: install, configure, update, start, stop, remove, each a job. What
// a job has begun is in the journal until it is done; what fails is taken back, also after celld was killed.
// Thread: any; one act on a service at a time (conflict).
class Services {
 public:
  struct Parts {
    config::Store& config;
    engine::Engine& engine;
    jobs::Jobs& jobs;
    EventSink& events;
    const Clock& clock;
    log::Logger log;
    Secrets& secrets;
    Accounts& accounts;
    Runtime& runtime;
    Images& images;
    Journal& journal;
    Catalogue catalogue;
    Converge converge;
    MachineFacts machine;
    std::function<Frame()> frame;
    std::function<Result<void>(const std::string& id)> forget = [](const std::string&) {
      return Result<void>{};
    };  // what a plugin kept
    // Runs a task beside the caller.
    std::function<void(std::function<void()>)> later = [](const std::function<void()>& task) { task(); };
  };
  explicit Services(Parts parts);

  // Before the reconciler starts: opens what is installed and puts the configuration back where an act was
  // interrupted.
  void open();
  // After it: finishes what open() began, in a job.
  void recover();
  // Begins a job for each service whose images were made on another base image than the one that is here.
  void renew_images();

  // What all services are made of now; one that can't tell is left out and logged.
  [[nodiscard]] std::vector<Active> active(const Json& root);

  Result<ShownPlan> plan(const std::string& id, const Wish& wish);
  Result<std::string> install(const std::string& id, const Wish& wish, const std::string& actor);
  Result<std::string> update(const std::string& id, const Wish& wish, const std::string& actor);
  Result<std::string> configure(const std::string& id, const Wish& wish, const std::string& actor);
  Result<std::string> remove(const std::string& id, bool purge, const std::string& actor);
  Result<std::string> start(const std::string& id, const std::string& actor);
  Result<std::string> stop(const std::string& id, const std::string& actor);
  Result<std::string> restart(const std::string& id, const std::string& actor);

  Result<IssuedPassword> issue_password(const std::string& id, const std::string& person_id,
                                        const std::string& label);
  Result<void> revoke_password(const std::string& id, const std::string& password_id);
  Result<void> set_quota(const std::string& id, const std::string& person_id, std::optional<std::int64_t> mb,
                         const config::CommitOptions& options);
  // Those in force, with defaults and secrets; unavailable until it is installed.
  [[nodiscard]] Result<Json> options(const plugin::Manifest& manifest) const;
  // People came, went or were renamed.
  void people_changed();

  // What is being done to a service: "installing", "updating", …; empty: nothing.
  struct Busy {
    std::string kind;  // "install"
    std::string job_id;
  };
  [[nodiscard]] std::optional<Busy> busy(const std::string& id) const;
  [[nodiscard]] std::map<std::string, Busy> all_busy() const;
  [[nodiscard]] Runtime& runtime() { return parts_.runtime; }
  [[nodiscard]] Accounts& accounts() { return parts_.accounts; }
  [[nodiscard]] Frame frame() const { return parts_.frame(); }
  // One for each container of a service; those that others are being installed with are not given away.
  Result<std::map<std::string, settings::ServiceAddress>> addresses_for(
      const Json& root, const std::string& id, const std::vector<std::string>& containers);
  // Tells the plugin of something, in this thread; what it does wrong is logged.
  void notify(const std::string& id, const Json& event);

 private:
  struct Prepared;  // a plan with everything it was made from

  void accounts_changed(const std::string& id);
  Result<settings::ServiceEntry> installed(const std::string& id) const;
  Result<Prepared> prepare(const std::string& id, const Wish& wish,
                           const std::function<void(double)>& advance);
  Result<Prepared> prepare_with(std::shared_ptr<Running> running, const Wish& wish,
                                const std::optional<settings::ServiceEntry>& before);
  Result<PlanFacts> facts_for(const Active& after);
  Result<void> check_shown(const Prepared& prepared, const Wish& wish) const;

  using Act = std::function<Result<void>(jobs::Progress&)>;
  Result<std::string> begin(const std::string& id, const std::string& kind, const std::string& title,
                            const std::string& actor, std::vector<std::string> phases, Act act);
  void end(const std::string& id);
  void tell(const std::string& id, const std::string& state);

  Result<void> run_install(const std::string& id, const Wish& wish, const std::string& actor,
                           jobs::Progress& progress);
  Result<void> run_update(const std::string& id, const Wish& wish, const std::string& actor,
                          jobs::Progress& progress);
  Result<void> run_configure(const std::string& id, const Wish& wish, const std::string& actor,
                             jobs::Progress& progress);
  Result<void> run_remove(const Operation& operation, const std::string& actor, jobs::Progress& progress);
  Result<void> run_rebuild(const std::string& id, jobs::Progress& progress);
  Result<void> run_power(const std::string& id, bool on, const std::string& actor, jobs::Progress& progress);

  // Steps that several acts share.
  Result<void> provide_images(const Active& service, jobs::Progress& progress);
  Result<void> commit(const settings::ServiceEntry& entry, const std::string& actor,
                      const std::string& summary);
  Result<void> commit_gone(const std::string& id, const std::string& actor);
  Result<void> wait_healthy(const Active& service, jobs::Progress& progress);
  Result<void> publish(settings::ServiceEntry entry, const plugin::Contributions& parts,
                       const std::string& actor);
  Result<void> stop_containers(const std::string& id);
  Result<void> wait_gone(const std::string& id);
  Result<Operation> operation_for(const std::string& id, const std::string& kind,
                                  const std::optional<settings::ServiceEntry>& before);

  // Takes back, or for a removal finishes, what the journal tells of. It stays in the journal when this
  // fails.
  Result<void> settle(const Operation& operation);
  Result<void> take_back_install(const Operation& operation);
  Result<void> take_back_update(const Operation& operation);
  Result<void> finish_update(const Operation& operation);
  Result<void> take_back_configure(const Operation& operation);
  Result<void> finish_remove(const Operation& operation);
  Result<void> reopen(const settings::ServiceEntry& entry);
  Error failed(const Operation& operation, Error error);

  Parts parts_;
  Volumes volumes_;
  mutable std::mutex mutex_;  // guards the following
  std::map<std::string, Busy> busy_;
  std::map<std::string, std::set<std::string>> reserved_;  // addresses of those that are busy, until they end
  std::map<std::string, std::string> told_;                // problems of active(), by service
};

}  // namespace cell::services
