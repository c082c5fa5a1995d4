#include "cell/ui.hpp"

#include "members.hpp"

namespace cell::sdk {
namespace {

using detail::put;

Json to_json(const Field& field) {
  Json json = {{"title", field.title}, {"field", field.field}};
  put(json, "kind", field.kind);
  return json;
}

Json to_json(const std::vector<Field>& fields) {
  Json json = Json::array();
  for (const Field& field : fields) json.push_back(to_json(field));
  return json;
}

Json panel(const Table& table) {
  Json json = {
      {"kind", "table"}, {"title", table.title}, {"path", table.path}, {"columns", to_json(table.columns)}};
  put(json, "empty", table.empty);
  if (table.create)
    json["create"] = {
        {"title", table.create->title}, {"path", table.create->path}, {"schema", table.create->schema}};
  if (table.remove) json["delete"] = {{"title", table.remove->title}, {"path", table.remove->path}};
  return json;
}

Json panel(const Action& action) {
  Json json = {{"kind", "action"}, {"title", action.title}, {"path", action.path}};
  put(json, "text", action.text);
  if (!action.schema.is_null()) json["schema"] = action.schema;
  if (action.dangerous) json["dangerous"] = true;
  return json;
}

Json panel(const Stat& stat) {
  return {{"kind", "stat"}, {"title", stat.title}, {"path", stat.path}, {"items", to_json(stat.items)}};
}

}  // namespace

Json to_json(const Ui& ui) {
  Json json = Json::object();
  for (const Client& client : ui.clients)
    json["clients"].push_back({{"title", client.title}, {"kind", client.kind}, {"value", client.value}});
  for (const Panel& each : ui.panels)
    json["panels"].push_back(std::visit([](const auto& one) { return panel(one); }, each));
  put(json, "open", ui.open);
  return json;
}

}  // namespace cell::sdk
