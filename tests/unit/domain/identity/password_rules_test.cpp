#include "domain/identity/password_rules.hpp"

#include <set>

#include <gtest/gtest.h>

#include "domain/identity/hasher.hpp"

namespace cell::identity {
namespace {

bool allowed(const std::string& password, const std::vector<std::string>& context = {"ann", "home"}) {
  return check_password(Secret(password), context, "/password").ok();
}

std::string repeated(const std::string& unit, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += unit;
  return text;
}

TEST(PasswordRules, TakesAnyUnicodeFromEightTo1024Characters) {
  EXPECT_TRUE(allowed("tr0ub4d9"));
  EXPECT_TRUE(allowed("correct horse battery staple"));
  EXPECT_TRUE(allowed("пароль для дома"));
  EXPECT_TRUE(allowed("🦊🐻🐼🦁🐮🐷🐸🐵"));
  EXPECT_TRUE(allowed(repeated("xy", 512)));
}

TEST(PasswordRules, RefusesTooShortTooLongAndBrokenText) {
  EXPECT_FALSE(allowed(""));
  EXPECT_FALSE(allowed("tr0ub4d"));
  EXPECT_FALSE(allowed("🦊🐻🐼🦁"));
  EXPECT_FALSE(allowed(repeated("xy", 512) + "z"));
  EXPECT_FALSE(allowed("\xff\xfe broken bytes"));
}

TEST(PasswordRules, RefusesWhatIsTriedFirst) {
  for (const char* password : {"password", "Password1", "QWERTYUIOP", "12345678", "87654321", "aaaaaaaaaaaa",
                               "abcdefghij", "iloveyou", "letmein123", "zyxwvuts"}) {
    EXPECT_FALSE(allowed(password)) << password;
  }
}

TEST(PasswordRules, RefusesLittleMoreThanANameInContext) {
  EXPECT_FALSE(allowed("annannann"));
  EXPECT_FALSE(allowed("Home2026"));
  EXPECT_FALSE(allowed("homehome1"));
  EXPECT_TRUE(allowed("home is where it rains"));
}

TEST(PasswordRules, PointsToTheField) {
  const auto result = check_password(Secret("short"), {}, "/admin/password");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().fields.at(0).pointer, "/admin/password");
  EXPECT_EQ(result.error().message.find("short'"), std::string::npos);
}

TEST(PasswordRules, GeneratedOnesDifferAndAreAllowed) {
  std::set<std::string> seen;
  for (int i = 0; i < 500; ++i) {
    const Secret password = generate_password();
    EXPECT_EQ(password.reveal().size(), 20U);
    seen.insert(std::string(password.reveal()));
  }
  EXPECT_EQ(seen.size(), 500U);
  EXPECT_TRUE(allowed(*seen.begin()));
}

TEST(Hasher, HashOfNobodyCostsWhatARealOneCosts) {
  EXPECT_FALSE(crypto::needs_rehash(kHashOfNobody));
  EXPECT_FALSE(crypto::verify_password(Secret("nobody"), kHashOfNobody));
}

TEST(Hasher, DoesNotTruncate) {
  Hasher hasher;
  const std::string start(72, 'x');
  const std::string phc = hasher.hash(Secret(start + "1")).value();
  EXPECT_TRUE(hasher.verify(Secret(start + "1"), phc).value());
  EXPECT_FALSE(hasher.verify(Secret(start + "2"), phc).value());
  const std::string with_nul = hasher.hash(Secret(std::string("abc\0defgh", 9))).value();
  EXPECT_FALSE(hasher.verify(Secret("abc"), with_nul).value());
}

TEST(Hasher, RunsTwoAtATimeAndRefusesWhatDoesNotFitInLine) {
  std::mutex mutex;
  std::condition_variable changed;
  bool may_go = false;
  int running = 0;
  int most = 0;
  HashFunctions functions;
  functions.hash = [&](const Secret&) -> Result<std::string> {
    std::unique_lock lock(mutex);
    most = std::max(most, ++running);
    changed.notify_all();
    changed.wait(lock, [&] { return may_go; });
    --running;
    return std::string("x");
  };
  Hasher hasher(functions, 2, 4);
  std::atomic<int> refused = 0;
  std::atomic<int> done = 0;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&] {
      const auto result = hasher.hash(Secret("p"));
      if (result) {
        ++done;
        return;
      }
      EXPECT_EQ(result.error().code, Code::rate_limited);
      EXPECT_GT(result.error().retry_after_s, 0);
      ++refused;
      changed.notify_all();
    });
  }
  {
    std::unique_lock lock(mutex);
    const auto all_placed = [&] { return refused == 4; };
    while (!changed.wait_for(lock, std::chrono::milliseconds(20), all_placed)) {
    }
    may_go = true;
  }
  changed.notify_all();
  threads.clear();

  EXPECT_EQ(done, 6);
  EXPECT_EQ(most, 2);
}

}  // namespace
}  // namespace cell::identity
