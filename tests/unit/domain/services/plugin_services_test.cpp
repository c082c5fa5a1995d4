// What plugins ask for, with the real database behind it.
#include "domain/services/plugin_services.hpp"

#include <gmock/gmock.h>

#include "unit/domain/services/sample_service.hpp"
#include "unit/support/cell_state.hpp"
#include "unit/support/fake_engine.hpp"

namespace cell::services {
namespace {

class PluginServicesTest : public testing::Test {
 protected:
  Result<Json> call(const std::string& method, const Json& request) { return host_(method, request); }

  test::ConfigState state_;
  std::unique_ptr<config::SealedStore> sealed_ =
      *config::SealedStore::open(state_.directory.path() / "sealed.json", test::test_sealer());
  Secrets secrets_{*sealed_};
  test::NoEvents events_;
  test::FakeEngine engine_;
  std::unique_ptr<PluginServices> services_ = *PluginServices::open(
      {.database = *state_.database,
       .engine = engine_,
       .secrets = secrets_,
       .events = events_,
       .frame = [] { return sample_frame(); },
       .options = [](const plugin::Manifest& manifest) -> Result<Json> {
         return Json{{"of", manifest.id}};
       },
       .identity = [] { return Json::object(); },
       .people = [] { return Json::array(); },
       .peers = [] { return Json::array(); },
       .replan = [](std::string_view) {},
       .fetch = [](const http::ClientRequest&) -> Result<http::ClientReply> { return Error{}; }});
  plugin::HostCall host_ = plugin::make_host_call(notes_manifest(), *services_);
};

TEST_F(PluginServicesTest, AValueOfOneMebibyteIsKeptAndNoByteMore) {
  // As JSON text, with its quotes.
  const std::string most((1UL << 20U) - 2, 'x');

  EXPECT_TRUE(call("state.put/1", {{"key", "a"}, {"value", most}}));
  EXPECT_EQ(call("state.put/1", {{"key", "a"}, {"value", most + "x"}}).error().code, Code::too_large);
  EXPECT_EQ((*call("state.get/1", {{"key", "a"}}))["value"], most);
}

TEST_F(PluginServicesTest, SixteenMebibytesInAllAreKeptAndNoByteMore) {
  const std::string most((1UL << 20U) - 2, 'x');
  for (int i = 0; i < 16; ++i)
    ASSERT_TRUE(call("state.put/1", {{"key", std::to_string(i)}, {"value", most}}));

  EXPECT_EQ(call("state.put/1", {{"key", "more"}, {"value", 1}}).error().code, Code::too_large);
  ASSERT_TRUE(call("state.put/1", {{"key", "15"}, {"value", most.substr(1)}}));
  EXPECT_TRUE(call("state.put/1", {{"key", "more"}, {"value", 1}}));
}

TEST_F(PluginServicesTest, StateIsForgottenWithTheService) {
  ASSERT_TRUE(call("state.put/1", {{"key", "a"}, {"value", 1}}));

  ASSERT_TRUE(services_->forget("notes"));

  EXPECT_EQ(*call("state.get/1", {{"key", "a"}}), Json::object());
}

TEST_F(PluginServicesTest, OptionsAreThoseOfTheService) {
  EXPECT_EQ(*call("options.get/1", Json::object()), (Json{{"options", {{"of", "notes"}}}}));
}

}  // namespace
}  // namespace cell::services
