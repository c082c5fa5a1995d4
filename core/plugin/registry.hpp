#pragma once

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "plugin/instance.hpp"
#include "plugin/package.hpp"
#include "plugin/quarantine.hpp"

namespace cell::plugin {

enum class PluginState { ok, failing, quarantined, stopped };
std::string_view to_string(PluginState state);

struct Failure {
  std::string at;  // RFC 3339
  std::string call;
  std::string message;
};

// What GET /api/plugins tells of one.
struct PluginStatus {
  std::string id;
  std::string version;
  std::string mode;  // "in_process", "isolated", "declarative"
  std::string abi;   // "1.0"; empty without a library
  PluginState state = PluginState::ok;
  std::size_t failures = 0;  // since it was loaded
  std::optional<Failure> last_failure;
  std::string quarantined_since;  // empty: it is not
  std::int64_t memory_bytes = 0;  // 0: not known
};

// The plugins that are loaded, by the id of their package. Calls go through here, so that what fails is
// counted: a plugin that answers a fifth request within a minute with a crash, a hang, a broken contract or
// an internal error is failing, and gets no requests until the minute is over; one that hangs or takes the
// process down is in quarantine until the owner releases it. Thread: any; a call goes to the instance that
// was current when it began, which is closed when the last such call is over.
class Registry {
 public:
  static constexpr std::size_t kBudget = 5;
  static constexpr std::chrono::seconds kBudgetWindow{60};

  struct Parts {
    Quarantine* quarantine = nullptr;  // lives longer
    log::Logs* logs = nullptr;         // lives longer; a plugin writes to plugin-<id>
    const Clock* clock = nullptr;      // lives longer
    std::filesystem::path host_program;
    // The answers for one package; see make_host_call().
    std::function<HostCall(const Manifest& manifest)> host;
    // Limits and the like; library, host, log and host_program are filled in.
    OpenOptions defaults;
  };
  explicit Registry(Parts parts);
  ~Registry();
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // Opens the package and puts it in the place of the version that is there, which goes on if that fails. A
  // native one in quarantine with the same version is not opened (unavailable, reason "plugin_quarantined");
  // a new version may prove itself. What could not be opened and has no older version that runs is listed as
  // stopped.
  Result<void> load(const UnpackedPackage& package, bool isolated);
  // A declarative manifest, or a test's plugin.
  Result<void> put(const Manifest& manifest, std::unique_ptr<Instance> instance);
  void unload(const std::string& id);

  // not_found for one that is not loaded; unavailable with the reason "plugin_quarantined" or
  // "plugin_failing".
  Result<Json> plan(const std::string& id, const Json& config);
  Result<PluginResponse> handle(const std::string& id, const PluginRequest& request);
  Result<void> notify(const std::string& id, const Json& event);

  [[nodiscard]] std::vector<PluginStatus> list() const;
  [[nodiscard]] std::optional<PluginStatus> status(const std::string& id) const;
  // Out of quarantine, and counted anew. One that hung in this process has to be loaded again afterwards.
  Result<void> release(const std::string& id);

 private:
  struct Entry {
    Manifest manifest;
    std::shared_ptr<Instance> instance;  // null: stopped
    std::string mode;
    bool in_process = false;
    std::size_t failures = 0;
    std::deque<SteadyPoint> recent;  // failures of handle
    std::optional<Failure> last_failure;
  };

  // What a call needs of its entry.
  struct Current {
    std::shared_ptr<Instance> instance;
    std::string version;
    bool in_process = false;
  };
  Result<Current> current(const std::string& id, bool is_request) const;
  Result<std::unique_ptr<Instance>> open(const UnpackedPackage& package, bool isolated);
  void note_not_opened(const Manifest& manifest, bool isolated, const Error& error);
  OpenOptions options_for(const UnpackedPackage& package);
  void note(const std::string& id, const std::string& version, const std::string& call, const Error& error,
            bool in_process);
  [[nodiscard]] bool is_failing(const Entry& entry) const;
  [[nodiscard]] PluginStatus status_of(const std::string& id, const Entry& entry) const;

  const Parts parts_;
  mutable std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

}  // namespace cell::plugin
