#include "domain/logs/follower.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "base/log.hpp"
#include "domain/logs/tail.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::logs {
namespace {

struct TailTest : testing::Test {
  test::TemporaryDirectory directory;
  std::vector<std::string> lines;

  void append(const std::string& name, const std::string& text) {
    std::ofstream(directory.path() / name, std::ios::app | std::ios::binary) << text;
  }
  void read(Tail& tail) {
    lines.clear();
    tail.read([this](std::string_view line) { lines.emplace_back(line); });
  }
};

TEST_F(TailTest, GivesOnlyWhatIsAdded) {
  append("http.log", "old\n");
  Tail tail(directory.path());
  append("http.log", "one\ntwo\n");
  read(tail);
  EXPECT_THAT(lines, testing::ElementsAre("one", "two"));

  read(tail);
  EXPECT_TRUE(lines.empty());
}

TEST_F(TailTest, WaitsForTheEndOfALine) {
  append("http.log", "");
  Tail tail(directory.path());
  append("http.log", "ha");
  read(tail);
  EXPECT_TRUE(lines.empty());

  append("http.log", "lf\n");
  read(tail);
  EXPECT_THAT(lines, testing::ElementsAre("half"));
}

TEST_F(TailTest, LosesNothingInARotation) {
  append("http.log", "old\n");
  Tail tail(directory.path());
  append("http.log", "last of the old file\n");
  std::filesystem::rename(directory.path() / "http.log", directory.path() / "http.1.log");
  append("http.log", "first of the new file\n");
  read(tail);

  EXPECT_THAT(lines, testing::ElementsAre("last of the old file", "first of the new file"));
}

TEST_F(TailTest, ReadsANewServiceFromItsBeginning) {
  Tail tail(directory.path());
  append("peers.log", "first\n");
  read(tail);

  EXPECT_THAT(lines, testing::ElementsAre("first"));
}

TEST_F(TailTest, LeavesOutALineWithoutEnd) {
  append("http.log", "");
  Tail tail(directory.path());
  append("http.log", std::string(300'000, 'x'));
  read(tail);
  append("http.log", "still the same\nnext\n");
  read(tail);

  EXPECT_THAT(lines, testing::ElementsAre("next"));
}

TEST_F(TailTest, FollowsTheRealLogThroughItsRotations) {
  const auto logs =
      log::Logs::open({.directory = directory.path(), .console = false, .max_bytes = 2000, .max_files = 3})
          .value();
  const log::Logger logger = logs->logger("http");
  logs->flush();
  Tail tail(directory.path());
  std::size_t seen = 0;
  for (int i = 0; i < 100; ++i) {
    logger.warn("line");
    tail.read([&](std::string_view) { ++seen; });
  }
  read(tail);

  EXPECT_EQ(seen + lines.size(), 100U);
}

class Stream final : public http::EventStream {
 public:
  bool send(std::string_view event, std::string_view data, std::string_view) override {
    const std::lock_guard lock(mutex_);
    if (closed_) return false;
    sent_.push_back(std::string(event) + " " + json_string(parse_json(data).value(), "message"));
    came_.notify_all();
    return true;
  }
  bool send_encoded(std::shared_ptr<const std::string>) override { return open(); }
  void close() override {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  [[nodiscard]] bool open() const override {
    const std::lock_guard lock(mutex_);
    return !closed_;
  }
  // What came, once it is `count` or five seconds have passed.
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, std::chrono::seconds{5}, [&] { return sent_.size() >= count; });
    return sent_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> sent_;
  bool closed_ = false;
};

struct FollowerTest : TailTest {
  std::unique_ptr<Follower> follower =
      std::make_unique<Follower>(directory.path(), std::chrono::milliseconds{5});
  static std::string line(const std::string& level, const std::string& message) {
    return dump_json({{"t", "2026-11-24T00:00:00.000Z"},
                      {"service", "http"},
                      {"level", level},
                      {"message", message}}) +
           "\n";
  }
  // The follower looks at a file's end only once its thread has begun, so lines are written until the first
  // one comes.
  std::vector<std::string> first_lines(Stream& stream, const std::string& text) {
    for (int i = 0; i < 200; ++i) {
      append("http.log", text);
      const auto sent = stream.wait_for(0);
      if (!sent.empty()) return sent;
      std::this_thread::sleep_for(std::chrono::milliseconds{10});
    }
    return {};
  }
};

TEST_F(FollowerTest, SendsEachWhatTheyAskedFor) {
  auto all = std::make_shared<Stream>();
  auto errors = std::make_shared<Stream>();
  ASSERT_TRUE(follower->join(all, {}));
  ASSERT_TRUE(follower->join(errors, {.level = log::Level::error}));
  ASSERT_FALSE(first_lines(*all, line("info", "hello")).empty());
  append("http.log", line("error", "broken"));

  EXPECT_THAT(errors->wait_for(1), testing::ElementsAre("log broken"));
  EXPECT_EQ(all->wait_for(1).front(), "log hello");
}

TEST_F(FollowerTest, EndsWithTheSession) {
  auto stream = std::make_shared<Stream>();
  auto other = std::make_shared<Stream>();
  ASSERT_TRUE(follower->join(stream, {}, "session-1"));
  ASSERT_TRUE(follower->join(other, {}, "session-2"));
  follower->close_tagged("session-1");

  EXPECT_FALSE(stream->open());
  EXPECT_TRUE(other->open());
  EXPECT_EQ(follower->size(), 1U);
}

TEST_F(FollowerTest, ForgetsWhoIsGone) {
  auto stream = std::make_shared<Stream>();
  ASSERT_TRUE(follower->join(stream, {}));
  stream->close();
  for (int i = 0; i < 200 && follower->size() > 0; ++i) {
    append("http.log", line("info", "hello"));
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  EXPECT_EQ(follower->size(), 0U);
}

TEST_F(FollowerTest, IsBounded) {
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(follower->join(std::make_shared<Stream>(), {}));

  EXPECT_FALSE(follower->has_room());
  EXPECT_FALSE(follower->join(std::make_shared<Stream>(), {}));
}

TEST_F(FollowerTest, ClosesStreamsAtTheEnd) {
  auto stream = std::make_shared<Stream>();
  ASSERT_TRUE(follower->join(stream, {}));
  follower.reset();

  EXPECT_FALSE(stream->open());
}

}  // namespace
}  // namespace cell::logs
