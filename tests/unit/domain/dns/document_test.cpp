#include "domain/dns/document.hpp"

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/dns/names.hpp"
#include "domain/dns/records.hpp"
#include "unit/support/place.hpp"

namespace cell::dns {
namespace {

using cell::test::hostile_texts;
using cell::test::sample_place;
using cell::test::sample_root;

std::string file_of(const reconcile::FileDocument& document, const std::string& name) {
  for (const auto& file : document.files) {
    if (file.path.filename() == name) return file.content;
  }
  return "no file " + name;
}

TEST(DnsDocument, CorefileIsThisWholeText) {
  const auto document = dns_document(sample_root(), sample_place());

  EXPECT_EQ(document.kind, "coredns");
  EXPECT_EQ(document.container, "cell-dns");
  EXPECT_EQ(document.tell, reconcile::Tell::signal);
  ASSERT_EQ(document.files.size(), 5U);
  EXPECT_EQ(document.files[0].path, "/cell/config/dns/Corefile");
  EXPECT_EQ(document.files[0].content, R"(home.cell:53 {
    view vpn {
        expr incidr(client_ip(), '172.20.0.9/32') || incidr(client_ip(), 'fd00:20::9/128')
    }
    errors
    file "/cell/config/dns/vpn.zone" {
        reload 0
    }
}

home.cell:53 {
    errors
    file "/cell/config/dns/lan.zone" {
        reload 0
    }
}

home.cell:5300 {
    errors
    file "/cell/config/dns/vpn.zone" {
        reload 0
    }
}

13.13.10.in-addr.arpa:53 {
    view vpn {
        expr incidr(client_ip(), '172.20.0.9/32') || incidr(client_ip(), 'fd00:20::9/128')
    }
    errors
    file "/cell/config/dns/13.13.10.in-addr.arpa.zone" {
        reload 0
    }
}

13.13.10.in-addr.arpa:5300 {
    errors
    file "/cell/config/dns/13.13.10.in-addr.arpa.zone" {
        reload 0
    }
}

1.0.0.0.a.9.8.7.6.5.4.3.2.1.d.f.ip6.arpa:53 {
    view vpn {
        expr incidr(client_ip(), '172.20.0.9/32') || incidr(client_ip(), 'fd00:20::9/128')
    }
    errors
    file "/cell/config/dns/1.0.0.0.a.9.8.7.6.5.4.3.2.1.d.f.ip6.arpa.zone" {
        reload 0
    }
}

1.0.0.0.a.9.8.7.6.5.4.3.2.1.d.f.ip6.arpa:5300 {
    errors
    file "/cell/config/dns/1.0.0.0.a.9.8.7.6.5.4.3.2.1.d.f.ip6.arpa.zone" {
        reload 0
    }
}

cell:53 {
    errors
    template ANY ANY {
        rcode NXDOMAIN
        authority "cell. 60 IN SOA ns.cell. hostmaster.cell. 1 3600 600 86400 60"
    }
}

.:53 {
    errors
    health 127.0.0.1:8080
    ready 127.0.0.1:8181
    cache 300
    forward . 9.9.9.9 149.112.112.112 {
        policy sequential
        health_check 5s
    }
}
)");
}

// The serial comes from the content, so it is no literal here.
std::string without_serial(std::string zone) {
  const auto at = zone.find(' ', zone.find(" hostmaster") + 1) + 1;
  return zone.replace(at, zone.find(' ', at) - at, "SERIAL");
}

TEST(DnsDocument, ZoneOfTheTunnelIsThisWholeText) {
  const auto document = dns_document(sample_root(), sample_place());

  EXPECT_EQ(document.files[1].path, "/cell/config/dns/vpn.zone");
  EXPECT_EQ(without_serial(document.files[1].content), R"($ORIGIN home.cell.
$TTL 300
@ 300 IN SOA ns hostmaster SERIAL 3600 600 86400 60
@ 300 IN NS ns
@ 60 IN A 10.13.13.1
@ 60 IN AAAA fd12:3456:789a:1::1
@ 60 IN TXT "say \034hi\034; \092"
caddy 60 IN A 10.13.13.1
caddy 60 IN AAAA fd12:3456:789a:1::1
dns 60 IN A 10.13.13.1
dns 60 IN AAAA fd12:3456:789a:1::1
nas 300 IN A 192.168.1.20
ns 60 IN A 10.13.13.1
ns 60 IN AAAA fd12:3456:789a:1::1
ntp 60 IN A 10.13.13.1
ntp 60 IN AAAA fd12:3456:789a:1::1
phone 60 IN A 10.13.13.2
phone 60 IN AAAA fd12:3456:789a:1::2
tv 60 IN A 10.13.13.3
wireguard 60 IN A 10.13.13.1
wireguard 60 IN AAAA fd12:3456:789a:1::1
)");
}

TEST(DnsDocument, ZoneOfTheHouseHasNeitherContainersNorDevices) {
  const auto document = dns_document(sample_root(), sample_place());

  EXPECT_EQ(document.files[2].path, "/cell/config/dns/lan.zone");
  EXPECT_EQ(without_serial(document.files[2].content), R"($ORIGIN home.cell.
$TTL 300
@ 300 IN SOA ns hostmaster SERIAL 3600 600 86400 60
@ 300 IN NS ns
@ 60 IN A 192.168.1.5
@ 60 IN TXT "say \034hi\034; \092"
nas 300 IN A 192.168.1.20
ns 60 IN A 192.168.1.5
)");
}

TEST(DnsDocument, ReverseZonesOfTheTunnelAreTheseWholeTexts) {
  const auto document = dns_document(sample_root(), sample_place());

  EXPECT_EQ(without_serial(file_of(document, "13.13.10.in-addr.arpa.zone")), R"($ORIGIN 13.13.10.in-addr.arpa.
$TTL 300
@ 300 IN SOA ns.home.cell. hostmaster.home.cell. SERIAL 3600 600 86400 60
@ 300 IN NS ns.home.cell.
1 60 IN PTR home.cell.
2 60 IN PTR phone.home.cell.
3 60 IN PTR tv.home.cell.
)");
  EXPECT_EQ(without_serial(file_of(document, "1.0.0.0.a.9.8.7.6.5.4.3.2.1.d.f.ip6.arpa.zone")),
            R"($ORIGIN 1.0.0.0.a.9.8.7.6.5.4.3.2.1.d.f.ip6.arpa.
$TTL 300
@ 300 IN SOA ns.home.cell. hostmaster.home.cell. SERIAL 3600 600 86400 60
@ 300 IN NS ns.home.cell.
1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 60 IN PTR home.cell.
2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 60 IN PTR phone.home.cell.
)");
}

TEST(DnsDocument, SerialChangesWithTheContentAndOnlyWithIt) {
  Json changed = sample_root();
  changed["dns"]["records"]["r1"]["value"] = "192.168.1.21";

  EXPECT_EQ(dns_document(sample_root(), sample_place()).files,
            dns_document(sample_root(), sample_place()).files);
  const std::string before = file_of(dns_document(sample_root(), sample_place()), "lan.zone");
  const std::string after = file_of(dns_document(changed, sample_place()), "lan.zone");
  EXPECT_NE(before.substr(0, before.find(" 3600")), after.substr(0, after.find(" 3600")));
}

TEST(DnsDocument, DebugLevelOfTheContainerLogsQueries) {
  Json root = sample_root();
  root["logging"]["containers"]["coredns"] = "debug";

  const std::string corefile = file_of(dns_document(root, sample_place()), "Corefile");

  EXPECT_EQ(std::count(corefile.begin(), corefile.end(), '\n') - 9, [] {
    const auto text = file_of(dns_document(sample_root(), sample_place()), "Corefile");
    return std::count(text.begin(), text.end(), '\n');
  }());
  EXPECT_NE(corefile.find("    errors\n    log\n"), std::string::npos);
}

TEST(DnsDocument, BeforeSetupForwardsOnly) {
  const auto document = dns_document(settings::initial_document("fd12:3456:789a:1::/64"), sample_place());

  ASSERT_EQ(document.files.size(), 1U);
  EXPECT_EQ(document.files[0].content.find("file "), std::string::npos);
}

TEST(DnsDocument, WithoutALanAddressTheHouseGetsNoAddress) {
  auto place = sample_place();
  place.lan_address = "";

  const std::string zone = file_of(dns_document(sample_root(), place), "lan.zone");

  EXPECT_EQ(zone.find(" IN A 10."), std::string::npos);
  EXPECT_EQ(zone.find("@ 60 IN A"), std::string::npos);
  EXPECT_NE(zone.find("nas 300 IN A 192.168.1.20\n"), std::string::npos);
}

TEST(DnsDocument, AnOwnRecordAtAPeersNameIsLeftOut) {
  Json root = sample_root();
  root["dns"]["records"]["r3"] = {{"name", "phone"}, {"type", "CNAME"}, {"value", "nas"}, {"ttl", 300}};
  root["dns"]["records"]["r4"] = {{"name", "@"}, {"type", "A"}, {"value", "192.0.2.66"}, {"ttl", 300}};

  for (const char* view : {"vpn.zone", "lan.zone"}) {
    const std::string zone = file_of(dns_document(root, sample_place()), view);
    EXPECT_EQ(zone.find("CNAME"), std::string::npos) << view;
    EXPECT_EQ(zone.find("192.0.2.66"), std::string::npos) << view;
  }
}

TEST(DnsDocument, APeerCannotTakeTheNameOfAPart) {
  Json root = sample_root();
  root["peers"]["p1"]["dns_label"] = "DNS";

  const std::string zone = file_of(dns_document(root, sample_place()), "vpn.zone");

  EXPECT_EQ(zone.find("10.13.13.2\n"), std::string::npos);
  EXPECT_NE(zone.find("dns 60 IN A 10.13.13.1\n"), std::string::npos);
}

TEST(GeneratedRecords, TellWhereTheyComeFrom) {
  std::vector<std::string> seen;
  for (const auto& [record, source] : generated_records(sample_root(), sample_place(), View::vpn)) {
    if (record.type == "A") seen.push_back(source + " " + record.name + " " + record.value);
  }

  EXPECT_THAT(seen, testing::ElementsAre("cell @ 10.13.13.1", "cell ns 10.13.13.1",
                                         "container caddy 10.13.13.1", "container dns 10.13.13.1",
                                         "container ntp 10.13.13.1", "container wireguard 10.13.13.1",
                                         "peer phone 10.13.13.2", "peer tv 10.13.13.3"));
}

TEST(GeneratedRecords, AServiceSaysNothingAboutNamesThatAreSomebodyElses) {
  auto place = sample_place();
  place.services.records = {{"@", "A", "203.0.113.6", 60},
                            {"@", "MX", "10 mail", 60},
                            {"phone", "A", "203.0.113.6", 60},
                            {"NS", "CNAME", "evil.example.", 60},
                            {"chat", "CNAME", "@", 60}};
  for (const View view : {View::vpn, View::lan}) {
    std::vector<std::string> seen;
    for (const auto& [record, source] : generated_records(sample_root(), place, view)) {
      if (std::string_view(source) == "service") seen.push_back(record.name + " " + record.type);
    }
    EXPECT_THAT(seen, testing::ElementsAre("@ MX", "chat CNAME"));
  }
}

// Every line of a zone but the four of its head is one record of a kind that the cell writes.
void expect_sound_zone(const std::string& zone, const std::string& why) {
  std::istringstream lines(zone);
  std::string line;
  for (int number = 0; std::getline(lines, line); ++number) {
    if (number < 4) continue;
    std::istringstream words(line);
    std::string name, ttl, in, type;
    words >> name >> ttl >> in >> type;
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.@*"), std::string::npos)
        << line << why;
    EXPECT_EQ(ttl.find_first_not_of("0123456789"), std::string::npos) << line << why;
    EXPECT_EQ(in, "IN") << line << why;
    EXPECT_THAT(type, testing::AnyOf("A", "AAAA", "CNAME", "TXT", "MX", "SRV", "PTR")) << line << why;
    const bool is_ascii = std::all_of(line.begin(), line.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    EXPECT_TRUE(is_ascii) << line << why;
    EXPECT_EQ(std::count(line.begin(), line.end(), '"') % 2, 0) << line << why;
  }
}

TEST(DnsDocument, NoTextInAnyFieldChangesTheStructure) {
  const std::string corefile = file_of(dns_document(sample_root(), sample_place()), "Corefile");
  const auto structure = [](const std::string& text) {
    return std::pair(std::count(text.begin(), text.end(), '{'), std::count(text.begin(), text.end(), '}'));
  };
  for (const std::string& text : hostile_texts()) {
    Json root = sample_root();
    for (const char* type : {"A", "AAAA", "CNAME", "TXT", "MX", "SRV"}) {
      const std::string id = std::string("x-") + type;
      root["dns"]["records"][id] = {{"name", "x"}, {"type", type}, {"value", text}, {"ttl", 300}};
      root["dns"]["records"][id + "-n"] = {
          {"name", text}, {"type", type}, {"value", "192.0.2.1"}, {"ttl", 300}};
    }
    root["dns"]["records"]["t"] = {
        {"name", "x"}, {"type", text}, {"value", "192.0.2.1"}, {"ttl", 300}, {"comment", text}};
    root["peers"]["p1"]["dns_label"] = text;
    root["peers"]["p2"]["addresses"] = {text};
    root["logging"]["containers"]["coredns"] = text;
    root["dns"]["upstreams"] = {text, "9.9.9.9", "149.112.112.112"};
    const auto document = dns_document(root, sample_place());

    expect_sound_zone(file_of(document, "vpn.zone"), " with " + text);
    expect_sound_zone(file_of(document, "lan.zone"), " with " + text);
    expect_sound_zone(file_of(document, "13.13.10.in-addr.arpa.zone"), " with " + text);
    EXPECT_EQ(structure(file_of(document, "Corefile")), structure(corefile)) << text;

    root = sample_root();
    root["identity"]["domain"]["name"] = text;
    root["network"]["ipv4_pool"] = text;
    const auto other = dns_document(root, sample_place());
    const auto braces = structure(file_of(other, "Corefile"));
    EXPECT_EQ(braces.first, braces.second) << text;
    if (other.files.size() > 1) expect_sound_zone(file_of(other, "vpn.zone"), " with " + text);
  }
}

}  // namespace
}  // namespace cell::dns
