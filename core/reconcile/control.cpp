#include <algorithm>
#include <array>
#include <chrono>

#include "reconcile/reconciler.hpp"

// The reconciler's two threads.
namespace cell::reconcile {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kGather{20};          // requests of one burst fall into one run
constexpr milliseconds kEventIdle{1'000};    // how long stop() may have to wait for the events' thread
constexpr milliseconds kEnginePause{1'000};  // between two looks for an engine that is gone

bool matters(const engine::Event& event) {
  constexpr std::array kContainer{"die", "destroy", "rename", "pause", "health_status: healthy"};
  constexpr std::array kNetwork{"destroy", "disconnect"};
  const auto is_action = [&](const char* action) { return event.action == action; };
  if (event.type == "container") {
    return event.attributes.contains(kLabelInstance) &&
           std::any_of(kContainer.begin(), kContainer.end(), is_action);
  }
  return event.type == "network" && std::any_of(kNetwork.begin(), kNetwork.end(), is_action);
}

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

void Reconciler::start() {
  request("start");
  control_ = std::jthread([this](const std::stop_token& stop) { control(stop); });
  events_ = std::jthread([this](const std::stop_token& stop) { follow_events(stop); });
}

void Reconciler::stop() {
  control_.request_stop();
  events_.request_stop();
  wake_.notify_all();
  if (control_.joinable()) control_.join();
  if (events_.joinable()) events_.join();
}

void Reconciler::control(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::string reason;
    bool forgive = false;
    {
      std::unique_lock lock(mutex_);
      const milliseconds wait = std::min(ledger_.until_due().value_or(options_.resync), options_.resync);
      if (wake_.wait_for(lock, stop, std::max(wait, kGather), [this] { return !requested_.empty(); })) {
        wake_.wait_for(lock, stop, kGather, [] { return false; });
      }
      if (stop.stop_requested()) return;
      reason = std::exchange(requested_, {});
      forgive = std::exchange(forgive_, false);
    }
    const std::lock_guard lock(run_mutex_);
    if (forgive) ledger_.forgive();
    const RunReport report = run();
    if (report.changes > 0) {
      options_.log.info(
          "reconciled",
          {{"reason", reason}, {"changes", report.changes}, {"unfinished", report.unfinished.size()}});
    }
  }
}

void Reconciler::follow_events(const std::stop_token& stop) {
  bool gone = false;
  // The stream is opened again and again; what happens in between is told by the engine afterwards.
  std::int64_t since_ns = now_ns();
  while (!stop.stop_requested()) {
    if (gone) {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, stop, kEnginePause, [] { return false; });
      if (stop.stop_requested()) return;
      lock.unlock();
      if (!options_.engine->info()) continue;
      gone = false;
      since_ns = now_ns();
      lock.lock();
      forgive_ = true;
      requested_ = "the engine is back";
      lock.unlock();
      wake_.notify_all();
    }
    const auto outcome = options_.engine->events(
        [&](const engine::Event& event) {
          since_ns = std::max(since_ns, event.time_ns + 1);
          if (options_.on_engine_event) options_.on_engine_event(event);
          if (matters(event)) request(event.type + " '" + event.name + "': " + event.action);
          return !stop.stop_requested();
        },
        kEventIdle, since_ns);
    gone = !outcome && outcome.error().code != Code::timeout;
    if (outcome) gone = true;  // the engine closed the stream: it is going down or was restarted
  }
}

}  // namespace cell::reconcile
