#pragma once

#include <algorithm>
#include <mutex>
#include <optional>
#include <vector>

#include "hub/client.hpp"

namespace cell::test {

// The hub's agent in memory. Thread: any.
class FakeHub final : public hub::Hub {
 public:
  Result<hub::Status> status() override {
    const std::lock_guard lock(mutex);
    if (failure) return *failure;
    hub::Status status;
    status.up = applied.has_value();
    if (applied) status.document_hash = hub::hash_of(*applied);
    return status;
  }
  Result<hub::ApplyReport> apply(const hub::Document& document) override {
    const std::lock_guard lock(mutex);
    if (failure) return *failure;
    ++applies;
    applied = document;
    return hub::ApplyReport{true, true, true, hub::hash_of(document)};
  }
  Result<hub::ApplyReport> change_peers(const std::string& base_hash, const std::vector<hub::Peer>& upsert,
                                        const std::vector<std::string>& remove_keys) override {
    const std::lock_guard lock(mutex);
    if (failure) return *failure;
    if (!applied || hub::hash_of(*applied) != base_hash)
      return Error{Code::conflict, "another document is applied"};
    ++peer_changes;
    for (const auto& key : remove_keys)
      std::erase_if(applied->peers, [&](const auto& peer) { return peer.public_key == key; });
    for (const auto& peer : upsert) {
      const auto found = std::find_if(applied->peers.begin(), applied->peers.end(),
                                      [&](const auto& old) { return old.public_key == peer.public_key; });
      if (found == applied->peers.end()) {
        applied->peers.push_back(peer);
      } else {
        *found = peer;
      }
    }
    return hub::ApplyReport{true, true, false, hub::hash_of(*applied)};
  }

  std::mutex mutex;
  std::optional<hub::Document> applied;
  std::optional<Error> failure;
  int applies = 0;
  int peer_changes = 0;
};

}  // namespace cell::test
