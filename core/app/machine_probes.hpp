#pragma once

#include <vector>

#include "app/foundation.hpp"
#include "app/stack.hpp"
#include "domain/setup/probes.hpp"

namespace cell::app {

// What set-up checks of this machine, with the answers that the engine and the hub can give.
std::vector<setup::Probe> machine_probes(Foundation& foundation, Stack& stack);

}  // namespace cell::app
