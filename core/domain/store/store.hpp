#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "config/store.hpp"
#include "database/database.hpp"
#include "domain/settings/services.hpp"
#include "domain/store/index.hpp"
#include "domain/store/shelf.hpp"
#include "plugin/package.hpp"

namespace cell::store {

inline constexpr const char* kShipped = "cell";  // name of the store that is part of the product

// What was found at a source last.
struct SourceState {
  settings::StoreSource source;
  bool first_party = false;
  std::string state = "unreachable";  // "ok", "expired", "unreachable", "refused"
  std::string problem{};
  std::int64_t version = 0;
  std::string expires{};  // RFC 3339; empty: not known
};

// A package that can be installed, or can't and why.
struct Offer {
  Listed listed;
  std::string source;
  bool first_party = false;
  std::optional<plugin::PackageInfo> info{};  // nothing: it could not be read
  std::string problem{};                      // why not
};

struct Unpacked {
  plugin::UnpackedPackage package;
  std::string sha256;
  std::string source;
  bool first_party = false;
};

// The stores: their signed indexes and packages. Nothing of a source is used before its signature, its age
// and its version have been checked. Thread: any.
class Store {
 public:
  struct Parts {
    config::Store& config;
    database::Database& database;
    const Clock& clock;
    log::Logger log;
    std::filesystem::path shipped;   // folder with index.json and store.pub
    std::filesystem::path cache;     // of what comes from elsewhere
    std::filesystem::path unpacked;  // data/plugins
    std::string architecture;        // "amd64"
    Fetch fetch;
  };
  static Result<std::unique_ptr<Store>> open(Parts parts);

  // Looks at every source anew. What can't be read any more stays as it was seen last, marked with why.
  void refresh(const std::function<void(double)>& advance = [](double) {});
  [[nodiscard]] std::vector<SourceState> sources() const;

  // The newest version of each package; one that the product ships comes from nowhere else. By id.
  [[nodiscard]] std::vector<Offer> offers() const;
  [[nodiscard]] std::optional<Offer> offer(const std::string& id) const;

  // Checked and unpacked; `version` empty: the newest. not_found, or why it can't be.
  Result<Unpacked> fetch(const std::string& id, const std::string& version,
                         const std::function<void(double)>& advance);
  // That of an installed service, checked again.
  Result<Unpacked> installed(const settings::ServiceEntry& entry);
  // Removes unpacked packages of `id` (empty: of all) that no service uses.
  void tidy(const std::string& id);

  // Errors: field errors at /name, /location, /key; conflict (name_taken); what reading its index says.
  Result<SourceState> add_source(const settings::StoreSource& source, const config::CommitOptions& options);
  Result<void> remove_source(const std::string& name, const config::CommitOptions& options);

 private:
  explicit Store(Parts parts);

  [[nodiscard]] std::vector<SourceState> known_sources() const;
  Result<Index> load_index(const SourceState& source);
  Result<void> remember(const std::string& name, const Index& index, const std::string& sha256);
  [[nodiscard]] Result<SeenIndex> seen(const std::string& name) const;
  void load(SourceState source, const std::function<void(double)>& advance);
  void forget_unlisted(const std::string& name, const std::vector<Listed>& listed);
  [[nodiscard]] Offer read_offer(const SourceState& source, const Listed& listed);
  Result<std::filesystem::path> bring(const SourceState& source, const Listed& listed,
                                      const std::function<void(double)>& advance) const;
  [[nodiscard]] plugin::FindKey key_of(const SourceState& source) const;
  [[nodiscard]] bool fits(const Listed& listed) const;
  [[nodiscard]] Result<SourceState> source_named(const std::string& name) const;

  Parts parts_;
  std::mutex refreshing_;
  mutable std::mutex mutex_;  // guards the following
  std::map<std::string, SourceState> states_;
  std::map<std::string, std::vector<Listed>> listed_;  // by source, what fits this machine
  std::map<std::string, Offer> read_;                  // by SHA-256 of the package
};

}  // namespace cell::store
