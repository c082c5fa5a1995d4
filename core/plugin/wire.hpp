#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

// What celld and cell-plugin-host say to each other over a socket pair. Both come from one build, so there
// are no versions. Needs nothing but the standard library.
namespace cell::plugin::wire {

enum class Kind : std::uint32_t {
  // host → plugin; each is answered by `result` with the same id
  plan = 1,    // first: config
  handle = 2,  // first: request, second: body
  notify = 3,  // first: event
  close = 4,
  reply = 5,  // to `call`, by its id; status: CELL_OK or CELL_FAILED; first: document
  // plugin → host
  ready = 6,   // after open; as `result`
  result = 7,  // status, outcome; first, second
  log = 8,     // status: level; first: message, second: fields
  call = 9,    // first: method, second: request
};

struct Head {
  Kind kind = Kind::result;
  std::uint32_t outcome = 0;
  std::int32_t status = 0;
  std::uint32_t first = 0;  // bytes
  std::uint32_t second = 0;
  std::uint32_t reserved = 0;
  std::uint64_t id = 0;
};
static_assert(sizeof(Head) == 32);

struct Frame {
  Head head;
  std::string first;
  std::string second;
};

// The most that either part of a frame may have: a body of 16 MiB.
inline constexpr std::size_t kMaxPart = 16UL * 1024 * 1024;

using Deadline = std::chrono::steady_clock::time_point;

// Takes frames out of a socket. One thread at a time.
class Reader {
 public:
  explicit Reader(int fd) : fd_(fd) {}
  // Blocks until a whole frame is here. False: the other side is gone, the deadline has passed, or it says
  // what makes no sense.
  bool next(Frame& frame);
  // For all frames that follow, however slowly their bytes come.
  void set_deadline(Deadline deadline) { deadline_ = deadline; }

 private:
  bool fill();
  bool take(char* to, std::size_t length);
  bool take_part(std::string& part, std::size_t length);

  int fd_;
  Deadline deadline_ = Deadline::max();
  std::array<char, 16384> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

// Writes a whole frame; head.first and head.second are filled in. False: the other side is gone, or did not
// take it by the deadline, after which the socket is of no more use. One thread at a time.
bool write_frame(int fd, Head head, std::string_view first, std::string_view second,
                 Deadline deadline = Deadline::max());

}  // namespace cell::plugin::wire
