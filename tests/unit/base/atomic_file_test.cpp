#include "base/atomic_file.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "unit/support/temporary_directory.hpp"

namespace cell {
namespace {

std::size_t entries(const std::filesystem::path& directory) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(directory), {}));
}

TEST(AtomicFile, ReplacesTheContentAndSetsTheMode) {
  const test::TemporaryDirectory directory;
  const auto path = directory.path() / "secret";
  ASSERT_TRUE(write_file_atomic(path, "old", 0644));

  ASSERT_TRUE(write_file_atomic(path, "new", 0600));

  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(*read_file(path), "new");
  EXPECT_EQ(entries(directory.path()), 1U);
}

TEST(AtomicFile, LeavesNothingBehindWhenItCannotReplace) {
  const test::TemporaryDirectory directory;
  const auto path = directory.path() / "taken";
  std::filesystem::create_directory(path);

  const auto written = write_file_atomic(path, "text");

  ASSERT_FALSE(written);
  EXPECT_EQ(entries(directory.path()), 1U);
  EXPECT_TRUE(std::filesystem::is_directory(path));
}

TEST(AtomicFile, WritesOnlyAChange) {
  const test::TemporaryDirectory directory;
  const auto path = directory.path() / "file";

  EXPECT_TRUE(*write_file_if_changed(path, "a"));
  EXPECT_FALSE(*write_file_if_changed(path, "a"));
  EXPECT_TRUE(*write_file_if_changed(path, "ab"));
}

TEST(AtomicFile, SaysWhatIsMissing) {
  const auto content = read_file("/nonexistent/file");

  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code, Code::not_found);
  EXPECT_THAT(content.error().message, testing::HasSubstr("/nonexistent/file"));
}

TEST(AtomicFile, RefusesToReadMoreThanItsLimit) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(write_file_atomic(directory.path() / "big", std::string(100, 'x')));

  EXPECT_EQ(read_file(directory.path() / "big", 99).error().code, Code::too_large);
}

TEST(EnsureDirectory, MakesParentsAndIsFineWhenItIsThere) {
  const test::TemporaryDirectory directory;

  EXPECT_TRUE(ensure_directory(directory.path() / "a/b/c", 0700));
  EXPECT_TRUE(ensure_directory(directory.path() / "a/b/c", 0700));
  EXPECT_TRUE(std::filesystem::is_directory(directory.path() / "a/b/c"));
}

}  // namespace
}  // namespace cell
