#pragma once

#include <string>

#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

namespace cell::http::test {

// A client that sends bytes as they are and reads until the server closes, a text appears, or nothing comes
// for 10 s.
class RawClient {
 public:
  explicit RawClient(const std::string& address) {
    if (address.starts_with('/'))
      socket_.connect(Poco::Net::SocketAddress(Poco::Net::SocketAddress::UNIX_LOCAL, address));
    else
      socket_.connect(Poco::Net::SocketAddress(address));
    socket_.setReceiveTimeout(Poco::Timespan(10, 0));
  }
  void send(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();)
      at +=
          static_cast<std::size_t>(socket_.sendBytes(bytes.data() + at, static_cast<int>(bytes.size() - at)));
  }
  std::string read_until(const std::string& text) {
    char buffer[4096];
    while (received_.find(text) == std::string::npos) {
      const int count = receive(buffer, sizeof buffer);
      if (count <= 0) break;
      received_.append(buffer, static_cast<std::size_t>(count));
    }
    return received_;
  }
  std::string read_all() { return read_until("\x01never\x01"); }
  void forget() { received_.clear(); }
  void finish() { socket_.shutdownSend(); }
  Poco::Net::StreamSocket& socket() { return socket_; }

 private:
  int receive(char* buffer, int size) {
    try {
      return socket_.receiveBytes(buffer, size);
    } catch (const Poco::Exception&) {
      return -1;
    }
  }
  Poco::Net::StreamSocket socket_;
  std::string received_;
};

inline int status_of(const std::string& reply) {
  return reply.size() > 12 ? std::stoi(reply.substr(9, 3)) : 0;
}

}  // namespace cell::http::test
