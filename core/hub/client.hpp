#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "hub/document.hpp"

namespace cell::hub {

// What one apply did.
struct ApplyReport {
  bool wireguard_changed = false;
  bool firewall_changed = false;
  bool routes_changed = false;
  std::string document_hash;
};

// The agent of the hub container over its unix socket; an interface so that tests can stand in. Thread: any.
class Hub {
 public:
  virtual ~Hub() = default;
  virtual Result<Status> status() = 0;
  // Makes the whole document true; unchanged parts are not touched.
  virtual Result<ApplyReport> apply(const Document& document) = 0;
  // Changes single peers of the applied document, whose hash must be `base_hash` (conflict otherwise: send
  // the whole).
  virtual Result<ApplyReport> change_peers(const std::string& base_hash, const std::vector<Peer>& upsert,
                                           const std::vector<std::string>& remove_keys) = 0;
};

// A connection of its own for each call, so an agent that was restarted in between is not noticed.
// Every call is bounded by `limit` (unavailable when the agent is not there, timeout).
std::unique_ptr<Hub> connect_hub(const std::filesystem::path& socket, std::chrono::milliseconds limit);

// One request as text and the agent's answer as text, for tools and tests.
Result<std::string> call_hub(const std::filesystem::path& socket, std::string_view request,
                             std::chrono::milliseconds limit);

}  // namespace cell::hub
