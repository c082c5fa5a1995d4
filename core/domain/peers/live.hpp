#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "base/event_sink.hpp"
#include "config/store.hpp"
#include "database/database.hpp"
#include "domain/peers/peer.hpp"
#include "hub/document.hpp"

namespace cell::peers {

inline constexpr std::chrono::seconds kOnlineFor{
    180};  // WireGuard makes a new handshake every two minutes of traffic

enum class State { online, idle, never, disabled, expired };
std::string_view to_string(State state);

struct PeerLive {
  State state = State::never;
  std::int64_t last_handshake = 0;  // Unix seconds, 0: never
  std::string endpoint;
  std::uint64_t rx_rate = 0;  // bytes a second, received from the device
  std::uint64_t tx_rate = 0;
  std::uint64_t rx_bytes = 0;  // in all, whatever restarted in between
  std::uint64_t tx_bytes = 0;
  bool operator==(const PeerLive&) const = default;
};
Json to_json(const PeerLive& live);

// Bytes that passed since the last look.
struct Passed {
  std::string peer_id;
  std::uint64_t rx = 0;
  std::uint64_t tx = 0;
};

// What the hub was seen to be.
struct HubLive {
  std::optional<hub::Status> status{};  // of the last look; without its peers
  std::string problem;                  // why there is none
  bool looked = false;
  std::uint64_t rx_rate = 0, tx_rate = 0, rx_bytes = 0, tx_bytes = 0;
};

// The devices as the hub sees them, fed by poll() every two seconds or so. Totals and last handshakes are
// kept in the database and survive restarts of the hub and of celld. Publishes `peer.live` {id: …} for those
// that changed, and to each owner for theirs. Thread: any.
class Live {
 public:
  static Result<std::unique_ptr<Live>> open(database::Database& database, EventSink& events,
                                            const Clock& clock);

  // One look at the hub. Answers what passed since the last one, for the history.
  std::vector<Passed> poll(const config::Snapshot& configuration, const Result<hub::Status>& status);
  // Writes what changed since the last time. To be called every minute or so, and before the end.
  Result<void> save();

  // As of now: also of a device that was made since the last look.
  [[nodiscard]] PeerLive of(const Peer& peer) const;
  [[nodiscard]] HubLive hub() const;
  // True while a device that is new (or has a new key) waits for its first handshake: look more often then.
  [[nodiscard]] bool is_waiting() const;
  [[nodiscard]] TimePoint now() const { return clock_.now(); }
  // Devices other than this one that were ever heard of.
  [[nodiscard]] std::size_t heard(const std::string& except_id) const;
  // Devices that were seen in the last minutes.
  [[nodiscard]] std::size_t online() const;

 private:
  struct Entry {
    std::string public_key;
    std::string owner_id;                  // empty: nobody's
    std::uint64_t raw_rx = 0, raw_tx = 0;  // the hub's counters at the last look
    PeerLive live;
    std::optional<PeerLive> published{};
    bool enabled = true;
    std::optional<TimePoint> expires_at{};
    TimePoint keyed_at{};  // when this key came into the document, as far as known
    bool seen = false;     // in the look that is being taken
    bool dirty = false;
  };
  struct Unsaved {
    std::vector<std::pair<std::string, Entry>> rows;
    std::vector<std::string> removed;
  };

  Live(database::Database& database, EventSink& events, const Clock& clock);
  Result<void> load();
  void index(const Json& root);
  static void take(Entry& entry, const hub::PeerState& state, double elapsed_s, Passed& passed);
  void look(const Result<hub::Status>& status, std::vector<Passed>& all);
  void take_all(const hub::Status& status, double elapsed_s, std::vector<Passed>& all);
  Unsaved take_unsaved();
  void give_back(Unsaved unsaved);
  static State state_of(const Entry& entry, TimePoint now);

  database::Database& database_;
  EventSink& events_;
  const Clock& clock_;
  mutable std::mutex mutex_;  // guards the following
  std::int64_t revision_ = -1;
  std::unordered_map<std::string, Entry> entries_;  // by id
  std::unordered_map<std::string, std::string> id_by_key_;
  std::vector<std::string> removed_;  // rows to delete
  HubLive hub_;
  std::optional<SteadyPoint> last_answer_{};
};

}  // namespace cell::peers
