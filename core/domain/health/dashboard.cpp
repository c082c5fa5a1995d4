#include "domain/health/dashboard.hpp"

namespace cell::health {

Dashboard::Dashboard(Machine machine, Board& board, EventSink& events, Sources sources)
    : machine_(std::move(machine)),
      board_(board),
      events_(events),
      sources_(std::move(sources)),
      stats_(machine_.sample()) {}

void Dashboard::sample() {
  const Stats stats = machine_.sample();
  {
    const std::lock_guard lock(mutex_);
    stats_ = stats;
  }
  if (sources_.on_sample) sources_.on_sample(stats);
  events_.publish("stats", to_json(stats));
}

void Dashboard::refresh() {
  if (const auto count = sources_.containers()) {
    const std::lock_guard lock(mutex_);
    containers_ = *count;
  }
  board_.refresh();
}

Stats Dashboard::stats() const {
  const std::lock_guard lock(mutex_);
  return stats_;
}

Json Dashboard::view() const {
  const CellFacts cell = sources_.cell();
  const PeerCount peers = sources_.peers();
  const auto certificate = sources_.certificate();
  Json recent = Json::array();
  for (const Recent& entry : sources_.recent()) recent.push_back(to_json(entry));
  Json view = {{"health", board_.view()},
               {"cell",
                {{"name", cell.name},
                 {"domain", cell.domain},
                 {"version", cell.version},
                 {"uptime_s", cell.uptime_s},
                 {"endpoint", cell.endpoint},
                 {"public_address", cell.public_address ? Json(*cell.public_address) : Json(nullptr)}}},
               {"history", sources_.history()},
               {"peers", {{"total", peers.total}, {"online", peers.online}}},
               {"certificate", nullptr},
               {"recent", std::move(recent)}};
  if (certificate) view["certificate"] = {{"not_after", format_time(certificate->not_after)}};
  const std::lock_guard lock(mutex_);
  view["stats"] = to_json(stats_);
  view["containers"] = {{"running", containers_.running}, {"total", containers_.total}};
  return view;
}

}  // namespace cell::health
