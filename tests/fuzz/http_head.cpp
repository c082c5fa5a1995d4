// Any bytes as a request's head: never a crash, and what is let through keeps the promises of http::Request.
#include "fuzz/require.hpp"
#include "http/guard.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cell::http;
  using fuzz::require;
  const std::string_view text = fuzz::text_of(data, size);
  const auto outcome = read_head(text, {});
  if (const auto* refusal = std::get_if<Refusal>(&outcome)) {
    require(refusal->status >= 400 && refusal->status < 600 && !refusal->detail.empty());
    return 0;
  }
  const Head& head = std::get<Head>(outcome);
  require(head.path.starts_with('/'));
  require((head.path + '/').find("/../") == std::string::npos &&
          (head.path + '/').find("/./") == std::string::npos);
  for (const char c : head.path) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7F);
  require(!head.chunked || head.content_length == 0);
  require(head.http_1_0 || head.headers.count("Host") == 1);
  return 0;
}
