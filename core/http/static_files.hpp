#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "http/content_policy.hpp"
#include "http/message.hpp"

namespace cell::http {

// Serves a built web UI: index.html for every path that is not asked for as a file (client-side routes),
// precompressed .br/.gz siblings by Accept-Encoding, `immutable` for hashed names under /assets/, ETag +
// no-cache for the rest, HEAD, 304, security headers. The listing is read once at construction; nothing
// outside it can be reached. Thread: any.
class StaticFiles {
 public:
  // What pages may use beside their own host; asked for everything outside /assets/.
  using Sources = std::function<PageSources(const Request&)>;

  explicit StaticFiles(const std::filesystem::path& root, Sources sources = {});
  ~StaticFiles();
  [[nodiscard]] Response serve(const Request& request) const;
  [[nodiscard]] bool empty() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell::http
