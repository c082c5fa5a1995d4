#include "domain/dns/records.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/dns/names.hpp"
#include "unit/support/config_state.hpp"
#include "unit/support/place.hpp"

namespace cell::dns {
namespace {

struct RecordsTest : testing::Test {
  cell::test::ConfigState cell;
  Records records{*cell.config};

  void SetUp() override {
    ASSERT_TRUE(cell.config->commit({}, [](Json& root) -> Result<void> {
      root["identity"] = cell::test::sample_root()["identity"];
      return {};
    }));
  }
  Result<OwnRecord> add(const std::string& name, const std::string& type, const std::string& value,
                        std::uint32_t ttl = 300) {
    return records.create({name, type, value, ttl}, "", {});
  }
  std::int64_t revision() const { return cell.config->snapshot()->revision; }
  std::string pointer(const Result<OwnRecord>& result) {
    return result || result.error().fields.empty() ? "" : result.error().fields[0].pointer;
  }
};

TEST_F(RecordsTest, AreKeptAndListedByName) {
  const auto www = add("WWW", "CNAME", "nas");
  const auto nas = records.create({"nas", "A", "192.168.1.20", 60}, "in the cellar", {});
  ASSERT_TRUE(www && nas);

  const auto list = records.list();

  ASSERT_EQ(list.size(), 2U);
  EXPECT_EQ(list[0].id, nas->id);
  EXPECT_EQ(list[0].comment, "in the cellar");
  EXPECT_EQ(list[0].record, (coredns::Record{"nas", "A", "192.168.1.20", 60}));
  EXPECT_EQ(list[1].record, (coredns::Record{"www", "CNAME", "nas", 300}));
  EXPECT_EQ(records.find(www->id)->record.name, "www");
}

TEST_F(RecordsTest, WrongFieldsAreNamedAndNothingIsChanged) {
  const std::int64_t before = revision();
  EXPECT_EQ(pointer(add("nas", "A", "not an address")), "/value");
  EXPECT_EQ(pointer(add("a b", "A", "192.0.2.1")), "/name");
  EXPECT_EQ(pointer(add("nas", "PTR", "x")), "/type");
  EXPECT_EQ(pointer(add("nas", "A", "192.0.2.1", 9'999'999)), "/ttl");
  EXPECT_EQ(pointer(records.create({"nas", "A", "192.0.2.1"}, "two\nlines", {})), "/comment");
  EXPECT_EQ(pointer(records.create({"nas", "A", "192.0.2.1"}, std::string(257, 'x'), {})), "/comment");
  EXPECT_EQ(revision(), before);
}

TEST_F(RecordsTest, TheDomainIsNotPartOfTheName) {
  const auto refused = add("nas.home.cell", "A", "192.0.2.1");

  ASSERT_FALSE(refused);
  EXPECT_EQ(pointer(refused), "/name");
  EXPECT_EQ(refused.error().hint, "write 'nas'");
  EXPECT_EQ(add("Home.Cell", "TXT", "x").error().hint, "write '@'");
}

TEST_F(RecordsTest, TheSameRecordTwiceIsAConflict) {
  ASSERT_TRUE(add("nas", "A", "192.0.2.1"));
  ASSERT_TRUE(add("t", "TXT", "Some Text"));

  const auto again = add("NAS", "A", "192.0.2.1", 60);

  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, Code::conflict);
  EXPECT_EQ(again.error().reason, "record_exists");
  EXPECT_TRUE(add("nas", "A", "192.0.2.2"));
  EXPECT_TRUE(add("t", "TXT", "some text"));
}

TEST_F(RecordsTest, ACnameStandsAlone) {
  ASSERT_TRUE(add("nas", "A", "192.0.2.1"));
  ASSERT_TRUE(add("www", "CNAME", "nas"));

  EXPECT_EQ(add("nas", "CNAME", "other").error().code, Code::conflict);
  EXPECT_EQ(add("www", "A", "192.0.2.1").error().code, Code::conflict);
  EXPECT_EQ(add("www", "CNAME", "other").error().code, Code::conflict);
}

TEST_F(RecordsTest, NamesOfTheCellCannotBeTaken) {
  for (const char* name : {"ns", "dns", "ntp", "caddy", "wireguard"}) {
    const auto refused = add(name, "A", "192.0.2.1");
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().reason, "name_taken") << name;
  }
  EXPECT_EQ(add("@", "A", "192.0.2.1").error().reason, "name_taken");
  EXPECT_TRUE(add("@", "MX", "10 mail.example.org"));
}

TEST(MayStand, NotAtTheNameOfAPeer) {
  const auto taken = generated_names(cell::test::sample_root());

  EXPECT_FALSE(may_stand(taken, {"Phone", "TXT", "x"}));
  EXPECT_TRUE(may_stand(taken, {"x.phone", "TXT", "x"}));
}

TEST_F(RecordsTest, AChangeIsCheckedLikeANewOne) {
  const std::string nas = add("nas", "A", "192.0.2.1")->id;
  ASSERT_TRUE(add("nas", "A", "192.0.2.2"));

  EXPECT_EQ(records.change(nas, {.value = "192.0.2.2"}, {}).error().reason, "record_exists");
  EXPECT_EQ(records.change(nas, {.type = "CNAME", .value = "x"}, {}).error().code, Code::conflict);
  EXPECT_EQ(records.change(nas, {.type = "MX"}, {}).error().fields[0].pointer, "/value");
  EXPECT_EQ(records.change(nas, {.name = "dns"}, {}).error().reason, "name_taken");
  const auto changed = records.change(nas, {.name = "Box", .ttl = 60, .comment = "new"}, {});
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->record, (coredns::Record{"box", "A", "192.0.2.1", 60}));
  EXPECT_TRUE(records.change(nas, {.comment = ""}, {})->comment.empty());
  EXPECT_EQ(records.change("nobody", {}, {}).error().code, Code::not_found);
}

TEST_F(RecordsTest, AStaleRevisionChangesNothing) {
  const std::string nas = add("nas", "A", "192.0.2.1")->id;
  config::CommitOptions stale;
  stale.expected_revision = revision() - 1;

  EXPECT_EQ(records.remove(nas, stale).error().code, Code::precondition_failed);
  EXPECT_EQ(records.create({"x", "A", "192.0.2.1"}, "", stale).error().code, Code::precondition_failed);
  EXPECT_EQ(records.list().size(), 1U);
}

TEST_F(RecordsTest, AreRemovedOnce) {
  const std::string nas = add("nas", "A", "192.0.2.1")->id;

  EXPECT_TRUE(records.remove(nas, {}));
  EXPECT_EQ(records.remove(nas, {}).error().code, Code::not_found);
  EXPECT_TRUE(records.list().empty());
}

TEST_F(RecordsTest, ThereIsALimit) {
  ASSERT_TRUE(cell.config->commit({}, [](Json& root) -> Result<void> {
    for (int i = 0; i < 2000; ++i) {
      root["dns"]["records"]["r" + std::to_string(i)] = {
          {"name", "n" + std::to_string(i)}, {"type", "A"}, {"value", "192.0.2.1"}, {"ttl", 300}};
    }
    return {};
  }));

  EXPECT_EQ(add("one-more", "A", "192.0.2.1").error().reason, "too_many_records");
}

TEST_F(RecordsTest, HostileTextsAreRefusedOrKeptAsTheyAre) {
  std::map<std::string, std::string> kept;
  for (const std::string& text : cell::test::texts_of("hostile_texts.json")) {
    const auto made = records.create({"t", "TXT", text}, "", {});
    if (made) kept[made->id] = text;
  }

  EXPECT_GT(kept.size(), 40U);
  for (const auto& [id, text] : kept) EXPECT_EQ(records.find(id)->record.value, text);
}

}  // namespace
}  // namespace cell::dns
