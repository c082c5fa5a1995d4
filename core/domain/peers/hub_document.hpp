#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"
#include "hub/document.hpp"

namespace cell::peers {

// What the hub's document holds beside the devices; the composition root knows it.
struct HubFrame {
  std::uint16_t listen_port = 51820;
  std::vector<std::string> cell_subnets;
  std::vector<hub::Forward> forwards;
  std::map<std::string, hub::Exit> exits{};  // by name, "<service>/<exit>"
};

// A sealed value by name; not_found when there is none.
using SecretLookup = std::function<Result<Secret>(const std::string& name)>;

// What the hub is told: the devices that are enabled and not expired at `now`. Pure but for the look-ups. A
// device whose preshared key is lost goes without one; any other failure to open a secret is an error, so
// that a sealed file that can't be read takes nobody's tunnel away. A device whose exit is not there has no
// internet: the cell's own way is never taken instead.
Result<hub::Document> hub_document(const Json& root, const SecretLookup& secrets, const HubFrame& frame,
                                   TimePoint now);

}  // namespace cell::peers
