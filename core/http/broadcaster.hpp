#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/event_stream.hpp"

namespace cell::http {

// Sends each event to all joined streams of its audience, encodes it once, and keeps the last `history` for
// clients that resume. An audience is any text: streams and events of the same one belong together. Ids rise
// by one from a random start per process; a client whose Last-Event-ID is not in the history any more (or
// from another process) gets one `resync` event. Thread: any.
class Broadcaster {
 public:
  explicit Broadcaster(std::size_t history = 1000);
  ~Broadcaster();
  // `tag` names whose stream it is (a session), for close_tagged(). With each heartbeat a stream whose
  // `is_welcome` says no is closed; it is asked under the lock and must not call back.
  void join(std::shared_ptr<EventStream> stream, std::string_view last_event_id, std::string tag = {},
            std::string audience = {}, std::function<bool()> is_welcome = {});
  void publish(std::string_view event, std::string_view data, std::string_view audience = {});
  void close_tagged(std::string_view tag);
  // Closes who is not welcome any more and sends a comment to every other stream; call it about every 15 s.
  void heartbeat();
  [[nodiscard]] std::size_t size() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell::http
