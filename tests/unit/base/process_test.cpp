#include "base/process.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

namespace cell {
namespace {

using std::chrono::milliseconds;

TEST(Process, GivesOutputErrorsAndExitCode) {
  const auto output = run_process({"sh", "-c", "cat; echo no >&2; exit 3"}, milliseconds{5000}, "hello");

  ASSERT_TRUE(output) << output.error().message;
  EXPECT_EQ(output->out, "hello");
  EXPECT_EQ(output->err, "no\n");
  EXPECT_EQ(output->exit_code, 3);
}

TEST(Process, TakesArgumentsWithoutAShell) {
  const auto out = run_checked({"printf", "%s", "$(id); `id` | x"}, milliseconds{5000});

  ASSERT_TRUE(out);
  EXPECT_EQ(*out, "$(id); `id` | x");
}

TEST(Process, KillsTheWholeGroupAtTheLimit) {
  const auto before = std::chrono::steady_clock::now();

  const auto output = run_process({"sh", "-c", "sleep 30 & sleep 30"}, milliseconds{100});

  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, Code::timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{5});
}

TEST(Process, CutsOutputAtItsLimit) {
  const auto output = run_process({"head", "-c", "100000", "/dev/zero"}, milliseconds{5000}, {}, 1000);

  ASSERT_TRUE(output);
  EXPECT_EQ(output->out.size(), 1000U);
  EXPECT_EQ(output->exit_code, 0);
}

TEST(Process, ReadsWhileItWritesMoreThanAPipeHolds) {
  const std::string input(1'000'000, 'x');

  const auto output = run_process({"cat"}, milliseconds{5000}, input);

  ASSERT_TRUE(output);
  EXPECT_EQ(output->out, input);
}

TEST(Process, SurvivesAProgramThatDoesNotReadItsInput) {
  const auto output = run_process({"true"}, milliseconds{5000}, std::string(1'000'000, 'x'));

  ASSERT_TRUE(output);
  EXPECT_EQ(output->exit_code, 0);
}

TEST(Process, GivesTheProgramNothingButItsThreeStreams) {
  const int extra = ::dup(0);

  const auto out = run_checked({"ls", "/proc/self/fd"}, milliseconds{5000});

  ::close(extra);
  EXPECT_EQ(*out, "0\n1\n2\n3\n");  // 3 is the directory that ls reads
}

TEST(Process, DoesNotWaitForWhatAProgramLeavesBehind) {
  const auto before = std::chrono::steady_clock::now();

  const auto output = run_process({"sh", "-c", "sleep 3 & echo done"}, milliseconds{10000});

  ASSERT_TRUE(output);
  EXPECT_EQ(output->out, "done\n");
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{2});
}

TEST(Process, SaysThatAProgramIsMissing) {
  const auto output = run_process({"no-such-program"}, milliseconds{1000});

  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().code, Code::not_found);
}

TEST(RunChecked, CarriesTheLastLineOfStderr) {
  const auto output = run_checked({"sh", "-c", "echo first >&2; echo last >&2; exit 1"}, milliseconds{5000});

  ASSERT_FALSE(output);
  EXPECT_EQ(output.error().message, "'sh' ended with 1: last");
}

}  // namespace
}  // namespace cell
