#pragma once

#include <fstream>

#include "domain/settings/document.hpp"
#include "domain/settings/place.hpp"

namespace cell::test {

// Where a cell of the tests runs.
inline settings::Place sample_place() {
  settings::Place place;
  place.core.directory = "/cell";
  place.core.network_ipv4 = "172.20.0.0/16";
  place.core.network_ipv6 = "fd00:20::/64";
  place.core.caddy = {"172.20.0.2", "fd00:20::2"};
  place.core.dns = {"172.20.0.3", "fd00:20::3"};
  place.core.ntp = {"172.20.0.4", "fd00:20::4"};
  place.core.wireguard = {"172.20.0.9", "fd00:20::9"};
  place.lan_address = "192.168.1.5";
  return place;
}

// The configuration of the cell "home" with two devices and two records.
inline Json sample_root() {
  Json root = settings::initial_document("fd12:3456:789a:1::/64");
  root["identity"] = {{"cell_name", "home"},
                      {"domain", {{"mode", "local"}, {"name", "home.cell"}}},
                      {"timezone", "UTC"},
                      {"endpoint_host", "home.example.org"},
                      {"setup_complete", true}};
  root["peers"] = {{"p1",
                    {{"name", "Ann's phone"},
                     {"dns_label", "phone"},
                     {"addresses", {"10.13.13.2", "fd12:3456:789a:1::2"}}}},
                   {"p2", {{"name", "TV"}, {"dns_label", "tv"}, {"addresses", {"10.13.13.3"}}}}};
  root["dns"]["records"] = {
      {"r1", {{"name", "nas"}, {"type", "A"}, {"value", "192.168.1.20"}, {"ttl", 300}}},
      {"r2", {{"name", "@"}, {"type", "TXT"}, {"value", "say \"hi\"; \\"}, {"ttl", 60}}}};
  return root;
}

inline std::vector<std::string> texts_of(const std::string& name) {
  std::ifstream file(CELL_TEST_DATA "/" + name);
  return Json::parse(file).get<std::vector<std::string>>();
}

// All texts that have broken a parser somewhere.
inline std::vector<std::string> hostile_texts() {
  auto out = texts_of("hostile_texts.json");
  for (std::string& text : texts_of("naughty-strings.json")) out.push_back(std::move(text));
  return out;
}

}  // namespace cell::test
