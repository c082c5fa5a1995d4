#pragma once

#include <functional>
#include <optional>

#include "base/log.hpp"
#include "domain/peers/history.hpp"
#include "domain/peers/links.hpp"
#include "domain/peers/live.hpp"
#include "domain/peers/peers.hpp"

namespace cell::api {

// What the resources of devices and of the hub are made of. The parts outlive the API.
struct PeersParts {
  peers::Peers& peers;
  peers::Live& live;
  peers::History& history;
  peers::Links& links;
  std::function<std::optional<bool>()> dns_answers =
      {};  // whether the cell's DNS answers, where somebody looked
  log::Logger log{};
  std::uint16_t webui_port = 8081;
};

// Shapes that several resources share.
Json traffic_json(const std::string& range, const peers::Traffic& traffic);
Json traffic_schema();

}  // namespace cell::api
