#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "domain/health/board.hpp"
#include "domain/health/machine.hpp"
#include "domain/health/recent.hpp"

namespace cell::health {

struct CellFacts {
  std::string name;
  std::string domain;
  std::string version;
  std::int64_t uptime_s = 0;
  std::string endpoint;                         // host and port
  std::optional<std::string> public_address{};  // as the internet sees it, if that is known
};
struct PeerCount {
  std::size_t total = 0;
  std::size_t online = 0;
};
struct ContainerCount {
  std::size_t running = 0;
  std::size_t total = 0;
};

// The first page: how the cell is, in one answer. Nothing here waits for another program: what may be slow is
// asked by refresh(). Thread: any; sample() and refresh() are for one background thread each.
class Dashboard {
 public:
  struct Sources {
    std::function<CellFacts()> cell;
    std::function<PeerCount()> peers;
    std::function<std::optional<ContainerCount>()> containers;  // may be slow; nothing: not known now
    std::function<std::optional<Certificate>()> certificate;
    std::function<std::vector<Recent>()> recent;
    std::function<Json()> history;                // {step_s, points}
    std::function<void(const Stats&)> on_sample;  // keeps the history
  };
  Dashboard(Machine machine, Board& board, EventSink& events, Sources sources);

  void sample();   // every 2 s: event `stats`
  void refresh();  // every few seconds and when something happened: event `health` when the list changes
  [[nodiscard]] Stats stats() const;
  [[nodiscard]] Json view() const;  // Dashboard of the REST API

 private:
  Machine machine_;
  Board& board_;
  EventSink& events_;
  Sources sources_;
  mutable std::mutex mutex_;  // guards the following
  Stats stats_;
  ContainerCount containers_;
};

}  // namespace cell::health
