#pragma once

#include "plugin/package.hpp"

// Inside core/plugin only.
namespace cell::plugin {

// What is known of a package's files once they have been read.
struct Contents {
  std::map<std::string, std::string> sums;   // hex by name, SHA256SUMS and its signature not among them
  std::map<std::string, std::string> texts;  // content of small files by name
};

struct Checked {
  Manifest manifest;
  std::string key_id;
};

// A file whose content is kept in `texts`.
bool is_text_file(std::string_view name);
inline constexpr std::size_t kMaxTextFile = 1024 * 1024;

Result<Checked> check_contents(const Contents& contents, const FindKey& find_key);

}  // namespace cell::plugin
