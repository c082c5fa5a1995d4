#include "http/connection.hpp"

#include <cerrno>

#include <Poco/Net/IPAddress.h>
#include <sys/socket.h>

#include "http/reply.hpp"

namespace cell::http {

namespace {

constexpr std::size_t kReceiveBytes = 64 * 1024;
constexpr std::size_t kKeptCapacity = 8 * 1024;
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::size_t limit_for(const Head& head, const Limits& limits,
                      const std::function<std::size_t(std::string_view, std::string_view)>& body_limit) {
  const std::size_t own = body_limit ? body_limit(head.method, head.path) : 0;
  return own == 0 ? limits.max_body_bytes : own;
}

Progress read_body(Connection& connection, Refusal& refusal) {
  if (connection.chunks) {
    if (auto refused = connection.chunks->feed(connection.in)) {
      refusal = std::move(*refused);
      return Progress::refused;
    }
    if (!connection.chunks->done()) return Progress::need_more;
    connection.body = connection.chunks->take();
    connection.chunks.reset();
    return Progress::complete;
  }
  if (connection.in.size() < connection.head.content_length) return Progress::need_more;
  if (connection.in.size() == connection.head.content_length) {
    connection.body = std::exchange(connection.in, {});
    return Progress::complete;
  }
  connection.body = connection.in.substr(0, connection.head.content_length);
  connection.in.erase(0, connection.head.content_length);
  return Progress::complete;
}

// RFC 9112 §2.2: empty lines before a request are skipped.
void skip_empty_lines(std::string& in) {
  std::size_t end = 0;
  while (std::string_view(in).substr(end).starts_with("\r\n")) end += 2;
  if (end > 0) in.erase(0, end);
}

// What only our proxy may say about the client.
void drop_forwarded(Headers& headers) {
  constexpr std::string_view kPrefix = "X-Forwarded-";
  const CaseInsensitiveLess less;
  auto it = headers.lower_bound(kPrefix);
  while (it != headers.end() && !less(kPrefix, std::string_view(it->first).substr(0, kPrefix.size())))
    it = headers.erase(it);
}

// Our proxy appends the client it saw; what stands before came from the client itself.
std::string last_forwarded(std::string_view header) {
  const auto comma = header.rfind(',');
  std::string_view last = comma == std::string_view::npos ? header : header.substr(comma + 1);
  while (!last.empty() && last.front() == ' ') last.remove_prefix(1);
  while (!last.empty() && last.back() == ' ') last.remove_suffix(1);
  Poco::Net::IPAddress address;
  return Poco::Net::IPAddress::tryParse(std::string(last), address) ? address.toString()
                                                                    : std::string("unknown");
}

bool is_sane_id(std::string_view id) {
  return id.size() >= 8 && id.size() <= 64 &&
         id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") ==
             std::string_view::npos;
}

}  // namespace

SendOutcome send_some(Connection& connection) {
  while (connection.sent < connection.out.size()) {
    const ssize_t count = ::send(connection.socket.get(), connection.out.data() + connection.sent,
                                 connection.out.size() - connection.sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN ? SendOutcome::blocked : SendOutcome::gone;
    connection.sent += static_cast<std::size_t>(count);
  }
  connection.out.clear();
  connection.sent = 0;
  return SendOutcome::done;
}

ReceiveOutcome receive_some(Connection& connection) {
  thread_local std::array<char, kReceiveBytes> buffer;
  const ssize_t count = ::recv(connection.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return ReceiveOutcome::empty;
  if (count <= 0) return ReceiveOutcome::closed;
  connection.in.append(buffer.data(), static_cast<std::size_t>(count));
  return count == static_cast<ssize_t>(buffer.size()) ? ReceiveOutcome::more : ReceiveOutcome::empty;
}

Progress advance_request(Connection& connection, const Limits& limits,
                         const std::function<std::size_t(std::string_view, std::string_view)>& body_limit,
                         SteadyPoint now, Refusal& refusal) {
  if (connection.phase == Connection::Phase::body) return read_body(connection, refusal);
  skip_empty_lines(connection.in);
  if (connection.in.empty()) return Progress::need_more;
  if (std::exchange(connection.waiting, false)) connection.deadline = now + limits.head_deadline;
  const auto end = connection.in.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (connection.in.size() <= limits.max_head_bytes && connection.in.find("\n\n") == std::string::npos)
      return Progress::need_more;
    const bool large = connection.in.size() > limits.max_head_bytes;
    refusal =
        large ? Refusal{431, "the request's head is too large"} : Refusal{400, "a line ends in a bare LF"};
    return Progress::refused;
  }
  auto read = read_head(std::string_view(connection.in).substr(0, end + 4), limits);
  connection.in.erase(0, end + 4);
  if (auto* refused = std::get_if<Refusal>(&read)) {
    refusal = std::move(*refused);
    return Progress::refused;
  }
  connection.head = std::move(std::get<Head>(read));
  const std::size_t limit = limit_for(connection.head, limits, body_limit);
  if (connection.head.content_length > limit) {
    refusal =
        Refusal{413, "the body is too large: at most " + std::to_string(limit) + " bytes are taken here"};
    return Progress::refused;
  }
  connection.body.clear();
  if (connection.head.chunked) connection.chunks.emplace(limit);
  connection.phase = Connection::Phase::body;
  connection.deadline = now + limits.body_deadline;
  const Progress progress = read_body(connection, refusal);
  if (progress == Progress::need_more && connection.head.expects_continue) {
    ::send(connection.socket.get(), kContinue.data(), kContinue.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  }
  return progress;
}

Request make_request(Connection& connection) {
  Request request;
  request.method = std::move(connection.head.method);
  request.path = std::move(connection.head.path);
  request.query = std::move(connection.head.query);
  request.headers = std::move(connection.head.headers);
  request.body = std::move(connection.body);
  request.remote_address = connection.remote_address;
  request.local = connection.loopback;
  if (connection.trusted_proxy) {
    request.remote_address = last_forwarded(request.header("X-Forwarded-For"));
    request.secure = request.header("X-Forwarded-Proto") == "https";
    if (is_sane_id(request.header("X-Request-Id"))) request.id = request.header("X-Request-Id");
  } else {
    drop_forwarded(request.headers);
  }
  if (request.id.empty()) request.id = new_request_id();
  return request;
}

void await_next(Connection& connection, SteadyPoint deadline) {
  for (std::string* buffer : {&connection.in, &connection.out, &connection.body}) {
    if (buffer->capacity() > kKeptCapacity && buffer->size() <= kKeptCapacity)
      std::string(*buffer).swap(*buffer);
  }
  connection.share.release();
  connection.waiting = true;
  connection.deadline = deadline;
}

}  // namespace cell::http
