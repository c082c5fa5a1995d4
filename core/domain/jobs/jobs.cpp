#include "domain/jobs/jobs.hpp"

#include <random>

#include "base/task_queue.hpp"

namespace cell::jobs {

namespace {

constexpr std::size_t kKeptJobs = 200;

enum class State { queued, running, done, failed, cancelled };

std::string_view to_string(State state) {
  switch (state) {
    case State::queued:
      return "queued";
    case State::running:
      return "running";
    case State::done:
      return "done";
    case State::failed:
      return "failed";
    case State::cancelled:
      return "cancelled";
  }
  return "failed";
}

struct Phase {
  std::string name;
  State state = State::queued;
  double done = 0;
  double total = 1;
  std::string unit;
};

struct Job {
  std::string id;
  Request request;
  State state = State::queued;
  std::vector<Phase> phases;
  std::optional<std::size_t> current;
  std::optional<Error> error;
  TimePoint created_at{};
  std::optional<TimePoint> started_at;
  std::optional<TimePoint> ended_at;
  std::atomic<bool> cancel_wanted = false;
};

Json phase_json(const Phase& phase) {
  return {{"name", phase.name},
          {"state", to_string(phase.state)},
          {"done", phase.done},
          {"total", phase.total},
          {"unit", phase.unit}};
}

double overall(const Job& job) {
  if (job.state == State::done) return 1;
  if (job.phases.empty()) return 0;
  double sum = 0;
  for (const Phase& phase : job.phases) {
    if (phase.state == State::done)
      sum += 1;
    else if (phase.total > 0)
      sum += std::min(1.0, phase.done / phase.total);
  }
  return sum / static_cast<double>(job.phases.size());
}

Json job_json(const Job& job) {
  Json phases = Json::array();
  for (const Phase& phase : job.phases) phases.push_back(phase_json(phase));
  Json json{{"id", job.id},
            {"kind", job.request.kind},
            {"title", job.request.title},
            {"actor", job.request.actor},
            {"target", job.request.target},
            {"state", to_string(job.state)},
            {"progress", overall(job)},
            {"phases", std::move(phases)},
            {"created_at", format_time(job.created_at)}};
  if (job.started_at) json["started_at"] = format_time(*job.started_at);
  if (job.ended_at) json["ended_at"] = format_time(*job.ended_at);
  if (job.error) {
    const std::string code =
        job.error->reason.empty() ? std::string(cell::to_string(job.error->code)) : job.error->reason;
    json["error"] = {{"code", code},
                     {"message", "“" + job.request.title + "” did not finish"},
                     {"cause", job.error->message},
                     {"fix", job.error->hint}};
  }
  return json;
}

std::string new_id() {
  static constexpr std::string_view kAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  std::random_device device;
  std::string id = "job-";
  for (int i = 0; i < 16; ++i) id += kAlphabet[device() % kAlphabet.size()];
  return id;
}

}  // namespace

struct Jobs::Impl {
  database::Database& database;
  EventSink& events;
  const Clock& clock;
  log::Logger log;
  mutable std::mutex mutex;
  std::map<std::string, std::shared_ptr<Job>> live;  // queued, running, and ended ones not yet stored
  std::set<std::string> busy_targets;
  std::deque<std::shared_ptr<Job>> waiting;
  bool stopping = false;
  std::unique_ptr<TaskQueue> queue;

  Impl(database::Database& db, EventSink& sink, const Clock& time, log::Logger logger)
      : database(db), events(sink), clock(time), log(std::move(logger)) {}

  void publish(const Json& json) { events.publish("job", json); }
  Result<void> store(const Json& json, const Job& job);
  void pump();
  void run(const std::shared_ptr<Job>& job);
  void finish(const std::shared_ptr<Job>& job, Result<void> outcome);
  std::shared_ptr<Job> take_ready();
  void cancel_all();
};

namespace {

class LiveProgress final : public Progress {
 public:
  LiveProgress(Job& job, std::mutex& mutex, std::function<void(const Json&)> publish)
      : job_(job), mutex_(mutex), publish_(std::move(publish)) {}

  void phase(const std::string& name, double total, const std::string& unit) override {
    publish_(begin_phase(name, total, unit));
  }

  void advance(double done) override {
    Json json;
    {
      const std::lock_guard lock(mutex_);
      if (!job_.current) return;
      job_.phases[*job_.current].done = done;
      json = job_json(job_);
    }
    publish_(json);
  }

  [[nodiscard]] bool cancelled() const override { return job_.cancel_wanted; }

 private:
  Json begin_phase(const std::string& name, double total, const std::string& unit) {
    const std::lock_guard lock(mutex_);
    if (job_.current) job_.phases[*job_.current].state = State::done;
    auto found =
        std::find_if(job_.phases.begin(), job_.phases.end(), [&](const Phase& p) { return p.name == name; });
    if (found == job_.phases.end()) found = job_.phases.insert(found, Phase{name, State::queued, 0, 1, {}});
    found->state = State::running;
    found->total = total;
    found->unit = unit;
    job_.current = static_cast<std::size_t>(found - job_.phases.begin());
    return job_json(job_);
  }

  Job& job_;
  std::mutex& mutex_;
  std::function<void(const Json&)> publish_;
};

}  // namespace

Result<void> Jobs::Impl::store(const Json& json, const Job& job) {
  return database.execute(
      "INSERT OR REPLACE INTO jobs(id, created_at, state, document) VALUES(?, ?, ?, ?)",
      {job.id, to_unix(job.created_at), std::string(to_string(job.state)), dump_json(json)});
}

// The first waiting job whose target nobody works on.
std::shared_ptr<Job> Jobs::Impl::take_ready() {
  for (auto it = waiting.begin(); it != waiting.end(); ++it) {
    const std::string& target = (*it)->request.target;
    if (!target.empty() && busy_targets.contains(target)) continue;
    auto job = *it;
    waiting.erase(it);
    if (!target.empty()) busy_targets.insert(target);
    return job;
  }
  return nullptr;
}

void Jobs::Impl::pump() {
  std::shared_ptr<Job> job;
  {
    const std::lock_guard lock(mutex);
    job = take_ready();
  }
  if (job) run(job);
}

void Jobs::Impl::run(const std::shared_ptr<Job>& job) {
  const log::Scope scope("job_id", job->id);
  Json json;
  {
    const std::lock_guard lock(mutex);
    job->state = State::running;
    job->started_at = clock.now();
    json = job_json(*job);
  }
  publish(json);
  LiveProgress progress(*job, mutex, [this](const Json& document) { publish(document); });
  Result<void> outcome;
  try {
    outcome = job->request.run(progress);
  } catch (const std::exception& e) {
    outcome =
        Error{Code::internal, std::string("the job ended unexpectedly: ") + e.what(), "look into the logs"};
  }
  finish(job, std::move(outcome));
}

void Jobs::Impl::cancel_all() {
  const std::lock_guard lock(mutex);
  stopping = true;
  for (const auto& [id, job] : live) job->cancel_wanted = true;
}

void Jobs::Impl::finish(const std::shared_ptr<Job>& job, Result<void> outcome) {
  Json json;
  {
    const std::lock_guard lock(mutex);
    // Nobody cancelled it: it stays `running` in the history, and the next start calls it interrupted.
    if (stopping && !outcome && outcome.error().code == Code::cancelled) return;
    job->ended_at = clock.now();
    if (outcome)
      job->state = State::done;
    else if (job->cancel_wanted && outcome.error().code == Code::cancelled)
      job->state = State::cancelled;
    else
      job->state = State::failed;
    if (!outcome) job->error = outcome.error();
    if (job->current) job->phases[*job->current].state = job->state;
    busy_targets.erase(job->request.target);
    json = job_json(*job);
  }
  if (outcome)
    log.info("job done", {{"job", job->id}, {"kind", job->request.kind}});
  else
    log.warn("job did not finish",
             {{"job", job->id}, {"kind", job->request.kind}, {"reason", outcome.error().message}});
  if (auto stored = store(json, *job); !stored) {
    log.warn("job could not be stored, it will be missing from the history",
             {{"reason", stored.error().message}});
  }
  {
    const std::lock_guard lock(mutex);
    live.erase(job->id);
  }
  publish(json);
  pump();
}

Jobs::Jobs() = default;
Jobs::~Jobs() {
  if (!impl_ || !impl_->queue) return;
  impl_->cancel_all();
  impl_->queue->stop();
}

Result<std::unique_ptr<Jobs>> Jobs::open(database::Database& database, EventSink& events, const Clock& clock,
                                         log::Logger log, std::size_t threads) {
  CELL_TRY(database.migrate("jobs", {"CREATE TABLE jobs(id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, "
                                     "state TEXT NOT NULL, document TEXT "
                                     "NOT NULL)"}));
  auto jobs = std::unique_ptr<Jobs>(new Jobs());
  jobs->impl_ = std::make_unique<Impl>(database, events, clock, std::move(log));
  for (const database::Row& row :
       CELL_TRY(database.query("SELECT id, document FROM jobs WHERE state IN ('queued', 'running')"))) {
    Json json = CELL_TRY(parse_json(row.text(1)));
    json["state"] = "failed";
    json["ended_at"] = format_time(clock.now());
    json["error"] = {{"code", "interrupted"},
                     {"message", "“" + json_string(json, "title") + "” was interrupted"},
                     {"cause", "celld ended while it ran"},
                     {"fix", "start it again"}};
    CELL_TRY(database.execute("UPDATE jobs SET state = 'failed', document = ? WHERE id = ?",
                              {dump_json(json), row.text(0)}));
  }
  CELL_TRY(database.execute(
      "DELETE FROM jobs WHERE id NOT IN (SELECT id FROM jobs ORDER BY created_at DESC LIMIT " +
      std::to_string(kKeptJobs) + ")"));
  jobs->impl_->queue = std::make_unique<TaskQueue>("jobs", threads);
  return jobs;
}

Result<std::string> Jobs::start(Request request) {
  auto job = std::make_shared<Job>();
  job->id = new_id();
  for (const std::string& name : request.phases) job->phases.push_back({name, State::queued, 0, 1, {}});
  job->request = std::move(request);
  job->created_at = impl_->clock.now();
  Json json;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->live[job->id] = job;
    json = job_json(*job);
  }
  // Published and stored before anybody may take it, also one who has just ended another job: clients never
  // see it queued after it ended, and an interrupted one is found at the next start.
  impl_->publish(json);
  auto stored = impl_->store(json, *job);
  if (stored) {
    {
      const std::lock_guard lock(impl_->mutex);
      impl_->waiting.push_back(job);
    }
    stored = impl_->queue->post([impl = impl_.get()] { impl->pump(); });
  }
  if (!stored) {
    const std::lock_guard lock(impl_->mutex);
    impl_->live.erase(job->id);
    std::erase(impl_->waiting, job);
    return std::move(stored).error();
  }
  return job->id;
}

Result<Json> Jobs::get(const std::string& id) const {
  {
    const std::lock_guard lock(impl_->mutex);
    if (auto found = impl_->live.find(id); found != impl_->live.end()) return job_json(*found->second);
  }
  const auto rows = CELL_TRY(impl_->database.query("SELECT document FROM jobs WHERE id = ?", {id}));
  if (rows.empty()) return Error{Code::not_found, "there is no job '" + id + "'", "see GET /api/jobs"};
  return parse_json(rows.front().text(0));
}

Json Jobs::list() const {
  std::map<std::string, Json> live;
  {
    const std::lock_guard lock(impl_->mutex);
    for (const auto& [id, job] : impl_->live) live[id] = job_json(*job);
  }
  Json items = Json::array();
  auto rows =
      impl_->database.query("SELECT id, document FROM jobs ORDER BY created_at DESC, rowid DESC LIMIT 200");
  if (!rows) return items;
  for (const database::Row& row : *rows) {
    if (auto found = live.find(row.text(0)); found != live.end())
      items.push_back(found->second);
    else if (auto json = parse_json(row.text(1)))
      items.push_back(std::move(json).value());
  }
  return items;
}

Result<void> Jobs::cancel(const std::string& id) {
  std::shared_ptr<Job> dropped;
  bool is_live = false;
  {
    const std::lock_guard lock(impl_->mutex);
    const auto found = impl_->live.find(id);
    if (found != impl_->live.end()) {
      found->second->cancel_wanted = true;
      if (std::erase(impl_->waiting, found->second) > 0) dropped = found->second;
      is_live = true;
    }
  }
  if (!is_live) {
    CELL_TRY(get(id));
    return Error{Code::conflict, "job '" + id + "' has ended already"};
  }
  if (dropped) impl_->finish(dropped, Error{Code::cancelled, "it was cancelled before it began", ""});
  return {};
}

Result<void> Jobs::dismiss(const std::string& id) {
  {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->live.contains(id))
      return Error{Code::conflict, "job '" + id + "' is still running", "cancel it first"};
  }
  if (CELL_TRY(impl_->database.change("DELETE FROM jobs WHERE id = ?", {id})) == 0) {
    return Error{Code::not_found, "there is no job '" + id + "'", "see GET /api/jobs"};
  }
  return {};
}

}  // namespace cell::jobs
