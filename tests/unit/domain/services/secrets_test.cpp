#include "domain/services/secrets.hpp"

#include <gtest/gtest.h>

#include "unit/support/cell_state.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::services {
namespace {

class SecretsTest : public ::testing::Test {
 protected:
  SecretsTest() {
    manifest_.id = manifest_.label = "mail";
    manifest_.secrets = {{"dkim", "ed25519"}, {"word", "random"}, {"tls", "certificate"}};
  }

  test::TemporaryDirectory directory_;
  std::unique_ptr<config::SealedStore> sealed_ =
      *config::SealedStore::open(directory_.path() / "sealed.json", test::test_sealer());
  int issued_ = 0;
  Secrets secrets_{*sealed_,
                   [this](const std::string&) {
                     const std::string number = std::to_string(++issued_);
                     return Secrets::Certificate{Secret("key " + number), "chain " + number};
                   },
                   [](const std::string& chain) { return chain == "chain 1"; }};
  plugin::Manifest manifest_;
};

TEST_F(SecretsTest, WhatAPlanShowsIsWhatIsInstalled) {
  const Json shown = *secrets_.completed(manifest_);
  const Json again = *secrets_.completed(manifest_);

  for (const char* name : {"dkim", "dkim_public", "word"}) EXPECT_EQ(shown[name], again[name]) << name;
  EXPECT_FALSE(secrets_.contains("mail"));

  EXPECT_TRUE(*secrets_.ensure(manifest_));
  EXPECT_EQ((*secrets_.values("mail"))["dkim"], shown["dkim"]);
  EXPECT_FALSE(*secrets_.ensure(manifest_));
}

TEST_F(SecretsTest, AShownCertificateIsNotKept) {
  const Json shown = *secrets_.completed(manifest_);

  EXPECT_EQ(shown["tls_chain"], "chain 1");
  EXPECT_EQ((*secrets_.completed(manifest_))["tls_chain"], "chain 2");
}

TEST_F(SecretsTest, ADueCertificateIsRenewedAndKeysStay) {
  ASSERT_TRUE(*secrets_.ensure(manifest_));
  const Json before = *secrets_.values("mail");

  EXPECT_TRUE(*secrets_.ensure(manifest_));

  const Json after = *secrets_.values("mail");
  EXPECT_EQ(after["tls"], "key 2");
  EXPECT_EQ(after["dkim"], before["dkim"]);
}

TEST_F(SecretsTest, ARemovedServiceComesBackWithOtherKeys) {
  const Json shown = *secrets_.completed(manifest_);

  ASSERT_TRUE(secrets_.remove("mail"));

  EXPECT_NE((*secrets_.completed(manifest_))["dkim"], shown["dkim"]);
}

}  // namespace
}  // namespace cell::services
