#include "config/revision_file.hpp"

#include <fstream>

#include "base/atomic_file.hpp"

namespace cell::config {

namespace fs = std::filesystem;

fs::path revision_path(const fs::path& directory, std::int64_t number) {
  return directory / (std::to_string(number) + ".json");
}

std::string revision_text(const Revision& meta, const std::string& document) {
  std::string head = dump_json({{"revision", meta.revision},
                                {"saved_at", format_time(meta.saved_at)},
                                {"actor", meta.actor},
                                {"summary", meta.summary}});
  head.pop_back();
  return head + ",\n\"document\":" + document + "}\n";
}

Result<Revision> read_revision_meta(const fs::path& path) {
  std::ifstream file(path);
  std::string head;
  if (!std::getline(file, head) || !head.ends_with(',')) {
    return Error{Code::invalid_argument, "'" + path.string() + "' is damaged"};
  }
  head.back() = '}';
  const Json json = CELL_TRY(parse_json(head));
  Revision meta;
  meta.revision = json_int(json, "revision");
  meta.saved_at = CELL_TRY(parse_time(json_string(json, "saved_at")));
  meta.actor = json_string(json, "actor");
  meta.summary = json_string(json, "summary");
  std::error_code problem;
  meta.size = fs::file_size(path, problem);
  return meta;
}

Result<Json> read_revision_document(const fs::path& path, std::int64_t number) {
  const std::string text = CELL_TRY(read_file(path));
  Json json = CELL_TRY(parse_json(text));
  if (json_int(json, "revision") != number || !json_member(json, "document").is_object()) {
    return Error{Code::invalid_argument, "'" + path.string() + "' is damaged"};
  }
  return std::move(json["document"]);
}

std::vector<std::int64_t> revision_numbers(const fs::path& directory) {
  std::vector<std::int64_t> numbers;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(directory, problem)) {
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() != ".json" || stem.empty() || stem.size() > 18) continue;
    if (stem.find_first_not_of("0123456789") == std::string::npos) numbers.push_back(std::stoll(stem));
  }
  std::sort(numbers.rbegin(), numbers.rend());
  return numbers;
}

}  // namespace cell::config
