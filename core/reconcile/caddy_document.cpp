#include "base/atomic_file.hpp"
#include "reconcile/documents.hpp"

namespace cell::reconcile {

namespace {

// The saved document may hold the routes of other times, but its admin endpoint has to be where celld looks
// for it.
bool has_endpoint(const std::filesystem::path& saved, const Json& admin) {
  const auto text = read_file(saved);
  if (!text) return false;
  const auto json = parse_json(*text);
  return json && json_member(*json, "admin") == admin;
}

}  // namespace

Result<bool> prepare_caddy(const CaddyDocument& document) {
  bool changed = false;
  for (const File& file : document.files) {
    CELL_TRY(ensure_directory(file.path.parent_path()));
    changed = CELL_TRY(write_file_if_changed(file.path, file.content, file.mode)) || changed;
  }
  const Json& admin = json_member(document.document, "admin");
  if (has_endpoint(document.saved, admin)) return changed;
  CELL_TRY(ensure_directory(document.saved.parent_path()));
  CELL_TRY(write_file_atomic(document.saved, dump_json_pretty({{"admin", admin}}), 0600));
  return true;
}

Result<bool> apply_caddy(caddy::Admin& admin, const CaddyDocument& document) {
  const bool differs = CELL_TRY(admin.current()) != document.document;
  if (differs) CELL_TRY(admin.load(document.document));
  CELL_TRY(write_file_if_changed(document.saved, dump_json_pretty(document.document), 0600));
  return differs;
}

}  // namespace cell::reconcile
