#include "domain/peers/address_limit.hpp"

namespace cell::peers {

namespace {

constexpr std::chrono::seconds kWindow{60};
constexpr std::size_t kMaxSources = 10'000;

}  // namespace

Result<void> AddressLimit::admit(const std::string& source) {
  const SteadyPoint now = clock_.steady();
  const std::lock_guard lock(mutex_);
  if (windows_.size() >= kMaxSources) {
    std::erase_if(windows_, [&](const auto& item) { return now - item.second.began >= kWindow; });
    if (windows_.size() >= kMaxSources) windows_.clear();
  }
  Window& window = windows_[source];
  if (window.calls == 0 || now - window.began >= kWindow) window = {0, now};
  if (window.calls >= per_minute_) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(window.began + kWindow - now).count();
    const int wait_s = static_cast<int>(wait);
    return Error{Code::rate_limited,
                 "too many attempts",
                 "try again in " + std::to_string(wait_s) + " s",
                 {},
                 {},
                 wait_s};
  }
  ++window.calls;
  return {};
}

}  // namespace cell::peers
