#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "config/store.hpp"
#include "coredns/zone.hpp"

namespace cell::dns {

// A record that the cell's owner made.
struct OwnRecord {
  std::string id;
  coredns::Record record;  // its name is lower case
  std::string comment;
};

struct RecordChange {
  std::optional<std::string> name{};
  std::optional<std::string> type{};
  std::optional<std::string> value{};
  std::optional<std::uint32_t> ttl{};
  std::optional<std::string> comment{};
};

// Those of a configuration, by name, type and value. Pure.
std::vector<OwnRecord> own_records(const Json& root);

// Whether an own record takes no name that the cell gives out: at the domain itself it may not be an address,
// at the names of peers and containers it may not be anything. `taken` is from generated_names().
bool may_stand(const std::set<std::string>& taken, const coredns::Record& record);

// The owner's records: `dns.records` of the configuration. Errors: invalid_argument with /name, /type,
// /value, /ttl, /comment; conflict (record_exists, name_taken, too_many_records); not_found;
// precondition_failed. Thread: any.
class Records {
 public:
  explicit Records(config::Store& config) : config_(config) {}

  [[nodiscard]] std::vector<OwnRecord> list() const;
  [[nodiscard]] Result<OwnRecord> find(const std::string& id) const;
  Result<OwnRecord> create(const coredns::Record& record, const std::string& comment,
                           const config::CommitOptions& options);
  Result<OwnRecord> change(const std::string& id, const RecordChange& change,
                           const config::CommitOptions& options);
  Result<void> remove(const std::string& id, const config::CommitOptions& options);

 private:
  config::Store& config_;
};

}  // namespace cell::dns
