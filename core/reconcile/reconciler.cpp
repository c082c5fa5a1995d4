#include "reconcile/reconciler.hpp"

#include <algorithm>

namespace cell::reconcile {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kReadyPause{50};
constexpr int kMaxPasses =
    4;  // another one after images came, and for each that starts after one without a check

Error waiting_for(const std::string& key) {
  return Error{Code::unavailable,
               "waits for " + key.substr(0, key.find('/')) + " '" + key.substr(key.find('/') + 1) + "'"};
}

}  // namespace

struct Reconciler::Pass {
  Desired desired;
  RunReport& report;
  std::uint64_t hub_generation = 0;
  bool engine_answers = false;
  std::set<std::string> keys{};       // of everything desired, and of removals that failed
  std::set<std::string> started{};    // containers that read their files in this pass
  std::set<std::string> unwritten{};  // keys of documents whose files could not be written
};

Reconciler::Reconciler(Options options)
    : options_(std::move(options)), ledger_(*options_.clock, options_.on_change), hub_(*options_.hub) {}

Reconciler::~Reconciler() { stop(); }

void Reconciler::request(std::string_view reason) {
  {
    const std::lock_guard lock(mutex_);
    requested_ = reason;
  }
  wake_.notify_all();
}

RunReport Reconciler::run_now() {
  const std::lock_guard lock(run_mutex_);
  ledger_.forgive();
  return run();
}

Result<void> Reconciler::apply_hub(const HubDocument& document) {
  ++hub_generation_;
  const Resource resource = resource_of(document);
  const auto outcome = hub_.apply(document.document);
  if (outcome) {
    ledger_.set_applied(resource);
    return {};
  }
  ledger_.set_failed(resource, outcome.error());
  request("the hub took no document");
  return outcome.error();
}

RunReport Reconciler::run() {
  RunReport report;
  for (int i = 0; i < kMaxPasses && pass(report); ++i) {
  }
  for (State& state : ledger_.states()) {
    if (state.status != Status::applied) report.unfinished.push_back(std::move(state));
  }
  return report;
}

// True: another pass can go further.
bool Reconciler::pass(RunReport& report) {
  const std::uint64_t hub_generation = hub_generation_;
  const Resource wish{"core", "desired", "cell", {}, {}};
  auto desired = options_.desired();
  if (!desired) {
    ledger_.set_failed(wish, desired.error());
    options_.log.error("the desired state cannot be made, everything stays as it is",
                       {{"reason", desired.error().message}});
    return false;
  }
  Pass pass{std::move(*desired), report, hub_generation};
  prepare(pass);
  const bool again = change_engine(pass);
  swap_documents(pass);
  ledger_.keep_only(pass.keys);
  return again;
}

// Files come first: a container that starts reads them.
void Reconciler::prepare(Pass& pass) {
  const auto note = [&](const Resource& resource, const Result<bool>& outcome) {
    if (outcome) return;
    pass.unwritten.insert(resource.key());
    settle(pass, resource, "write files", outcome.error());
  };
  for (const FileDocument& document : pass.desired.documents)
    note(resource_of(document), write_files(document));
  if (pass.desired.caddy) note(resource_of(*pass.desired.caddy), prepare_caddy(*pass.desired.caddy));
}

bool Reconciler::change_engine(Pass& pass) {
  const auto observed = observe(*options_.engine, pass.desired);
  pass.engine_answers = observed.ok();
  const Plan plan = diff(pass.desired, observed ? *observed : Observed{});
  for (const Resource& resource : plan.wanted) pass.keys.insert(resource.key());
  if (!observed) {
    for (const Resource& resource : plan.wanted) ledger_.set_failed(resource, observed.error());
    options_.log.warn("the engine does not answer, what runs goes on",
                      {{"reason", observed.error().message}});
    return false;
  }
  std::set<std::string> touched;
  for (const Problem& problem : plan.problems) {
    touched.insert(problem.resource.key());
    if (ledger_.is_due(problem.resource)) settle(pass, problem.resource, "check", problem.error);
  }
  for (const Problem& wait : plan.waits) {
    touched.insert(wait.resource.key());
    ledger_.set_pending(wait.resource, wait.error);
  }
  for (const Step& step : plan.steps) touched.insert(step.resource.key());
  for (const Resource& resource : plan.wanted) {
    if (!touched.contains(resource.key())) ledger_.set_applied(resource);
  }
  std::vector<const Step*> pulls;
  for (const Step& step : plan.steps) {
    if (step.action == Action::pull) {
      pulls.push_back(&step);
      if (ledger_.is_due(step.resource))
        ledger_.set_pending(step.resource, Error{Code::unavailable, "the image is not here yet"});
    } else {
      make_step(pass, step);
    }
  }
  const bool pulled = pull_images(pass, pulls);
  return pulled || (!plan.waits.empty() && !pass.started.empty());
}

void Reconciler::make_step(Pass& pass, const Step& step) {
  const Resource& resource = step.resource;
  if (step.action == Action::remove) {
    if (!ledger_.is_due(resource)) {
      pass.keys.insert(resource.key());
      return;
    }
    const auto outcome = apply(*options_.engine, pass.desired.instance, step, {});
    if (!outcome) pass.keys.insert(resource.key());
    settle(pass, resource, step.reason, outcome ? Result<bool>(true) : Result<bool>(outcome.error()));
    return;
  }
  if (waits(pass, resource, step.needs) || !ledger_.is_due(resource)) return;
  const auto outcome = apply(*options_.engine, pass.desired.instance, step, options_.on_pull);
  if (outcome && resource.kind == "container") pass.started.insert(resource.name);
  settle(pass, resource, step.reason, outcome ? Result<bool>(true) : Result<bool>(outcome.error()));
}

// Last, because a pull may take minutes and everything that needs no new image is done by then.
bool Reconciler::pull_images(Pass& pass, const std::vector<const Step*>& pulls) {
  bool any = false;
  for (const Step* step : pulls) {
    if (!ledger_.is_due(step->resource)) continue;
    const auto outcome = fetch_image(*step);
    settle(pass, step->resource, step->reason, outcome ? Result<bool>(true) : Result<bool>(outcome.error()));
    any = any || outcome.ok();
  }
  return any;
}

Result<void> Reconciler::fetch_image(const Step& step) {
  if (options_.make_image && CELL_TRY(options_.make_image(step.resource.name))) return {};
  return apply(*options_.engine, {}, step, options_.on_pull);
}

void Reconciler::swap_documents(Pass& pass) {
  const Desired& desired = pass.desired;
  if (desired.hub) {
    swap(pass, resource_of(*desired.hub), desired.hub->container, [&]() -> Result<bool> {
      if (pass.hub_generation != hub_generation_) {
        request("the hub has a newer document");
        return false;
      }
      return hub_.apply(desired.hub->document);
    });
  }
  for (const FileDocument& document : desired.documents) {
    swap(pass, resource_of(document), document.container, [&] {
      return tell_container(*options_.engine, document, pass.started.contains(document.container));
    });
  }
  if (desired.caddy) {
    swap(pass, resource_of(*desired.caddy), desired.caddy->container,
         [&] { return apply_caddy(*options_.caddy, *desired.caddy); });
  }
}

void Reconciler::swap(Pass& pass, const Resource& resource, const std::string& container,
                      const std::function<Result<bool>()>& apply) {
  pass.keys.insert(resource.key());
  if (pass.unwritten.contains(resource.key())) return;
  // An engine that is gone says nothing about the containers: they may well run.
  if (pass.engine_answers && waits(pass, resource, {"container/" + container})) return;
  const bool stopped =
      std::any_of(pass.desired.containers.begin(), pass.desired.containers.end(),
                  [&](const Container& entry) { return entry.stopped && entry.spec.name == container; });
  if (stopped)
    return ledger_.set_pending(resource, Error{Code::unavailable, "container '" + container + "' was stopped",
                                               "start it under Containers"});
  if (!ledger_.is_due(resource)) return;
  auto outcome = apply();
  const SteadyPoint end = std::chrono::steady_clock::now() + options_.ready_wait;
  while (!outcome && outcome.error().code == Code::unavailable && pass.started.contains(container) &&
         std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(kReadyPause);
    outcome = apply();
  }
  settle(pass, resource, "its document changed", outcome);
}

bool Reconciler::waits(Pass& pass, const Resource& resource, const std::vector<std::string>& needs) {
  for (const std::string& key : needs) {
    if (!ledger_.has_failed(key)) continue;
    pass.keys.insert(resource.key());
    ledger_.set_pending(resource, waiting_for(key));
    return true;
  }
  return false;
}

void Reconciler::settle(Pass& pass, const Resource& resource, std::string_view doing,
                        const Result<bool>& outcome) {
  if (!outcome) {
    pass.keys.insert(resource.key());
    ledger_.set_failed(resource, outcome.error());
    options_.log.warn("reconcile step failed, will retry", {{"kind", resource.kind},
                                                            {"resource", resource.name},
                                                            {"op", doing},
                                                            {"reason", outcome.error().message}});
    return;
  }
  ledger_.set_applied(resource);
  if (!*outcome) return;
  ++pass.report.changes;
  options_.log.info("reconcile step done",
                    {{"kind", resource.kind}, {"resource", resource.name}, {"reason", doing}});
}

}  // namespace cell::reconcile
