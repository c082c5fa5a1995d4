#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/result.hpp"

namespace cell::logs {

struct Query {
  std::string service;                   // empty: all
  log::Level level = log::Level::trace;  // this and worse
  std::string text;  // plain substring of the line, ASCII letters in either case; empty: all
  std::optional<TimePoint> since{};
  std::optional<TimePoint> until{};
  std::size_t limit = 200;  // at most 1,000
  std::size_t skip = 0;     // so many of the newest are left out, at most 10,000
};

// Where the page after `items` begins, for Query::until and skip: lines of one millisecond are neither lost
// nor given twice. Text form "<time>~<number>"; empty when `items` is not a full page.
std::string next_cursor(const Query& query, const Json& items);
// Sets `until` and `skip` from such a text.
Result<void> apply_cursor(Query& query, const std::string& cursor);

// Items {t, service, level, message, fields, request_id?, job_id?}, newest first. Reads `<service>.log` and
// its rotated siblings `<service>.1.log` … backwards and parses only lines that can match. Lines that are not
// ours are left out. Thread: any; the files may be written and rotated meanwhile.
Result<Json> search(const std::filesystem::path& directory, const Query& query);

// Names of the services that have a file, sorted.
std::vector<std::string> services(const std::filesystem::path& directory);

// One line of a log file as an item, nothing if it does not match the query (its limit is not looked at).
std::optional<Json> match_line(std::string_view line, const Query& query);

}  // namespace cell::logs
