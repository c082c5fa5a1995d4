#include "plugin/package.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/atomic_file.hpp"
#include "crypto/ed25519.hpp"
#include "unit/plugin/manifests.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::plugin {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;
using Files = std::map<std::string, std::string>;

Files notes_files() {
  return {{"manifest.yaml", notes_manifest()}, {"LICENSE", "MIT"}, {"icons/big.svg", "<svg/>"}};
}

class Packages : public testing::Test {
 protected:
  std::filesystem::path write(const std::string& bytes) {
    const auto path = place_.path() / "x.cellpkg";
    EXPECT_TRUE(write_file_atomic(path, bytes));
    return path;
  }
  std::filesystem::path signed_package(Files files = notes_files()) {
    auto bytes = pack(std::move(files), &keys_.private_key);
    EXPECT_TRUE(bytes) << bytes.error().message;
    return write(*bytes);
  }
  FindKey trusting() {
    return [this](const std::string& key_id, const std::string& package_id) -> Result<std::string> {
      if (key_id != *crypto::key_id(keys_.public_key)) return Error{Code::not_found, "unknown key"};
      if (package_id != "org.example.notes") return Error{Code::forbidden, "not that key's"};
      return keys_.public_key;
    };
  }
  std::filesystem::path root() const { return place_.path() / "plugins"; }

  test::TemporaryDirectory place_;
  crypto::SigningKeys keys_ = *crypto::generate_signing_keys();
};

TEST_F(Packages, SameFilesGiveTheSameBytes) {
  EXPECT_EQ(*pack(notes_files(), &keys_.private_key), *pack(notes_files(), &keys_.private_key));
}

TEST_F(Packages, SumsListTheFilesInOrder) {
  EXPECT_EQ(sums_of({{"b", "abc"}, {"a/x", ""}, {"SHA256SUMS", "?"}, {"SHA256SUMS.sig", "?"}}),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a/x\n"
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b\n");
}

TEST_F(Packages, CanBeLookedAt) {
  const auto info = read_package(signed_package(), trusting());

  ASSERT_TRUE(info) << info.error().message;
  EXPECT_EQ(info->manifest.id, "org.example.notes");
  EXPECT_EQ(info->key_id, *crypto::key_id(keys_.public_key));
  EXPECT_EQ(info->texts.at("LICENSE"), "MIT");
  EXPECT_EQ(info->sha256.size(), 64U);
  EXPECT_GT(info->size_bytes, 0);
}

TEST_F(Packages, AreUnpackedIntoAFolderNamedByTheirHash) {
  const auto package = signed_package();
  const std::string sha256 = read_package(package, trusting())->sha256;

  const auto unpacked = unpack_package(package, root(), sha256, trusting());

  ASSERT_TRUE(unpacked) << unpacked.error().message;
  EXPECT_EQ(unpacked->folder, root() / "org.example.notes" / ("1.2.0-" + sha256.substr(0, 16)));
  EXPECT_EQ(*read_file(unpacked->folder / "icons/big.svg"), "<svg/>");
  struct stat info {};
  ASSERT_EQ(::stat(unpacked->folder.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0700U);
  ASSERT_EQ(::stat((unpacked->folder / "LICENSE").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0644U);
}

TEST_F(Packages, CanBeUnpackedTwice) {
  const auto package = signed_package();
  ASSERT_TRUE(unpack_package(package, root(), "", trusting()));

  const auto again = unpack_package(package, root(), "", trusting());

  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(open_unpacked(again->folder, trusting()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(root()), {}), 1);
}

TEST_F(Packages, FolderThatWasTamperedWithIsRefusedAndMadeAnew) {
  const auto package = signed_package();
  const auto unpacked = unpack_package(package, root(), "", trusting());
  ASSERT_TRUE(write_file_atomic(unpacked->folder / "LICENSE", "GPL"));

  const auto opened = open_unpacked(unpacked->folder, trusting());

  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, HasSubstr("'LICENSE' is not the file that SHA256SUMS names"));
  ASSERT_TRUE(unpack_package(package, root(), "", trusting()));
  EXPECT_TRUE(open_unpacked(unpacked->folder, trusting()));
}

TEST_F(Packages, FolderWithALinkIsRefused) {
  const auto unpacked = unpack_package(signed_package(), root(), "", trusting());
  std::filesystem::remove(unpacked->folder / "LICENSE");
  std::filesystem::create_symlink("/etc/hostname", unpacked->folder / "LICENSE");

  EXPECT_FALSE(open_unpacked(unpacked->folder, trusting()));
}

TEST_F(Packages, AnotherThanTheIndexNamesIsRefusedAndLeavesNothing) {
  const auto unpacked = unpack_package(signed_package(), root(), std::string(64, '0'), trusting());

  ASSERT_FALSE(unpacked);
  EXPECT_EQ(unpacked.error().reason, "hash");
  EXPECT_TRUE(std::filesystem::is_empty(root()));
}

TEST_F(Packages, UnsignedOneIsRefusedWhereAKeyIsAsked) {
  const auto package = write(*pack(notes_files(), nullptr));

  EXPECT_TRUE(read_package(package, {}));
  const auto info = read_package(package, trusting());
  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().reason, "signature");
}

TEST_F(Packages, SignedWithAnUnknownKeyIsRefused) {
  const auto other = *crypto::generate_signing_keys();
  const auto package = write(*pack(notes_files(), &other.private_key));

  const auto info = read_package(package, trusting());

  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().message, "unknown key");
}

TEST_F(Packages, KeyThatIsNotForThisIdIsRefused) {
  Files files = notes_files();
  files["manifest.yaml"].replace(files["manifest.yaml"].find("org.example"), 11, "org.another");

  const auto info = read_package(signed_package(files), trusting());

  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().message, "not that key's");
}

TEST_F(Packages, SignatureThatNamesTheRightKeyButWasMadeWithAnotherIsRefused) {
  const auto other = *crypto::generate_signing_keys();
  Files files = notes_files();
  files["SHA256SUMS"] = sums_of(files);
  Json signature = *parse_json(*make_signature(files["SHA256SUMS"], other.private_key));
  signature["key_id"] = *crypto::key_id(keys_.public_key);
  files["SHA256SUMS.sig"] = dump_json(signature);

  const auto info = read_package(write(*write_archive(files)), trusting());

  ASSERT_FALSE(info);
  EXPECT_EQ(info.error().reason, "signature");
}

TEST_F(Packages, EveryFlippedByteIsNoticed) {
  const std::string good = *pack(notes_files(), &keys_.private_key);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x20);
    const auto info = read_package(write(bad), trusting());
    const bool same = info && info->sha256 == read_package(write(good), trusting())->sha256;

    EXPECT_FALSE(same) << i;
  }
}

TEST_F(Packages, TruncatedOneIsRefusedAndLeavesNothing) {
  const std::string good = *pack(notes_files(), &keys_.private_key);
  for (std::size_t size = 0; size + 20 < good.size(); size += 7) {
    EXPECT_FALSE(unpack_package(write(good.substr(0, size)), root(), "", trusting())) << size;
  }
  EXPECT_TRUE(std::filesystem::is_empty(root()));
}

TEST_F(Packages, NamesSayWhatTheyAreFor) {
  EXPECT_EQ(package_file_name(parsed(notes_manifest())), "org.example.notes-1.2.0.cellpkg");
  Manifest native = parsed(native_manifest());
  EXPECT_EQ(package_file_name(native), "probe-1.0.0.cellpkg");
  native.architectures = {"arm64"};
  EXPECT_EQ(package_file_name(native), "probe-1.0.0-arm64.cellpkg");
}

struct Change {
  const char* name;
  void (*change)(Files& files);
  const char* part_of_message;
};

class PackageRefuses : public Packages, public testing::WithParamInterface<Change> {};

TEST_P(PackageRefuses, Contents) {
  Files files = notes_files();
  files["SHA256SUMS"] = sums_of(files);
  GetParam().change(files);

  const auto info = read_package(write(*write_archive(files)), {});

  ASSERT_FALSE(info);
  EXPECT_THAT(info.error().message, HasSubstr(GetParam().part_of_message));
}

INSTANTIATE_TEST_SUITE_P(
    Files, PackageRefuses,
    testing::Values(
        Change{"no_sums", [](Files& files) { files.erase("SHA256SUMS"); }, "SHA256SUMS is missing"},
        Change{"no_manifest",
               [](Files& files) {
                 files.erase("manifest.yaml");
                 files["SHA256SUMS"] = sums_of(files);
               },
               "manifest.yaml is missing"},
        Change{"file_that_is_not_listed", [](Files& files) { files["more"] = "x"; },
               "'more' is not in SHA256SUMS"},
        Change{"listed_file_that_is_missing", [](Files& files) { files.erase("LICENSE"); },
               "'LICENSE' of SHA256SUMS is missing"},
        Change{"changed_file", [](Files& files) { files["LICENSE"] = "GPL"; }, "'LICENSE' is not the file"},
        Change{"file_listed_twice", [](Files& files) { files["SHA256SUMS"] += files["SHA256SUMS"]; },
               "twice"},
        Change{"sums_without_end", [](Files& files) { files["SHA256SUMS"].pop_back(); },
               "does not end with a line break"},
        Change{"hidden_library",
               [](Files& files) {
                 files["evil.so"] = "x";
                 files["SHA256SUMS"] = sums_of(files);
               },
               "a library that the manifest does not name"},
        Change{"hidden_file", [](Files& files) { files[".hidden"] = "x"; }, "'.hidden' is no name"},
        Change{"parent_folder", [](Files& files) { files["../x"] = "x"; }, "'../x' is no name"},
        Change{"absolute_name", [](Files& files) { files["/etc/x"] = "x"; }, "is no name"},
        Change{"backslash", [](Files& files) { files["a\\b"] = "x"; }, "is no name"},
        Change{"two_folders", [](Files& files) { files["a/b/c"] = "x"; }, "is no name"},
        Change{"differs_by_case", [](Files& files) { files["license"] = "x"; }, "is there twice"},
        Change{"file_and_folder", [](Files& files) { files["icons"] = "x"; }, "is there twice"}),
    [](const auto& test) { return test.param.name; });

// Entries that write_archive() cannot make.
std::string raw_archive(const std::function<void(archive*, archive_entry*)>& add, bool zstd = true) {
  std::string bytes(1 << 20, '\0');
  std::size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format_pax_restricted(writer);
  if (zstd) archive_write_add_filter_zstd(writer);
  archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, "x");
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  add(writer, entry);
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

struct Raw {
  const char* name;
  std::string bytes;
  const char* part_of_message;
};

class ArchiveRefuses : public Packages, public testing::WithParamInterface<Raw> {};

TEST_P(ArchiveRefuses, Entries) {
  const auto info = read_package(write(GetParam().bytes), {});

  ASSERT_FALSE(info);
  EXPECT_THAT(info.error().message, HasSubstr(GetParam().part_of_message));
}

INSTANTIATE_TEST_SUITE_P(
    Entries, ArchiveRefuses,
    testing::Values(Raw{"symlink", raw_archive([](archive* writer, archive_entry* entry) {
                          archive_entry_set_filetype(entry, AE_IFLNK);
                          archive_entry_set_symlink(entry, "/etc/passwd");
                          archive_write_header(writer, entry);
                        }),
                        "'x' is not a regular file"},
                    Raw{"hard_link", raw_archive([](archive* writer, archive_entry* entry) {
                          archive_entry_set_hardlink(entry, "manifest.yaml");
                          archive_write_header(writer, entry);
                        }),
                        "'x' is not a regular file"},
                    Raw{"device", raw_archive([](archive* writer, archive_entry* entry) {
                          archive_entry_set_filetype(entry, AE_IFBLK);
                          archive_write_header(writer, entry);
                        }),
                        "'x' is not a regular file"},
                    Raw{"fifo", raw_archive([](archive* writer, archive_entry* entry) {
                          archive_entry_set_filetype(entry, AE_IFIFO);
                          archive_write_header(writer, entry);
                        }),
                        "'x' is not a regular file"},
                    Raw{"folder", raw_archive([](archive* writer, archive_entry* entry) {
                          archive_entry_set_filetype(entry, AE_IFDIR);
                          archive_write_header(writer, entry);
                        }),
                        "cannot be read"},
                    Raw{"too_many_files", raw_archive([](archive* writer, archive_entry* entry) {
                          for (int i = 0; i < 65; ++i) {
                            archive_entry_set_pathname(entry, ("f" + std::to_string(i)).c_str());
                            archive_write_header(writer, entry);
                          }
                        }),
                        "more than 64 files"},
                    Raw{"grows_too_much", raw_archive([](archive* writer, archive_entry* entry) {
                          archive_entry_set_size(entry, 100 << 20);
                          archive_write_header(writer, entry);
                          const std::string zeros(1 << 20, '\0');
                          for (int i = 0; i < 100; ++i)
                            archive_write_data(writer, zeros.data(), zeros.size());
                        }),
                        "grows too much when unpacked"},
                    Raw{"not_compressed",
                        raw_archive(
                            [](archive* writer, archive_entry* entry) {
                              archive_entry_set_size(entry, 0);
                              archive_write_header(writer, entry);
                            },
                            false),
                        "not compressed with zstd"},
                    Raw{"garbage", std::string(4096, 'x'), "cannot be read"},
                    Raw{"empty", "", "cannot be read"}),
    [](const auto& test) { return test.param.name; });

TEST_F(Packages, SetUidBitIsDropped) {
  Files files = notes_files();
  files["SHA256SUMS"] = sums_of(files);
  const auto package = write(raw_archive([&](archive* writer, archive_entry* entry) {
    archive_entry_set_perm(entry, 04755);
    for (const auto& [name, content] : files) {
      archive_entry_set_pathname(entry, name.c_str());
      archive_entry_set_size(entry, static_cast<la_int64_t>(content.size()));
      archive_write_header(writer, entry);
      archive_write_data(writer, content.data(), content.size());
    }
  }));

  const auto unpacked = unpack_package(package, root(), "", {});

  ASSERT_TRUE(unpacked) << unpacked.error().message;
  struct stat info {};
  ASSERT_EQ(::stat((unpacked->folder / "LICENSE").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, 0644U);
}

TEST_F(Packages, FileOverItsLimitIsTooLarge) {
  const auto package = signed_package();
  const ArchiveLimits limits{.file_bytes = 4};

  const auto read = read_archive(package, limits, [](const auto&, auto) { return Result<void>{}; });

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::too_large);
}

TEST_F(Packages, LeftoversOfAKilledUnpackAreRemoved) {
  std::filesystem::create_directories(root() / ".unpack-abc" / "x");
  std::filesystem::create_directories(root() / "notes");

  remove_unfinished(root());

  EXPECT_FALSE(std::filesystem::exists(root() / ".unpack-abc"));
  EXPECT_TRUE(std::filesystem::exists(root() / "notes"));
}

}  // namespace
}  // namespace cell::plugin
