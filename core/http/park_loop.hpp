#pragma once

#include <memory>
#include <string>
#include <vector>

#include "http/connection.hpp"
#include "http/connection_counter.hpp"
#include "http/server.hpp"

namespace cell::http {

// One thread that accepts, keeps idle and slow connections in epoll, reads requests until they are complete,
// and sends what a client takes slowly. Hands complete requests to `lend`, several at once; gets each
// connection back by rearm() or give_back().
class ParkLoop {
 public:
  using Batch = std::vector<std::shared_ptr<Connection>>;
  using Lend = std::function<void(Batch& complete)>;  // moves them out; called on the loop's thread
  ParkLoop(std::vector<Listener> listeners, std::vector<int> sockets, const Server::Options& options,
           ConnectionCounter& counter, BufferBudget& budget, std::atomic<std::uint64_t>& refused, Lend lend);
  ~ParkLoop();

  // The answer is sent and nothing of the next request is there: waits for it. Does not wake the loop.
  // Thread: any.
  void rearm(Connection& connection);
  // The worker is done, but there is more to do at once: a rest of `out`, a pipelined request, a close.
  // Thread: any.
  void give_back(std::shared_ptr<Connection> connection);
  // Takes the connection out of the loop for good, e.g. for an event stream. The socket moves to the caller;
  // an invalid one (no descriptor was free) leaves the connection with the worker. Thread: any.
  Descriptor release(const std::shared_ptr<Connection>& connection);
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell::http
