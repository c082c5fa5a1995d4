#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "http/buffer_budget.hpp"
#include "http/chunked.hpp"
#include "http/guard.hpp"
#include "http/socket.hpp"

namespace cell::http {

// One client's connection. Belongs to the park loop, except while `phase` is `lent`: then to one worker.
// Whoever hands it on writes `phase` last.
struct Connection {
  enum class Phase { head, body, lent, writing, draining };

  Connection(Descriptor descriptor, BufferBudget& budget) : socket(std::move(descriptor)), share(budget) {}

  Descriptor socket;
  std::string remote_address;
  std::string source;  // for ConnectionCounter
  bool loopback = false;
  bool trusted_proxy = false;

  std::atomic<Phase> phase = Phase::head;
  std::string in;   // received and not used yet
  std::string out;  // to be sent
  std::size_t sent = 0;
  SteadyPoint deadline{};  // of the phase
  bool waiting = true;     // no byte of the next request came yet
  bool close_after = false;
  bool peer_closed = false;

  Head head;
  std::string body;
  std::optional<ChunkedDecoder> chunks;
  BufferShare share;

  // Bytes of the request that is arriving.
  [[nodiscard]] std::size_t buffered_bytes() const { return in.size() + (chunks ? chunks->size() : 0); }
};

enum class SendOutcome { done, blocked, gone };
// Sends what the socket takes of `out` without waiting.
SendOutcome send_some(Connection& connection);

enum class ReceiveOutcome { more, empty, closed };
// Receives once without waiting; `more` says that there may be another piece.
ReceiveOutcome receive_some(Connection& connection);

enum class Progress { need_more, complete, refused };
// Goes on with the request from what was received: head, then body. `refused` fills `refusal`. Pure but for
// `connection`.
Progress advance_request(Connection& connection, const Limits& limits,
                         const std::function<std::size_t(std::string_view, std::string_view)>& body_limit,
                         SteadyPoint now, Refusal& refusal);

// The request that is complete, as handlers see it.
Request make_request(Connection& connection);

// Makes it ready for the next request: an idle connection keeps no large buffers.
void await_next(Connection& connection, SteadyPoint deadline);

}  // namespace cell::http
