#include "domain/services/accounts.hpp"

#include <gmock/gmock.h>

#include "crypto/service_password.hpp"

namespace cell::services {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::SizeIs;

TEST(Login, IsPlainAndReadable) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"Ada", "ada"},        {"Ada Löwe", "ada-lowe"}, {"  René  d'Arc ", "rene-d-arc"},
      {"ŁUKASZ", "lukasz"},  {"Straße", "strasse"},    {"日本", "person"},
      {"7 of 9", "p7-of-9"}, {"--", "person"},         {"Žofie Šťastná", "zofie-stastna"}};
  for (const auto& [name, login] : rows) EXPECT_EQ(login_from(name), login) << name;
  EXPECT_EQ(login_from(std::string(100, 'x')), std::string(32, 'x'));
}

class AccountsTest : public testing::Test {
 protected:
  ManualClock clock_;
  std::unique_ptr<database::Database> database_ = *database::Database::in_memory();
  std::vector<PersonName> people_{{"1", "Ada"}, {"2", "ADA"}, {"3", "Postmaster"}};
  std::unique_ptr<Accounts> accounts_ = *Accounts::open(*database_, clock_, [this] { return people_; });

  std::vector<std::string> logins() {
    std::vector<std::string> out;
    const auto accounts = *accounts_->of_service("mail");
    for (const Account& account : accounts) out.push_back(account.login);
    return out;
  }
};

TEST_F(AccountsTest, LoginsAreUniqueAndNoneIsAServersOwn) {
  EXPECT_THAT(logins(), ElementsAre("ada", "ada-2", "postmaster-2"));
}

TEST_F(AccountsTest, ALoginStaysWhenItsOwnerIsRenamed) {
  logins();
  people_[0].name = "Countess";

  EXPECT_THAT(logins(), ElementsAre("ada", "ada-2", "postmaster-2"));
}

TEST_F(AccountsTest, APasswordIsShownOnceAndKeptAsAHash) {
  const auto issued = accounts_->issue("mail", "1", "phone", "sha512-crypt");

  ASSERT_TRUE(issued) << issued.error().message;
  EXPECT_EQ(issued->login, "ada");
  EXPECT_THAT(std::string(issued->password.reveal()), MatchesRegex("[A-Za-z0-9_-]{27}"));
  const auto hashes = accounts_->of_service("mail")->front().password_hashes;
  ASSERT_THAT(hashes, SizeIs(1));
  EXPECT_TRUE(crypto::verify_service_password(issued->password, hashes[0]));
  EXPECT_FALSE(crypto::verify_service_password(Secret("other"), hashes[0]));
}

TEST_F(AccountsTest, APasswordIsForOneServiceAndCanBeRevoked) {
  const auto issued = accounts_->issue("mail", "1", "phone", "bcrypt");

  EXPECT_THAT(accounts_->of_service("files")->front().password_hashes, IsEmpty());
  EXPECT_EQ(accounts_->revoke("files", issued->about.id).error().code, Code::not_found);
  EXPECT_TRUE(accounts_->revoke("mail", issued->about.id));
  EXPECT_THAT(accounts_->of_service("mail")->front().password_hashes, IsEmpty());
}

TEST_F(AccountsTest, PasswordsOfPeopleWhoAreGoneGoToo) {
  ASSERT_TRUE(accounts_->issue("mail", "1", "phone", "ssha512"));
  people_.erase(people_.begin());

  EXPECT_TRUE(*accounts_->forget_strangers());
  EXPECT_THAT(*accounts_->passwords("mail"), IsEmpty());
}

TEST_F(AccountsTest, AWrongDeviceOrPersonIsNamed) {
  EXPECT_EQ(accounts_->issue("mail", "1", "a\nb", "bcrypt").error().fields[0].pointer, "/label");
  EXPECT_EQ(accounts_->issue("mail", "9", "phone", "bcrypt").error().fields[0].pointer, "/person_id");
}

}  // namespace
}  // namespace cell::services
