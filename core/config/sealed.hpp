#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace cell::config {

// Authenticated encryption of one value, given by the composition root (crypto is a sibling of this adapter).
// `name` is bound to the text as associated data, so a value can't be moved to another name.
struct Sealer {
  std::function<Result<std::string>(std::string_view name, std::string_view plain)> seal;  // → base64 text
  std::function<Result<std::string>(std::string_view name, std::string_view sealed)> open;
};

// Named secrets in one 0600 file, each sealed. Names: [a-z0-9._/-]{1,128}, e.g. "wireguard/hub". Thread: any.
class SealedStore {
 public:
  static Result<std::unique_ptr<SealedStore>> open(const std::filesystem::path& file, Sealer sealer);
  ~SealedStore();
  [[nodiscard]] Result<Secret> get(std::string_view name) const;  // not_found
  [[nodiscard]] bool contains(std::string_view name) const;
  Result<void> put(std::string_view name, const Secret& value);  // durable when it returns
  Result<void> remove(std::string_view name);                    // succeeds when it is not there
  [[nodiscard]] std::vector<std::string> names(std::string_view prefix = {}) const;

 private:
  SealedStore();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell::config
