// A save is interrupted at each of its system calls, with the kernel's help (`strace -e inject=`): killed, or
// the call fails with EIO or ENOSPC. What is on disk afterwards is the old document or the new one.
#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "base/process.hpp"
#include "config/store.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::config {
namespace {

constexpr const char* kDirectoryVariable = "CELL_FAULT_DIRECTORY";
// Calls that nothing else of the program makes: they mark the save in the trace.
constexpr const char* kMark = "getpgid";

constexpr int kSaved = 40;
constexpr int kRefused = 41;

Store::Options options_for(const std::filesystem::path& directory, const Clock& clock) {
  return {.directory = directory, .initial = {{"value", "old"}}, .clock = &clock};
}

// The program that is interrupted: this one, with this test alone.
TEST(SaveUnderFaults, DISABLED_SavesOnce) {
  const char* directory = std::getenv(kDirectoryVariable);
  ASSERT_NE(directory, nullptr);
  const ManualClock clock;
  const auto store = Store::open(options_for(directory, clock));
  ASSERT_TRUE(store);
  ::getpgid(0);
  const auto saved = (*store)->commit({}, [](Json& root) -> Result<void> {
    root["value"] = "new";
    return {};
  });
  ::getpgid(0);
  ::_exit(saved ? kSaved : kRefused);
}

struct Call {
  std::string name;
  int number;  // which of all calls of that name in the program, from 1
};

// The calls between the two marks of a trace written by strace -o.
std::vector<Call> calls_of_save(const std::filesystem::path& trace) {
  std::vector<Call> calls;
  std::map<std::string, int> counts;
  int marks = 0;
  std::ifstream lines(trace);
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.substr(0, line.find('('));
    if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
      continue;
    const int number = ++counts[name];
    if (name == kMark)
      ++marks;
    else if (marks == 1)
      calls.push_back({name, number});
  }
  return calls;
}

struct Fixture : testing::Test {
  test::TemporaryDirectory scratch;
  ManualClock clock;

  std::filesystem::path cell() const { return scratch.path() / "cell"; }
  void begin_anew() {
    std::filesystem::remove_all(cell());
    const auto store = Store::open(options_for(cell(), clock));
    ASSERT_TRUE(store) << store.error().message;
  }
  // Exit code of one save under strace with `arguments`.
  int save(const std::vector<std::string>& arguments) {
    ::setenv(kDirectoryVariable, cell().c_str(), 1);
    // Leak detection needs ptrace for itself.
    ::setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
    std::vector<std::string> command{"strace", "-o", (scratch.path() / "trace").string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    for (const char* part : {"/proc/self/exe", "--gtest_also_run_disabled_tests",
                             "--gtest_filter=SaveUnderFaults.DISABLED_SavesOnce"}) {
      command.emplace_back(
          part == std::string_view("/proc/self/exe") ? std::filesystem::read_symlink(part).string() : part);
    }
    const auto output = run_process(command, std::chrono::seconds{20});
    return output ? output->exit_code : -1;
  }
  std::string value_on_disk() {
    const auto store = Store::open(options_for(cell(), clock));
    if (!store) return "cannot be opened: " + store.error().message;
    if ((*store)->load_report().first_start || (*store)->load_report().fell_back) return "was damaged";
    return json_string((*store)->snapshot()->root, "value");
  }
  std::vector<Call> calls() {
    begin_anew();
    const int outcome = save({});
    if (outcome != kSaved) return {};
    return calls_of_save(scratch.path() / "trace");
  }
};

struct Fault {
  const char* name;
  const char* injection;
};

class SaveSurvives : public Fixture, public testing::WithParamInterface<Fault> {};

TEST_P(SaveSurvives, AtEverySystemCall) {
  const std::vector<Call> all = calls();
  ASSERT_GE(all.size(), 10U) << "is strace there and allowed to trace?";
  int refused = 0;
  for (const Call& call : all) {
    begin_anew();

    const int outcome = save(
        {"-e", "inject=" + call.name + ":" + GetParam().injection + ":when=" + std::to_string(call.number)});

    const std::string value = value_on_disk();
    const std::string where = call.name + " number " + std::to_string(call.number);
    EXPECT_THAT(value, testing::AnyOf("old", "new")) << where;
    if (outcome == kSaved) {
      EXPECT_EQ(value, "new") << where;
    }
    if (outcome == kRefused) {
      EXPECT_EQ(value, "old") << where;
    }
    if (outcome != kSaved) ++refused;
  }
  EXPECT_GT(refused, 5) << "the faults did not hit the save";
}

INSTANTIATE_TEST_SUITE_P(Faults, SaveSurvives,
                         testing::Values(Fault{"kill", "signal=SIGKILL"}, Fault{"eio", "error=EIO"},
                                         Fault{"enospc", "error=ENOSPC"}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace cell::config
