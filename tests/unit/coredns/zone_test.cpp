#include "coredns/zone.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "base/json.hpp"

namespace cell::coredns {
namespace {

TEST(Zone, IsThisWholeText) {
  const std::vector<Record> records = {{"phone", "A", "10.13.13.2", 60},
                                       {"@", "A", "172.20.0.9"},
                                       {"@", "AAAA", "fd00::9"},
                                       {"WWW", "CNAME", "Nas"},
                                       {"@", "MX", "10 mail.example"},
                                       {"_sip._tcp", "SRV", "0 5 443 host"},
                                       {"t", "TXT", "say \"hi\"; \\ grüße"},
                                       {"phone", "A", "10.13.13.2", 60}};

  EXPECT_EQ(render_zone("Home.cell", records, 7),
            "$ORIGIN home.cell.\n"
            "$TTL 300\n"
            "@ 300 IN SOA ns hostmaster 7 3600 600 86400 60\n"
            "@ 300 IN NS ns\n"
            "@ 300 IN A 172.20.0.9\n"
            "@ 300 IN AAAA fd00::9\n"
            "@ 300 IN MX 10 mail.example.\n"
            "_sip._tcp 300 IN SRV 0 5 443 host\n"
            "phone 60 IN A 10.13.13.2\n"
            "t 300 IN TXT \"say \\034hi\\034; \\092 gr\\195\\188\\195\\159e\"\n"
            "www 300 IN CNAME nas\n");
}

TEST(Zone, SerialComesFromTheContent) {
  const std::vector<Record> one = {{"a", "A", "10.0.0.1"}, {"b", "A", "10.0.0.2"}};
  const std::vector<Record> other_order = {one[1], one[0]};

  EXPECT_EQ(render_zone("home.cell", one, 0), render_zone("home.cell", other_order, 0));
  EXPECT_NE(render_zone("home.cell", one, 0), render_zone("home.cell", {one[0]}, 0));
}

TEST(Zone, LeavesOutWhatIsNoRecord) {
  EXPECT_EQ(render_zone("home.cell", {{"a", "A", "nonsense"}, {"x y", "A", "10.0.0.1"}}, 1),
            "$ORIGIN home.cell.\n$TTL 300\n@ 300 IN SOA ns hostmaster 1 3600 600 86400 60\n@ 300 IN NS ns\n");
}

TEST(Zone, LongTextIsSplitIntoStringsOf255Bytes) {
  const std::string zone = render_zone("home.cell", {{"t", "TXT", std::string(600, 'x')}}, 1);

  EXPECT_NE(zone.find("\"" + std::string(255, 'x') + "\" \"" + std::string(255, 'x') + "\" \"" +
                      std::string(90, 'x') + "\"\n"),
            std::string::npos);
}

// What a master file's reader makes of a line: the quoted strings put together, or nothing when the line is
// no TXT record.
std::optional<std::string> text_read_back(const std::string& line) {
  const std::string head = "t 300 IN TXT ";
  if (!line.starts_with(head)) return std::nullopt;
  std::string out;
  bool inside = false;
  for (std::size_t i = head.size(); i < line.size(); ++i) {
    if (line[i] == '"') {
      inside = !inside;
    } else if (!inside) {
      if (line[i] != ' ') return std::nullopt;
    } else if (line[i] == '\\') {
      out += static_cast<char>(std::stoi(line.substr(i + 1, 3)));
      i += 3;
    } else {
      out += line[i];
    }
  }
  return inside ? std::nullopt : std::optional(out);
}

TEST(Zone, NoTextAddsARecordOrADirectiveAndEachIsReadBackAsItWas) {
  std::ifstream file(std::string(CELL_TEST_DATA) + "/hostile_texts.json");
  const Json texts = Json::parse(file);
  ASSERT_GT(texts.size(), 60U);
  std::size_t taken = 0;
  for (const Json& entry : texts) {
    const auto text = entry.get<std::string>();
    const Record record{"t", "TXT", text};
    const std::string zone = render_zone("home.cell", {record}, 1);
    const auto lines = std::count(zone.begin(), zone.end(), '\n');
    if (!check_record(record)) {
      EXPECT_EQ(lines, 4) << entry;
      continue;
    }
    ++taken;
    ASSERT_EQ(lines, 5) << entry;
    std::istringstream stream(zone);
    std::string line;
    for (int i = 0; i < 5; ++i) std::getline(stream, line);
    EXPECT_EQ(text_read_back(line), text) << line;
  }
  EXPECT_GT(taken, 40U);
}

TEST(Corefile, IsThisWholeText) {
  Settings settings;
  settings.zone = "home.cell";
  settings.upstreams = {"9.9.9.9", "tls://149.112.112.112#dns.quad9.net"};
  settings.directory = "/var/lib/cell/config/dns";
  settings.hub_addresses = {"172.20.0.9", "nonsense", "fd00:20::9"};
  settings.log_queries = true;

  EXPECT_EQ(render_corefile(settings), R"(home.cell:53 {
    view vpn {
        expr incidr(client_ip(), '172.20.0.9/32') || incidr(client_ip(), 'fd00:20::9/128')
    }
    errors
    log
    file "/var/lib/cell/config/dns/vpn.zone" {
        reload 0
    }
}

home.cell:53 {
    errors
    log
    file "/var/lib/cell/config/dns/lan.zone" {
        reload 0
    }
}

cell:53 {
    errors
    log
    template ANY ANY {
        rcode NXDOMAIN
        authority "cell. 60 IN SOA ns.cell. hostmaster.cell. 1 3600 600 86400 60"
    }
}

.:53 {
    errors
    log
    health 127.0.0.1:8080
    ready 127.0.0.1:8181
    cache 300
    forward . 9.9.9.9 tls://149.112.112.112 {
        policy sequential
        health_check 5s
        tls_servername dns.quad9.net
    }
}
)");
}

TEST(Corefile, BeforeTheFirstSetupForwardsOnly) {
  Settings settings;
  settings.directory = "/d";
  settings.cache_seconds = 0;
  settings.upstreams = {"9.9.9.9:5353"};

  const std::string text = render_corefile(settings);

  EXPECT_EQ(text.find("file "), std::string::npos);
  EXPECT_EQ(text.find("cache"), std::string::npos);
  EXPECT_NE(text.find("forward . 9.9.9.9:5353 {"), std::string::npos);
}

TEST(Corefile, AWrongUpstreamAddsNothing) {
  Settings settings;
  settings.zone = "home.cell";
  settings.directory = "/d";
  for (const char* wrong : {"9.9.9.9 }\n evil {", "dns.example.org", "tls://9.9.9.9#a b", "9.9.9.9:0",
                            "9.9.9.9:99999", "", "/etc/resolv.conf", "{$HOME}"}) {
    EXPECT_FALSE(check_upstream(wrong).ok()) << wrong;
    settings.upstreams = {wrong};
    EXPECT_EQ(render_corefile(settings).find("forward"), std::string::npos) << wrong;
  }
  for (const char* right : {"9.9.9.9", "2620:fe::9", "[2620:fe::9]:53", "9.9.9.9:53", "tls://9.9.9.9",
                            "tls://[2620:fe::9]:853#dns.quad9.net"}) {
    EXPECT_TRUE(check_upstream(right).ok()) << right;
  }
}

}  // namespace
}  // namespace cell::coredns
