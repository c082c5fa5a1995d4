#include "http/server.hpp"
#include "unit/http/fixture.hpp"

namespace cell::http {
namespace {

using test::RawClient;
using testing::HasSubstr;

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

// A stream that keeps what it is sent.
class KeptStream final : public EventStream {
 public:
  bool send(std::string_view event, std::string_view data, std::string_view id) override {
    text += encode_event(event, data, id);
    return true;
  }
  bool send_encoded(std::shared_ptr<const std::string> encoded) override {
    text += *encoded;
    return true;
  }
  void close() override { closed = true; }
  [[nodiscard]] bool open() const override { return true; }
  std::string text;
  bool closed = false;
};

TEST(Broadcaster, SendsAndReplaysOnlyWhatIsForTheStreamsAudience) {
  Broadcaster broadcaster;
  const auto everything = std::make_shared<KeptStream>();
  const auto carla = std::make_shared<KeptStream>();
  broadcaster.join(everything, {});
  broadcaster.join(carla, {}, {}, "carla");
  broadcaster.publish("first", "{}", "carla");
  const auto id = carla->text.substr(4, carla->text.find('\n') - 4);

  broadcaster.publish("secret", "{}");
  broadcaster.publish("hers", "{}", "carla");

  EXPECT_THAT(carla->text, testing::AllOf(HasSubstr("event: hers"), testing::Not(HasSubstr("secret"))));
  EXPECT_THAT(everything->text, testing::AllOf(HasSubstr("event: secret"), testing::Not(HasSubstr("hers"))));
  const auto again = std::make_shared<KeptStream>();
  broadcaster.join(again, id, {}, "carla");
  EXPECT_THAT(again->text, testing::AllOf(HasSubstr("event: hers"), testing::Not(HasSubstr("secret"))));
}

TEST(Broadcaster, ClosesAStreamThatIsNotWelcomeAnyMoreWithTheNextHeartbeat) {
  Broadcaster broadcaster;
  bool is_welcome = true;
  const auto guest = std::make_shared<KeptStream>();
  const auto other = std::make_shared<KeptStream>();
  broadcaster.join(guest, {}, {}, {}, [&] { return is_welcome; });
  broadcaster.join(other, {});
  broadcaster.heartbeat();
  EXPECT_FALSE(guest->closed);

  is_welcome = false;
  broadcaster.heartbeat();
  broadcaster.publish("later", "{}");

  EXPECT_TRUE(guest->closed);
  EXPECT_FALSE(other->closed);
  EXPECT_THAT(guest->text, testing::Not(HasSubstr("later")));
  EXPECT_THAT(other->text, HasSubstr("later"));
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
  EXPECT_EQ(encode_event("a\nb", "one\ntwo\r\nid: 7", "1\r2"),
            "id: 12\nevent: ab\ndata: one\ndata: two\ndata: id: 7\n\n");
}

TEST_F(HttpServer, AStreamThatPausedGoesOnAndThenRests) {
  start({.stream_queue_bytes = 32'000'000});
  RawClient socket = subscriber();
  const std::string data(1'000'000, 'x');
  for (int i = 0; i < 16; ++i) broadcaster.publish("e", data);  // more than the socket takes without a reader
  broadcaster.publish("last", "1");
  ASSERT_THAT(socket.read_until("event: last\ndata: 1\n\n"), HasSubstr("event: last"));
  socket.forget();
  broadcaster.publish("after", "2");
  ASSERT_THAT(socket.read_until("data: 2\n\n"), HasSubstr("event: after"));

  const std::clock_t before = std::clock();
  EXPECT_FALSE(socket.socket().poll(Poco::Timespan(0, 300'000), Poco::Net::Socket::SELECT_READ));

  EXPECT_LT(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC, 0.15);
}

TEST_F(HttpServer, SendsWhatIsQueuedBeforeItClosesAStream) {
  start();
  RawClient socket = client();
  socket.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n");
  while (broadcaster.size() == 0) std::this_thread::yield();

  broadcaster.publish("session.ended", "{}");
  broadcaster.close_tagged("");

  EXPECT_TRUE(socket.read_all().ends_with("event: session.ended\ndata: {}\n\n"));
}

TEST_F(HttpServer, AStreamMayBeUsedAfterItsServerIsGone) {
  start();
  const RawClient first = subscriber();
  const RawClient second = subscriber();

  server.reset();

  broadcaster.close_tagged("");
  broadcaster.publish("e", "1");
  EXPECT_EQ(broadcaster.size(), 0U);
}

TEST_F(HttpServer, AnswersHeadOfAStreamWithItsHeadOnly) {
  start();
  RawClient socket = client();
  socket.send("HEAD /events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  EXPECT_TRUE(socket.read_all().ends_with("\r\n\r\n"));
  EXPECT_EQ(broadcaster.size(), 0U);
}

TEST_F(HttpServer, ClosesAStreamWhoseHandlerThrows) {
  start();
  RawClient socket = client();
  socket.send("GET /broken-events HTTP/1.1\r\nHost: a\r\n\r\n");

  EXPECT_TRUE(socket.read_all().ends_with("\r\n\r\n"));
}

TEST_F(HttpServer, CountsStreamsAsConnectionsUntilTheClientLeaves) {
  start();
  {
    const RawClient socket = subscriber();
    EXPECT_EQ(server->stats().streams, 1U);
    EXPECT_EQ(server->stats().connections, 1U);
  }

  while (server->stats().streams > 0) std::this_thread::yield();
  while (server->stats().connections > 0) std::this_thread::yield();
}

}  // namespace
}  // namespace cell::http
