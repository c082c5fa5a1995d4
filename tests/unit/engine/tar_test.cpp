#include <gtest/gtest.h>

#include "base/process.hpp"
#include "engine/workshop.hpp"

namespace cell::engine {
namespace {

TEST(Tar, IsWhatTarReads) {
  const auto tar = make_tar(
      {{"etc", {}, 0755, true}, {"etc/notes.conf", "hello\n", 0640}, {"run.sh", "#!/bin/sh\n", 0755}});

  ASSERT_TRUE(tar);
  EXPECT_EQ(tar->size() % 512, 0U);
  const auto listed = run_checked({"tar", "--utc", "-tvf", "-"}, std::chrono::seconds{10}, *tar);
  ASSERT_TRUE(listed) << listed.error().message;
  EXPECT_EQ(*listed,
            "drwxr-xr-x 0/0               0 1970-01-01 00:00 etc\n"
            "-rw-r----- 0/0               6 1970-01-01 00:00 etc/notes.conf\n"
            "-rwxr-xr-x 0/0              10 1970-01-01 00:00 run.sh\n");
  EXPECT_EQ(run_checked({"tar", "-xOf", "-", "etc/notes.conf"}, std::chrono::seconds{10}, *tar).value(),
            "hello\n");
}

TEST(Tar, ALongPathIsSplitOrRefused) {
  const std::string folder(120, 'a');
  const auto tar = make_tar({{folder + "/" + std::string(90, 'b'), "x"}});

  ASSERT_TRUE(tar);
  EXPECT_EQ(run_checked({"tar", "-tf", "-"}, std::chrono::seconds{10}, *tar).value(),
            folder + "/" + std::string(90, 'b') + "\n");
  EXPECT_FALSE(make_tar({{std::string(101, 'a'), "x"}}));
}

}  // namespace
}  // namespace cell::engine
