#include <algorithm>
#include <unordered_map>

#include "reconcile/documents.hpp"

namespace cell::reconcile {

std::optional<PeerChange> peer_change(const hub::Document& before, const hub::Document& after) {
  hub::Document rest = after;
  rest.peers = before.peers;
  if (rest != before) return std::nullopt;
  std::unordered_map<std::string_view, const hub::Peer*> old;
  for (const hub::Peer& peer : before.peers) old[peer.public_key] = &peer;
  PeerChange change;
  for (const hub::Peer& peer : after.peers) {
    const auto found = old.find(peer.public_key);
    if (found == old.end() || *found->second != peer) change.upsert.push_back(peer);
    if (found != old.end()) old.erase(found);
  }
  for (const auto& [key, peer] : old) change.remove_keys.emplace_back(key);
  std::sort(change.remove_keys.begin(), change.remove_keys.end());
  return change;
}

Result<bool> HubProvider::apply(const hub::Document& document) {
  const std::lock_guard lock(mutex_);
  const std::string wanted = hub::hash_of(document);
  const auto status = CELL_TRY(hub_.status());
  if (status.document_hash == wanted) {
    last_ = document;
    return false;
  }
  CELL_TRY(send(document, status.document_hash));
  last_ = document;
  return true;
}

Result<void> HubProvider::send(const hub::Document& document, const std::string& applied_hash) {
  if (last_ && hub::hash_of(*last_) == applied_hash) {
    if (const auto change = peer_change(*last_, document)) {
      const auto report = hub_.change_peers(applied_hash, change->upsert, change->remove_keys);
      if (report && report->document_hash == hub::hash_of(document)) return {};
      if (!report && report.error().code != Code::conflict) return report.error();
    }
  }
  CELL_TRY(hub_.apply(document));
  return {};
}

}  // namespace cell::reconcile
