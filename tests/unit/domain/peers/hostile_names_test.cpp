#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "unit/support/peers_state.hpp"

namespace cell::peers {
namespace {

std::vector<std::string> strings_of(const std::string& file) {
  std::ifstream stream(std::string(CELL_TEST_DATA) + "/" + file);
  std::stringstream text;
  text << stream.rdbuf();
  // By the lenient reader: our own refuses the NUL and the lone surrogates that are in there on purpose.
  std::vector<std::string> strings;
  for (const Json& item : Json::parse(text.str())) strings.push_back(item.get<std::string>());
  return strings;
}

// Everything but the values: section heads and keys, line by line.
std::string structure_of(std::string_view config) {
  std::string shape;
  std::istringstream lines{std::string(config)};
  for (std::string line; std::getline(lines, line);) {
    shape += line.starts_with("#") ? "#" : line.substr(0, line.find(" = "));
    shape += '\n';
  }
  return shape;
}

constexpr const char* kStructure =
    "#\n[Interface]\nPrivateKey\nAddress\nDNS\nMTU\n\n[Peer]"
    "\nPublicKey\nPresharedKey\nAllowedIPs\nPersistentKeepalive\n";

bool is_label(const std::string& text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), fits);
}

TEST(HostileNames, WhateverIsAcceptedKeepsTheStructure) {
  test::PeersState cell;
  std::size_t accepted = 0;
  std::size_t refused = 0;
  for (const char* file : {"naughty-strings.json", "hostile_texts.json"}) {
    for (const std::string& name : strings_of(file)) {
      SCOPED_TRACE(name.substr(0, 60));
      NewPeer wanted = test::PeersState::named(name, "");
      const auto made = cell.peers->create(wanted, {});
      if (!made) {
        ++refused;
        EXPECT_EQ(made.error().fields.at(0).pointer, "/name");
        continue;
      }
      ++accepted;
      EXPECT_EQ(structure_of(made->config.reveal()), kStructure);
      EXPECT_TRUE(is_label(made->peer.dns_label)) << made->peer.dns_label;
      const auto document = cell.document();
      ASSERT_TRUE(document);
      ASSERT_EQ(document->peers.size(), 1u);
      EXPECT_TRUE(hub::document_from_json(hub::to_json(*document)));
      ASSERT_TRUE(cell.peers->remove(made->peer.id, {}));
    }
  }
  EXPECT_GT(accepted, 100u);
  EXPECT_GT(refused, 20u);
}

TEST(HostileNames, InKeysAndTagsAreRefusedOrHarmless) {
  test::PeersState cell;
  for (const std::string& text : strings_of("hostile_texts.json")) {
    SCOPED_TRACE(text.substr(0, 60));
    if (!text.empty()) {
      EXPECT_FALSE(cell.peers->create(test::PeersState::named("phone", text), {}));
    }
    NewPeer tagged = test::PeersState::named("phone");
    tagged.tags = {text};
    const auto made = cell.peers->create(tagged, {});
    if (!made) continue;
    EXPECT_EQ(structure_of(made->config.reveal()), kStructure);
    ASSERT_TRUE(cell.peers->remove(made->peer.id, {}));
  }
}

}  // namespace
}  // namespace cell::peers
