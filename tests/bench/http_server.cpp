// The HTTP adapter by itself, for measuring: http_server PORT [WORKERS]
//   GET  /resource  JSON of 217 bytes for a caller with the session cookie `cell_session=bench`, otherwise
//   401 GET  /events    an event stream;  POST /events  sends its body to all of them
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include "http/broadcaster.hpp"
#include "http/server.hpp"

namespace {

using namespace cell;

const std::string& note() {
  static const std::string text(93, 'n');
  return text;
}

http::Response answer(const http::Request& request, http::Broadcaster& broadcaster) {
  if (request.cookie("cell_session") != "bench") return http::Response::empty(401);
  if (request.path == "/resource") {
    return http::Response::json({{"id", "0c5e2f9a7b"},
                                 {"name", "laptop"},
                                 {"enabled", true},
                                 {"ipv4", "10.13.13.2"},
                                 {"ipv6", "fd00:13::2"},
                                 {"online", false},
                                 {"revision", 41},
                                 {"note", note()}});
  }
  if (request.path != "/events") return http::Response::empty(404);
  if (request.method == "POST") {
    broadcaster.publish("bench", request.body);
    return http::Response::empty();
  }
  http::Response response = http::Response::text("", "text/event-stream");
  response.stream = [&broadcaster](std::shared_ptr<http::EventStream> stream) {
    broadcaster.join(std::move(stream), {});
  };
  return response;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: http_server PORT [WORKERS]\n", stderr);
    return 2;
  }
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  const auto logs = log::Logs::null();
  http::Broadcaster broadcaster;
  http::Limits limits;
  limits.max_connections_per_address = limits.max_connections;  // the load comes from one machine
  auto server =
      http::Server::start({.listeners = {{.address = std::string("127.0.0.1:") + argv[1]}},
                           .limits = limits,
                           .workers = argc > 2 ? static_cast<std::size_t>(std::atoi(argv[2])) : 0,
                           .log = logs->logger("http")},
                          [&](const http::Request& request) { return answer(request, broadcaster); });
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    return 1;
  }
  std::puts((*server)->addresses().front().c_str());
  std::fflush(stdout);
  int received = 0;
  sigwait(&signals, &received);
  return 0;
}
