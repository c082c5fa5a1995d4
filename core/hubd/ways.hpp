#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "netfilter/policy_route.hpp"

namespace cell::hubd {

// The routes behind exits in the kernel. What fails here blocks the exits and nothing else: the firewall lets
// nothing pass that is not on its way to its exit. So it is a problem to tell of and try again, and no error.
// One thread.
class Ways {
 public:
  static Result<std::unique_ptr<Ways>> open();
  ~Ways();
  Ways(const Ways&) = delete;
  Ways& operator=(const Ways&) = delete;

  // Makes the ways of these exits, before the firewall sends anything there. True when something was changed.
  bool add(const std::vector<netfilter::Exit>& exits);
  // Removes what is none of these exits', after the firewall has stopped to send anything there.
  bool remove_others(const std::vector<netfilter::Exit>& exits);
  // Somebody has changed routes since this was last asked, or a way still blocks: time for both again.
  bool needs_look();
  // Why a way blocks; empty: none does.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  explicit Ways(int descriptor) : descriptor_(descriptor) {}
  void note(const Error& error);
  bool take_news() const;

  int descriptor_;         // tells of every change to rules and routes
  bool may_exist_ = true;  // also an earlier agent's
  std::string problem_;
  unsigned looks_until_retry_ = 0;
};

}  // namespace cell::hubd
