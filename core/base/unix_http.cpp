#include "base/unix_http.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// The exchange is made on a plain socket. Poco 1.11's HTTPClientSession was tried for it: its timeouts count
// from each read (a peer that drips a byte a second is waited for without end), a bad chunk size or a body
// cut short is a whole reply to it, and on a unix socket it needs Host and proxy settings worked around.
// Replies are read strictly here: every byte has to be there, by the deadline, or the call fails.
namespace cell {

namespace {

using Steady = std::chrono::steady_clock;
using Deadline = Steady::time_point;

constexpr std::size_t kMaxHead = 64 * 1024;  // an engine's reply head is below 1 KiB
constexpr std::size_t kReadSize = 64 * 1024;
constexpr std::size_t kMaxErrorBody = 256 * 1024;  // body of a refused stream, kept for its message
constexpr std::chrono::milliseconds kBusyPause{5};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

template <class Number>
bool parse_number(std::string_view text, Number& out, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

Error not_http(const std::filesystem::path& socket, std::string_view why) {
  return Error{Code::internal,
               "'" + socket.string() + "' answered something that is not HTTP: " + std::string(why),
               "check that the right program listens on this socket"};
}

// One connected socket; every call ends by the deadline given to it.
class Connection {
 public:
  explicit Connection(std::filesystem::path path) : path_(std::move(path)) {}
  ~Connection() {
    if (fd_ >= 0) ::close(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  Result<void> open(Deadline deadline) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string& name = path_.native();
    if (name.empty() || name.size() >= sizeof address.sun_path) {
      return Error{Code::invalid_argument, "'" + name + "' is too long for the path of a socket",
                   "choose a directory with a shorter path"};
    }
    std::memcpy(address.sun_path, name.data(), name.size());
    fd_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd_ < 0) return from_errno(errno, "cannot open a socket");
    // A full backlog answers EAGAIN at once on unix sockets, poll() can't wait for it.
    while (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      if (errno != EAGAIN && errno != EINTR) return unreachable(errno);
      if (Steady::now() >= deadline) return too_late("take the connection");
      std::this_thread::sleep_for(kBusyPause);
    }
    return {};
  }

  Result<void> send(std::string_view data, Deadline deadline) {
    while (!data.empty()) {
      const ssize_t sent = ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        data.remove_prefix(static_cast<std::size_t>(sent));
      } else if (sent < 0 && errno == EAGAIN) {
        CELL_TRY(wait(POLLOUT, deadline, "take the request"));
      } else if (sent < 0 && errno != EINTR) {
        return unreachable(errno);
      }
    }
    return {};
  }

  // Number of bytes; 0: the peer closed.
  Result<std::size_t> receive(char* into, std::size_t size, Deadline deadline) {
    for (;;) {
      const ssize_t got = ::recv(fd_, into, size, 0);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno == ECONNRESET) return std::size_t{0};
      if (errno == EAGAIN) {
        CELL_TRY(wait(POLLIN, deadline, "answer"));
      } else if (errno != EINTR) {
        return unreachable(errno);
      }
    }
  }

 private:
  Result<void> wait(short events, Deadline deadline, std::string_view what) {
    for (;;) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
      if (left <= 0) return too_late(what);
      pollfd entry{fd_, events, 0};
      const int ready = ::poll(&entry, 1, static_cast<int>(std::min<long long>(left, 60'000)));
      if (ready > 0) return {};
      if (ready < 0 && errno != EINTR) return unreachable(errno);
    }
  }

  [[nodiscard]] Error unreachable(int error_number) const {
    Error error = from_errno(error_number, "cannot reach '" + path_.string() + "'");
    if (error.code != Code::forbidden) error.code = Code::unavailable;
    return error;
  }

  [[nodiscard]] Error too_late(std::string_view what) const {
    return Error{Code::timeout, "'" + path_.string() + "' did not " + std::string(what) + " in time"};
  }

  std::filesystem::path path_;
  int fd_ = -1;
};

// Takes a reply apart as it comes in.
class ReplyReader {
 public:
  explicit ReplyReader(Connection& connection) : connection_(connection) {}

  Result<UnixHttpReply> head(Deadline deadline) {
    for (;;) {
      auto reply = CELL_TRY(one_head(deadline));
      if (reply.status >= 200 || reply.status == 101) {
        CELL_TRY(choose_framing(reply));
        return reply;
      }
    }
  }

  // The next bytes of the body, valid until the next call; empty: it is complete.
  Result<std::string_view> next(Deadline deadline) {
    consume(handed_out_);
    handed_out_ = 0;
    if (framing_ == Framing::chunked && left_ == 0 && !finished_) CELL_TRY(next_chunk(deadline));
    if (finished_ || (framing_ == Framing::length && left_ == 0)) return std::string_view{};
    if (used() == 0 && !CELL_TRY(fill(deadline))) {
      if (framing_ == Framing::until_close) return std::string_view{};
      return closed_midway();
    }
    handed_out_ = framing_ == Framing::until_close
                      ? used()
                      : static_cast<std::size_t>(std::min<std::uint64_t>(used(), left_));
    if (framing_ != Framing::until_close) left_ -= handed_out_;
    if (framing_ == Framing::chunked && left_ == 0) chunk_open_ = true;
    return std::string_view(buffer_).substr(start_, handed_out_);
  }

 private:
  enum class Framing { length, chunked, until_close };

  [[nodiscard]] std::size_t used() const { return buffer_.size() - start_; }

  void consume(std::size_t count) {
    start_ += count;
    if (start_ == buffer_.size()) {
      buffer_.clear();
      start_ = 0;
    }
  }

  Result<bool> fill(Deadline deadline) {
    if (start_ > 0) {
      buffer_.erase(0, start_);
      start_ = 0;
    }
    const std::size_t before = buffer_.size();
    buffer_.resize(before + kReadSize);
    auto got = connection_.receive(buffer_.data() + before, kReadSize, deadline);
    buffer_.resize(before + (got ? *got : 0));
    if (!got) return std::move(got).error();
    return *got > 0;
  }

  [[nodiscard]] Error closed_midway() const {
    return Error{Code::unavailable,
                 "'" + connection_.path().string() + "' closed the connection in the middle of its answer",
                 "try again"};
  }

  // One line without its end.
  Result<std::string> line(Deadline deadline) {
    for (;;) {
      const auto end = buffer_.find('\n', start_);
      if (end != std::string::npos) {
        std::string text(trimmed(std::string_view(buffer_).substr(start_, end - start_)));
        consume(end + 1 - start_);
        return text;
      }
      if (used() > kMaxHead) return not_http(connection_.path(), "a line has no end");
      const bool any = used() > 0 || seen_any_;
      if (!CELL_TRY(fill(deadline))) {
        if (!any)
          return Error{Code::unavailable,
                       "'" + connection_.path().string() + "' closed the connection without an answer",
                       "try again"};
        return closed_midway();
      }
      seen_any_ = true;
    }
  }

  Result<UnixHttpReply> one_head(Deadline deadline) {
    UnixHttpReply reply;
    const std::string status = CELL_TRY(line(deadline));
    if (status.size() < 12 || !status.starts_with("HTTP/1.") || status[8] != ' ' ||
        !parse_number(std::string_view(status).substr(9, 3), reply.status) || reply.status < 100) {
      return not_http(connection_.path(), "its first line is no status line");
    }
    std::size_t size = 0;
    for (;;) {
      const std::string text = CELL_TRY(line(deadline));
      if (text.empty()) return reply;
      size += text.size();
      const auto colon = text.find(':');
      if (colon == std::string::npos || colon == 0)
        return not_http(connection_.path(), "a header has no name");
      if (size > kMaxHead) return not_http(connection_.path(), "its head is too long");
      reply.headers[lower(text.substr(0, colon))] = trimmed(std::string_view(text).substr(colon + 1));
    }
  }

  Result<void> choose_framing(const UnixHttpReply& reply) {
    framing_ = Framing::until_close;
    if (reply.status == 101) return {};
    if (reply.status == 204 || reply.status == 304) {
      finished_ = true;
      return {};
    }
    if (const auto coding = reply.headers.find("transfer-encoding"); coding != reply.headers.end()) {
      if (lower(coding->second) != "chunked")
        return not_http(connection_.path(), "unknown transfer encoding");
      framing_ = Framing::chunked;
    } else if (const auto length = reply.headers.find("content-length"); length != reply.headers.end()) {
      if (!parse_number(std::string_view(length->second), left_))
        return not_http(connection_.path(), "bad length");
      framing_ = Framing::length;
    }
    return {};
  }

  Result<void> next_chunk(Deadline deadline) {
    if (chunk_open_ && !CELL_TRY(line(deadline)).empty())
      return not_http(connection_.path(), "a chunk has no end");
    chunk_open_ = false;
    const std::string size = CELL_TRY(line(deadline));
    const auto digits = trimmed(std::string_view(size).substr(0, size.find(';')));
    if (!parse_number(digits, left_, 16)) return not_http(connection_.path(), "bad chunk size");
    if (left_ > 0) return {};
    while (!CELL_TRY(line(deadline)).empty()) {
    }
    finished_ = true;
    return {};
  }

  Connection& connection_;
  std::string buffer_;
  std::size_t start_ = 0;
  std::size_t handed_out_ = 0;
  Framing framing_ = Framing::until_close;
  std::uint64_t left_ = 0;   // of the body or of the chunk
  bool chunk_open_ = false;  // the line end after a chunk's data has not been read
  bool finished_ = false;
  bool seen_any_ = false;
};

std::string request_text(const UnixHttpRequest& request) {
  std::string text = request.method + " " + request.target + " HTTP/1.1\r\n";
  if (!request.headers.contains("Host")) text += "Host: localhost\r\n";
  text += "Connection: close\r\n";
  for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
  if (!request.body.empty() || request.method == "POST" || request.method == "PUT" ||
      request.method == "PATCH") {
    text += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  }
  return text + "\r\n" + request.body;
}

bool has_line_break(std::string_view text) { return text.find_first_of("\r\n") != std::string_view::npos; }

Result<void> check(const UnixHttpRequest& request) {
  bool bad = request.target.empty() || request.target.front() != '/' || has_line_break(request.method) ||
             request.target.find_first_of("\r\n ") != std::string::npos;
  for (const auto& [name, value] : request.headers)
    bad = bad || has_line_break(name) || has_line_break(value);
  if (bad)
    return Error{Code::invalid_argument,
                 "the request's target or a header holds a character that may not be there"};
  return {};
}

// Sends the request; a peer that refuses early (413) closes its reading side first, its answer is still there
// to read.
Result<void> send_request(Connection& connection, const UnixHttpRequest& request, Deadline deadline) {
  CELL_TRY(check(request));
  CELL_TRY(connection.open(deadline));
  if (auto sent = connection.send(request_text(request), deadline);
      !sent && sent.error().code == Code::timeout) {
    return sent;
  }
  return {};
}

Result<std::string> read_body(ReplyReader& reader, std::size_t max_bytes, Deadline deadline,
                              const std::filesystem::path& socket) {
  std::string body;
  for (;;) {
    const std::string_view piece = CELL_TRY(reader.next(deadline));
    if (piece.empty()) return body;
    if (body.size() + piece.size() > max_bytes) {
      return Error{Code::too_large, "the answer of '" + socket.string() + "' is larger than " +
                                        std::to_string(max_bytes) + " bytes"};
    }
    body.append(piece);
  }
}

}  // namespace

Result<UnixHttpReply> unix_http(const UnixHttpRequest& request) {
  const Deadline deadline = Steady::now() + request.limit;
  Connection connection(request.socket);
  CELL_TRY(send_request(connection, request, deadline));
  ReplyReader reader(connection);
  auto reply = CELL_TRY(reader.head(deadline));
  if (request.method != "HEAD")
    reply.body = CELL_TRY(read_body(reader, request.max_reply, deadline, request.socket));
  return reply;
}

Result<UnixHttpReply> unix_http_stream(const UnixHttpRequest& request, std::chrono::milliseconds idle_limit,
                                       const std::function<bool(std::string_view)>& on_data) {
  const Deadline deadline = Steady::now() + request.limit;
  Connection connection(request.socket);
  CELL_TRY(send_request(connection, request, deadline));
  ReplyReader reader(connection);
  auto reply = CELL_TRY(reader.head(deadline));
  if (reply.status < 200 || reply.status > 299) {
    reply.body = CELL_TRY(read_body(reader, kMaxErrorBody, deadline, request.socket));
    return reply;
  }
  for (;;) {
    const std::string_view piece = CELL_TRY(reader.next(Steady::now() + idle_limit));
    if (piece.empty() || !on_data(piece)) return reply;
  }
}

}  // namespace cell
