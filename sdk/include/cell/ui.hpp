#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cell/json.hpp"

// What the web UI shows on the service's page, in words of its own: a plugin brings no script.
namespace cell::sdk {

// The same text by language; "en" must be there.
using Text = std::map<std::string, std::string>;

// How a program of the owner's is set up to use the service.
struct Client {
  Text title{};
  std::string kind{};  // caldav carddav webdav imap smtp url text
  std::string value{};
};

// A column of a table, or one value of a Stat: member `field` of what the path answers.
struct Field {
  Text title{};
  std::string field{};
  std::string kind{};  // text bytes number time state, in a table also secret; empty: text
};

// Asks for values by a form and posts them.
struct Create {
  Text title{};
  std::string path{};
  Json schema = Json::object();  // JSON Schema of the body
};
struct Delete {
  Text title{};
  std::string path{};  // "/notes/{id}": members of the row stand in braces
};

// Paths are those of the plugin's own routes: "/notes". A table's path answers {"items": [row, …]}.
struct Table {
  Text title{};
  std::string path{};
  std::vector<Field> columns{};
  Text empty{};  // what stands there when there are no rows
  std::optional<Create> create{};
  std::optional<Delete> remove{};
};
struct Action {
  Text title{};
  Text text{};
  std::string path{};
  Json schema{};  // null: no form
  bool dangerous = false;
};
// A few values; the path answers an object.
struct Stat {
  Text title{};
  std::string path{};
  std::vector<Field> items{};
};
using Panel = std::variant<Table, Action, Stat>;

struct Ui {
  std::vector<Client> clients{};
  std::vector<Panel> panels{};
  std::string open{};  // where "Open" leads; empty: the first route
};

// [any]
Json to_json(const Ui& ui);

}  // namespace cell::sdk
