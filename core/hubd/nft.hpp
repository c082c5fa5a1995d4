#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"

struct nft_ctx;

namespace cell::hubd {

// libnftables in this process: no fork, and the kernel's answer instead of a program's text. One thread.
class Nft {
 public:
  static Result<std::unique_ptr<Nft>> open();
  ~Nft();
  Nft(const Nft&) = delete;
  Nft& operator=(const Nft&) = delete;

  // Runs a script as one transaction: all of it or, with an error, nothing.
  Result<void> run(const std::string& script);

 private:
  explicit Nft(nft_ctx* context) : context_(context) {}
  nft_ctx* context_;
};

}  // namespace cell::hubd
