#include <cstdio>
#include <cstdlib>

#include <CLI/CLI.hpp>
#include <signal.h>

#include "app/cell.hpp"
#include "base/version.hpp"

namespace {

std::optional<std::string> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int fail(const cell::Error& error) {
  std::fprintf(stderr, "celld: %s\n", error.message.c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "  fix: %s\n", error.hint.c_str());
  return 1;
}

int serve() {
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
  auto running = cell::app::Cell::start(*environment, **logs);
  if (!running) return fail(running.error());
  std::fprintf(stderr, "celld %s: %s\n", cell::version(), (*running)->greeting().c_str());

  int received = 0;
  sigwait(&signals, &received);
  (*logs)->logger("core").info("stopping", {{"signal", received}});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("The core of a Personal Internet Cell");
  app.set_version_flag("--version", cell::version());
  CLI11_PARSE(app, argc, argv);
  return serve();
}
