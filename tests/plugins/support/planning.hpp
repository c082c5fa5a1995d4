#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include <cell/testing.hpp>
#include <gtest/gtest.h>

#include "support/core_view.hpp"

namespace plugins_test {

using cell::sdk::Json;

inline std::string text_of(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline Json golden(const std::string& name) {
  return Json::parse(text_of(std::string(CELL_GOLDEN_FOLDER) + "/" + name));
}

// The plugin of this program, planning; what it plans is always something that the core takes.
class Planning : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = host_.open();
    ASSERT_TRUE(opened) << opened.error().message;
    plugin_ = std::move(opened).value();
  }

  Json plan(const Json& config) const {
    const auto planned = plugin_->plan(config);
    EXPECT_TRUE(planned) << (planned ? "" : planned.error().message);
    if (!planned) return Json::object();
    const std::string manifest = text_of(std::string(CELL_PLUGIN_FOLDER) + "/manifest.yaml");
    EXPECT_EQ(problems_of(manifest, planned->dump()), "");
    return *planned;
  }

  // Pointers of what is wrong; empty when the plan was made.
  // Where something is wrong, each place once.
  std::vector<std::string> refused(const Json& config) const {
    const auto planned = plugin_->plan(config);
    std::vector<std::string> pointers;
    if (planned) return pointers;
    for (const cell::sdk::FieldError& field : planned.error().fields)
      if (std::find(pointers.begin(), pointers.end(), field.pointer) == pointers.end())
        pointers.push_back(field.pointer);
    return pointers;
  }

  static std::string file_of(const Json& plan, const std::string& path) {
    for (const Json& container : plan.at("containers"))
      for (const Json& file : container.value("files", Json::array()))
        if (file.at("path") == path) return file.at("content");
    ADD_FAILURE() << "no file " << path;
    return "";
  }

  cell::sdk::testing::FakeHost host_;
  std::unique_ptr<cell::sdk::testing::OpenPlugin> plugin_;
};

// Text that breaks out of a line, a quote or a field wherever it is not kept in.
inline const std::vector<std::string> kHostile = {
    "a\nadmin = yes", "a\r\n[server]", "\"}],\"write\":[\"eve\"]",
    "'; DROP",        "$(reboot)",     "`id`",
    "{{options.x}}",  "%(here)s",      "<script>",
    "ключ",           "日本\u202E語",  "a\tb"};

}  // namespace plugins_test
