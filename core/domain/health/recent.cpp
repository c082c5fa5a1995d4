#include "domain/health/recent.hpp"

#include <array>
#include <set>

namespace cell::health {

namespace {

constexpr std::chrono::hours kTellFailures{7 * 24};

struct Sentence {
  std::string_view action;
  std::string_view kind;
  std::string_view text;  // after the actor's name; "" is not told
  bool is_whole = false;  // the text stands alone: no person did it
};

// Every act of the API: people know them by another name than their route.
constexpr std::array kSentences{
    Sentence{"auth.login", "login", "logged in"},
    Sentence{"setup.complete", "setup", "set the cell up"},
    // Log-in and set-up write the lines above; a look at the machine changes nothing.
    Sentence{"POST /api/auth/login", "login", ""},
    Sentence{"POST /api/setup/preflight", "setup", ""},
    Sentence{"POST /api/setup/complete", "setup", ""},
    Sentence{"POST /api/auth/logout", "login", ""},
    Sentence{"DELETE /api/auth/sessions/{id}", "login", "logged out elsewhere"},
    Sentence{"POST /api/auth/password", "login", "changed their password"},
    Sentence{"POST /api/auth/tokens", "login", "made an API token"},
    Sentence{"DELETE /api/auth/tokens/{id}", "login", "revoked an API token"},
    Sentence{"POST /api/people", "person", "added a person"},
    Sentence{"PATCH /api/people/{id}", "person", "changed a person"},
    Sentence{"DELETE /api/people/{id}", "person", "removed a person"},
    Sentence{"POST /api/peers", "peer", "added a device"},
    Sentence{"PATCH /api/peers/{id}", "peer", "changed a device"},
    Sentence{"DELETE /api/peers/{id}", "peer", "removed a device"},
    Sentence{"POST /api/peers/{id}/rekey", "peer", "gave a device a new key"},
    Sentence{"POST /api/peers/{id}/config", "peer", "fetched a device's configuration"},
    Sentence{"POST /api/peers/{id}/links", "peer", "made an enrolment link"},
    Sentence{"DELETE /api/peers/{id}/links/{link}", "peer", "revoked an enrolment link"},
    Sentence{"POST /api/enrol/{token}", "peer", "A device was enrolled with a link", true},
    Sentence{"PATCH /api/wireguard", "config", "changed the VPN's settings"},
    Sentence{"POST /api/network/dns/records", "config", "added a DNS record"},
    Sentence{"PATCH /api/network/dns/records/{id}", "config", "changed a DNS record"},
    Sentence{"DELETE /api/network/dns/records/{id}", "config", "removed a DNS record"},
    Sentence{"PATCH /api/network/dns", "config", "changed the DNS settings"},
    Sentence{"POST /api/network/dns/lookup", "config", ""},
    Sentence{"PATCH /api/network/ntp", "config", "changed the time servers"},
    Sentence{"PATCH /api/settings", "config", "changed the settings"},
    Sentence{"PUT /api/logs/verbosity", "config", "changed what is logged"},
    Sentence{"POST /api/dashboard/items/{id}/ignore", "health", ""},
    // These begin a job, which tells more.
    Sentence{"POST /api/containers/{name}/start", "job", ""},
    Sentence{"POST /api/containers/{name}/stop", "job", ""},
    Sentence{"POST /api/containers/{name}/restart", "job", ""},
    Sentence{"POST /api/config/revisions/{number}/restore", "job", ""},
    Sentence{"POST /api/jobs/{id}/cancel", "job", ""},
    Sentence{"DELETE /api/jobs/{id}", "job", ""},
};

std::string job_text(const Json& job) {
  const std::string state = json_string(job, "state");
  const std::string title = json_string(job, "title");
  if (state == "done") return title + ": done";
  return title + ": " + (state == "failed" ? "did not finish" : state);
}

std::optional<TimePoint> time_of(const Json& job) {
  const std::string ended = json_string(job, "ended_at");
  const auto time = parse_time(ended.empty() ? json_string(job, "created_at") : ended);
  return time ? std::optional(*time) : std::nullopt;
}

}  // namespace

Json to_json(const Recent& recent) {
  return {{"t", format_time(recent.time)}, {"kind", recent.kind}, {"text", recent.text}};
}

std::optional<Recent> recent_of(const Act& act) {
  if (act.result != "ok") return std::nullopt;
  const auto found = std::find_if(kSentences.begin(), kSentences.end(),
                                  [&](const Sentence& sentence) { return sentence.action == act.action; });
  if (found == kSentences.end()) return Recent{act.time, "act", act.actor + " changed something"};
  if (found->text.empty()) return std::nullopt;
  std::string text = (found->is_whole ? "" : act.actor + " ") + std::string(found->text);
  if (found->kind == "login" && found->action == "auth.login" && !act.address.empty())
    text += " from " + act.address;
  return Recent{act.time, std::string(found->kind), std::move(text)};
}

std::vector<Recent> recent_of(const std::vector<Act>& acts, const Json& jobs, std::size_t limit) {
  std::vector<Recent> all;
  for (const Act& act : acts) {
    if (auto recent = recent_of(act)) all.push_back(std::move(*recent));
  }
  for (const Json& job : jobs) {
    if (const auto time = time_of(job)) all.push_back({*time, "job", job_text(job)});
  }
  std::stable_sort(all.begin(), all.end(), [](const Recent& a, const Recent& b) { return a.time > b.time; });
  if (all.size() > limit) all.resize(limit);
  return all;
}

std::vector<FailedJob> failed_jobs_of(const Json& jobs, TimePoint now) {
  std::vector<FailedJob> failed;
  std::set<std::pair<std::string, std::string>> seen;  // newest first: what comes later in the list is older
  for (const Json& job : jobs) {
    const std::string state = json_string(job, "state");
    if (state != "done" && state != "failed") continue;
    const auto time = time_of(job);
    if (!time || now - *time > kTellFailures) continue;
    if (!seen.emplace(json_string(job, "kind"), json_string(job, "target")).second || state == "done")
      continue;
    const Json& error = json_member(job, "error");
    failed.push_back({json_string(job, "id"), json_string(job, "title"), json_string(error, "cause"),
                      json_string(error, "fix")});
  }
  return failed;
}

}  // namespace cell::health
