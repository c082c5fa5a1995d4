#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "hubd/nft.hpp"
#include "hubd/ruleset_socket.hpp"
#include "netfilter/ruleset.hpp"

namespace cell::hubd {

// The ruleset in the kernel: what is in force and whether it is still ours. One thread.
class Firewall {
 public:
  // Nothing passes from here on, unless an earlier agent's rules are in force already; those stay.
  static Result<std::unique_ptr<Firewall>> open();

  Result<void> replace(const netfilter::Ruleset& ruleset);
  // A change on top of what replace() made; false when there was nothing to do.
  Result<bool> change(const std::vector<netfilter::MemberChange>& changes);
  // Someone else has changed the rules since, or nothing was ever applied: only replace() helps.
  [[nodiscard]] bool is_foreign() const;

 private:
  Firewall(std::unique_ptr<Nft> nft, std::unique_ptr<RulesetSocket> socket)
      : nft_(std::move(nft)), socket_(std::move(socket)) {}
  Result<void> note_generation();

  std::unique_ptr<Nft> nft_;
  std::unique_ptr<RulesetSocket> socket_;
  netfilter::Frame frame_;
  netfilter::PolicyMask policies_ = 0;
  std::uint32_t generation_ = 0;
  bool is_applied_ = false;
};

}  // namespace cell::hubd
