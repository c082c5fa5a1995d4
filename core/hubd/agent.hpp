#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/log.hpp"
#include "hub/client.hpp"
#include "hub/peer_table.hpp"
#include "hub/store.hpp"
#include "hubd/device.hpp"
#include "hubd/firewall.hpp"
#include "hubd/ways.hpp"

namespace cell::hubd {

// Makes documents true: WireGuard, firewall, addresses and the ways of exits as one step. A failing step puts
// the previous document back in force and is reported. One thread.
class Agent {
 public:
  Agent(std::string interface, std::unique_ptr<Firewall> firewall, std::unique_ptr<Device> device,
        std::unique_ptr<Ways> ways, std::unique_ptr<hub::Store> store, log::Logger log);

  // Puts the stored document in force, if there is one; failures are logged and in the status.
  void restore();

  Result<hub::ApplyReport> apply(const hub::Document& document);
  Result<hub::ApplyReport> change_peers(const std::string& base_hash, const std::vector<hub::Peer>& upsert,
                                        const std::vector<std::string>& remove_keys);
  hub::Status status();

  // To be called about once a second and after a child's end: brings back what died or was changed by others.
  void supervise();
  // Work that need not happen while somebody waits for an answer.
  void tidy();

 private:
  Result<hub::ApplyReport> make_true(const hub::Document& document);
  Result<hub::ApplyReport> make_changes(const std::vector<hub::PeerChange>& changes);
  Result<void> replace_firewall(const hub::Document& document,
                                const std::vector<netfilter::MemberChange>& left_out);
  Result<bool> make_device_true(const hub::Document& document);
  Result<bool> make_link_true(const hub::Document& settings);
  void roll_back(const Error& cause);
  void repair();
  void repair_ways();
  void save_whole();
  void note_store(const Result<void>& result);

  std::string interface_;
  std::unique_ptr<Firewall> firewall_;
  std::unique_ptr<Device> device_;
  std::unique_ptr<Ways> ways_;
  std::unique_ptr<hub::Store> store_;
  log::Logger log_;
  std::optional<hub::PeerTable> applied_;
  bool is_in_force_ = false;  // false: what is applied has to be made true again
  bool is_stored_ = true;     // false: the disk holds an older document than the kernel
  std::string problem_;       // of the last apply or repair
  std::string store_problem_;
  std::string ipv6_problem_;
  unsigned failed_repairs_ = 0;
  std::chrono::steady_clock::time_point next_repair_{};
};

}  // namespace cell::hubd
