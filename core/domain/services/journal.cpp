#include "domain/services/journal.hpp"

namespace cell::services {

namespace {

std::vector<std::string> strings_of(const Json& list) {
  return list.is_array() ? list.get<std::vector<std::string>>() : std::vector<std::string>{};
}

Json to_document(const Operation& operation) {
  Json json = {{"kind", operation.kind},
               {"volumes_before", operation.volumes_before},
               {"images_before", operation.images_before},
               {"copied", operation.copied},
               {"had_secrets", operation.had_secrets},
               {"purge", operation.purge},
               {"done", operation.done}};
  if (operation.before) json["before"] = settings::to_json(*operation.before);
  return json;
}

Result<Operation> from_row(const database::Row& row) {
  const Json json = CELL_TRY(parse_json(row.text(1)));
  Operation operation{row.text(0), json_string(json, "kind")};
  if (json.contains("before")) {
    const Json root = {{"services", {{operation.id, json["before"]}}}};
    operation.before = settings::service_of(root, operation.id);
  }
  operation.volumes_before = strings_of(json_member(json, "volumes_before"));
  operation.images_before = strings_of(json_member(json, "images_before"));
  operation.copied = strings_of(json_member(json, "copied"));
  operation.had_secrets = json_bool(json, "had_secrets");
  operation.purge = json_bool(json, "purge");
  operation.done = json_bool(json, "done");
  return operation;
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(database::Database& database) {
  CELL_TRY(
      database.migrate("service_operations",
                       {"CREATE TABLE service_operations(id TEXT PRIMARY KEY, document TEXT NOT NULL)"}));
  return std::unique_ptr<Journal>(new Journal(database));
}

Result<void> Journal::put(const Operation& operation) {
  return database_.execute("INSERT OR REPLACE INTO service_operations(id, document) VALUES(?, ?)",
                           {operation.id, dump_json(to_document(operation))});
}

Result<void> Journal::drop(const std::string& id) {
  return database_.execute("DELETE FROM service_operations WHERE id = ?", {id});
}

Result<std::vector<Operation>> Journal::list() const {
  std::vector<Operation> operations;
  for (const auto& row : CELL_TRY(database_.query("SELECT id, document FROM service_operations ORDER BY id")))
    operations.push_back(CELL_TRY(from_row(row)));
  return operations;
}

Result<std::optional<Operation>> Journal::find(const std::string& id) const {
  const auto rows =
      CELL_TRY(database_.query("SELECT id, document FROM service_operations WHERE id = ?", {id}));
  if (rows.empty()) return std::optional<Operation>{};
  return std::optional(CELL_TRY(from_row(rows.front())));
}

}  // namespace cell::services
