#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "netfilter/ruleset.hpp"

namespace cell::hubd {

// The kernel's own protocol for nftables, for the two things that libnftables is slow at or can't do. One
// thread.
class RulesetSocket {
 public:
  static Result<std::unique_ptr<RulesetSocket>> open();
  ~RulesetSocket();
  RulesetSocket(const RulesetSocket&) = delete;
  RulesetSocket& operator=(const RulesetSocket&) = delete;

  // Element updates as one transaction: all or, with an error, none. Precondition: the policy chains exist.
  Result<void> change(const std::vector<netfilter::MemberChange>& changes);

  // Counts every transaction on this network namespace's ruleset, whoever makes it: another value than after
  // our own last one means that someone else changed the firewall.
  Result<std::uint32_t> generation();

 private:
  explicit RulesetSocket(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
  std::uint32_t sequence_ = 1;
};

}  // namespace cell::hubd
