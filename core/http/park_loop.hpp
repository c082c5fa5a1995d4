#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "http/connection.hpp"
#include "http/server.hpp"

namespace cell::http {

// Counts connections, in all and by address. Thread: any.
class ConnectionCounter {
 public:
  ConnectionCounter(std::size_t max_total, std::size_t max_per_address) : max_total_(max_total), max_per_address_(max_per_address) {}
  bool add(const std::string& address);  // false: over a limit, not counted
  void remove(const std::string& address);
  [[nodiscard]] std::size_t total() const;

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::size_t> by_address_;
  std::size_t total_ = 0;
  std::size_t max_total_;
  std::size_t max_per_address_;
};

// One thread that accepts, keeps idle and slow connections in epoll, reads requests until they are complete, and sends what
// a client takes slowly. Hands complete requests to `lend`; gets the connection back by give_back().
class ParkLoop {
 public:
  using Lend = std::function<void(std::shared_ptr<Connection>)>;
  ParkLoop(std::vector<Listener> listeners, std::vector<int> sockets, const Server::Options& options,
           ConnectionCounter& counter, std::atomic<std::uint64_t>& refused, Lend lend);
  ~ParkLoop();

  // The worker is done: `out` holds the answer's rest, if any. Thread: any.
  void give_back(std::shared_ptr<Connection> connection);
  // Takes the connection out of the loop for good, e.g. for an event stream; the socket moves to the caller. Thread: any.
  Descriptor release(const std::shared_ptr<Connection>& connection);
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell::http
