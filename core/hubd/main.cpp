#include <chrono>
#include <iostream>
#include <iterator>

#include "base/version.hpp"
#include "hub/log_level.hpp"
#include "hub/protocol.hpp"
#include "hubd/agent.hpp"
#include "hubd/options.hpp"
#include "hubd/server.hpp"

namespace cell::hubd {
namespace {

constexpr std::chrono::seconds kCallLimit{30};

struct Answerer {
  Agent& agent;

  Result<Json> operator()(const hub::HelloRequest&) const {
    return Json{{"agent_version", version()}, {"protocol", hub::kProtocolVersion}};
  }
  Result<Json> operator()(const hub::StatusRequest&) const { return hub::to_json(agent.status()); }
  Result<Json> operator()(const hub::ApplyRequest& request) const {
    return hub::to_json(CELL_TRY(agent.apply(request.document)));
  }
  Result<Json> operator()(const hub::ChangePeersRequest& request) const {
    return hub::to_json(CELL_TRY(agent.change_peers(request.base_hash, request.upsert, request.remove_keys)));
  }
};

std::string answer(Agent& agent, std::string_view text) {
  const auto result = [&]() -> Result<Json> {
    const auto request = CELL_TRY(hub::request_from_text(text));
    return std::visit(Answerer{agent}, request);
  }();
  return dump_json(result ? hub::success(*result) : hub::failure(result.error()));
}

Result<void> run(const Options& options, const log::Logger& log) {
  // The firewall first of all: nothing passes before a document says so.
  auto firewall = CELL_TRY(Firewall::open());
  auto device = CELL_TRY(open_device(options.interface, options.wireguard));
  log.info(
      "agent starts",
      {{"version", version()}, {"backend", device->backend()}, {"backend_reason", device->backend_reason()}});
  auto ways = CELL_TRY(Ways::open());
  Agent agent(options.interface, std::move(firewall), std::move(device), std::move(ways),
              std::make_unique<hub::Store>(options.state_directory), log);
  agent.restore();
  const auto server =
      CELL_TRY(Server::open(options.socket, {[&](std::string_view text) { return answer(agent, text); },
                                             [&] { agent.tidy(); }, [&] { agent.supervise(); }}));
  CELL_TRY(server->run());
  log.info("agent ends, tunnel and firewall stay as they are");
  return {};
}

// Ends with 0 when the agent answered that all is well: also the container's health check.
int call(const Options& options) {
  const std::string request{std::istreambuf_iterator<char>(std::cin), {}};
  const auto answer = hub::call_hub(options.socket, request, kCallLimit);
  if (!answer) {
    std::cerr << "cell-hubd: " << answer.error().message << "\n";
    return 1;
  }
  std::cout << *answer << "\n";
  return hub::result_from_text(*answer).ok() ? 0 : 1;
}

int main_of_agent(int argc, const char* const* argv) {
  const auto options = parse_options(argc, argv);
  if (!options) {
    std::cerr << "cell-hubd: " << options.error().message << " (" << options.error().hint << ")\n";
    return 2;
  }
  if (options->wants_help) {
    std::cout << kUsage;
    return 0;
  }
  if (options->is_call) return call(*options);
  Server::block_signals();
  const auto logs = log::Logs::open(
      {.directory = options->log_directory, .root = hub::read_log_level(options->state_directory)});
  if (!logs) {
    std::cerr << "cell-hubd: " << logs.error().message << "\n";
    return 1;
  }
  const auto log = (*logs)->logger("hub");
  const auto result = run(*options, log);
  if (result) return 0;
  log.error("agent cannot run", {{"reason", result.error().message}, {"hint", result.error().hint}});
  return 1;
}

}  // namespace
}  // namespace cell::hubd

int main(int argc, char** argv) { return cell::hubd::main_of_agent(argc, argv); }
