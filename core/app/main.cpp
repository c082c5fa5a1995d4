#include <cstdio>
#include <cstdlib>

#include <CLI/CLI.hpp>
#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>

#include "app/cell.hpp"
#include "app/commands.hpp"
#include "base/version.hpp"

namespace {

std::optional<std::string> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int fail(const cell::Error& error) {
  std::fprintf(stderr, "celld: %s\n", error.message.c_str());
  for (const cell::FieldError& field : error.fields) {
    std::fprintf(stderr, "  %s: %s\n", field.pointer.c_str(), field.detail.c_str());
  }
  if (!error.hint.empty()) std::fprintf(stderr, "  fix: %s\n", error.hint.c_str());
  return 1;
}

// Each connection and event stream is a descriptor; 20,000 are what the HTTP server takes at most.
constexpr rlim_t kWantedDescriptors = 20'000;

// The soft limit is 1,024 on most systems, for programs that use select(); ours do not.
rlim_t raise_descriptor_limit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

// Checking a password takes 19 MiB. glibc maps such a block by itself and gives it back, but after the first
// one it raises its threshold and keeps the later ones, one for each thread that ever checked a password. A
// threshold that is set stays.
constexpr int kMappedBytes = 128 * 1024;

int serve() {
  mallopt(M_MMAP_THRESHOLD, kMappedBytes);
  // Blocked before any thread starts, so that only sigwait below gets them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);

  const auto environment = cell::settings::read_environment(from_environment);
  if (!environment) return fail(environment.error());
  const auto level = cell::log::parse_level(environment->log_level);
  if (!level) return fail(level.error());
  auto logs = cell::log::Logs::open({.directory = environment->directory / "logs", .root = *level});
  if (!logs) return fail(logs.error());
  if (const rlim_t descriptors = raise_descriptor_limit(); descriptors < kWantedDescriptors) {
    (*logs)->logger("core").warn("few descriptors are allowed, more connections than that are refused",
                                 {{"allowed", descriptors}, {"wanted", kWantedDescriptors}});
  }
  auto running = cell::app::Cell::start(*environment, **logs);
  if (!running) return fail(running.error());
  std::fprintf(stderr, "celld %s: %s\n", cell::version(), (*running)->greeting().c_str());

  int received = 0;
  sigwait(&signals, &received);
  (*logs)->logger("core").info("stopping", {{"signal", received}});
  return 0;
}

// One of the verbs of commands.hpp: prints its answer.
int run(const std::function<cell::Result<std::string>(const cell::settings::Environment&)>& verb) {
  signal(SIGPIPE, SIG_IGN);
  const auto environment = cell::settings::read_environment(from_environment);
  if (!environment) return fail(environment.error());
  const auto text = verb(*environment);
  if (!text) return fail(text.error());
  std::fputs(text->c_str(), stdout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  namespace app = cell::app;
  using cell::settings::Environment;
  CLI::App cli("The core of a Personal Internet Cell; without a verb it serves");
  cli.set_version_flag("--version", cell::version());
  cli.require_subcommand(0, 1);
  std::string file;
  std::string name;
  CLI::App* setup = cli.add_subcommand("setup", "Sets the cell up from a file of answers");
  setup->add_option("--answers", file, "YAML file, or - for standard input")->required();
  CLI::App* show =
      cli.add_subcommand("show-admin-password", "Prints the generated password while nobody has changed it");
  CLI::App* reset =
      cli.add_subcommand("reset-admin-password", "Gives an administrator a new password and prints it");
  reset->add_option("NAME", name, "The administrator; the first one without it");
  CLI::App* code = cli.add_subcommand("setup-code", "Prints the code that claims the cell");
  CLI::App* health =
      cli.add_subcommand("health", "Tells how the running cell is; fails when it is not ready");
  CLI11_PARSE(cli, argc, argv);
  if (*setup) return run([&](const Environment& environment) { return app::run_setup(environment, file); });
  if (*show)
    return run(
        [](const Environment& environment) { return app::run_verb(environment, "show-admin-password", {}); });
  if (*reset)
    return run([&](const Environment& environment) {
      return app::run_verb(environment, "reset-admin-password", name);
    });
  if (*code)
    return run([](const Environment& environment) { return app::run_verb(environment, "setup-code", {}); });
  if (*health) return run(app::run_health);
  return serve();
}
