#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

#include "base/json.hpp"
#include "base/unix_http.hpp"

namespace cell::engine {

// One engine's socket with the API version agreed on. Every answer above 399 becomes an error. Thread: any.
class Session {
 public:
  explicit Session(std::filesystem::path socket) : socket_(std::move(socket)) {}

  struct Call {
    std::string method = "GET";
    std::string path;   // below the version: "/containers/json?all=1"
    std::string doing;  // for the error: "cannot list the containers"
    Json body{};
    std::string archive{};  // a tar archive instead of `body`
    std::chrono::milliseconds limit{10'000};
  };

  Result<UnixHttpReply> send(const Call& call);
  // The answer's JSON; internal when it is none.
  Result<Json> get_json(const Call& call);
  // `limit` bounds the head, `idle` the silence between two pieces.
  Result<void> stream(const Call& call, std::chrono::milliseconds idle,
                      const std::function<bool(std::string_view)>& on_data);
  // The version in use, asked for with /_ping where it is not known.
  Result<std::string> version();

 private:
  Result<UnixHttpRequest> request_of(const Call& call);
  void forget_version_if_lost(const Error& error);

  std::filesystem::path socket_;
  std::mutex mutex_;
  std::string version_;
};

}  // namespace cell::engine
