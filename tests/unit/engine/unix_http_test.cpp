#include "base/unix_http.hpp"

#include <gtest/gtest.h>

#include "unit/engine/fake_engine_socket.hpp"

namespace cell {
namespace {

using std::chrono::milliseconds;

// Answers each connection with the same bytes and closes it.
FakeEngineSocket::Answer always(std::string bytes, FakeEngineSocket** server) {
  return [bytes = std::move(bytes), server](const std::string&, int connection) {
    (*server)->write(connection, bytes);
  };
}

struct Case {
  std::string name;
  std::string bytes;
  Code code;
};

class UnixHttpFaults : public testing::TestWithParam<Case> {};

TEST_P(UnixHttpFaults, AreErrorsOfTheRightKind) {
  FakeEngineSocket* self = nullptr;
  FakeEngineSocket server(always(GetParam().bytes, &self));
  self = &server;

  const auto reply =
      unix_http({.socket = server.path(), .target = "/x", .limit = milliseconds{2000}, .max_reply = 1000});

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, GetParam().code) << reply.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Faults, UnixHttpFaults,
    testing::Values(
        Case{"ClosedWithoutAnswer", "", Code::unavailable},
        Case{"HalfStatusLine", "HTTP/1.1 20", Code::unavailable},
        Case{"HalfHead", "HTTP/1.1 200 OK\r\nContent-Le", Code::unavailable},
        Case{"HalfBody", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", Code::unavailable},
        Case{"HalfChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", Code::unavailable},
        Case{"NoLastChunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
             Code::unavailable},
        Case{"Garbage", "SSH-2.0-OpenSSH_9.2\r\n\r\n", Code::internal},
        Case{"Binary", std::string("\x15\x03\x01\x00\x02\x02\x16\n\n", 9), Code::internal},
        Case{"StatusIsText", "HTTP/1.1 abc OK\r\n\r\n", Code::internal},
        Case{"HeaderWithoutName", "HTTP/1.1 200 OK\r\n: x\r\n\r\n", Code::internal},
        Case{"BadLength", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", Code::internal},
        Case{"BadChunkSize", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n",
             Code::internal},
        Case{"ChunkWithoutEnd", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabXX\r\n0\r\n\r\n",
             Code::internal},
        Case{"UnknownCoding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", Code::internal},
        Case{"EndlessHead", "HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x') + "\r\n\r\n",
             Code::internal},
        Case{"HugeByLength", "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, 'x'),
             Code::too_large},
        Case{"HugeUntilClose", "HTTP/1.1 200 OK\r\n\r\n" + std::string(5000, 'x'), Code::too_large}),
    [](const auto& test) { return test.param.name; });

TEST(UnixHttp, ReadsABodyOfEachFraming) {
  for (const std::string bytes :
       {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nT: 1\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\nhello", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello"}) {
    FakeEngineSocket* self = nullptr;
    FakeEngineSocket server(always(bytes, &self));
    self = &server;

    const auto reply = unix_http({.socket = server.path(), .target = "/x"});

    ASSERT_TRUE(reply.ok()) << bytes << reply.error().message;
    EXPECT_EQ(reply->body, "hello") << bytes;
    EXPECT_EQ(reply->status, 200);
  }
}

TEST(UnixHttp, SendsMethodHostHeadersAndBody) {
  FakeEngineSocket* self = nullptr;
  FakeEngineSocket server(always("HTTP/1.1 204 No Content\r\n\r\n", &self));
  self = &server;

  const auto reply = unix_http({.socket = server.path(),
                                .method = "POST",
                                .target = "/a?b=c",
                                .body = "{}",
                                .headers = {{"X-One", "1"}}});

  ASSERT_TRUE(reply.ok()) << reply.error().message;
  EXPECT_EQ(reply->status, 204);
  EXPECT_EQ(server.requests().at(0),
            "POST /a?b=c HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-One: 1\r\nContent-Length: "
            "2\r\n\r\n{}");
}

TEST(UnixHttp, RefusesALineBreakInTargetOrHeader) {
  EXPECT_EQ(unix_http({.socket = "/nowhere", .target = "/a\r\nX: y"}).error().code, Code::invalid_argument);
  EXPECT_EQ(unix_http({.socket = "/nowhere", .target = "/a", .headers = {{"A", "b\r\nc"}}}).error().code,
            Code::invalid_argument);
}

TEST(UnixHttp, MissingSocketIsUnavailable) {
  const auto reply = unix_http({.socket = "/nowhere/engine.sock", .target = "/x"});

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, Code::unavailable);
  EXPECT_EQ(reply.error().message, "cannot reach '/nowhere/engine.sock': No such file or directory");
}

TEST(UnixHttp, PathLongerThanASocketsMayBeIsSaid) {
  EXPECT_EQ(unix_http({.socket = "/" + std::string(200, 'x'), .target = "/x"}).error().code,
            Code::invalid_argument);
}

TEST(UnixHttp, SilentPeerIsATimeout) {
  FakeEngineSocket* self = nullptr;
  FakeEngineSocket server([&](const std::string&, int) { self->hang(); });
  self = &server;

  const auto start = std::chrono::steady_clock::now();
  const auto reply = unix_http({.socket = server.path(), .target = "/x", .limit = milliseconds{100}});

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, Code::timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - start, milliseconds{1500});
}

TEST(UnixHttp, DrippingPeerIsATimeoutOfTheWholeCall) {
  FakeEngineSocket* self = nullptr;
  FakeEngineSocket server([&](const std::string&, int connection) {
    while (self->write(connection, "H")) std::this_thread::sleep_for(milliseconds{20});
  });
  self = &server;

  const auto reply = unix_http({.socket = server.path(), .target = "/x", .limit = milliseconds{200}});

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, Code::timeout);
}

TEST(UnixHttpStream, HandsPiecesOverUntilToldToStop) {
  FakeEngineSocket* self = nullptr;
  FakeEngineSocket server([&](const std::string&, int connection) {
    self->write(connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    while (self->write(connection, "3\r\nabc\r\n")) {
    }
  });
  self = &server;
  std::string all;

  const auto reply = unix_http_stream({.socket = server.path(), .target = "/x"}, milliseconds{1000},
                                      [&](std::string_view piece) {
                                        all += piece;
                                        return all.size() < 6;
                                      });

  ASSERT_TRUE(reply.ok()) << reply.error().message;
  EXPECT_EQ(all.substr(0, 6), "abcabc");
}

TEST(UnixHttpStream, SilenceBetweenPiecesIsATimeout) {
  FakeEngineSocket* self = nullptr;
  FakeEngineSocket server([&](const std::string&, int connection) {
    self->write(connection, "HTTP/1.1 200 OK\r\n\r\nabc");
    self->hang();
  });
  self = &server;

  const auto reply = unix_http_stream({.socket = server.path(), .target = "/x"}, milliseconds{100},
                                      [](std::string_view) { return true; });

  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, Code::timeout);
}

TEST(UnixHttpStream, KeepsTheBodyOfARefusal) {
  FakeEngineSocket* self = nullptr;
  FakeEngineSocket server(always(FakeEngineSocket::reply(500, "no"), &self));
  self = &server;
  bool handed_over = false;

  const auto reply = unix_http_stream({.socket = server.path(), .target = "/x"}, milliseconds{1000},
                                      [&](std::string_view) { return handed_over = true; });

  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->status, 500);
  EXPECT_EQ(reply->body, "no");
  EXPECT_FALSE(handed_over);
}

}  // namespace
}  // namespace cell
