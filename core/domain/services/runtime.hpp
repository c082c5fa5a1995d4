#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "base/log.hpp"
#include "domain/services/accounts.hpp"
#include "domain/services/active.hpp"
#include "domain/services/package.hpp"
#include "domain/services/secrets.hpp"

namespace cell::services {

// A package that is open, and what it contributed last. Thread: any.
class Running {
 public:
  explicit Running(Package package_in, std::unique_ptr<plugin::Instance> preview_in = nullptr)
      : package(std::move(package_in)), preview(std::move(preview_in)) {}

  const Package package;
  std::unique_ptr<plugin::Instance> preview;  // until it is installed; then the loaded plugin answers
  std::mutex mutex;                           // guards the following
  std::string input;                          // of the last plan, as text
  std::optional<plugin::Contributions> parts;
  std::string problem;  // of the last plan; empty: none
};

// The plugins of installed services and what they contribute. A plan that fails leaves the last good one in
// force, which is kept on disk (config/services/<id>/contributions.json) for the time when the plugin can't
// be opened at all. Thread: any.
class Runtime {
 public:
  struct Parts {
    Secrets& secrets;
    Accounts& accounts;
    Plugins plugins;
    std::filesystem::path cell_directory;
    log::Logger log;
  };
  explicit Runtime(Parts parts) : parts_(std::move(parts)) {}

  // To look at it.
  Result<std::shared_ptr<Running>> open(const Package& package) const;
  // Loads its plugin and puts it in the place of the one that is there. At start (`may_fail`) what cannot be
  // loaded is taken all the same: its last good plan goes on.
  Result<void> install(const Package& package, std::optional<bool> isolated, bool may_fail = false);
  [[nodiscard]] const Plugins& plugins() const { return parts_.plugins; }
  void remove(const std::string& id);
  [[nodiscard]] std::shared_ptr<Running> find(const std::string& id) const;  // null: not open

  // What an installed service is made of now.
  Result<Active> active(const Json& root, const settings::ServiceEntry& entry);
  // The same for a package and options that are not in force; keeps nothing.
  Result<Active> preview(const Json& root, Running& running, const settings::ServiceEntry& entry,
                         const Json& options, const Json& secrets);
  // Options with their secrets and defaults. Pointers of errors are below /options.
  Result<Json> options_of(const plugin::Manifest& manifest, const settings::ServiceEntry& entry) const;

 private:
  Result<Json> input_of(const Json& root, const plugin::Manifest& manifest,
                        const settings::ServiceEntry& entry, const Json& options, const Json& secrets);
  [[nodiscard]] std::filesystem::path kept_file(const std::string& id) const;
  Result<plugin::Contributions> plan(const Json& root, Running& running, const settings::ServiceEntry& entry);
  Result<plugin::Contributions> last_good(Running& running) const;

  Parts parts_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Running>> running_;
};

}  // namespace cell::services
