#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "domain/health/rules.hpp"

namespace cell::health {

// A line of the audit log, as the composition root hands it over.
struct Act {
  TimePoint time{};
  std::string actor;
  std::string action;  // "POST /api/peers", "auth.login"
  std::string target;
  std::string result;  // "ok" or a refusal
  std::string address;
};

// What happened lately, as a sentence.
struct Recent {
  TimePoint time{};
  std::string kind;  // "login", "peer", "config", "job", …
  std::string text;
};
Json to_json(const Recent& recent);

// Nothing for acts that nobody wants to read of: refused ones, and those that are told by the job they start.
std::optional<Recent> recent_of(const Act& act);

// Newest first, at most `limit`; `jobs` as GET /api/jobs lists them.
std::vector<Recent> recent_of(const std::vector<Act>& acts, const Json& jobs, std::size_t limit);

// Jobs of the last week that failed and that no later one of the same kind and target has made good.
std::vector<FailedJob> failed_jobs_of(const Json& jobs, TimePoint now);

}  // namespace cell::health
