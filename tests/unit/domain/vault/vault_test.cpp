#include "domain/vault/vault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/atomic_file.hpp"
#include "base/process.hpp"
#include "unit/support/cell_state.hpp"
#include "unit/support/place.hpp"

namespace cell::vault {
namespace {

using std::chrono::hours;
constexpr hours kDay{24};

struct VaultTest : testing::Test {
  cell::test::TemporaryDirectory directory;
  ManualClock clock;
  std::unique_ptr<config::SealedStore> sealed = open_sealed();
  Json root = cell::test::sample_root();
  Vault vault = make();

  std::unique_ptr<config::SealedStore> open_sealed() {
    return config::SealedStore::open(directory.path() / "sealed.json", cell::test::test_sealer()).value();
  }
  Vault make() { return Vault({*sealed, clock, directory.path() / "caddy"}); }
  std::filesystem::path certificate() const { return directory.path() / "caddy/server.pem"; }
  std::filesystem::path key() const { return directory.path() / "caddy/server.key"; }
  std::string text(const std::filesystem::path& file) const { return read_file(file).value(); }
  std::string mode(const std::filesystem::path& file) const {
    struct stat info {};
    stat(file.c_str(), &info);
    return std::to_string((info.st_mode >> 6U) & 7U) + std::to_string((info.st_mode >> 3U) & 7U) +
           std::to_string(info.st_mode & 7U);
  }
  // What openssl says of the served chain, to someone who trusts only the root.
  std::string verify(const std::string& name) {
    const auto ca = directory.path() / "root.pem";
    EXPECT_TRUE(write_file_atomic(ca, vault.authority()->root_pem));
    const auto output = run_process(
        {"openssl", "verify", "-attime", std::to_string(to_unix(clock.now())), "-CAfile", ca.string(),
         "-untrusted", certificate().string(), "-verify_hostname", name, certificate().string()},
        std::chrono::seconds{10});
    return output ? output->out + output->err : output.error().message;
  }
};

TEST_F(VaultTest, DoesNothingBeforeSetup) {
  root["identity"]["setup_complete"] = false;

  EXPECT_FALSE(vault.renew_if_due(root).value());
  EXPECT_FALSE(vault.authority());
  EXPECT_FALSE(vault.files());
  EXPECT_TRUE(sealed->names().empty());
}

TEST_F(VaultTest, KeyOfTheServedCertificateStaysWhenTheNewOneCannotBeWritten) {
  ASSERT_TRUE(vault.renew_if_due(root).value());
  const std::string before = text(key());
  // A directory with something in it can't be replaced by a file.
  std::filesystem::remove(certificate());
  std::filesystem::create_directories(certificate() / "in the way");

  EXPECT_FALSE(vault.renew_if_due(root));

  EXPECT_EQ(text(key()), before);
}

TEST_F(VaultTest, MakesAChainThatHoldsForTheDomainAndItsNames) {
  ASSERT_TRUE(vault.renew_if_due(root).value());

  EXPECT_THAT(verify("home.cell"), testing::HasSubstr("server.pem: OK"));
  EXPECT_THAT(verify("nas.home.cell"), testing::HasSubstr("server.pem: OK"));
  EXPECT_THAT(verify("home.example"), testing::HasSubstr("hostname mismatch"));
  EXPECT_EQ(vault.authority()->root.subject, "CN=home cell root 2027");
  EXPECT_EQ(vault.authority()->intermediate.subject, "CN=home cell intermediate 2027");
  EXPECT_EQ(vault.authority()->root.not_after, clock.now() + 3652 * kDay);
  EXPECT_EQ(vault.authority()->intermediate.not_after, clock.now() + 1826 * kDay);
  const auto server = vault.server();
  ASSERT_TRUE(server);
  EXPECT_THAT(server->names, testing::ElementsAre("home.cell", "*.home.cell"));
  EXPECT_EQ(server->issuer, "CN=home cell intermediate 2027");
  EXPECT_EQ(server->not_after, clock.now() + 90 * kDay);
  EXPECT_EQ(server->state, "ok");
  EXPECT_EQ(server->last_error, "");
}

TEST_F(VaultTest, KeysAreForNobodyElse) {
  ASSERT_TRUE(vault.renew_if_due(root));

  EXPECT_EQ(mode(key()), "600");
  EXPECT_EQ(mode(certificate()), "644");
  EXPECT_EQ(text(certificate()).find("PRIVATE"), std::string::npos);
  EXPECT_EQ(text(directory.path() / "sealed.json").find("PRIVATE"), std::string::npos);
  EXPECT_THAT(sealed->names(), testing::UnorderedElementsAre("vault/root", "vault/intermediate"));
  EXPECT_EQ(vault.authority()->root_pem.find("PRIVATE"), std::string::npos);
}

TEST_F(VaultTest, IsNotIssuedAgainAtEachStart) {
  ASSERT_TRUE(vault.renew_if_due(root).value());
  const std::string before = text(certificate());

  EXPECT_FALSE(vault.renew_if_due(root).value());
  sealed = open_sealed();
  Vault again = make();
  EXPECT_FALSE(again.renew_if_due(root).value());

  EXPECT_EQ(text(certificate()), before);
  EXPECT_EQ(again.files()->tag, vault.files()->tag);
  EXPECT_EQ(again.authority()->root.sha256, vault.authority()->root.sha256);
}

TEST_F(VaultTest, IsRenewedWithANewKeyAtTwoThirdsOfItsLife) {
  ASSERT_TRUE(vault.renew_if_due(root).value());
  const std::string old_key = text(key());
  const std::string old_tag = vault.files()->tag;
  clock.advance(59 * kDay);
  EXPECT_FALSE(vault.renew_if_due(root).value());

  clock.advance(2 * kDay);
  EXPECT_TRUE(vault.renew_if_due(root).value());

  EXPECT_NE(text(key()), old_key);
  EXPECT_NE(vault.files()->tag, old_tag);
  EXPECT_EQ(vault.server()->not_after, clock.now() + 90 * kDay);
  EXPECT_THAT(verify("home.cell"), testing::HasSubstr("server.pem: OK"));
}

TEST_F(VaultTest, TheIntermediateIsRenewedUnderTheSameRoot) {
  ASSERT_TRUE(vault.renew_if_due(root));
  const std::string root_print = vault.authority()->root.sha256;
  clock.advance(1300 * kDay);

  ASSERT_TRUE(vault.renew_if_due(root).value());

  EXPECT_EQ(vault.authority()->root.sha256, root_print);
  EXPECT_EQ(vault.authority()->intermediate.not_after, clock.now() + 1826 * kDay);
  EXPECT_THAT(verify("home.cell"), testing::HasSubstr("server.pem: OK"));
}

TEST_F(VaultTest, DamagedAndMissingFilesAreMadeAgain) {
  ASSERT_TRUE(vault.renew_if_due(root));
  for (const auto& file : {certificate(), key()}) {
    const std::string other = text(file == key() ? certificate() : key());
    for (const std::string& damage :
         {std::string(), std::string("nonsense"), text(file).substr(0, 100), other}) {
      ASSERT_TRUE(write_file_atomic(file, damage, 0600));
      EXPECT_TRUE(vault.renew_if_due(root).value()) << file << ' ' << damage;
      EXPECT_THAT(verify("home.cell"), testing::HasSubstr("server.pem: OK"));
    }
    std::filesystem::remove(file);
    EXPECT_TRUE(vault.renew_if_due(root).value()) << file;
  }
  EXPECT_EQ(mode(key()), "600");
  EXPECT_EQ(mode(certificate()), "644");
}

TEST_F(VaultTest, ACertificateOfAnotherAuthorityIsReplaced) {
  ASSERT_TRUE(vault.renew_if_due(root));
  const auto foreign_root = crypto::make_root("x", {"home.cell"}, clock.now(), hours{1000}).value();
  const auto foreign =
      crypto::make_server_certificate({"home.cell", "*.home.cell"}, foreign_root, clock.now(), hours{1000})
          .value();
  ASSERT_TRUE(write_file_atomic(certificate(), foreign.certificate_pem));
  ASSERT_TRUE(write_file_atomic(key(), foreign.private_key_pem.reveal(), 0600));

  EXPECT_TRUE(vault.renew_if_due(root).value());
  EXPECT_THAT(verify("home.cell"), testing::HasSubstr("server.pem: OK"));
}

TEST_F(VaultTest, ARootIsNeverReplacedSilently) {
  ASSERT_TRUE(vault.renew_if_due(root));
  const std::string tag = vault.files()->tag;
  const Secret kept = sealed->get("vault/root").value();
  const std::vector<std::function<void()>> mishaps{
      [&] { ASSERT_TRUE(sealed->put("vault/root", Secret("{}"))); },
      [&] { ASSERT_TRUE(sealed->put("vault/root", Secret("nonsense"))); },
      [&] { ASSERT_TRUE(sealed->remove("vault/root")); },
      [&] { root["identity"]["domain"]["name"] = "other.cell"; },
  };
  for (const auto& mishap : mishaps) {
    ASSERT_TRUE(sealed->put("vault/root", kept));
    mishap();
    const auto before = sealed->get("vault/root");
    Vault again = make();

    const auto result = again.renew_if_due(root);

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().reason, "root_unusable");
    const auto after = sealed->get("vault/root");
    EXPECT_EQ(after.ok(), before.ok());
    if (after && before) {
      EXPECT_EQ(after->reveal(), before->reveal());
    }
    // What is there goes on being served, and the reason is told.
    ASSERT_TRUE(again.files());
    EXPECT_EQ(again.files()->tag, tag);
    EXPECT_EQ(again.server()->last_error, result.error().message);
  }
}

TEST_F(VaultTest, ADamagedIntermediateIsMadeAgain) {
  ASSERT_TRUE(vault.renew_if_due(root));
  const std::string root_print = vault.authority()->root.sha256;
  ASSERT_TRUE(sealed->put("vault/intermediate", Secret("nonsense")));

  EXPECT_TRUE(vault.renew_if_due(root).value());
  EXPECT_EQ(vault.authority()->root.sha256, root_print);
  EXPECT_THAT(verify("home.cell"), testing::HasSubstr("server.pem: OK"));
}

TEST_F(VaultTest, AFailedRenewalIsToldAndTriedAgain) {
  ASSERT_TRUE(vault.renew_if_due(root));
  const Secret kept = sealed->get("vault/root").value();
  ASSERT_TRUE(sealed->put("vault/root", Secret("nonsense")));
  clock.advance(61 * kDay);

  EXPECT_FALSE(vault.renew_if_due(root));
  EXPECT_EQ(vault.server()->state, "due");
  EXPECT_THAT(vault.last_error(), testing::HasSubstr("root certificate can't be used"));
  clock.advance(30 * kDay);
  EXPECT_EQ(vault.server()->state, "expired");

  ASSERT_TRUE(sealed->put("vault/root", kept));
  EXPECT_TRUE(vault.renew_if_due(root).value());
  EXPECT_EQ(vault.server()->state, "ok");
  EXPECT_EQ(vault.last_error(), "");
}

}  // namespace
}  // namespace cell::vault
