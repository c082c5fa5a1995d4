#include "domain/peers/live.hpp"

#include <cmath>

namespace cell::peers {

namespace {

constexpr std::chrono::minutes kWaitFor{10};  // a new device is set up within that, or later without hurry
// A counter that is lower than it was began anew.
std::uint64_t growth(std::uint64_t before, std::uint64_t now) { return now >= before ? now - before : now; }

std::uint64_t rate(std::uint64_t bytes, double seconds) {
  return seconds <= 0 ? 0 : static_cast<std::uint64_t>(std::llround(static_cast<double>(bytes) / seconds));
}

}  // namespace

std::string_view to_string(State state) {
  switch (state) {
    case State::online:
      return "online";
    case State::idle:
      return "idle";
    case State::never:
      return "never";
    case State::disabled:
      return "disabled";
    case State::expired:
      return "expired";
  }
  return "never";
}

Json to_json(const PeerLive& live) {
  Json json = {{"state", to_string(live.state)}, {"last_handshake_at", nullptr}, {"endpoint", nullptr},
               {"rx_rate", live.rx_rate},        {"tx_rate", live.tx_rate},      {"rx_bytes", live.rx_bytes},
               {"tx_bytes", live.tx_bytes}};
  if (live.last_handshake > 0) json["last_handshake_at"] = format_time(from_unix(live.last_handshake));
  if (!live.endpoint.empty()) json["endpoint"] = live.endpoint;
  return json;
}

Live::Live(database::Database& database, EventSink& events, const Clock& clock)
    : database_(database), events_(events), clock_(clock) {}

// Takes over what a new revision says about the devices. The lock is held.
void Live::index(const Json& root) {
  const Json& section = json_member(root, "peers");
  id_by_key_.clear();
  for (const auto& [id, json] : section.items()) {
    Entry& entry = entries_[id];
    const std::string key = json_string(json, "public_key");
    if (entry.public_key != key) {
      const PeerLive before = entry.live;
      entry.live = {};
      entry.live.rx_bytes = before.rx_bytes;
      entry.live.tx_bytes = before.tx_bytes;
      entry.raw_rx = entry.raw_tx = 0;
      entry.public_key = key;
      entry.dirty = true;
      entry.keyed_at = clock_.now();
    }
    entry.owner_id = json_string(json, "owner_id");
    entry.enabled = json_bool(json, "enabled");
    const auto expiry = parse_time(json_string(json, "expires_at"));
    entry.expires_at = expiry ? std::optional(*expiry) : std::nullopt;
    id_by_key_.emplace(key, id);
  }
  for (auto it = entries_.begin(); it != entries_.end();) {
    if (section.contains(it->first)) {
      ++it;
      continue;
    }
    removed_.push_back(it->first);
    it = entries_.erase(it);
  }
}

State Live::state_of(const Entry& entry, TimePoint now) {
  if (!entry.enabled) return State::disabled;
  if (entry.expires_at && *entry.expires_at <= now) return State::expired;
  if (entry.live.last_handshake == 0) return State::never;
  return now - from_unix(entry.live.last_handshake) < kOnlineFor ? State::online : State::idle;
}

void Live::take(Entry& entry, const hub::PeerState& state, double elapsed_s, Passed& passed) {
  passed.rx = growth(entry.raw_rx, state.rx_bytes);
  passed.tx = growth(entry.raw_tx, state.tx_bytes);
  entry.raw_rx = state.rx_bytes;
  entry.raw_tx = state.tx_bytes;
  entry.live.rx_bytes += passed.rx;
  entry.live.tx_bytes += passed.tx;
  entry.live.rx_rate = rate(passed.rx, elapsed_s);
  entry.live.tx_rate = rate(passed.tx, elapsed_s);
  const bool is_news = state.last_handshake > entry.live.last_handshake;
  if (is_news) entry.live.last_handshake = state.last_handshake;
  // Before its first handshake after a restart the hub knows no endpoint; the last known one stays.
  if (!state.endpoint.empty()) entry.live.endpoint = state.endpoint;
  entry.dirty = entry.dirty || is_news || passed.rx != 0 || passed.tx != 0;
  entry.seen = true;
}

std::vector<Passed> Live::poll(const config::Snapshot& configuration, const Result<hub::Status>& status) {
  std::vector<Passed> all;
  Json changed = Json::object();
  std::map<std::string, Json> by_owner;
  {
    const std::lock_guard lock(mutex_);
    if (revision_ != configuration->revision) index(configuration->root);
    revision_ = configuration->revision;
    look(status, all);
    const TimePoint now = clock_.now();
    for (auto& [id, entry] : entries_) {
      entry.live.state = state_of(entry, now);
      if (entry.published == entry.live) continue;
      entry.published = entry.live;
      changed[id] = to_json(entry.live);
      if (!entry.owner_id.empty()) by_owner[entry.owner_id][id] = changed[id];
    }
  }
  if (!changed.empty()) events_.publish("peer.live", changed);
  for (const auto& [owner_id, theirs] : by_owner) events_.publish_to(owner_id, "peer.live", theirs);
  return all;
}

// The lock is held.
void Live::look(const Result<hub::Status>& status, std::vector<Passed>& all) {
  hub_.looked = true;
  hub_.status = std::nullopt;
  hub_.problem = status ? status->problem : status.error().message;
  hub_.rx_rate = hub_.tx_rate = 0;
  for (auto& [id, entry] : entries_) {
    entry.seen = false;
    entry.live.rx_rate = entry.live.tx_rate = 0;
  }
  // A hub that does not answer says nothing about its counters.
  if (!status) return;
  hub_.status = hub::Status{status->up,
                            status->backend,
                            status->backend_reason,
                            status->document_hash,
                            status->agent_version,
                            status->problem,
                            {}};
  const SteadyPoint now = clock_.steady();
  const double elapsed_s = last_answer_ ? std::chrono::duration<double>(now - *last_answer_).count() : 0;
  last_answer_ = now;
  take_all(*status, elapsed_s, all);
  for (auto& [id, entry] : entries_) {
    // Not in the hub: when it comes back, its counters begin at 0.
    if (!entry.seen) entry.raw_rx = entry.raw_tx = 0;
  }
}

void Live::take_all(const hub::Status& status, double elapsed_s, std::vector<Passed>& all) {
  std::uint64_t rx = 0;
  std::uint64_t tx = 0;
  for (const hub::PeerState& state : status.peers) {
    const auto id = id_by_key_.find(state.public_key);
    if (id == id_by_key_.end()) continue;
    Passed passed{id->second};
    take(entries_[id->second], state, elapsed_s, passed);
    rx += passed.rx;
    tx += passed.tx;
    if (passed.rx != 0 || passed.tx != 0) all.push_back(std::move(passed));
  }
  hub_.rx_bytes += rx;
  hub_.tx_bytes += tx;
  hub_.rx_rate = rate(rx, elapsed_s);
  hub_.tx_rate = rate(tx, elapsed_s);
}

PeerLive Live::of(const Peer& peer) const {
  const std::lock_guard lock(mutex_);
  Entry entry;
  const auto found = entries_.find(peer.id);
  if (found != entries_.end()) {
    entry = found->second;
    if (entry.public_key != peer.public_key) {
      entry.live.last_handshake = 0;
      entry.live.endpoint.clear();
    }
  }
  entry.enabled = peer.enabled;
  entry.expires_at = peer.expires_at;
  entry.live.state = state_of(entry, clock_.now());
  return entry.live;
}

HubLive Live::hub() const {
  const std::lock_guard lock(mutex_);
  return hub_;
}

bool Live::is_waiting() const {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  for (const auto& [id, entry] : entries_) {
    if (entry.live.last_handshake == 0 && entry.enabled && now - entry.keyed_at < kWaitFor) return true;
  }
  return false;
}

std::size_t Live::heard(const std::string& except_id) const {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [id, entry] : entries_) count += id != except_id && entry.live.last_handshake > 0 ? 1 : 0;
  return count;
}

std::size_t Live::online() const {
  const std::lock_guard lock(mutex_);
  const TimePoint now = clock_.now();
  std::size_t count = 0;
  for (const auto& [id, entry] : entries_) count += state_of(entry, now) == State::online ? 1 : 0;
  return count;
}

}  // namespace cell::peers
