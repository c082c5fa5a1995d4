#include "hub/client.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hub/frame.hpp"
#include "hub/protocol.hpp"

namespace cell::hub {
namespace {

using Deadline = std::chrono::steady_clock::time_point;

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Socket& operator=(Socket&&) = delete;
  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Error not_there(int error_number) {
  return {Code::unavailable, std::string("the hub's agent does not answer: ") + std::strerror(error_number),
          "see the log of the WireGuard container"};
}

Result<Socket> open_socket(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof(address.sun_path)) {
    return Error{Code::invalid_argument, "the path of the hub's socket is too long",
                 "use a shorter CELL_DIR"};
  }
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return from_errno(errno, "cannot open a socket");
  // A unix socket connects at once or, with a full backlog, fails with EAGAIN; both need no wait.
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0)
    return not_there(errno);
  return socket;
}

Result<void> wait_for(const Socket& socket, short events, Deadline deadline) {
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) break;
    pollfd entry{socket.get(), events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(left.count()));
    if (ready > 0) return {};
    if (ready < 0 && errno != EINTR) return from_errno(errno, "cannot wait for the hub");
  }
  return Error{Code::timeout, "the hub's agent did not answer in time",
               "see the log of the WireGuard container"};
}

Result<void> send_all(const Socket& socket, std::string_view bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) return not_there(errno);
    CELL_TRY(wait_for(socket, POLLOUT, deadline));
  }
  return {};
}

Result<std::string> receive_frame(const Socket& socket, Deadline deadline) {
  FrameReader reader;
  std::vector<char> piece(64 * 1024);
  for (;;) {
    if (auto frame = CELL_TRY(reader.next())) return std::move(*frame);
    CELL_TRY(wait_for(socket, POLLIN, deadline));
    const auto received = ::recv(socket.get(), piece.data(), piece.size(), 0);
    if (received > 0) reader.append({piece.data(), static_cast<std::size_t>(received)});
    if (received == 0) return not_there(ECONNRESET);
    if (received < 0 && errno != EAGAIN && errno != EINTR) return not_there(errno);
  }
}

class SocketHub final : public Hub {
 public:
  SocketHub(std::filesystem::path path, std::chrono::milliseconds limit)
      : path_(std::move(path)), limit_(limit) {}

  Result<Status> status() override {
    const auto result = CELL_TRY(call(StatusRequest{}));
    return status_from_json(result);
  }

  Result<ApplyReport> apply(const Document& document) override {
    const auto result = CELL_TRY(call(ApplyRequest{document}));
    return report_from_json(result);
  }

  Result<ApplyReport> change_peers(const std::string& base_hash, const std::vector<Peer>& upsert,
                                   const std::vector<std::string>& remove_keys) override {
    const auto result = CELL_TRY(call(ChangePeersRequest{base_hash, upsert, remove_keys}));
    return report_from_json(result);
  }

 private:
  [[nodiscard]] Result<Json> call(const Request& request) const {
    const auto answer = CELL_TRY(call_hub(path_, dump_json(to_json(request)), limit_));
    return result_from_text(answer);
  }

  std::filesystem::path path_;
  std::chrono::milliseconds limit_;
};

}  // namespace

Result<std::string> call_hub(const std::filesystem::path& socket, std::string_view request,
                             std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  const auto frame = CELL_TRY(encode_frame(request));
  const auto connection = CELL_TRY(open_socket(socket));
  CELL_TRY(send_all(connection, frame, deadline));
  return receive_frame(connection, deadline);
}

std::unique_ptr<Hub> connect_hub(const std::filesystem::path& socket, std::chrono::milliseconds limit) {
  return std::make_unique<SocketHub>(socket, limit);
}

}  // namespace cell::hub
