#include "domain/logs/hub_level.hpp"

#include "hub/log_level.hpp"

namespace cell::logs {

reconcile::FileDocument hub_level_document(const Json& root, const reconcile::CoreNames& names) {
  const Json& containers = json_member(json_member(root, "logging"), "containers");
  const std::string level = json_string(containers, "wireguard", "info");
  return {"hub_log_level",
          {{names.hub_config / hub::kLogLevelFile, level + "\n"}},
          names.wireguard,
          reconcile::Tell::next_start};
}

}  // namespace cell::logs
