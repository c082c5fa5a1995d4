#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "http/client.hpp"

namespace cell::store {

using Fetch = std::function<Result<http::ClientReply>(const http::ClientRequest&)>;

// Where a store's files lie: a folder of this machine or a web server.
class Shelf {
 public:
  // `location`: an absolute path, or https:// or http:// and what follows.
  static Result<Shelf> at(const std::string& location, Fetch fetch);

  [[nodiscard]] Result<std::string> read(const std::string& file, std::size_t max_bytes) const;
  struct Wanted {
    std::string file;
    std::size_t max_bytes = 0;
    std::string sha256;
  };
  // A file of this machine with the content; a web server's is put into `cache` once its hash is right. A
  // file of a folder is not looked at: it may change, so who reads it checks what it read.
  [[nodiscard]] Result<std::filesystem::path> bring(const Wanted& wanted, const std::filesystem::path& cache,
                                                    const std::function<void(double)>& advance) const;

 private:
  Shelf(std::string location, bool is_web, Fetch fetch)
      : location_(std::move(location)), is_web_(is_web), fetch_(std::move(fetch)) {}
  [[nodiscard]] Result<std::string> download(const std::string& file, std::size_t max_bytes,
                                             const std::function<void(double)>& advance) const;

  std::string location_;  // without a slash at the end
  bool is_web_;
  Fetch fetch_;
};

}  // namespace cell::store
