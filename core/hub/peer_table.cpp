#include "hub/peer_table.hpp"

#include <algorithm>
#include <unordered_set>

namespace cell::hub {

PeerTable::PeerTable(Document document) : fingerprint_(document) {
  peers_.reserve(document.peers.size());
  for (auto& peer : document.peers) {
    for (const auto& address : peer.addresses) owners_.emplace(address, peer.public_key);
    auto key = peer.public_key;
    peers_.emplace(std::move(key), std::move(peer));
  }
  document.peers.clear();
  settings_ = std::move(document);
}

Document PeerTable::document() const {
  Document document = settings_;
  document.peers.reserve(peers_.size());
  for (const auto& [key, peer] : peers_) document.peers.push_back(peer);
  // A stable order, so that two tables of equal content are written as equal files.
  std::sort(document.peers.begin(), document.peers.end(),
            [](const Peer& a, const Peer& b) { return a.public_key < b.public_key; });
  return document;
}

Result<std::vector<PeerChange>> PeerTable::plan(const std::vector<Peer>& upsert,
                                                const std::vector<std::string>& remove_keys) const {
  std::vector<PeerChange> changes;
  std::unordered_set<std::string_view> named;
  for (const auto& key : remove_keys) {
    if (!named.insert(key).second) return field_error("/remove", "a peer is named twice");
    const auto found = peers_.find(key);
    if (found != peers_.end()) changes.push_back({found->second, std::nullopt});
  }
  for (const auto& peer : upsert) {
    if (!named.insert(peer.public_key).second) return field_error("/upsert", "a peer is named twice");
    CELL_TRY(check_exit(peer, settings_.exits, "/upsert"));
    const auto found = peers_.find(peer.public_key);
    if (found == peers_.end()) changes.push_back({std::nullopt, peer});
    if (found != peers_.end() && found->second != peer) changes.push_back({found->second, peer});
  }
  CELL_TRY(check_addresses(changes));
  return changes;
}

std::vector<PeerChange> PeerTable::plan(const Document& document) const {
  std::vector<PeerChange> changes;
  std::unordered_set<std::string_view> kept;
  kept.reserve(document.peers.size());
  for (const auto& peer : document.peers) {
    kept.insert(peer.public_key);
    const auto found = peers_.find(peer.public_key);
    if (found == peers_.end()) changes.push_back({std::nullopt, peer});
    if (found != peers_.end() && found->second != peer) changes.push_back({found->second, peer});
  }
  for (const auto& [key, peer] : peers_) {
    if (!kept.contains(key)) changes.push_back({peer, std::nullopt});
  }
  return changes;
}

Result<void> PeerTable::check_addresses(const std::vector<PeerChange>& changes) const {
  std::unordered_set<std::string_view> freed;
  for (const auto& change : changes) {
    if (!change.before) continue;
    freed.insert(change.before->addresses.begin(), change.before->addresses.end());
  }
  std::unordered_set<std::string_view> claimed{settings_.ipv4_address};
  if (!settings_.ipv6_address.empty()) claimed.insert(settings_.ipv6_address);
  for (const auto& change : changes) {
    if (!change.after) continue;
    for (const auto& address : change.after->addresses) {
      const bool is_taken = owners_.contains(address) && !freed.contains(address);
      if (is_taken || !claimed.insert(address).second) {
        return field_error("/upsert", "address '" + address + "' is already used");
      }
    }
  }
  return {};
}

void PeerTable::apply(const std::vector<PeerChange>& changes) {
  for (const auto& change : changes) {
    if (!change.before) continue;
    fingerprint_.remove(*change.before);
    for (const auto& address : change.before->addresses) owners_.erase(address);
    peers_.erase(change.before->public_key);
  }
  for (const auto& change : changes) {
    if (!change.after) continue;
    fingerprint_.add(*change.after);
    for (const auto& address : change.after->addresses) owners_[address] = change.after->public_key;
    peers_.insert_or_assign(change.after->public_key, *change.after);
  }
}

}  // namespace cell::hub
