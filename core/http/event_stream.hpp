#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cell::http {

// One Server-Sent Events client (WHATWG HTML §9.2). Written to by the stream thread only through a bounded
// queue; a client that does not keep up is dropped and resumes by Last-Event-ID. Thread: any.
class EventStream {
 public:
  virtual ~EventStream() = default;
  // `data` may have several lines. False: the client is gone or was dropped.
  virtual bool send(std::string_view event, std::string_view data, std::string_view id = {}) = 0;
  // As send(), for one event encoded once for many clients by encode_event().
  virtual bool send_encoded(std::shared_ptr<const std::string> text) = 0;
  // Sends what is queued and the client takes at once, then closes.
  virtual void close() = 0;
  [[nodiscard]] virtual bool open() const = 0;
};

// The bytes of one event; line breaks in `data` become several data lines, those in `event` and `id` are
// dropped.
std::string encode_event(std::string_view event, std::string_view data, std::string_view id = {});

}  // namespace cell::http
