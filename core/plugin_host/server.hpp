#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "plugin/border.hpp"
#include "plugin/wire.hpp"

namespace cell::plugin_host {

// Answers celld's frames by calling the plugin. Threads take turns in reading: the one that has a request
// lets the next one read and calls the plugin itself, so that a request is handed over to nobody. There is
// always one that reads, since a plugin may wait for the answer of the host. The kinds of calls are kept
// apart by celld, which knows the thread tags.
class Server {
 public:
  explicit Server(int socket);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Opens the plugin and serves until celld closes it or is gone. Answers the process's exit code.
  int run(cell_plugin_open_function open);
  // Instead of run(), when the library cannot be loaded.
  void fail(const std::string& why);

 private:
  struct Waiting {
    bool is_here = false;
    bool ok = false;
    std::string document;
  };

  static void on_log(void* context, std::int32_t level, cell_bytes message, cell_bytes fields);
  static cell_status on_call(void* context, cell_bytes method, cell_bytes request, const cell_sink* reply);

  void work();
  bool next_request(plugin::wire::Frame& frame);
  bool pass_on(plugin::wire::Frame& frame);
  void deliver(plugin::wire::Frame& frame);
  void answer(const plugin::wire::Frame& frame);
  void send(plugin::wire::Kind kind, std::uint64_t id, const plugin::CallResult& result);
  void add_thread();
  cell_status call_host(cell_bytes method, cell_bytes request, const cell_sink* reply);

  const int socket_;
  plugin::Border border_;
  cell_host host_{};
  plugin::wire::Reader reader_;
  std::mutex read_mutex_;   // whoever holds it uses reader_
  std::mutex write_mutex_;  // one frame at a time
  std::mutex mutex_;        // everything below
  std::condition_variable replied_;
  std::map<std::uint64_t, Waiting> waiting_;
  std::deque<plugin::wire::Frame> queue_;
  std::uint64_t next_call_ = 1;
  int threads_ = 1;
  int idle_ = 0;  // threads that wait for their turn to read
};

}  // namespace cell::plugin_host
