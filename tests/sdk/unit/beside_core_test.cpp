// The tool and the tests of first-party plugins use core and SDK side by side: macros and names must not
// clash.
#include <cell/plugin.hpp>
#include <cell/testing.hpp>
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/result.hpp"

namespace {

cell::Result<int> of_core() { return CELL_TRY(cell::Result<int>(1)) + 1; }
cell::sdk::Result<int> of_sdk() {
  return CELL_TRY(cell::sdk::Result<int>(cell::sdk::Error{.message = "no"})) + 1;
}

TEST(Sdk, StandsBesideTheCore) {
  EXPECT_EQ(of_core().value(), 2);
  EXPECT_EQ(of_sdk().error().message, "no");
  EXPECT_EQ(cell::dump_json({{"a", 1}}), cell::sdk::dump_json({{"a", 1}}));
}

}  // namespace
