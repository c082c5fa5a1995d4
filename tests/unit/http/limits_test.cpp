#include <sys/resource.h>
#include <unistd.h>

#include "http/connection_counter.hpp"
#include "unit/http/fixture.hpp"

namespace cell::http {
namespace {

using std::chrono::milliseconds;
using test::RawClient;
using testing::HasSubstr;

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

TEST_F(HttpServer, TakesBodiesUpToTheLimitOfTheirRoute) {
  body_limit = [](std::string_view, std::string_view path) {
    return path == "/small" ? std::size_t{4} : std::size_t{0};
  };
  start({.max_body_bytes = 8});
  const auto status = [&](const std::string& path, const std::string& body) {
    RawClient socket = client();
    socket.send("POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + body);
    return test::status_of(socket.read_all());
  };

  EXPECT_EQ(status("/small", "Content-Length: 4\r\n\r\n1234"), 200);
  EXPECT_EQ(status("/small", "Content-Length: 5\r\n\r\n12345"), 413);
  EXPECT_EQ(status("/small", "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n"), 413);
  EXPECT_EQ(status("/other", "Content-Length: 8\r\n\r\n12345678"), 200);
}

TEST_F(HttpServer, HoldsNoMoreOfUnfinishedBodiesThanItsBudget) {
  start({.max_buffered_bytes = 100'000});
  const std::string head =
      "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 90001\r\nConnection: close\r\n\r\n";
  RawClient first = client();
  first.send(head + std::string(90'000, 'x'));
  RawClient second = client();
  second.send(head);
  second.send(std::string(90'000, 'x'));
  // One of the two gets no room; which one depends on whose bytes are read first.
  Poco::Net::Socket::SocketList readable{first.socket(), second.socket()};
  Poco::Net::Socket::SocketList none;
  ASSERT_EQ(Poco::Net::Socket::select(readable, none, none, Poco::Timespan(10, 0)), 1);
  RawClient& refused = readable.front() == first.socket() ? first : second;
  RawClient& kept = &refused == &first ? second : first;
  EXPECT_EQ(test::status_of(refused.read_all()), 503);

  kept.send("x");

  EXPECT_EQ(test::status_of(kept.read_all()), 200);
}

TEST_F(HttpServer, ManyEmptyLinesCostNothing) {
  start();
  RawClient noisy = client();
  std::string lines;
  for (int i = 0; i < 500'000; ++i) lines += "\r\n";
  noisy.send(lines);

  noisy.send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

  EXPECT_EQ(test::status_of(noisy.read_all()), 200);
}

TEST_F(HttpServer, ClosesAConnectionThatIsIdleTooLong) {
  start({.idle_timeout = milliseconds{50}});
  RawClient socket = client();
  socket.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_EQ(test::status_of(socket.read_until("}")), 200);
  socket.forget();

  EXPECT_EQ(socket.read_all(), "");
  while (server->stats().connections > 0) std::this_thread::yield();
}

TEST_F(HttpServer, GivesUpAnIdleConnectionWhenDescriptorsRunOut) {
  start();
  RawClient idle = client();
  idle.send("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_EQ(test::status_of(idle.read_until("}")), 200);
  idle.forget();
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int lowest_free = ::dup(0);
  ::close(lowest_free);
  const rlimit tight{static_cast<rlim_t>(lowest_free) + 1, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);

  RawClient socket = client();  // has the last one, so there is none to accept it with
  socket.send("GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const int status = test::status_of(socket.read_all());

  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(status, 200);
  EXPECT_EQ(idle.read_all(), "");
}

TEST(ConnectionCounter, CountsBySourceAndInAll) {
  ConnectionCounter counter(4, 2);

  EXPECT_TRUE(counter.add("a"));
  EXPECT_TRUE(counter.add("a"));
  EXPECT_FALSE(counter.add("a"));
  EXPECT_TRUE(counter.add("b"));
  counter.remove("a");
  EXPECT_TRUE(counter.add("a"));
  EXPECT_TRUE(counter.add(""));  // everybody behind the proxy
  EXPECT_FALSE(counter.add("c"));
  EXPECT_EQ(counter.total(), 4U);
}

}  // namespace
}  // namespace cell::http
