#include "base/atomic_file.hpp"
#include "reconcile/documents.hpp"

namespace cell::reconcile {

namespace {

constexpr std::chrono::seconds kGrace{5};

std::filesystem::path marker_of(const FileDocument& document) {
  return document.files.front().path.parent_path() / ".applied";
}

Result<bool> differs(const File& file) {
  const auto content = read_file(file.path);
  if (!content && content.error().code != Code::not_found) return content.error();
  return !content || *content != file.content;
}

}  // namespace

Result<bool> write_files(const FileDocument& document) {
  bool changed = false;
  for (const File& file : document.files) changed = CELL_TRY(differs(file)) || changed;
  if (!changed) return false;
  // First, so that being killed before the container is told is seen next time.
  std::error_code ignored;
  std::filesystem::remove(marker_of(document), ignored);
  for (const File& file : document.files) {
    CELL_TRY(ensure_directory(file.path.parent_path()));
    CELL_TRY(write_file_if_changed(file.path, file.content, file.mode));
  }
  return true;
}

Result<bool> tell_container(engine::Engine& engine, const FileDocument& document, bool just_started) {
  const std::string wanted = resource_of(document).hash;
  const auto told = read_file(marker_of(document), 1024);
  if (told && *told == wanted) return false;
  if (!just_started) {
    if (document.tell == Tell::signal) CELL_TRY(engine.signal_container(document.container, "SIGUSR1"));
    if (document.tell == Tell::restart) CELL_TRY(engine.restart_container(document.container, kGrace));
  }
  CELL_TRY(write_file_atomic(marker_of(document), wanted));
  return !just_started;
}

}  // namespace cell::reconcile
