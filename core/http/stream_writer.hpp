#pragma once

#include <memory>
#include <string>

#include "http/event_stream.hpp"
#include "http/socket.hpp"

namespace cell::http {

// The one thread that writes all event streams. Thread: any.
class StreamWriter {
 public:
  explicit StreamWriter(std::size_t max_queue_bytes);
  ~StreamWriter();  // closes all streams and joins
  // Takes the socket over; `head` (the rest of the response's head) is sent first.
  std::shared_ptr<EventStream> adopt(Descriptor socket, std::string head, std::function<void()> on_close);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cell::http
