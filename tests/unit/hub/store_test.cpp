#include "hub/store.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/atomic_file.hpp"
#include "unit/hub/document_samples.hpp"

namespace cell::hub {
namespace {

class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "/hub-store-XXXXXX";
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    directory_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string stored_hash() {
    auto document = Store(directory_).load();
    if (!document) return "error";
    return *document ? hash_of(**document) : "none";
  }

  // Saves the sample and appends the removal of its second peer and its return.
  void save_and_append(Store& store, PeerTable& table) {
    ASSERT_TRUE(store.save(table.document()).ok());
    append(store, table, {}, {key_of(3)});
    append(store, table, {sample_document().peers[1]}, {});
  }

  static void append(Store& store, PeerTable& table, const std::vector<Peer>& upsert,
                     const std::vector<std::string>& remove) {
    const auto base = table.hash();
    const auto changes = *table.plan(upsert, remove);
    table.apply(changes);
    ASSERT_TRUE(store.append(base, changes, table.hash()).ok());
  }

  std::filesystem::path journal() const { return directory_ / "changes.journal"; }

  std::filesystem::path directory_;
};

TEST_F(StoreTest, IsEmptyAtFirst) { EXPECT_EQ(stored_hash(), "none"); }

TEST_F(StoreTest, KeepsDocumentAndChangesPrivate) {
  Store store(directory_);
  PeerTable table(sample_document());
  ASSERT_TRUE(store.save(table.document()).ok());

  append(store, table, {}, {key_of(3)});

  EXPECT_EQ(stored_hash(), table.hash());
  for (const auto* name : {"document.json", "changes.journal"}) {
    struct stat facts {};
    ASSERT_EQ(::stat((directory_ / name).c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U) << name;
  }
}

TEST_F(StoreTest, ReadsAKnownStateFromAJournalCutAnywhere) {
  Store store(directory_);
  PeerTable table(sample_document());
  save_and_append(store, table);
  const auto whole = *read_file(journal());
  const auto first_line = whole.find('\n') + 1;
  auto without = sample_document();
  without.peers.pop_back();

  for (std::size_t size = 0; size <= whole.size(); ++size) {
    std::filesystem::resize_file(journal(), size);
    const auto expected =
        size < first_line || size == whole.size() ? hash_of(sample_document()) : hash_of(without);
    ASSERT_EQ(stored_hash(), expected) << "cut after " << size;
    std::ofstream(journal(), std::ios::binary) << whole;
  }
}

TEST_F(StoreTest, SkipsLinesThatTheDocumentHolds) {
  Store store(directory_);
  PeerTable table(sample_document());
  save_and_append(store, table);
  append(store, table, {{key_of(5), "", {"10.13.13.5"}, {}}}, {});
  const auto lines = *read_file(journal());
  ASSERT_TRUE(store.save(table.document()).ok());

  // A crash between writing the document and emptying the journal.
  std::ofstream(journal(), std::ios::binary) << lines;

  EXPECT_EQ(stored_hash(), table.hash());
}

TEST_F(StoreTest, WantsToSaveAfterATornTail) {
  Store store(directory_);
  PeerTable table(sample_document());
  save_and_append(store, table);
  std::filesystem::resize_file(journal(), std::filesystem::file_size(journal()) - 3);

  Store again(directory_);
  ASSERT_TRUE(again.load().ok());

  EXPECT_TRUE(again.wants_save());
  ASSERT_TRUE(again.save(sample_document()).ok());
  EXPECT_FALSE(again.wants_save());
}

TEST_F(StoreTest, KeepsABrokenDocumentAside) {
  std::ofstream(directory_ / "document.json") << "{\"half\":";

  EXPECT_EQ(stored_hash(), "error");
  EXPECT_TRUE(std::filesystem::exists(directory_ / "document.json.broken"));
  EXPECT_EQ(stored_hash(), "none");
}

}  // namespace
}  // namespace cell::hub
