// Any bytes as a manifest: the outcome is a manifest or an error, and the templates of one that is
// declarative become contributions or an error.
#include "plugin/manifest.hpp"

#include "fuzz/require.hpp"
#include "plugin/contributions.hpp"
#include "plugin/instance.hpp"
#include "plugin/rating.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto manifest = cell::plugin::parse_manifest(fuzz::text_of(data, size));
  if (!manifest) {
    fuzz::require(!manifest.error().message.empty());
    return 0;
  }
  const auto rating = cell::plugin::rate(*manifest, false);
  fuzz::require(rating.score >= 1 && rating.score <= 6);
  fuzz::require(cell::plugin::widened(*manifest, *manifest, false).empty());
  if (manifest->kind != cell::plugin::Kind::declarative) return 0;
  const auto plan = cell::plugin::open_declarative(*manifest)->plan(cell::Json::object());
  if (plan) (void)cell::plugin::parse_contributions(*plan, *manifest);
  return 0;
}
