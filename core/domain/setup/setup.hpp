#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "config/store.hpp"
#include "domain/jobs/jobs.hpp"
#include "domain/setup/answers.hpp"
#include "domain/setup/code.hpp"
#include "domain/setup/probes.hpp"

namespace cell::setup {

// What set-up needs of the people of the cell; the composition root fills it from identity::People.
struct Admins {
  struct Prepared {
    std::string id;
    Json entry;  // member of section `people`
  };
  // Field errors at <pointer>/name and <pointer>/password.
  std::function<Result<void>(const std::string& name, const Secret& password, const std::string& cell_name,
                             const std::string& pointer)>
      check;
  std::function<Result<Prepared>(const std::string& name, const Secret& password)> prepare;
  std::function<void(const std::string& id)> discard;
  std::function<Secret()> generate_password;
  std::function<Result<void>(const std::string& id, const Secret& password)> remember_generated;
};

struct Completed {
  std::string job_id;
  std::string admin_id;
  std::optional<std::string> peer_id{};
  std::optional<Secret> generated_password{};
};

// The first run: who may claim the cell, whether the machine is fit, and the one commit that makes it
// somebody's. Thread: any.
class SetupService {
 public:
  struct Parts {
    config::Store& config;
    jobs::Jobs& jobs;
    const Clock& clock;
    log::Logger log;
    std::filesystem::path run_directory;  // the code is kept there as `setup-code`, mode 0600
    std::vector<Probe> probes;
    Admins admins;
    std::vector<std::string> phases;  // of the job, as bring_up goes through them
    std::function<Result<void>(jobs::Progress&)> bring_up;
    // Makes the first device for its owner; answers the peer's id.
    std::function<Result<std::string>(const std::string& name, const std::string& owner_id)>
        create_first_device;
  };
  // Makes the code file while the cell is not set up, removes it otherwise.
  static Result<std::unique_ptr<SetupService>> open(Parts parts);

  [[nodiscard]] bool complete() const;
  [[nodiscard]] Json state(bool code_required) const;  // GET /api/setup

  // forbidden with reason setup_code_invalid, or rate_limited after ten wrong ones a minute from one address.
  Result<void> check_code(const std::string& code, const std::string& address);
  [[nodiscard]] Json preflight() const;  // POST /api/setup/preflight

  // Checks everything first; of several callers exactly one succeeds, the others get conflict. Without a
  // password one is generated and kept for show-admin-password.
  Result<Completed> complete_with(const Answers& answers);
  // The one-time code, for the one who starts the cell; not_found once the cell is set up.
  [[nodiscard]] Result<std::string> code() const;

 private:
  explicit SetupService(Parts parts);
  Result<void> commit(const Answers& answers, const Admins::Prepared& admin);
  Result<std::string> start_job(const std::string& actor);
  [[nodiscard]] Result<void> check(const Answers& answers, const Secret& password) const;

  Parts parts_;
  CodeGuard guard_;
  std::mutex completing_;
};

}  // namespace cell::setup
