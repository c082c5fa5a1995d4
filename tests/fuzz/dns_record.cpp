// Any bytes as an owner's DNS record, one part a line: a record that is taken becomes exactly one line of the
// zone, and no upstream server puts a line of its own into the Corefile.
#include "coredns/zone.hpp"
#include "fuzz/require.hpp"

namespace {

std::string take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(text.size(), end + 1));
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cell::coredns;
  std::string_view text = fuzz::text_of(data, size);
  Record record;
  record.type = take_line(text);
  record.name = take_line(text);
  record.value = text;
  const auto lines = [](const std::string& zone) { return std::count(zone.begin(), zone.end(), '\n'); };
  const auto bare = lines(render_zone("home.cell", {}, 1));
  const bool is_taken = static_cast<bool>(check_record(record));
  const std::string zone = render_zone("home.cell", {record}, 1);
  fuzz::require(lines(zone) == bare + (is_taken ? 1 : 0));
  for (const char c : zone) fuzz::require(c == '\n' || (c >= 0x20 && c < 0x7f));

  Settings settings{.zone = "home.cell", .directory = "/zones"};
  settings.upstreams = {record.value};
  if (!check_upstream(record.value))
    fuzz::require(render_corefile(settings) == render_corefile({.zone = "home.cell", .directory = "/zones"}));
  return 0;
}
