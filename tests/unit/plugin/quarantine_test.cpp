#include "plugin/quarantine.hpp"

#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::plugin {
namespace {

class Quarantined : public testing::Test {
 protected:
  std::unique_ptr<Quarantine> open() {
    auto quarantine = Quarantine::open(place_.path() / "quarantine", clock_);
    EXPECT_TRUE(quarantine) << quarantine.error().message;
    return std::move(*quarantine);
  }

  test::TemporaryDirectory place_;
  ManualClock clock_;
};

TEST_F(Quarantined, IsEmptyAtFirst) { EXPECT_FALSE(open()->find("mail")); }

TEST_F(Quarantined, HoldsOverARestartUntilReleased) {
  ASSERT_TRUE(open()->put("mail", "1.0.0", "handle", "it hung"));

  const auto confined = open()->find("mail");
  ASSERT_TRUE(confined);
  EXPECT_EQ(confined->version, "1.0.0");
  EXPECT_EQ(confined->call, "handle");
  EXPECT_EQ(confined->message, "it hung");
  EXPECT_EQ(confined->since, "2027-01-15T08:00:00Z");

  ASSERT_TRUE(open()->release("mail"));
  EXPECT_FALSE(open()->find("mail"));
}

TEST_F(Quarantined, CallThatEndsLeavesNoMark) {
  const auto quarantine = open();
  { const auto mark = quarantine->mark("mail", "1.0.0", "plan"); }

  EXPECT_FALSE(open()->find("mail"));
}

TEST_F(Quarantined, CallThatTookTheProcessDownIsFoundAtTheNextStart) {
  // As a process leaves it that ends inside of the call.
  const auto mark = open()->mark("org.example.mail", "1.0.0", "plan");
  ASSERT_TRUE(mark);

  const auto next = open();

  const auto confined = next->find("org.example.mail");
  ASSERT_TRUE(confined);
  EXPECT_EQ(confined->version, "1.0.0");
  EXPECT_EQ(confined->message, "the cell ended while the plugin's plan ran");
  EXPECT_TRUE(open()->find("org.example.mail")) << "also at the start after that";
  ASSERT_TRUE(next->release("org.example.mail"));
  EXPECT_FALSE(open()->find("org.example.mail")) << "and not after its release";
}

TEST_F(Quarantined, ReleaseOfOneThatIsNotInThereSucceeds) { EXPECT_TRUE(open()->release("mail")); }

TEST_F(Quarantined, DamagedEntryStillConfines) {
  ASSERT_TRUE(open()->put("mail", "1.0.0", "plan", "x"));
  ASSERT_TRUE(write_file_atomic(place_.path() / "quarantine" / "mail.quarantined", "{"));

  EXPECT_TRUE(open()->find("mail"));
}

}  // namespace
}  // namespace cell::plugin
