#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

// A server on a unix socket that answers each connection with whatever bytes the test says, right or wrong.
class FakeEngineSocket {
 public:
  // Given the request's text and the connection; closing is done after it returns.
  using Answer = std::function<void(const std::string& request, int connection)>;

  explicit FakeEngineSocket(Answer answer) : answer_(std::move(answer)) {
    char pattern[] = "/tmp/cell-test-XXXXXX";
    directory_ = ::mkdtemp(pattern);
    path_ = directory_ / "engine.sock";
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.native().size());
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 16) != 0)
      std::abort();
    thread_ = std::thread([this] { serve(); });
  }

  ~FakeEngineSocket() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    released_.notify_all();
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    std::filesystem::remove_all(directory_);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  [[nodiscard]] std::vector<std::string> requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  // Keeps a connection open without a word until the test is over.
  void hang() {
    std::unique_lock lock(mutex_);
    released_.wait(lock, [this] { return stopping_; });
  }

  // False once the test is over or the client is gone.
  bool write(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    const std::lock_guard lock(mutex_);
    return !stopping_;
  }

  static std::string reply(int status, std::string_view body, std::string_view headers = {}) {
    return "HTTP/1.1 " + std::to_string(status) + " Some Reason\r\nApi-Version: 1.41\r\n" +
           std::string(headers) + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
           std::string(body);
  }

 private:
  static std::string read_request(int connection) {
    std::string text;
    char buffer[4096];
    std::size_t expected = std::string::npos;
    while (text.size() < expected) {
      const ssize_t got = ::recv(connection, buffer, sizeof buffer, 0);
      if (got <= 0) return text;
      text.append(buffer, static_cast<std::size_t>(got));
      const auto end = text.find("\r\n\r\n");
      if (end == std::string::npos) continue;
      const auto length = text.find("Content-Length: ");
      expected =
          end + 4 + (length == std::string::npos ? 0 : std::strtoul(text.c_str() + length + 16, nullptr, 10));
    }
    return text;
  }

  void serve() {
    std::vector<std::thread> connections;
    for (;;) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) break;
      connections.emplace_back([this, connection] {
        const std::string request = read_request(connection);
        {
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
        }
        answer_(request, connection);
        ::close(connection);
      });
    }
    for (auto& connection : connections) connection.join();
  }

  Answer answer_;
  std::filesystem::path directory_;
  std::filesystem::path path_;
  int listener_ = -1;
  mutable std::mutex mutex_;
  std::condition_variable released_;
  bool stopping_ = false;
  std::vector<std::string> requests_;
  std::thread thread_;
};
