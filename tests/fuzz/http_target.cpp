// Any bytes as a request's target, and as its Cookie header.
#include "fuzz/require.hpp"
#include "http/guard.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cell::http;
  const std::string_view text = fuzz::text_of(data, size);
  const auto outcome = read_target(text);
  if (const auto* target = std::get_if<Target>(&outcome)) {
    fuzz::require(target->path.starts_with('/'));
    fuzz::require((target->path + '/').find("/../") == std::string::npos);
    fuzz::require(target->path.find('\0') == std::string::npos);
  }
  Request request;
  request.headers.emplace("Cookie", text);
  const std::string_view value = request.cookie("cell_session");
  fuzz::require(value.empty() || text.find(value) != std::string_view::npos);
  return 0;
}
