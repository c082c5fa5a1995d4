#include "hubd/firewall.hpp"

#include <algorithm>

#include "netfilter/render.hpp"

namespace cell::hubd {

namespace {

// One netlink batch has to fit the socket's buffer; above this the script's overhead does not matter anyway.
constexpr std::size_t kMaxBatch = 64;

}  // namespace

Result<std::unique_ptr<Firewall>> Firewall::open() {
  auto nft = CELL_TRY(Nft::open());
  auto socket = CELL_TRY(RulesetSocket::open());
  CELL_TRY(nft->run(netfilter::render_skeleton()));
  return std::unique_ptr<Firewall>(new Firewall(std::move(nft), std::move(socket)));
}

Result<void> Firewall::note_generation() {
  generation_ = CELL_TRY(socket_->generation());
  return {};
}

Result<void> Firewall::replace(const netfilter::Ruleset& ruleset) {
  is_applied_ = false;
  CELL_TRY(nft_->run(netfilter::render_full(ruleset)));
  CELL_TRY(note_generation());
  frame_ = ruleset.frame;
  policies_ = netfilter::policies_of(ruleset.members);
  is_applied_ = true;
  return {};
}

Result<bool> Firewall::change(const std::vector<netfilter::MemberChange>& changes) {
  const auto used = netfilter::policies_of(changes);
  const bool is_elements_only = (used & ~policies_) == 0 && changes.size() <= kMaxBatch;
  if (std::none_of(changes.begin(), changes.end(),
                   [](const auto& change) { return change.before != change.after; })) {
    return false;
  }
  if (is_elements_only) {
    CELL_TRY(socket_->change(changes));
  } else {
    CELL_TRY(nft_->run(netfilter::render_change(frame_, changes, policies_)));
  }
  policies_ |= used;
  CELL_TRY(note_generation());
  return true;
}

bool Firewall::is_foreign() const {
  if (!is_applied_) return true;
  const auto current = socket_->generation();
  return !current || *current != generation_;
}

}  // namespace cell::hubd
