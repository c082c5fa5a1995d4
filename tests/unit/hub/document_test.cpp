#include "hub/document.hpp"

#include <array>

#include <gtest/gtest.h>

#include "unit/hub/document_samples.hpp"

namespace cell::hub {
namespace {

TEST(Document, SurvivesJson) {
  const auto document = sample_document();

  const auto again = document_from_json(to_json(document));

  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(*again, document);
}

TEST(Document, IsThisJson) {
  auto document = sample_document();
  document.peers.pop_back();

  EXPECT_EQ(to_json(document), Json::parse(R"({
    "private_key": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "listen_port": 51820, "mtu": 1420,
    "ipv4_address": "10.13.13.1", "ipv4_pool": "10.13.13.0/24", "ipv6_address": "fd00::1", "ipv6_pool": "fd00::/64",
    "cell_subnets": ["172.20.0.0/16"],
    "forwards": [{"port": 53, "protocol": "udp", "target_ipv4": "172.20.0.3", "target_ipv6": "fd01::3",
                  "target_port": 53, "always": true}],
    "peers": [{"public_key": "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=", "preshared_key": "",
               "addresses": ["10.13.13.2", "fd00::2"],
               "policy": {"internet": true, "lan": false, "peers": false, "services": true}}]})"));
}

Document document_with_exits() {
  auto document = sample_document();
  document.exits = {{17, "172.20.0.17", "fd01::17"}, {18, "172.20.0.18", ""}};
  document.peers.front().exit = 18;
  return document;
}

TEST(Document, WithExitsSurvivesJson) {
  const auto json = to_json(document_with_exits());

  EXPECT_EQ(json["exits"], Json::parse(R"([{"number": 17, "ipv4": "172.20.0.17", "ipv6": "fd01::17"},
                                           {"number": 18, "ipv4": "172.20.0.18", "ipv6": ""}])"));
  EXPECT_EQ(json["peers"][0]["exit"], 18);
  EXPECT_FALSE(json["peers"][1].contains("exit"));
  const auto again = document_from_json(json);
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(*again, document_with_exits());
}

TEST(Document, RefusesWrongExits) {
  const std::vector<std::array<const char*, 2>> cases{
      {"/exits/0/number", "0"},     {"/exits/0/number", "4096"},       {"/exits/1/number", "17"},
      {"/exits/0/ipv4", "\"\""},    {"/exits/0/ipv4", "\"fd01::17\""}, {"/exits/0/ipv6", "\"172.20.0.17\""},
      {"/exits/0/name", "\"tor\""}, {"/peers/0/exit", "19"},           {"/peers/0/exit", "-1"},
      {"/peers/0/exit", "\"18\""}};
  for (const auto& [pointer, value] : cases) {
    auto json = to_json(document_with_exits());
    json[Json::json_pointer(pointer)] = Json::parse(value);

    const auto result = document_from_json(json);

    ASSERT_FALSE(result.ok()) << pointer << " " << value;
    EXPECT_EQ(result.error().fields.at(0).pointer, pointer) << value;
  }
}

TEST(Document, ChangesItsHashWithTheExits) {
  const auto hash = hash_of(document_with_exits());
  auto other_address = document_with_exits();
  other_address.exits.front().ipv6.clear();
  auto other_way = document_with_exits();
  other_way.peers.front().exit = 17;

  EXPECT_NE(hash, hash_of(sample_document()));
  EXPECT_NE(hash, hash_of(other_address));
  EXPECT_NE(hash, hash_of(other_way));
}

struct BadCase {
  const char* name;
  const char* pointer;  // where the patch replaces or adds
  const char* value;
};

TEST(Document, RefusesBadInputAndNamesThePlace) {
  const std::vector<BadCase> cases{
      {"unknown field", "/colour", "1"},
      {"unknown field of a peer", "/peers/0/name", "\"x\""},
      {"unknown field of a policy", "/peers/0/policy/exit", "true"},
      {"unknown field of a forward", "/forwards/0/name", "\"x\""},
      {"text instead of a number", "/listen_port", "\"51820\""},
      {"port 0", "/listen_port", "0"},
      {"port too big", "/listen_port", "65536"},
      {"negative", "/mtu", "-1"},
      {"fraction", "/mtu", "1420.5"},
      {"small mtu", "/mtu", "576"},
      {"number instead of a flag", "/peers/0/policy/lan", "1"},
      {"null", "/peers/0/policy", "null"},
      {"short key", "/private_key", "\"abc\""},
      {"key with stray bits", "/peers/0/public_key", "\"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgJ=\""},
      {"key with a line break", "/peers/0/public_key", "\"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg\\n=\""},
      {"address with a command", "/peers/0/addresses/0", "\"10.13.13.2 } ; flush ruleset\""},
      {"long address form", "/peers/0/addresses/1", "\"fd00:0::2\""},
      {"address with a prefix", "/peers/0/addresses/0", "\"10.13.13.2/32\""},
      {"no address", "/peers/0/addresses", "[]"},
      {"duplicate address", "/peers/1/addresses/0", "\"10.13.13.2\""},
      {"the hub's address", "/peers/1/addresses/0", "\"10.13.13.1\""},
      {"duplicate key", "/peers/1/public_key", "\"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=\""},
      {"unknown protocol", "/forwards/0/protocol", "\"sctp\""},
      {"IPv6 where IPv4 belongs", "/forwards/0/target_ipv4", "\"fd01::3\""},
      {"not a subnet", "/cell_subnets/0", "\"172.20.0.0\""},
      {"pool without address", "/ipv6_address", "\"\""},
      {"list instead of an object", "/peers/0", "[]"},
  };
  for (const auto& bad : cases) {
    Json json = to_json(sample_document());
    json[Json::json_pointer(bad.pointer)] = Json::parse(bad.value);

    const auto result = document_from_json(json);

    ASSERT_FALSE(result.ok()) << bad.name;
    EXPECT_EQ(result.error().code, Code::invalid_argument) << bad.name;
    ASSERT_EQ(result.error().fields.size(), 1U) << bad.name;
    // The place that is named is the wrong member or the object that holds it.
    EXPECT_TRUE(std::string(bad.pointer).starts_with(result.error().fields[0].pointer) ||
                result.error().fields[0].pointer.starts_with(bad.pointer))
        << bad.name << " at " << result.error().fields[0].pointer;
  }
}

TEST(Document, RefusesWhatIsMissing) {
  for (const auto* name : {"private_key", "listen_port", "mtu", "ipv4_address", "ipv4_pool", "cell_subnets",
                           "forwards", "peers"}) {
    Json json = to_json(sample_document());
    json.erase(name);
    const auto result = document_from_json(json);
    ASSERT_FALSE(result.ok()) << name;
    EXPECT_EQ(result.error().fields.at(0).pointer, std::string("/") + name);
  }
  EXPECT_FALSE(document_from_json(Json::array()).ok());
  EXPECT_FALSE(document_from_json(Json()).ok());
}

TEST(Hash, DependsOnEveryPart) {
  const auto base = hash_of(sample_document());
  const std::vector<std::function<void(Document&)>> edits{
      [](Document& d) { d.listen_port = 1; },
      [](Document& d) { d.mtu = 1280; },
      [](Document& d) { d.private_key = key_of(9); },
      [](Document& d) { d.cell_subnets.push_back("172.21.0.0/16"); },
      [](Document& d) { d.forwards[0].always = false; },
      [](Document& d) { d.forwards[0].target_ipv6 = ""; },
      [](Document& d) { d.peers.pop_back(); },
      [](Document& d) { d.peers[0].policy.lan = true; },
      [](Document& d) { d.peers[0].policy.services = false; },
      [](Document& d) { d.peers[0].preshared_key = key_of(9); },
      [](Document& d) { d.peers[0].addresses.pop_back(); },
      [](Document& d) { std::swap(d.peers[0].policy, d.peers[1].policy); },
  };
  for (std::size_t index = 0; index < edits.size(); ++index) {
    auto document = sample_document();
    edits[index](document);
    EXPECT_NE(hash_of(document), base) << "edit " << index;
  }
}

TEST(Hash, DoesNotDependOnTheOrderOfPeers) {
  auto document = sample_document();
  std::swap(document.peers[0], document.peers[1]);

  EXPECT_EQ(hash_of(document), hash_of(sample_document()));
  EXPECT_EQ(hash_of(document).size(), 16U);
}

TEST(Hash, FollowsSinglePeers) {
  auto document = sample_document();
  Fingerprint fingerprint(document);
  const auto gone = document.peers.back();
  document.peers.pop_back();

  fingerprint.remove(gone);

  EXPECT_EQ(fingerprint.text(), hash_of(document));
  fingerprint.add(gone);
  EXPECT_EQ(fingerprint.text(), hash_of(sample_document()));
}

TEST(Status, SurvivesJson) {
  const Status status{.up = true,
                      .backend = "userspace",
                      .backend_reason = "no kernel module",
                      .document_hash = "0123456789abcdef",
                      .agent_version = "0.1.0",
                      .problem = "",
                      .peers = {{key_of(2), "192.0.2.7:40000", 1800000000, 20, 10}}};

  const auto again = status_from_json(to_json(status));

  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->peers.at(0).rx_bytes, 20U);
  EXPECT_EQ(again->peers.at(0).last_handshake, 1800000000);
  EXPECT_EQ(to_json(*again), to_json(status));
}

}  // namespace
}  // namespace cell::hub
