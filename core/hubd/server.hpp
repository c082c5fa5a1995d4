#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/result.hpp"
#include "hub/frame.hpp"

namespace cell::hubd {

// The agent's socket: a poll loop in one thread. Requests are answered one after the other; a connection that
// is slow to send or to read costs nothing but its place. Only root may connect (mode 0600).
class Server {
 public:
  using Answer = std::function<std::string(std::string_view request)>;
  using Hook = std::function<void()>;

  struct Hooks {
    Answer answer;
    Hook after_answers;  // when every answer of a round is written
    Hook tick;           // about once a second, and after a child ended
  };

  static Result<std::unique_ptr<Server>> open(const std::filesystem::path& path, Hooks hooks);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Until SIGTERM or SIGINT. Precondition: block_signals() was called before any thread began.
  Result<void> run();
  static void block_signals();

 private:
  struct Connection {
    hub::FrameReader reader;
    std::string output;
    std::chrono::steady_clock::time_point last_progress;
  };

  Server(std::filesystem::path path, Hooks hooks) : path_(std::move(path)), hooks_(std::move(hooks)) {}
  Result<void> listen();
  void accept_all();
  bool read_from(int descriptor, Connection& connection);
  static bool write_to(int descriptor, Connection& connection);
  bool answer_frames(Connection& connection);
  void serve(int descriptor, short events);
  void drop_idle();
  void close_connection(int descriptor);
  bool take_signals();

  std::filesystem::path path_;
  Hooks hooks_;
  int listener_ = -1;
  int signals_ = -1;
  std::map<int, Connection> connections_;
};

}  // namespace cell::hubd
