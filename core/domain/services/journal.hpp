#pragma once

#include <optional>
#include <string>
#include <vector>

#include "database/database.hpp"
#include "domain/settings/services.hpp"

namespace cell::services {

// What is being done to a service, kept so that it can be taken back or finished after celld was killed.
struct Operation {
  std::string id;
  std::string kind;  // "install", "update", "configure", "remove"
  std::optional<settings::ServiceEntry> before{};
  std::vector<std::string> volumes_before{};  // names of those of the service
  std::vector<std::string> images_before{};   // references of those built for it
  std::vector<std::string> copied{};          // volumes that have a copy to go back to
  bool had_secrets = false;
  bool purge = false;  // remove: with what people keep
  bool done = false;   // update: it holds, only copies are left to remove
};

// Thread: any.
class Journal {
 public:
  static Result<std::unique_ptr<Journal>> open(database::Database& database);
  Result<void> put(const Operation& operation);  // durable when it returns
  Result<void> drop(const std::string& id);
  [[nodiscard]] Result<std::vector<Operation>> list() const;
  [[nodiscard]] Result<std::optional<Operation>> find(const std::string& id) const;

 private:
  explicit Journal(database::Database& database) : database_(database) {}
  database::Database& database_;
};

}  // namespace cell::services
