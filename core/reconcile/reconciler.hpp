#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "reconcile/documents.hpp"
#include "reconcile/ledger.hpp"
#include "reconcile/objects.hpp"

namespace cell::reconcile {

// What one run did.
struct RunReport {
  int changes = 0;                // steps made and documents swapped
  std::vector<State> unfinished;  // failed or pending
  [[nodiscard]] bool converged() const { return unfinished.empty(); }
};

// Keeps the cell as it is desired: looks at what is there, works out the difference, makes it go away, again
// and again. A removed or changed container, a restarted engine or a crash of celld half-way are all mended
// by the next run.
class Reconciler {
 public:
  struct Options {
    engine::Engine* engine = nullptr;  // all four: not owned, outlive this object
    caddy::Admin* caddy = nullptr;
    hub::Hub* hub = nullptr;
    const Clock* clock = nullptr;
    log::Logger log;
    std::function<Result<Desired>()> desired;          // asked anew for each run; thread: any
    std::function<void(const State&)> on_change = {};  // told of each change, no lock held
    std::function<void(const engine::Event&)> on_engine_event =
        {};  // each event, from the thread that follows them
    PullListener on_pull = {};
    // Makes an image that no registry has; false: it is none of those, so it is pulled. Thread: the run's.
    std::function<Result<bool>(const std::string& reference)> make_image = {};
    std::chrono::milliseconds resync{30'000};     // a run at least this often
    std::chrono::milliseconds ready_wait{5'000};  // for the socket of a container that was just started
  };

  explicit Reconciler(Options options);
  ~Reconciler();  // stops

  // Starts the control thread (with a first run) and the thread that follows the engine's events.
  void start();
  void stop();

  // Asks for a run soon. A burst becomes one run; a request during a run becomes exactly one more. Never
  // blocks.
  void request(std::string_view reason);
  // A run in the calling thread, with everything due. Runs never overlap.
  RunReport run_now();
  // Only the hub, for changes to peers: does not wait for a run that is busy elsewhere. A failure is taken up
  // by the next run as well.
  Result<void> apply_hub(const HubDocument& document);

  [[nodiscard]] std::vector<State> states() const { return ledger_.states(); }

 private:
  struct Pass;  // what one pass carries along

  void control(const std::stop_token& stop);
  void follow_events(const std::stop_token& stop);
  RunReport run();
  bool pass(RunReport& report);
  void prepare(Pass& pass);
  bool change_engine(Pass& pass);
  void make_step(Pass& pass, const Step& step);
  bool pull_images(Pass& pass, const std::vector<const Step*>& pulls);
  Result<void> fetch_image(const Step& step);
  void swap_documents(Pass& pass);
  void swap(Pass& pass, const Resource& resource, const std::string& container,
            const std::function<Result<bool>()>& apply);
  bool waits(Pass& pass, const Resource& resource, const std::vector<std::string>& needs);
  void settle(Pass& pass, const Resource& resource, std::string_view doing, const Result<bool>& outcome);

  Options options_;
  Ledger ledger_;
  HubProvider hub_;
  std::atomic<std::uint64_t> hub_generation_{
      0};  // counts apply_hub, so that a run never puts an older document back

  std::mutex run_mutex_;  // one run at a time
  std::mutex mutex_;      // guards the following
  std::condition_variable_any wake_;
  std::string requested_;
  bool forgive_ = false;

  std::jthread control_;
  std::jthread events_;
};

}  // namespace cell::reconcile
