#include "domain/logs/search.hpp"

#include <algorithm>
#include <charconv>

#include "base/atomic_file.hpp"

namespace cell::logs {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxLimit = 1000;
constexpr std::size_t kMaxSkip = 10'000;  // lines of one millisecond: far more than are written in it
constexpr int kRotatedFiles = 5;
// A little over the size at which files are rotated.
constexpr std::size_t kMaxFileBytes = 8 * 1024 * 1024;

const std::set<std::string, std::less<>> kOwnMembers{"t",       "service",    "level",
                                                     "message", "request_id", "job_id"};

Json to_item(Json&& line) {
  Json item{{"fields", Json::object()}};
  for (auto& [key, value] : line.items()) {
    if (kOwnMembers.contains(key))
      item[key] = std::move(value);
    else
      item["fields"][key] = std::move(value);
  }
  return item;
}

// Newest first: x.log, x.1.log, x.2.log …
std::vector<fs::path> files_of(const fs::path& directory, const std::string& service) {
  std::vector<fs::path> files{directory / (service + ".log")};
  for (int i = 1; i <= kRotatedFiles; ++i)
    files.push_back(directory / (service + "." + std::to_string(i) + ".log"));
  std::erase_if(files, [](const fs::path& path) {
    std::error_code ignored;
    return !fs::is_regular_file(path, ignored);
  });
  return files;
}

bool is_rotated(std::string_view stem) {
  const auto dot = stem.rfind('.');
  return dot != std::string_view::npos && dot + 2 == stem.size() && stem[dot + 1] >= '1' &&
         stem[dot + 1] <= '9';
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains(std::string_view line, std::string_view text) {
  const auto same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(line.begin(), line.end(), text.begin(), text.end(), same) != line.end();
}

// Appends matching lines of one file, from its end, until `items` has `limit`.
void search_file(const std::string& text, const Query& query, std::size_t limit, std::vector<Json>& items) {
  std::size_t end = text.size();
  while (end > 0 && items.size() < limit) {
    const std::size_t before = end < 2 ? std::string::npos : text.rfind('\n', end - 2);
    const std::size_t begin = before == std::string::npos ? 0 : before + 1;
    const std::string_view line(text.data() + begin, end - begin);
    if (auto item = match_line(line, query)) items.push_back(std::move(*item));
    end = begin;
  }
}

}  // namespace

std::optional<Json> match_line(std::string_view line, const Query& query) {
  if (!query.text.empty() && !contains(line, query.text)) return {};
  auto parsed = parse_json(line);
  if (!parsed || !parsed->is_object()) return {};
  const auto level = log::parse_level(json_string(*parsed, "level"));
  if (!level || *level < query.level) return {};
  if (!query.service.empty() && json_string(*parsed, "service") != query.service) return {};
  if (query.since || query.until) {
    const auto time = parse_time(json_string(*parsed, "t"));
    if (!time || (query.since && *time < *query.since) || (query.until && *time >= *query.until)) return {};
  }
  Json item = to_item(std::move(parsed).value());
  item["level"] = log::to_string(*level);
  return item;
}

std::vector<std::string> services(const fs::path& directory) {
  std::set<std::string> names;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(directory, problem)) {
    if (entry.path().extension() != ".log") continue;
    const std::string stem = entry.path().stem().string();
    if (!is_rotated(stem)) names.insert(stem);
  }
  return {names.begin(), names.end()};
}

Result<Json> search(const fs::path& directory, const Query& query) {
  if (query.limit == 0 || query.limit > kMaxLimit) return field_error("/limit", "must be between 1 and 1000");
  if (query.skip > kMaxSkip)
    return field_error("/cursor", "this cursor is not valid", "start from the first page");
  const std::size_t wanted_lines = query.limit + query.skip;
  const auto known = services(directory);
  std::vector<std::string> wanted = known;
  if (!query.service.empty()) {
    // Compared with the listing, so a name can't lead out of the directory.
    if (std::find(known.begin(), known.end(), query.service) == known.end())
      wanted.clear();
    else
      wanted = {query.service};
  }
  std::vector<Json> items;
  for (const std::string& service : wanted) {
    std::vector<Json> of_service;
    for (const fs::path& path : files_of(directory, service)) {
      auto text = read_file(path, kMaxFileBytes);
      if (text) search_file(*text, query, wanted_lines, of_service);
    }
    std::move(of_service.begin(), of_service.end(), std::back_inserter(items));
  }
  std::stable_sort(items.begin(), items.end(),
                   [](const Json& a, const Json& b) { return json_string(a, "t") > json_string(b, "t"); });
  if (items.size() > wanted_lines) items.resize(wanted_lines);
  items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(std::min(query.skip, items.size())));
  return Json(std::move(items));
}

std::string next_cursor(const Query& query, const Json& items) {
  if (items.size() < query.limit) return {};
  const std::string time = json_string(items.back(), "t");
  const auto parsed = parse_time(time);
  if (!parsed) return {};
  std::size_t same = 0;
  while (same < items.size() && json_string(items[items.size() - 1 - same], "t") == time) ++same;
  // The whole page is of the millisecond that the page before ended in.
  const bool goes_on =
      same == items.size() && query.until && *query.until == *parsed + std::chrono::milliseconds{1};
  return time + "~" + std::to_string(same + (goes_on ? query.skip : 0));
}

Result<void> apply_cursor(Query& query, const std::string& cursor) {
  const std::size_t at = cursor.find('~');
  const auto time = parse_time(cursor.substr(0, at));
  if (time && at != std::string::npos) {
    const char* end = cursor.data() + cursor.size();
    const auto [parsed, failure] = std::from_chars(cursor.data() + at + 1, end, query.skip);
    if (failure == std::errc{} && parsed == end) {
      query.until = *time + std::chrono::milliseconds{1};
      return {};
    }
  }
  return field_error("/cursor", "this cursor is not valid", "start from the first page");
}

}  // namespace cell::logs
