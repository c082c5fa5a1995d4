#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/event_sink.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "database/database.hpp"

namespace cell::jobs {

// What a running job tells of itself. Thread: the job's own.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void phase(const std::string& name, double total = 1,
                     const std::string& unit = {}) = 0;  // begins the next phase
  virtual void advance(double done) = 0;                 // within the phase
  [[nodiscard]] virtual bool cancelled() const = 0;
};

// What a run that stopped because of cancelled() answers.
inline Error cancelled() { return Error{Code::cancelled, "it was cancelled", ""}; }

struct Request {
  std::string kind;   // "setup", "container.restart"
  std::string title;  // "Restart cell-dns"
  std::string actor;
  std::string target;               // jobs with the same target run one after another
  std::vector<std::string> phases;  // names known in advance, for the bar
  std::function<Result<void>(Progress&)> run;
};

// Runs work that takes long, keeps its history (last 200), publishes every change as event `job` with the
// object of GET /api/jobs. Destruction asks running jobs to stop and waits for them. A job that was running
// when celld ended is `failed` with reason "interrupted" afterwards. Thread: any.
class Jobs {
 public:
  static Result<std::unique_ptr<Jobs>> open(database::Database& database, EventSink& events,
                                            const Clock& clock, log::Logger log, std::size_t threads = 4);
  ~Jobs();
  Result<std::string> start(Request request);                   // id
  [[nodiscard]] Result<Json> get(const std::string& id) const;  // as in the REST contract
  [[nodiscard]] Json list() const;                              // newest first
  Result<void> cancel(const std::string& id);                   // not_found; conflict once it has ended
  Result<void> dismiss(const std::string& id);                  // conflict while it runs

 private:
  Jobs();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell::jobs
