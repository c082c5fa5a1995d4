#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "hub/document.hpp"

namespace cell::hub {

// One peer that changes: nothing before = it is new, nothing after = it goes.
struct PeerChange {
  std::optional<Peer> before;
  std::optional<Peer> after;
  bool operator==(const PeerChange&) const = default;
};

// A document held so that a change to one peer costs the same at any number of peers. One thread.
class PeerTable {
 public:
  explicit PeerTable(Document document);

  // The document without its peers.
  [[nodiscard]] const Document& settings() const { return settings_; }
  [[nodiscard]] Document document() const;
  [[nodiscard]] std::string hash() const { return fingerprint_.text(); }
  [[nodiscard]] std::size_t size() const { return peers_.size(); }

  // What these orders would change; peers that stay as they are and keys that are not there are left out.
  // invalid_argument when an address would belong to two peers, or a peer is named twice.
  [[nodiscard]] Result<std::vector<PeerChange>> plan(const std::vector<Peer>& upsert,
                                                     const std::vector<std::string>& remove_keys) const;
  // What turns this table's peers into those of `document`.
  [[nodiscard]] std::vector<PeerChange> plan(const Document& document) const;
  // Precondition: the changes come from plan() and the table is as it was then.
  void apply(const std::vector<PeerChange>& changes);

 private:
  [[nodiscard]] Result<void> check_addresses(const std::vector<PeerChange>& changes) const;

  Document settings_;
  std::unordered_map<std::string, Peer> peers_;          // by public key
  std::unordered_map<std::string, std::string> owners_;  // public key by address
  Fingerprint fingerprint_;
};

}  // namespace cell::hub
