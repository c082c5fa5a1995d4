#pragma once

#include <gmock/gmock.h>

#include "http/broadcaster.hpp"
#include "http/server.hpp"
#include "unit/http/client.hpp"

namespace cell::http {

struct HttpServer : testing::Test {
  std::unique_ptr<log::Logs> logs = log::Logs::null();
  Broadcaster broadcaster{10};
  std::unique_ptr<Server> server;
  std::function<std::size_t(std::string_view, std::string_view)> body_limit;

  Response handle(const Request& request) {
    if (request.path == "/throw") throw std::runtime_error("broken");
    if (request.path == "/large") return Response::text(std::string(4'000'000, 'x'));
    if (request.path == "/forwarded") return Response::text(std::string(request.header("X-Forwarded-For")));
    if (request.path == "/broken-events") {
      Response response = Response::text("", "text/event-stream");
      response.stream = [](const std::shared_ptr<EventStream>&) { throw std::runtime_error("broken"); };
      return response;
    }
    if (request.path == "/events") {
      Response response = Response::text("", "text/event-stream");
      response.stream =
          [this, last = std::string(request.header("Last-Event-ID"))](std::shared_ptr<EventStream> stream) {
            broadcaster.join(std::move(stream), last);
          };
      return response;
    }
    return Response::json({{"method", request.method},
                           {"path", request.path},
                           {"body", request.body},
                           {"from", request.remote_address},
                           {"local", request.local},
                           {"secure", request.secure}});
  }
  void start(Limits limits = {}, std::vector<Listener> listeners = {{.address = "127.0.0.1:0"}}) {
    auto started = Server::start({.listeners = std::move(listeners),
                                  .limits = limits,
                                  .workers = 2,
                                  .body_limit = body_limit,
                                  .log = logs->logger("http")},
                                 [this](const Request& request) { return handle(request); });
    ASSERT_TRUE(started) << started.error().message;
    server = std::move(started).value();
  }
  test::RawClient client(std::size_t listener = 0) {
    return test::RawClient(server->addresses().at(listener));
  }
  // A client whose event stream has begun.
  test::RawClient subscriber() {
    const std::size_t joined = broadcaster.size();
    test::RawClient socket = client();
    socket.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
    socket.read_until("\r\n\r\n");
    while (broadcaster.size() == joined) std::this_thread::yield();
    return socket;
  }
};

}  // namespace cell::http
