#pragma once

#include <mutex>

#include "caddy/admin.hpp"
#include "engine/client.hpp"
#include "hub/client.hpp"
#include "reconcile/desired.hpp"

// Documents that are swapped as a whole. Each provider answers whether it changed anything, and changes
// nothing when what is there is what is wanted.
namespace cell::reconcile {

// Files that a container reads at its start and when it is told to. What it was told last is kept in a marker
// file beside them, so that a crash between writing and telling is made up for. Before the containers: writes
// the files. True: something differed.
Result<bool> write_files(const FileDocument& document);
// After the containers: tells the container where it has not been told of these files. `just_started`: it has
// read them.
Result<bool> tell_container(engine::Engine& engine, const FileDocument& document, bool just_started);

// Before the containers: certificates, and a document with nothing but the admin endpoint where none is saved
// yet, so that Caddy comes up whatever the wanted document holds.
Result<bool> prepare_caddy(const CaddyDocument& document);
// Compares with the document that Caddy itself reports, loads on a difference and saves what Caddy took.
Result<bool> apply_caddy(caddy::Admin& admin, const CaddyDocument& document);

// The hub's document. Knows what it applied last, so that a change to single peers is sent as such. Thread:
// any; one call at a time.
class HubProvider {
 public:
  explicit HubProvider(hub::Hub& hub) : hub_(hub) {}
  Result<bool> apply(const hub::Document& document);

 private:
  Result<void> send(const hub::Document& document, const std::string& applied_hash);

  hub::Hub& hub_;
  std::mutex mutex_;
  std::optional<hub::Document> last_;
};

struct PeerChange {
  std::vector<hub::Peer> upsert;
  std::vector<std::string> remove_keys;
};
// Nothing when more than the peers differs.
std::optional<PeerChange> peer_change(const hub::Document& before, const hub::Document& after);

}  // namespace cell::reconcile
