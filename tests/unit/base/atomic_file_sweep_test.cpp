#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell {
namespace {

TEST(RemoveTemporaryFiles, TakesOnlyWhatAKilledWriterLeft) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(write_file_atomic(directory.path() / "config.json", "{}"));
  ASSERT_TRUE(write_file_atomic(directory.path() / "config.json.tmp-123-0", "half"));

  EXPECT_EQ(remove_temporary_files(directory.path()), 1U);
  EXPECT_EQ(*read_file(directory.path() / "config.json"), "{}");
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "config.json.tmp-123-0"));
}

TEST(AtomicFile, LeavesNoSecondFileAfterReplacing) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(write_file_atomic(directory.path() / "a", "old"));

  ASSERT_TRUE(write_file_atomic(directory.path() / "a", "new"));

  EXPECT_EQ(*read_file(directory.path() / "a"), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

}  // namespace
}  // namespace cell
