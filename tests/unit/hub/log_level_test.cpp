#include "hub/log_level.hpp"

#include <gtest/gtest.h>

#include "base/atomic_file.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::hub {
namespace {

TEST(HubLogLevel, IsTheWordInTheFile) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(write_file_atomic(directory.path() / "log_level", "debug\n"));

  EXPECT_EQ(read_log_level(directory.path()), log::Level::debug);
}

TEST(HubLogLevel, IsInfoWhereNothingSaysOtherwise) {
  const test::TemporaryDirectory directory;
  EXPECT_EQ(read_log_level(directory.path()), log::Level::info);

  for (const std::string& text : {std::string(), std::string("loud\n"), std::string(100, 'x')}) {
    ASSERT_TRUE(write_file_atomic(directory.path() / "log_level", text));
    EXPECT_EQ(read_log_level(directory.path()), log::Level::info) << text;
  }
}

}  // namespace
}  // namespace cell::hub
