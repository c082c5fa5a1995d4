#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace cell::health {

enum class Severity { problem, attention, info };
std::string_view to_string(Severity severity) noexcept;

// Where the UI can help: a page of its own.
struct Action {
  std::string label;
  std::string href;
};

// One thing that somebody should look at, with why it is so and what to do.
struct Item {
  std::string id;  // stays the same while the thing does: it is what "ignore until" is remembered by
  Severity severity = Severity::problem;
  std::string title;
  std::string cause{};
  std::string fix{};
  std::optional<Action> action{};
  std::optional<TimePoint> ignore_until{};
};

// A HealthItem of the REST API.
Json to_json(const Item& item);

}  // namespace cell::health
