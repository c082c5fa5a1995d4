#include "domain/store/store.hpp"

#include <gmock/gmock.h>

#include "base/atomic_file.hpp"
#include "crypto/digest.hpp"
#include "crypto/ed25519.hpp"
#include "crypto/encoding.hpp"
#include "domain/store/view.hpp"
#include "unit/plugin/manifests.hpp"
#include "unit/support/config_state.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::store {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string manifest_of(const std::string& id, const std::string& version) {
  std::string text = plugin::notes_manifest();
  text.replace(text.find("org.example.notes"), 17, id);
  text.replace(text.find("1.2.0"), 5, version);
  return text;
}

// A folder with packages and their signed index.
class Folder {
 public:
  explicit Folder(std::filesystem::path path) : path_(std::move(path)) {
    EXPECT_TRUE(ensure_directory(path_));
  }

  void add(const std::string& id, const std::string& version, const std::string& icon = "<svg/>") {
    const std::string manifest = manifest_of(id, version) + "icon: i.svg\n";
    const auto bytes =
        plugin::pack({{"manifest.yaml", manifest}, {"i.svg", icon}, {"LICENSE", "MIT"}}, &keys_.private_key);
    ASSERT_TRUE(bytes) << bytes.error().message;
    const std::string file = id + "-" + version + ".cellpkg";
    ASSERT_TRUE(write_file_atomic(path_ / file, *bytes));
    packages_.push_back({{"id", id},
                         {"version", version},
                         {"file", file},
                         {"sha256", crypto::to_hex(crypto::sha256(*bytes))},
                         {"size_bytes", bytes->size()},
                         {"manifest_sha256", crypto::to_hex(crypto::sha256(manifest))}});
    write();
  }
  void write() {
    const Json index = {{"schema", 1},
                        {"name", "Test"},
                        {"version", ++version_},
                        {"expires", expires_},
                        {"packages", packages_}};
    const std::string text = dump_json(index);
    ASSERT_TRUE(write_file_atomic(path_ / "index.json", text));
    ASSERT_TRUE(
        write_file_atomic(path_ / "index.json.sig", *plugin::make_signature(text, keys_.private_key)));
    ASSERT_TRUE(write_file_atomic(path_ / "store.pub", keys_.public_key + "\n"));
  }

  std::filesystem::path path_;
  crypto::SigningKeys keys_ = *crypto::generate_signing_keys();
  Json packages_ = Json::array();
  std::int64_t version_ = 0;
  std::string expires_ = "2099-01-01T00:00:00Z";
};

class StoreTest : public testing::Test {
 protected:
  test::ConfigState state_;
  test::TemporaryDirectory& place_ = state_.directory;
  ManualClock& clock_ = state_.clock;
  std::unique_ptr<config::Store>& config_ = state_.config;
  Folder shipped_{place_.path() / "shipped"};
  Folder other_{place_.path() / "other"};
  std::unique_ptr<Store> store_ =
      *Store::open({.config = *config_,
                    .database = *state_.database,
                    .clock = clock_,
                    .log = state_.logs->logger("store"),
                    .shipped = shipped_.path_,
                    .cache = place_.path() / "cache",
                    .unpacked = place_.path() / "plugins",
                    .architecture = "amd64",
                    .fetch = [this](const http::ClientRequest& request) -> Result<http::ClientReply> {
                      return answer(request);
                    }});

  // A web server at https://example.org/store with the files of other_; what is in `instead` answers first.
  std::map<std::string, std::string> instead_;
  Result<http::ClientReply> answer(const http::ClientRequest& request) {
    const std::string name = request.url.substr(request.url.rfind('/') + 1);
    http::ClientReply reply;
    reply.status = 200;
    const auto found = instead_.find(name);
    reply.body = found != instead_.end() ? found->second : CELL_TRY(read_file(other_.path_ / name));
    return reply;
  }

  Result<SourceState> add_other() {
    return store_->add_source({"other", other_.path_.string(), other_.keys_.public_key, {}, {}}, {});
  }
  SourceState state_of(const std::string& name) {
    for (SourceState& state : store_->sources()) {
      if (state.source.name == name) return state;
    }
    return {};
  }
};

TEST_F(StoreTest, OffersTheNewestOfWhatShips) {
  shipped_.add("notes", "1.0.0");
  shipped_.add("notes", "1.10.0");
  shipped_.add("notes", "1.9.0");

  store_->refresh();

  ASSERT_THAT(store_->offers(), SizeIs(1));
  EXPECT_EQ(store_->offers()[0].listed.version, "1.10.0");
  EXPECT_EQ(state_of("cell").state, "ok");
  EXPECT_TRUE(store_->offers()[0].first_party);
}

TEST_F(StoreTest, UnpacksAPackageOnceItIsChecked) {
  shipped_.add("notes", "1.0.0");
  store_->refresh();

  const auto package = store_->fetch("notes", "", [](double) {});

  ASSERT_TRUE(package) << package.error().message;
  EXPECT_EQ(package->package.folder,
            place_.path() / "plugins/notes" / ("1.0.0-" + package->sha256.substr(0, 16)));
  settings::ServiceEntry entry{"notes", "1.0.0", package->sha256, "cell"};
  EXPECT_EQ(store_->installed(entry)->package.manifest.version, "1.0.0");
}

TEST_F(StoreTest, APackageThatIsNotTheListedOneIsRefused) {
  shipped_.add("notes", "1.0.0");
  store_->refresh();
  std::string bytes = *read_file(shipped_.path_ / "notes-1.0.0.cellpkg");
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ASSERT_TRUE(write_file_atomic(shipped_.path_ / "notes-1.0.0.cellpkg", bytes));

  EXPECT_FALSE(store_->fetch("notes", "", [](double) {}));
  EXPECT_FALSE(std::filesystem::exists(place_.path() / "plugins/notes"));
}

TEST_F(StoreTest, AnotherStoreOffersItsOwnIdsOnly) {
  shipped_.add("notes", "1.0.0");
  other_.add("notes", "9.0.0");
  other_.add("org.example.more", "1.0.0");

  const auto added = add_other();
  ASSERT_TRUE(added) << added.error().message;
  store_->refresh();

  EXPECT_EQ(store_->offer("notes")->source, "cell");
  EXPECT_EQ(store_->offer("notes")->listed.version, "1.0.0");
  EXPECT_EQ(store_->offer("org.example.more")->source, "other");
}

TEST_F(StoreTest, AServiceIsUpdatedFromWhereItCameFrom) {
  Folder third(place_.path() / "third");
  other_.add("org.example.more", "1.0.0");
  third.add("org.example.more", "999.0.0");
  ASSERT_TRUE(add_other());
  ASSERT_TRUE(store_->add_source({"third", third.path_.string(), third.keys_.public_key, {}, {}}, {}));
  store_->refresh();
  ASSERT_EQ(store_->offer("org.example.more")->source, "third");

  const auto committed = config_->commit({}, [](Json& root) -> Result<void> {
    settings::ServiceEntry entry{"org.example.more", "1.0.0", std::string(64, 'a'), "other", "more"};
    entry.installed_at = "2026-01-01T00:00:00Z";
    settings::put_service(root, entry);
    return {};
  });
  ASSERT_TRUE(committed) << committed.error().message;

  EXPECT_EQ(store_->offer("org.example.more")->source, "other");
  EXPECT_EQ(store_->offer("org.example.more")->listed.version, "1.0.0");
}

TEST_F(StoreTest, ADownloadThatIsNotThePackageIsTriedAgain) {
  other_.add("org.example.more", "1.0.0");
  instead_["org.example.more-1.0.0.cellpkg"] = "<html>Please log in</html>";
  ASSERT_TRUE(store_->add_source({"web", "https://example.org/store", other_.keys_.public_key, {}, {}}, {}));
  EXPECT_THAT(store_->offer("org.example.more")->problem, HasSubstr("is not what the index lists"));

  instead_.clear();
  store_->refresh();

  EXPECT_TRUE(store_->offer("org.example.more")->info) << store_->offer("org.example.more")->problem;
}

TEST_F(StoreTest, WhatIsNotListedAnyMoreTakesNoRoom) {
  other_.add("org.example.more", "1.0.0");
  ASSERT_TRUE(store_->add_source({"web", "https://example.org/store", other_.keys_.public_key, {}, {}}, {}));
  const auto cached = [&] {
    return std::distance(std::filesystem::directory_iterator(place_.path() / "cache/web"), {});
  };
  ASSERT_EQ(cached(), 1);
  other_.packages_.clear();
  other_.write();

  store_->refresh();

  EXPECT_EQ(cached(), 0);
}

TEST_F(StoreTest, AStoreMayNotPublishWhatIsTheProducts) {
  other_.add("notes", "9.0.0");
  ASSERT_TRUE(add_other());
  store_->refresh();

  EXPECT_THAT(store_->offer("notes")->problem, HasSubstr("store 'other' may not publish 'notes'"));
  EXPECT_EQ(store_->fetch("notes", "", [](double) {}).error().reason, "scope");
}

TEST_F(StoreTest, AnOlderIndexIsRefusedAlsoAfterARestart) {
  other_.add("org.example.more", "1.0.0");
  ASSERT_TRUE(add_other());
  other_.add("org.example.more", "1.1.0");
  store_->refresh();
  other_.version_ = 0;
  other_.packages_.erase(1);
  other_.write();

  store_->refresh();

  EXPECT_EQ(state_of("other").state, "refused");
  EXPECT_EQ(state_of("other").problem, "the index is version 1, and version 2 was seen before");
  EXPECT_THAT(store_->offers(), IsEmpty());
}

TEST_F(StoreTest, AnExpiredIndexIsSaidToBe) {
  other_.add("org.example.more", "1.0.0");
  ASSERT_TRUE(add_other());
  other_.expires_ = format_time(clock_.now());
  other_.write();

  store_->refresh();

  EXPECT_EQ(state_of("other").state, "expired");
}

TEST_F(StoreTest, AStoreThatIsAwayKeepsWhatWasSeen) {
  other_.add("org.example.more", "1.0.0");
  ASSERT_TRUE(add_other());
  store_->refresh();
  std::filesystem::rename(other_.path_, place_.path() / "moved");

  store_->refresh();

  EXPECT_EQ(state_of("other").state, "unreachable");
  EXPECT_EQ(store_->offer("org.example.more")->listed.version, "1.0.0");
}

TEST_F(StoreTest, AStoreWithAnotherKeyIsNotAdded) {
  other_.add("org.example.more", "1.0.0");

  const auto added =
      store_->add_source({"other", other_.path_.string(), shipped_.keys_.public_key, {}, {}}, {});

  ASSERT_FALSE(added);
  EXPECT_THAT(added.error().message, HasSubstr("the store can't be used: the index is signed with key "));
  EXPECT_THAT(settings::store_sources_of(config_->snapshot()->root), IsEmpty());
}

TEST_F(StoreTest, ARemovedStoreOffersNothing) {
  other_.add("org.example.more", "1.0.0");
  ASSERT_TRUE(add_other());

  ASSERT_TRUE(store_->remove_source("other", {}));

  EXPECT_THAT(store_->offers(), IsEmpty());
  EXPECT_EQ(store_->remove_source("cell", {}).error().code, Code::not_found);
}

TEST_F(StoreTest, AnItemIsToldInTheLanguageThatIsAskedFor) {
  shipped_.add("notes", "1.0.0");
  store_->refresh();

  const Json item = item_json(*store_->offer("notes"), {}, "de");

  EXPECT_EQ(item["name"], "Notizen");
  EXPECT_EQ(item["summary"], "Notes for everybody");
  EXPECT_EQ(item["state"], "available");
  EXPECT_EQ(item["icon"], "/api/store/items/notes/icon");
  EXPECT_EQ(item_json(*store_->offer("notes"), {"0.9.0", false}, "en")["state"], "update_available");
  EXPECT_EQ(item_json(*store_->offer("notes"), {"1.0.0", false}, "en")["state"], "installed");
}

}  // namespace
}  // namespace cell::store
