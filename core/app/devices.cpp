#include "app/devices.hpp"

#include "api/enrol_routes.hpp"
#include "api/peers_routes.hpp"
#include "api/wireguard_routes.hpp"
#include "domain/peers/hub_document.hpp"

namespace cell::app {

namespace {

constexpr std::chrono::milliseconds kTick{500};
constexpr std::chrono::milliseconds kLookEvery{
    1900};  // below two seconds, so that the fourth tick never misses it
constexpr std::chrono::seconds kSaveEvery{60};
constexpr int kEnrolmentsPerMinute = 30;

}  // namespace

Result<std::unique_ptr<Devices>> Devices::open(Foundation& foundation, Stack& stack) {
  std::unique_ptr<Devices> devices(new Devices(foundation, stack));
  devices->peers_ = CELL_TRY(peers::Peers::open({.config = *foundation.config,
                                                 .sealed = *foundation.sealed,
                                                 .clock = foundation.clock,
                                                 .events = *foundation.events,
                                                 .log = devices->log_,
                                                 .listen_port = foundation.environment.wg_port,
                                                 .apply = [&stack] { return stack.apply_hub(); },
                                                 .has_exit =
                                                     [&foundation, &stack](const std::string& name) {
                                                       const auto document = foundation.config->snapshot();
                                                       return stack.hub_exits(document->root).contains(name);
                                                     }}));
  devices->live_ = CELL_TRY(peers::Live::open(*foundation.database, *foundation.events, foundation.clock));
  devices->history_ = CELL_TRY(peers::History::open(*foundation.database, foundation.clock));
  devices->links_ = CELL_TRY(peers::Links::open(*foundation.database, foundation.clock));
  stack.set_hub([raw = devices.get()](const Json& root) { return raw->document(root); });
  return devices;
}

Devices::~Devices() {
  if (timers_) timers_->stop();
  if (live_ && history_) save();
}

Result<hub::Document> Devices::document(const Json& root) const {
  const auto secrets = [this](const std::string& name) { return foundation_.sealed->get(name); };
  return peers::hub_document(root, secrets,
                             {foundation_.environment.wg_port, stack_.cell_subnets(),
                              stack_.hub_forwards(root), stack_.hub_exits(root)},
                             foundation_.clock.now());
}

void Devices::add_routes(api::Api& api, identity::Identity& identity, std::function<bool()> dns_answers) {
  const api::PeersParts parts{
      *peers_, *live_, *history_, *links_, std::move(dns_answers), log_, foundation_.environment.webui_port};
  api.add(api::peers_routes(parts));
  api.add(api::peer_config_routes(parts));
  api.add(api::peer_insight_routes(parts));
  api.add(api::wireguard_routes(parts));
  api.add(api::enrol_routes(parts, identity,
                            std::make_shared<peers::AddressLimit>(foundation_.clock, kEnrolmentsPerMinute)));
}

Result<std::string> Devices::create_first(const std::string& name, const std::string& owner_id) {
  peers::NewPeer wanted;
  wanted.name = name;
  wanted.owner_id = owner_id;
  return CELL_TRY(peers_->create(wanted, {.actor = "set-up", .summary = "first device added"})).peer.id;
}

Json Devices::overview() const {
  Json list = Json::array();
  for (const peers::Peer& peer : peers_->list()) {
    list.push_back({{"id", peer.id},
                    {"name", peer.name},
                    {"person_id", peer.owner_id},
                    {"address", peer.addresses.empty() ? std::string() : peer.addresses.front()},
                    {"online", live_->of(peer).state == peers::State::online}});
  }
  return list;
}

// A hub that does not answer may hold one thread for long; devices expire in the other.
void Devices::start() {
  timers_ = std::make_unique<TaskQueue>("devices", 2, TaskQueue::kMaxWaiting,
                                        [log = log_](const std::string& what) {
                                          log.error("a task threw, its next run goes on", {{"reason", what}});
                                        });
  timers_->every(kTick, [this] { look(); });
  timers_->every(kTick, [this] { peers_->expire_due(); });
  timers_->every(kSaveEvery, [this] { save(); });
}

void Devices::look() {
  if (!stack_.started()) return;
  const SteadyPoint now = foundation_.clock.steady();
  const auto known = live_->hub().status;
  const bool is_news_awaited = !known || !known->up || live_->is_waiting();
  if (now - looked_ < kLookEvery && !is_news_awaited) return;
  looked_ = now;
  const auto status = stack_.hub().status();
  history_->add(live_->poll(foundation_.config->snapshot(), status));
}

void Devices::save() {
  const auto totals = live_->save();
  const auto traffic = history_->save();
  for (const auto* saved : {&totals, &traffic}) {
    if (!*saved)
      log_.warn("traffic was not stored, the next minute tries again", {{"reason", saved->error().message}});
  }
}

}  // namespace cell::app
