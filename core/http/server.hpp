#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

namespace cell::http {

struct Limits {
  std::size_t max_head_bytes = 16 * 1024;  // request line and headers together
  std::size_t max_headers = 64;
  std::size_t max_uri_bytes = 8 * 1024;
  std::size_t max_body_bytes = 1024 * 1024;  // a route may ask for less or more, see body_limit
  std::chrono::milliseconds head_deadline{10'000};
  std::chrono::milliseconds body_deadline{30'000};
  std::chrono::milliseconds idle_timeout{75'000};
  std::size_t max_connections = 20'000;
  // IPv6 counts by /64. Event-stream tests and households behind one address stay below.
  std::size_t max_connections_per_address = 1'500;
  std::size_t max_buffered_bytes =
      64 * 1024 * 1024;  // of bodies that are still arriving, all connections together
  std::size_t stream_queue_bytes = 256 * 1024;
};

struct Listener {
  // "127.0.0.1:3000", "0.0.0.0:8081", "[::]:8081" or "unix:/…/celld.sock"
  std::string address;
  // Requests come from our own proxy: X-Forwarded-For/-Proto are believed. Only for the unix socket.
  bool trusted_proxy = false;
  mode_t unix_mode = 0660;
};

// HTTP/1.1 server: one thread accepts and parks sockets in epoll, a worker is lent only for a request that
// has arrived as a whole, one thread writes all event streams. So neither idle nor slow clients cost a
// thread. Every head passes a strict guard (RFC 9112 §2–7). Answers problem+json for what it refuses.
class Server {
 public:
  struct Options {
    std::vector<Listener> listeners;
    Limits limits;
    std::size_t workers = 0;  // 0: 4–16 by the number of processors
    // Largest body for a method and path; 0: limits.max_body_bytes.
    std::function<std::size_t(std::string_view method, std::string_view path)> body_limit{};
    log::Logger log;
  };
  // Binds at once; `unavailable` with the address and who may have it when it is taken.
  static Result<std::unique_ptr<Server>> start(Options options, Handler handler);
  ~Server();  // stops

  // Addresses as bound, e.g. the real port for "127.0.0.1:0", in the order of the listeners.
  [[nodiscard]] std::vector<std::string> addresses() const;
  void stop();

  struct Stats {
    std::size_t connections = 0;
    std::size_t streams = 0;
    std::uint64_t requests = 0;
    std::uint64_t refused = 0;
  };
  [[nodiscard]] Stats stats() const;

 private:
  Server();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell::http
