#include "http/server.hpp"

#include <gmock/gmock.h>

#include "unit/http/cases.hpp"
#include "unit/http/fixture.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::http {
namespace {

using test::RawClient;
using testing::HasSubstr;

TEST_F(HttpServer, JudgesEveryRawCaseAsTheGuardDoes) {
  start();
  for (const auto& raw : test::raw_cases()) {
    RawClient socket = client();
    socket.send(raw.raw);
    socket.finish();
    const std::string reply = socket.read_all();

    EXPECT_EQ(test::status_of(reply), raw.status == 0 ? 200 : raw.status) << raw.name;
    EXPECT_THAT(reply, HasSubstr("X-Content-Type-Options: nosniff")) << raw.name;
    EXPECT_THAT(reply, HasSubstr(raw.status == 0 ? "application/json" : "application/problem+json"))
        << raw.name;
  }
}

TEST_F(HttpServer, AnswersPipelinedRequestsInOrder) {
  start();
  RawClient socket = client();

  socket.send(
      "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /3 "
      "HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  const std::string replies = socket.read_all();
  EXPECT_LT(replies.find("\"/1\""), replies.find("\"/2\""));
  EXPECT_LT(replies.find("\"/2\""), replies.find("\"/3\""));
  EXPECT_THAT(replies, HasSubstr(R"("body":"hi")"));
}

TEST_F(HttpServer, TakesARequestThatComesByteByByte) {
  start();
  RawClient socket = client();
  for (const char c :
       std::string("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")) {
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

TEST_F(HttpServer, HidesForwardedHeadersThatTheClientMadeUp) {
  start();
  RawClient socket = client();
  socket.send("GET /forwarded HTTP/1.1\r\nHost: a\r\nConnection: close\r\nx-forwarded-for: 6.6.6.6\r\n\r\n");

  EXPECT_THAT(socket.read_all(), HasSubstr("Content-Length: 0\r\n"));
}

TEST_F(HttpServer, BelievesForwardedHeadersOnlyFromTheProxysSocket) {
  const cell::test::TemporaryDirectory directory;
  start({}, {{.address = "127.0.0.1:0"},
             {.address = "unix:" + (directory.path() / "s").string(), .trusted_proxy = true}});
  const std::string request =
      "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: 6.6.6.6, "
      "192.0.2.9\r\nX-Forwarded-Proto: https\r\n\r\n";
  RawClient direct = client(0);
  direct.send(request);
  RawClient proxied = client(1);
  proxied.send(request);

  EXPECT_THAT(direct.read_all(),
              HasSubstr(R"("from":"127.0.0.1","local":true,"method":"GET","path":"/x","secure":false)"));
  EXPECT_THAT(proxied.read_all(),
              HasSubstr(R"("from":"192.0.2.9","local":false,"method":"GET","path":"/x","secure":true)"));
}

TEST_F(HttpServer, SaysWhoseAddressIsTaken) {
  start();

  const auto second =
      Server::start({.listeners = {{.address = server->addresses().front()}}, .log = logs->logger("http")},
                    [](const Request&) { return Response::empty(); });

  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr("already in use"));
}

TEST_F(HttpServer, StopsWithClientsOfEveryKind) {
  start();
  RawClient idle = client();
  RawClient half = client();
  half.send("GET / HT");
  RawClient listening = subscriber();

  server->stop();

  EXPECT_EQ(idle.read_all(), "");
  EXPECT_EQ(half.read_all(), "");
  EXPECT_THAT(listening.read_all(), HasSubstr("text/event-stream"));
}

}  // namespace
}  // namespace cell::http
