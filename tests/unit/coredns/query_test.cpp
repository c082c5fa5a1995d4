#include "coredns/query.hpp"

#include <functional>
#include <mutex>
#include <thread>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cell::coredns {
namespace {

using namespace std::string_literals;

// A server on a port of its own that answers each question with what a function makes of it; nothing: it
// stays silent.
class FakeServer {
 public:
  using Reply = std::function<std::string(const std::string& query)>;
  explicit FakeServer(Reply reply) : fd_(socket(AF_INET, SOCK_DGRAM, 0)), reply_(std::move(reply)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address));
    socklen_t size = sizeof(address);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~FakeServer() {
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    close(fd_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  std::string last_query() {
    const std::lock_guard lock(mutex_);
    return last_query_;
  }

 private:
  void run() {
    std::string buffer(4096, '\0');
    for (;;) {
      sockaddr_in from{};
      socklen_t size = sizeof(from);
      const ssize_t got =
          recvfrom(fd_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (got <= 0) return;
      const std::string query = buffer.substr(0, static_cast<std::size_t>(got));
      {
        const std::lock_guard lock(mutex_);
        last_query_ = query;
      }
      const std::string answer = reply_(query);
      if (!answer.empty())
        sendto(fd_, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  }

  int fd_;
  Reply reply_;
  std::uint16_t port_ = 0;
  std::mutex mutex_;
  std::string last_query_;
  std::thread thread_;
};

// The question's head and question, as an answer with `count` records and this rcode.
std::string answer_to(const std::string& query, int rcode, int count, const std::string& records) {
  std::string out = query.substr(0, query.size() - 11);  // without the OPT record
  out[2] = static_cast<char>(0x81);
  out[3] = static_cast<char>(0x80 | rcode);
  out[7] = static_cast<char>(count);
  out[11] = 0;
  return out + records;
}

// Name as a pointer to the question's, class IN, TTL 60.
std::string record(int type, const std::string& data) {
  std::string out = "\xc0\x0c\x00"s;
  out += static_cast<char>(type);
  out += "\x00\x01\x00\x00\x00\x3c\x00"s;
  return out + static_cast<char>(data.size()) + data;
}

TEST(Ask, GetsTheRecords) {
  FakeServer server([](const std::string& query) {
    return answer_to(query, 0, 7,
                     record(1, "\xc0\xa8\x01\x14"s) + record(28, "\xfd\x00\0\0\0\0\0\0\0\0\0\0\0\0\0\x07"s) +
                         record(5, "\x03www\xc0\x0c"s) + record(15, "\x00\x0a\x04mail\xc0\x0c"s) +
                         record(33, "\x00\x00\x00\x05\x01\xbb\xc0\x0c"s) + record(16, "\x03say\x04 \"\\\n"s) +
                         record(65, "\x00\x01"s));
  });

  const auto answer = ask({"127.0.0.1", server.port(), "nas.home.cell", "A"});

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->rcode, "NOERROR");
  EXPECT_GT(answer->took.count(), 0);
  using Entry = Answer::Entry;
  EXPECT_THAT(answer->entries,
              testing::ElementsAre(Entry{"nas.home.cell", "A", 60, "192.168.1.20"},
                                   Entry{"nas.home.cell", "AAAA", 60, "fd00::7"},
                                   Entry{"nas.home.cell", "CNAME", 60, "www.nas.home.cell"},
                                   Entry{"nas.home.cell", "MX", 60, "10 mail.nas.home.cell"},
                                   Entry{"nas.home.cell", "SRV", 60, "0 5 443 nas.home.cell"},
                                   Entry{"nas.home.cell", "TXT", 60, "say \"\\092\\010"},
                                   Entry{"nas.home.cell", "TYPE65", 60, "2 bytes"}));
}

TEST(Ask, TellsTheServersRefusal) {
  for (const auto& [rcode, name] : std::vector<std::pair<int, std::string>>{
           {3, "NXDOMAIN"}, {2, "SERVFAIL"}, {5, "REFUSED"}, {4, "NOTIMP"}}) {
    FakeServer server([rcode = rcode](const std::string& query) { return answer_to(query, rcode, 0, ""); });

    const auto answer = ask({"127.0.0.1", server.port(), "x.home.cell", "A"});

    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->rcode, name);
    EXPECT_TRUE(answer->entries.empty());
  }
}

TEST(Ask, AnAddressIsAskedForByItsReverseName) {
  FakeServer server([](const std::string& query) {
    return answer_to(query, 0, 1,
                     record(12,
                            "\x03nas\x04home\x04"
                            "cell\x00"s));
  });

  const auto answer = ask({"127.0.0.1", server.port(), "192.168.1.20", "PTR"});

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_THAT(server.last_query(), testing::HasSubstr("\x02"
                                                      "20\x01"
                                                      "1\x03"
                                                      "168\x03"
                                                      "192\x07in-addr\x04"
                                                      "arpa"));
  EXPECT_THAT(answer->entries,
              testing::ElementsAre(Answer::Entry{"20.1.168.192.in-addr.arpa", "PTR", 60, "nas.home.cell"}));
}

TEST(Ask, GivesUpAfterTwoSecondsOfSilence) {
  FakeServer server([](const std::string&) { return ""; });

  const auto began = std::chrono::steady_clock::now();
  const auto answer = ask({"127.0.0.1", server.port(), "x.home.cell", "A"});

  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(2'900));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::unavailable);
}

TEST(Ask, WhatIsNoQuestionIsNotSent) {
  EXPECT_EQ(ask({"127.0.0.1", 9, "a b", "A"}).error().fields[0].pointer, "/name");
  EXPECT_EQ(ask({"127.0.0.1", 9, std::string(254, 'x'), "A"}).error().fields[0].pointer, "/name");
  EXPECT_EQ(ask({"127.0.0.1", 9, "x\ny", "A"}).error().fields[0].pointer, "/name");
  EXPECT_EQ(ask({"127.0.0.1", 9, "nas", "AXFR"}).error().fields[0].pointer, "/type");
}

TEST(ParseAnswer, NoBytesBreakIt) {
  EXPECT_FALSE(parse_answer(""));
  EXPECT_FALSE(parse_answer("abc"));
  std::string message =
      "\x12\x34\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x01x\x00\x00\x01\x00\x01"s + record(16, "\x03say"s);
  ASSERT_TRUE(parse_answer(message));
  for (std::size_t cut = 0; cut < message.size(); ++cut)
    EXPECT_FALSE(parse_answer(message.substr(0, cut))) << cut;
  for (std::size_t at = 0; at < message.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string spoilt = message;
      spoilt[at] = static_cast<char>(byte);
      const auto answer = parse_answer(spoilt);
      EXPECT_LE(answer ? answer->entries.size() : 0U, 1U);
    }
  }
}

}  // namespace
}  // namespace cell::coredns
