#include "domain/setup/setup.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "base/atomic_file.hpp"
#include "domain/settings/document.hpp"
#include "domain/setup/local_address.hpp"

namespace cell::setup {

namespace {

constexpr const char* kCodeFile = "setup-code";
constexpr const char* kDefaultCellName = "home";

Error already_complete() {
  return Error{Code::conflict,
               "this cell is set up already",
               "log in and change it under Settings",
               {},
               "setup_complete"};
}

void append(std::vector<FieldError>& fields, const Result<void>& checked) {
  if (checked) return;
  fields.insert(fields.end(), checked.error().fields.begin(), checked.error().fields.end());
}

// The zone this machine is set to, if its zone file is one that has a name. In a container TZ says the
// machine's.
std::string machine_timezone() {
  const char* given = std::getenv("TZ");
  std::error_code failure;
  const std::string target = std::filesystem::read_symlink("/etc/localtime", failure).string();
  constexpr std::string_view kRoot = "zoneinfo/";
  const std::size_t at = target.find(kRoot);
  std::string name = given == nullptr ? "" : given;
  if (name.empty() && !failure && at != std::string::npos) name = target.substr(at + kRoot.size());
  if (name.empty()) {
    std::ifstream file("/etc/timezone");
    std::getline(file, name);
  }
  if (name == "Etc/UTC") return "UTC";
  return settings::check_timezone(name, "") ? name : "UTC";
}

Json to_json(const Probe& probe, const Finding& finding) {
  Json check = {{"id", probe.id},
                {"title", probe.title},
                {"state", to_string(finding.state)},
                {"detail", finding.detail}};
  if (!finding.cause.empty()) check["cause"] = finding.cause;
  if (!finding.fix.empty()) check["fix"] = finding.fix;
  return check;
}

}  // namespace

SetupService::SetupService(Parts parts) : parts_(std::move(parts)), guard_(parts_.clock) {}

Result<std::unique_ptr<SetupService>> SetupService::open(Parts parts) {
  std::unique_ptr<SetupService> service(new SetupService(std::move(parts)));
  const std::filesystem::path file = service->parts_.run_directory / kCodeFile;
  if (service->complete()) {
    std::error_code ignored;  // the code opens nothing any more
    std::filesystem::remove(file, ignored);
    return service;
  }
  CELL_TRY(ensure_directory(service->parts_.run_directory));
  const auto kept = service->code();
  // The same code after a restart: the owner may have it on paper already.
  const std::string code = kept ? *kept : generate_code();
  if (!kept) CELL_TRY(write_file_atomic(file, code + "\n", 0600));
  service->guard_.set(code);
  service->parts_.log.info("cell is waiting to be set up",
                           {{"code_file", (service->parts_.run_directory / "setup-code").string()}});
  return service;
}

Result<std::string> SetupService::code() const {
  const std::string text = CELL_TRY(read_file(parts_.run_directory / kCodeFile, 256));
  const std::string line = text.substr(0, text.find('\n'));
  if (normalised_code(line).size() != 16) return Error{Code::not_found, "the setup code file is damaged"};
  return line;
}

bool SetupService::complete() const {
  return settings::identity_of(parts_.config.snapshot()->root).setup_complete;
}

Json SetupService::state(bool code_required) const {
  Json defaults = {
      {"cell_name", kDefaultCellName}, {"domain_mode", "local"}, {"timezone", machine_timezone()}};
  defaults["endpoint"] = local_address().value_or("");
  return {{"complete", false},
          {"code_required", code_required},
          {"defaults", std::move(defaults)},
          {"timezones", settings::timezones()}};
}

Result<void> SetupService::check_code(const std::string& code, const std::string& address) {
  if (complete()) return already_complete();
  return guard_.check(code, address);
}

Json SetupService::preflight() const {
  Json checks = Json::array();
  bool ok = true;
  for (const Probe& probe : parts_.probes) {
    const Finding finding = probe.run();
    ok = ok && finding.state != State::problem;
    checks.push_back(to_json(probe, finding));
  }
  return {{"ok", ok}, {"checks", std::move(checks)}};
}

Result<void> SetupService::check(const Answers& answers, const Secret& password) const {
  std::vector<FieldError> fields;
  append(fields, settings::check_cell_name(answers.cell_name, "/cell_name"));
  append(fields, settings::check_timezone(answers.timezone, "/timezone"));
  if (!answers.endpoint.empty()) append(fields, settings::check_endpoint_host(answers.endpoint, "/endpoint"));
  append(fields, parts_.admins.check(answers.admin_name, password, answers.cell_name, "/admin"));
  if (answers.first_device)
    append(fields, settings::check_display_name(*answers.first_device, "/first_device/name"));
  if (answers.domain_mode != "local") fields.push_back({"/domain/mode", "only 'local' is there"});
  if (fields.empty()) return {};
  Error error{Code::invalid_argument, fields.size() == 1 ? fields[0].detail : "some answers are not right"};
  error.fields = std::move(fields);
  return error;
}

Result<void> SetupService::commit(const Answers& answers, const Admins::Prepared& admin) {
  const config::CommitOptions options{answers.admin_name, "cell set up"};
  const config::Edit edit = [&](Json& root) -> Result<void> {
    Json& identity = root["identity"];
    if (json_bool(identity, "setup_complete")) return already_complete();
    identity["cell_name"] = answers.cell_name;
    identity["domain"] = {{"mode", answers.domain_mode}, {"name", answers.cell_name + ".cell"}};
    identity["timezone"] = answers.timezone;
    identity["endpoint_host"] = answers.endpoint.empty() ? local_address().value_or("") : answers.endpoint;
    identity["setup_complete"] = true;
    root["people"][admin.id] = admin.entry;
    return {};
  };
  CELL_TRY(parts_.config.commit(options, edit));
  return {};
}

Result<std::string> SetupService::start_job(const std::string& actor) {
  jobs::Request request;
  request.kind = "setup";
  request.title = "Set up the cell";
  request.actor = actor;
  request.target = "setup";
  request.phases = parts_.phases;
  request.run = parts_.bring_up;
  return parts_.jobs.start(std::move(request));
}

Result<Completed> SetupService::complete_with(const Answers& answers) {
  // One at a time, so that of many callers only one spends the time of a password hash.
  const std::lock_guard lock(completing_);
  if (complete()) return already_complete();
  Completed completed;
  if (!answers.admin_password) completed.generated_password = parts_.admins.generate_password();
  const Secret& password = answers.admin_password ? *answers.admin_password : *completed.generated_password;
  CELL_TRY(check(answers, password));
  const Admins::Prepared admin = CELL_TRY(parts_.admins.prepare(answers.admin_name, password));
  if (auto committed = commit(answers, admin); !committed) {
    parts_.admins.discard(admin.id);
    return std::move(committed).error();
  }
  std::error_code ignored;  // harmless if it stays: open() removes it at the next start
  std::filesystem::remove(parts_.run_directory / kCodeFile, ignored);
  guard_.set({});
  completed.admin_id = admin.id;
  if (completed.generated_password) CELL_TRY(parts_.admins.remember_generated(admin.id, password));
  if (answers.first_device && parts_.create_first_device) {
    auto peer = parts_.create_first_device(*answers.first_device, admin.id);
    if (peer)
      completed.peer_id = *peer;
    else
      parts_.log.warn("first device was not made, it can be added under Peers",
                      {{"reason", peer.error().message}});
  }
  completed.job_id =
      CELL_TRY_DOING(start_job(answers.admin_name), "the cell is set up, but its start-up is not shown");
  return completed;
}

}  // namespace cell::setup
