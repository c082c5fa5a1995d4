#include "listing.hpp"

#include <algorithm>
#include <sstream>

#include <cell/text.hpp>

namespace mail {

namespace {

using cell::sdk::Json;

// A line of a Postfix table: a key, a blank and the rest.
struct Row {
  std::string key;
  std::string value;
};

std::vector<Row> rows_of(const std::string& table) {
  std::vector<Row> rows;
  std::istringstream stream(table);
  for (std::string line; std::getline(stream, line);) {
    const auto blank = line.find(' ');
    if (blank != std::string::npos) rows.push_back({line.substr(0, blank), line.substr(blank + 1)});
  }
  return rows;
}

const char* kind_of(const std::string& address, bool is_mailbox) {
  if (is_mailbox) return "mailbox";
  return address.starts_with('@') ? "catch_all" : "alias";
}

}  // namespace

Json list_addresses(const std::string& mailboxes, const std::string& aliases) {
  const std::vector<Row> boxes = rows_of(mailboxes);
  std::vector<Row> rows = rows_of(aliases);
  const auto has = [](const std::vector<Row>& list, const std::string& key) {
    return std::any_of(list.begin(), list.end(), [&](const Row& row) { return row.key == key; });
  };
  // Without a line of its own a mailbox takes its mail itself.
  for (const Row& box : boxes)
    if (!has(rows, box.key)) rows.push_back({box.key, box.key});
  std::stable_partition(rows.begin(), rows.end(), [&](const Row& row) { return has(boxes, row.key); });
  Json items = Json::array();
  for (const Row& row : rows)
    items.push_back({{"address", row.key},
                     {"kind", kind_of(row.key, has(boxes, row.key))},
                     {"targets", cell::sdk::split_list(row.value, ',')}});
  return items;
}

}  // namespace mail
