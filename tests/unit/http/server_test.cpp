#include "http/server.hpp"

#include <gmock/gmock.h>

#include <future>

#include "http/broadcaster.hpp"
#include "unit/http/cases.hpp"
#include "unit/http/client.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::http {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using test::RawClient;

struct Fixture : testing::Test {
  std::unique_ptr<log::Logs> logs = log::Logs::null();
  Broadcaster broadcaster{10};
  std::unique_ptr<Server> server;

  Response handle(const Request& request) {
    if (request.path == "/throw") throw std::runtime_error("broken");
    if (request.path == "/large") return Response::text(std::string(4'000'000, 'x'));
    if (request.path == "/events") {
      Response response = Response::text("", "text/event-stream");
      response.stream = [this, last = std::string(request.header("Last-Event-ID"))](std::shared_ptr<EventStream> stream) {
        broadcaster.join(std::move(stream), last);
      };
      return response;
    }
    return Response::json({{"method", request.method}, {"path", request.path}, {"body", request.body}, {"from", request.remote_address},
                           {"local", request.local}, {"secure", request.secure}});
  }
  void start(Limits limits = {}, std::vector<Listener> listeners = {{.address = "127.0.0.1:0"}}) {
    auto started = Server::start({.listeners = std::move(listeners), .limits = limits, .workers = 2, .log = logs->logger("http")},
                                 [this](const Request& request) { return handle(request); });
    ASSERT_TRUE(started) << started.error().message;
    server = std::move(started).value();
  }
  RawClient client(std::size_t listener = 0) { return RawClient(server->addresses().at(listener)); }
};
using HttpServer = Fixture;

TEST_F(HttpServer, JudgesEveryRawCaseAsTheGuardDoes) {
  start();
  for (const auto& raw : test::raw_cases()) {
    RawClient socket = client();
    socket.send(raw.raw);
    socket.finish();
    const std::string reply = socket.read_all();

    EXPECT_EQ(test::status_of(reply), raw.status == 0 ? 200 : raw.status) << raw.name;
    EXPECT_THAT(reply, HasSubstr("X-Content-Type-Options: nosniff")) << raw.name;
    EXPECT_THAT(reply, HasSubstr(raw.status == 0 ? "application/json" : "application/problem+json")) << raw.name;
  }
}

TEST_F(HttpServer, AnswersPipelinedRequestsInOrder) {
  start();
  RawClient socket = client();

  socket.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  const std::string replies = socket.read_all();
  EXPECT_LT(replies.find("\"/1\""), replies.find("\"/2\""));
  EXPECT_LT(replies.find("\"/2\""), replies.find("\"/3\""));
  EXPECT_THAT(replies, HasSubstr(R"("body":"hi")"));
}

TEST_F(HttpServer, TakesARequestThatComesByteByByte) {
  start();
  RawClient socket = client();
  for (const char c : std::string("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")) {
    socket.send(std::string(1, c));
  }

  EXPECT_THAT(socket.read_until("}"), HasSubstr(R"("body":"ok")"));
}

TEST_F(HttpServer, SendsNoBodyForHead) {
  start();
  RawClient socket = client();
  socket.send("HEAD /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  const std::string reply = socket.read_all();

  EXPECT_THAT(reply, HasSubstr("Content-Length: "));
  EXPECT_TRUE(reply.ends_with("\r\n\r\n"));
}

TEST_F(HttpServer, AnswersExpectContinueBeforeTheBody) {
  start();
  RawClient socket = client();
  socket.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(socket.read_until("\r\n\r\n"), HasSubstr("100 Continue"));

  socket.send("ok");

  EXPECT_THAT(socket.read_until("}"), HasSubstr(R"("body":"ok")"));
}

TEST_F(HttpServer, AHandlerThatThrowsIsA500AndTheServerGoesOn) {
  start();
  RawClient socket = client();
  socket.send("GET /throw HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(test::status_of(socket.read_until("}")), 500);
  socket.forget();

  socket.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");

  EXPECT_EQ(test::status_of(socket.read_until("}")), 200);
}

TEST_F(HttpServer, SlowHeadsAndBodiesHoldUpNobodyAndEndAtTheirDeadline) {
  start({.head_deadline = milliseconds{600}, .body_deadline = milliseconds{600}});
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 50; ++i) {
    slow.push_back(std::make_unique<RawClient>(server->addresses().front()));
    slow.back()->send(i % 2 == 0 ? "GET / HT" : "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx");
  }
  RawClient quick = client();
  quick.send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  EXPECT_EQ(test::status_of(quick.read_all()), 200);
  for (auto& socket : slow) EXPECT_EQ(test::status_of(socket->read_all()), 408);
}

TEST_F(HttpServer, AClientThatReadsSlowlyGetsAllAndHoldsUpNobody) {
  start();
  RawClient slow = client();
  slow.send("GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  for (int i = 0; i < 5; ++i) {
    RawClient quick = client();
    quick.send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(test::status_of(quick.read_all()), 200);
  }

  EXPECT_GT(slow.read_all().size(), 4'000'000U);
}

TEST_F(HttpServer, CapsConnectionsOfOneAddress) {
  start({.max_connections_per_address = 2});
  RawClient first = client();
  RawClient second = client();
  first.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_EQ(test::status_of(first.read_until("}")), 200);
  second.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_EQ(test::status_of(second.read_until("}")), 200);

  RawClient third = client();

  EXPECT_EQ(third.read_all(), "");
  EXPECT_EQ(server->stats().refused, 1U);
}

TEST_F(HttpServer, BelievesForwardedHeadersOnlyFromTheProxysSocket) {
  const cell::test::TemporaryDirectory directory;
  start({}, {{.address = "127.0.0.1:0"}, {.address = "unix:" + (directory.path() / "s").string(), .trusted_proxy = true}});
  const std::string request = "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: 6.6.6.6, 192.0.2.9\r\nX-Forwarded-Proto: https\r\n\r\n";
  RawClient direct = client(0);
  direct.send(request);
  RawClient proxied = client(1);
  proxied.send(request);

  EXPECT_THAT(direct.read_all(), HasSubstr(R"("from":"127.0.0.1","local":true,"method":"GET","path":"/x","secure":false)"));
  EXPECT_THAT(proxied.read_all(), HasSubstr(R"("from":"192.0.2.9","local":false,"method":"GET","path":"/x","secure":true)"));
}

TEST_F(HttpServer, SaysWhoseAddressIsTaken) {
  start();

  const auto second = Server::start({.listeners = {{.address = server->addresses().front()}}, .log = logs->logger("http")},
                                    [](const Request&) { return Response::empty(); });

  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("already in use"));
}

TEST_F(HttpServer, StreamsEventsAndResumesFromTheLastOneSeen) {
  start();
  RawClient socket = client();
  socket.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_THAT(socket.read_until("\r\n\r\n"), HasSubstr("text/event-stream"));
  while (broadcaster.size() == 0) std::this_thread::yield();
  broadcaster.publish("peer.changed", "{\"id\":1}");
  const std::string seen = socket.read_until("\n\n");
  EXPECT_THAT(seen, HasSubstr("event: peer.changed\ndata: {\"id\":1}\n\n"));
  const auto id_at = seen.find("id: ") + 4;
  const std::string id = seen.substr(id_at, seen.find('\n', id_at) - id_at);
  broadcaster.publish("peer.changed", "{\"id\":2}");

  RawClient again = client();
  again.send("GET /events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: " + id + "\r\n\r\n");
  RawClient stranger = client();
  stranger.send("GET /events HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 5\r\n\r\n");

  const std::string resumed = again.read_until("{\"id\":2}");
  EXPECT_THAT(resumed, HasSubstr("{\"id\":2}"));
  EXPECT_THAT(resumed, testing::Not(HasSubstr("{\"id\":1}")));
  EXPECT_THAT(stranger.read_until("resync"), HasSubstr("event: resync"));
}

TEST_F(HttpServer, DropsAStreamThatDoesNotKeepUp) {
  start({.stream_queue_bytes = 100'000});
  RawClient socket = client();
  socket.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
  socket.read_until("\r\n\r\n");
  while (broadcaster.size() == 0) std::this_thread::yield();
  const std::string data(50'000, 'x');

  for (int i = 0; i < 1000 && broadcaster.size() > 0; ++i) broadcaster.publish("e", data);

  EXPECT_EQ(broadcaster.size(), 0U);
}

TEST(EncodeEvent, KeepsItsShapeWhateverTheText) {
  EXPECT_EQ(encode_event("a\nb", "one\ntwo\r\nid: 7", "1\r2"), "id: 12\nevent: ab\ndata: one\ndata: two\ndata: id: 7\n\n");
}

}  // namespace
}  // namespace cell::http
