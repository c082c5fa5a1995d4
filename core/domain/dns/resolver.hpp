#pragma once

#include <functional>
#include <string>
#include <vector>

#include "config/store.hpp"
#include "coredns/query.hpp"
#include "domain/settings/place.hpp"

namespace cell::dns {

inline constexpr std::uint32_t kCacheSeconds = 300;
// Here the DNS container answers for the cell's domain as it answers in the tunnel, whoever asks. Not
// published.
inline constexpr std::uint16_t kInsidePort = 5300;

std::vector<std::string> upstreams_of(const Json& root);

// Where the cell's DNS server sends what it does not know, and what it answers. Thread: any.
class Resolver {
 public:
  using Ask = std::function<Result<coredns::Answer>(const coredns::Question&)>;

  Resolver(config::Store& config, settings::Place place, Ask ask = coredns::ask)
      : config_(config), place_(std::move(place)), ask_(std::move(ask)) {}

  // Field errors at /upstreams/<n>.
  Result<void> set_upstreams(const std::vector<std::string>& upstreams, const config::CommitOptions& options);

  // What the DNS server answers to a device in the tunnel; at most 2 s.
  [[nodiscard]] Result<coredns::Answer> look_up(const std::string& name, const std::string& type) const;

 private:
  [[nodiscard]] Result<void> check(const Json& root, const std::vector<std::string>& upstreams) const;

  config::Store& config_;
  settings::Place place_;
  Ask ask_;
};

}  // namespace cell::dns
