#include <set>

#include "base/atomic_file.hpp"
#include "reconcile/documents.hpp"

namespace cell::reconcile {

namespace {

constexpr std::chrono::seconds kGrace{5};

std::filesystem::path marker_of(const FileDocument& document) {
  if (!document.marker.empty()) return document.marker;
  return document.files.front().path.parent_path() / ".applied";
}

Result<bool> differs(const File& file) {
  const auto content = read_file(file.path);
  if (!content && content.error().code != Code::not_found) return content.error();
  return !content || *content != file.content;
}

// What lies in the folders of the document's files without being one of them.
std::vector<std::filesystem::path> strangers(const FileDocument& document) {
  std::set<std::filesystem::path> folders;
  std::set<std::filesystem::path> known{marker_of(document)};
  for (const File& file : document.files) {
    folders.insert(file.path.parent_path());
    known.insert(file.path);
    // A folder inside a folder is one of ours too.
    for (auto folder = file.path.parent_path(); folder.has_relative_path(); folder = folder.parent_path())
      known.insert(folder);
  }
  std::vector<std::filesystem::path> found;
  for (const std::filesystem::path& folder : folders) {
    std::error_code failure;
    for (const auto& entry : std::filesystem::directory_iterator(folder, failure)) {
      if (!known.contains(entry.path())) found.push_back(entry.path());
    }
  }
  return found;
}

}  // namespace

Result<bool> write_files(const FileDocument& document) {
  bool changed = false;
  for (const File& file : document.files) changed = CELL_TRY(differs(file)) || changed;
  const auto leftovers = document.whole_folders ? strangers(document) : std::vector<std::filesystem::path>{};
  if (!changed && leftovers.empty()) return false;
  // First, so that being killed before the container is told is seen next time.
  std::error_code ignored;
  std::filesystem::remove(marker_of(document), ignored);
  for (const File& file : document.files) {
    CELL_TRY(ensure_directory(file.path.parent_path()));
    CELL_TRY(write_file_if_changed(file.path, file.content, file.mode));
  }
  for (const std::filesystem::path& leftover : leftovers) std::filesystem::remove_all(leftover, ignored);
  return true;
}

Result<bool> tell_container(engine::Engine& engine, const FileDocument& document, bool just_started) {
  const std::string wanted = resource_of(document).hash;
  const auto told = read_file(marker_of(document), 1024);
  if (told && *told == wanted) return false;
  if (!just_started) {
    if (document.tell == Tell::signal) CELL_TRY(engine.signal_container(document.container, "SIGUSR1"));
    if (document.tell == Tell::hangup) CELL_TRY(engine.signal_container(document.container, "SIGHUP"));
    if (document.tell == Tell::restart) CELL_TRY(engine.restart_container(document.container, kGrace));
  }
  CELL_TRY(write_file_atomic(marker_of(document), wanted));
  return !just_started;
}

}  // namespace cell::reconcile
