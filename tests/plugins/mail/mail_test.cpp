#include "addresses.hpp"
#include "listing.hpp"
#include "records.hpp"
#include "support/planning.hpp"

namespace {

using plugins_test::golden;
using plugins_test::Json;

constexpr const char* kFolder = "/tmp/docker-mailserver/";

class MailPlan : public plugins_test::Planning {
 protected:
  static Json with(const char* option, const Json& value) {
    Json config = golden("config.json");
    config["options"][option] = value;
    return config;
  }
  std::string written(const Json& config, const std::string& name) const {
    return file_of(plan(config), kFolder + name);
  }
  static long lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }
};

TEST_F(MailPlan, IsWhatTheGoldenSays) {
  EXPECT_EQ(plan(golden("config.json")), golden("contributions.json"));
}

TEST_F(MailPlan, EachDeviceHasALineOfItsOwn) {
  EXPECT_EQ(written(golden("config.json"), "postfix-accounts.cf"),
            "ada@home.cell|{SHA512-CRYPT}$6$rounds=1000$abc$./09AZaz\n"
            "ada@home.cell|{SHA512-CRYPT}$6$def$./09\n"
            "bob@home.cell|{SHA512-CRYPT}*\n");
}

TEST_F(MailPlan, AliasesForwardingAndCatchAllAreLinesOfATable) {
  EXPECT_EQ(written(golden("config.json"), "postfix-virtual.cf"),
            "info@home.cell ada@home.cell,bob@home.cell\n"
            "ada@home.cell ada@home.cell,ada@example.org\n"
            "postmaster@home.cell ada@home.cell\n"
            "abuse@home.cell ada@home.cell\n"
            "bob@home.cell bob@home.cell\n"
            "@home.cell bob@home.cell\n");
}

TEST_F(MailPlan, QuotasAreInDovecotsWords) {
  EXPECT_EQ(written(golden("config.json"), "dovecot-quotas.cf"), "ada@home.cell:2000M\nbob@home.cell:500M\n");
}

TEST_F(MailPlan, RelaysPasswordIsKeptAsItIs) {
  EXPECT_EQ(written(golden("config.json"), "postfix-sasl-password.cf"),
            "@home.cell us:p w#;$x\n[smtp.example.org]:465 us:p w#;$x\n");
}

TEST_F(MailPlan, WhoHasGoneIsNoTarget) {
  EXPECT_EQ(written(with("aliases", {"team: ada, carla"}), "postfix-virtual.cf").substr(0, 34),
            "team@home.cell ada@home.cell\npostm");
  EXPECT_EQ(written(with("aliases", {"gone: carla"}), "postfix-virtual.cf").find("gone"), std::string::npos);
}

TEST_F(MailPlan, AliasesMayLeadToAliases) {
  EXPECT_NE(written(with("aliases", {"all: info", "info: ada"}), "postfix-virtual.cf")
                .find("all@home.cell info@home.cell\n"),
            std::string::npos);
}

TEST_F(MailPlan, HostileAliasesAreRefusedOrAddNothing) {
  for (const std::string& text : plugins_test::kHostile) {
    EXPECT_EQ(refused(with("aliases", {"x: " + text})), std::vector<std::string>{"/options/aliases"}) << text;
    EXPECT_EQ(refused(with("aliases", {text + ": ada"})), std::vector<std::string>{"/options/aliases"})
        << text;
  }
  for (const char* text :
       {"x:", "x: @", "x: a@b@c", "@home.cell: ada", "-x: ada", "x y: ada", "x: ada@-bad-"}) {
    const auto pointers = refused(with("aliases", {text}));
    EXPECT_TRUE(pointers == std::vector<std::string>{"/options/aliases"} || std::string(text) == "x:")
        << text;
  }
}

TEST_F(MailPlan, HostileRelaysAreRefusedOrAddNothing) {
  for (const std::string& text : plugins_test::kHostile) {
    EXPECT_EQ(refused(with("relay_host", text)), std::vector<std::string>{"/options/relay_host"}) << text;
    for (const char* option : {"relay_user", "relay_password"}) {
      const Json config = with(option, text);
      if (!refused(config).empty()) continue;
      EXPECT_EQ(lines(written(config, "postfix-sasl-password.cf")), 2) << text;
    }
  }
}

TEST_F(MailPlan, HostileAccountsAreRefused) {
  for (const char* login :
       {"ada", "ada@home.cell|{PLAIN}x", "a:b@home.cell", "a\tb@home.cell", "a@home.cell x"}) {
    Json config = golden("config.json");
    config["accounts"][0]["login"] = login;
    EXPECT_FALSE(refused(config).empty()) << login;
  }
  for (const char* hash : {"$5$x$y", "$6$a:b", "$6$a\nx", "plain", "$6$a|b"}) {
    Json config = golden("config.json");
    config["accounts"][0]["passwords"] = {hash};
    EXPECT_FALSE(refused(config).empty()) << hash;
  }
}

TEST_F(MailPlan, NameOfTheCellIsTextInBothProfiles) {
  Json config = golden("config.json");
  config["cell"]["name"] = "</string><key>x</key>&\"'";

  for (const char* path : {"/www/mail/ios.mobileconfig", "/www/mail/config-v1.1.xml"}) {
    const std::string text = file_of(plan(config), path);
    EXPECT_EQ(text.find("<key>x</key>"), std::string::npos);
    EXPECT_NE(text.find("&lt;/string&gt;&lt;key&gt;x&lt;/key&gt;&amp;"), std::string::npos);
  }
}

TEST_F(MailPlan, WithoutACertificateTheServerMakesItsOwn) {
  Json config = golden("config.json");
  config["secrets"].erase("tls");
  const Json planned = plan(config);

  EXPECT_EQ(planned.dump().find("/ssl/key.pem\",\"secret\""), std::string::npos);
}

TEST_F(MailPlan, PortsAreOpenedAsFarAsTheOwnerSays) {
  for (const char* reach : {"vpn", "lan", "public"}) {
    for (const Json& port : plan(with("reach", reach))["containers"][0]["ports"])
      EXPECT_EQ(port["expose"], reach);
  }
}

TEST_F(MailPlan, FilterIsThereOnlyWhenItIsWanted) {
  EXPECT_EQ(plan(golden("config.json"))["containers"].size(), 2U);
  const Json planned = plan(with("spam_filter", true));

  EXPECT_EQ(planned["containers"][2]["name"], "filter");
  EXPECT_EQ(planned["containers"][0]["environment"]["SPAM_FILTER"], "filter.mail:11332");
}

TEST_F(MailPlan, PageTellsWhichRecordsTheInternetHas) {
  host_.allow("exec");
  host_.secrets = {{"dkim_public", "MIIB"}};
  host_.on_exec = [](const cell::sdk::ExecRequest& request) -> cell::sdk::Result<cell::sdk::ExecResult> {
    EXPECT_EQ(request.command,
              (std::vector<std::string>{"cell-mail-lookup", "MX", "home.cell", "TXT", "home.cell", "TXT",
                                        "mail._domainkey.home.cell", "TXT", "_dmarc.home.cell"}));
    return cell::sdk::ExecResult{
        0,
        "? MX home.cell\n10 mail.home.cell.\n? TXT home.cell\ngoogle-site=1\n"
        "? TXT mail._domainkey.home.cell\nv=DKIM1; k=rsa; p=OTHER\n? TXT _dmarc.home.cell\n!\n",
        ""};
  };

  const auto answer = plugin_->handle({.method = "GET", .path = "/dns"});

  ASSERT_TRUE(answer) << answer.error().message;
  const Json items = Json::parse(answer->body)["items"];
  EXPECT_EQ(items[0]["state"], "ok");
  EXPECT_EQ(items[1]["state"], "missing");
  EXPECT_EQ(items[2]["state"], "different");
  EXPECT_EQ(items[2]["found"], "v=DKIM1; k=rsa; p=OTHER");
  EXPECT_EQ(items[3]["state"], "unknown");
}

TEST_F(MailPlan, PageTellsWhereMailOfEachAddressGoes) {
  host_.allow("exec");
  host_.on_exec = [](const cell::sdk::ExecRequest& request) -> cell::sdk::Result<cell::sdk::ExecResult> {
    const bool is_mailboxes = request.command.back() == "/run/cell-mail/mailboxes";
    return cell::sdk::ExecResult{
        0,
        is_mailboxes ? "ada@home.cell OK\nbob@home.cell OK\n"
                     : "info@home.cell ada@home.cell,bob@home.cell\n"
                       "bob@home.cell bob@home.cell,bob@example.org\n@home.cell ada@home.cell\n",
        ""};
  };

  const auto answer = plugin_->handle({.method = "GET", .path = "/addresses"});

  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(Json::parse(answer->body), Json::parse(R"({"items": [
    {"address": "bob@home.cell", "kind": "mailbox", "targets": ["bob@home.cell", "bob@example.org"]},
    {"address": "ada@home.cell", "kind": "mailbox", "targets": ["ada@home.cell"]},
    {"address": "info@home.cell", "kind": "alias", "targets": ["ada@home.cell", "bob@home.cell"]},
    {"address": "@home.cell", "kind": "catch_all", "targets": ["ada@home.cell"]}]})"));
}

TEST_F(MailPlan, AddressesOfAServerThatJustStartsAreUnavailable) {
  host_.allow("exec");
  host_.on_exec = [](const cell::sdk::ExecRequest&) -> cell::sdk::Result<cell::sdk::ExecResult> {
    return cell::sdk::ExecResult{1, "", "cat: no such file"};
  };

  EXPECT_EQ(plugin_->handle({.method = "GET", .path = "/addresses"}).error().code,
            cell::sdk::Code::unavailable);
}

TEST(MailAddresses, AreOfPlainParts) {
  EXPECT_TRUE(mail::is_address("a.b+c@example.org"));
  for (const char* text :
       {"", "@", "a@", "@b", "a..b@c", ".a@b", "a@b@c", "A@b", "a b@c", "a@b c", "a\n@b", "-a@b"})
    EXPECT_FALSE(mail::is_address(text)) << text;
}

TEST(MailRecords, StricterPolicyOfTheOwnersIsFine) {
  const auto records = mail::records_of("home.cell", "MIIB", false);

  EXPECT_EQ(mail::compare(records[3], {"v=DMARC1; p=reject"}).state, "ok");
  EXPECT_EQ(mail::compare(records[1], {"v=spf1 mx include:example.org -all"}).state, "ok");
  EXPECT_EQ(mail::compare(records[2], {"v=DKIM1; k=rsa; p=MI IB"}).state, "ok");
  EXPECT_EQ(mail::compare(records[0], {"10 other.example.org"}).state, "different");
}

}  // namespace
