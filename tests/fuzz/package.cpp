// Any bytes as a package: the outcome is a package in order, or an error; never a file outside of its folder.
#include "plugin/package.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/require.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  (void)cell::plugin::parse_signature(text);
  static const int kFile = ::memfd_create("package", 0);
  fuzz::require(kFile >= 0 && ::ftruncate(kFile, 0) == 0 &&
                ::pwrite(kFile, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()));
  const auto info = cell::plugin::read_package("/proc/self/fd/" + std::to_string(kFile), {});
  if (!info) {
    fuzz::require(!info.error().message.empty());
    return 0;
  }
  for (const auto& [name, content] : info->texts) fuzz::require(cell::plugin::is_archive_name(name));
  return 0;
}
