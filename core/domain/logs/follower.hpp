#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "domain/logs/search.hpp"
#include "http/event_stream.hpp"

namespace cell::logs {

// Sends new lines of the log files to whoever follows them, as event `log` with an item of search(). One
// thread watches for all; it rests while nobody follows. Thread: any.
class Follower {
 public:
  explicit Follower(std::filesystem::path directory,
                    std::chrono::milliseconds interval = std::chrono::milliseconds{250});
  ~Follower();  // closes the streams

  // False when too many follow already. `tag` names whose stream it is (a session), for close_tagged(). Every
  // 15 s a stream whose `is_welcome` says no is closed; it is asked under the lock and must not call back.
  bool join(std::shared_ptr<http::EventStream> stream, Query query, std::string tag = {},
            std::function<bool()> is_welcome = {});
  // Whether one more may join.
  [[nodiscard]] bool has_room() const;
  void close_tagged(std::string_view tag);
  [[nodiscard]] std::size_t size() const;

 private:
  struct Member {
    std::shared_ptr<http::EventStream> stream;
    Query query;
    std::string tag;
    std::function<bool()> is_welcome;
  };
  void run(const std::stop_token& stop);
  void send(std::string_view line);
  void beat();

  std::filesystem::path directory_;
  std::chrono::milliseconds interval_;
  mutable std::mutex mutex_;  // guards the following
  std::condition_variable_any wake_;
  std::vector<Member> members_;
  std::jthread thread_;  // last: it uses the others
};

}  // namespace cell::logs
