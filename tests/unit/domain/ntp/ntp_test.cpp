#include "domain/ntp/ntp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/support/config_state.hpp"
#include "unit/support/fake_engine.hpp"
#include "unit/support/place.hpp"

namespace cell::ntp {
namespace {

using cell::test::sample_place;
using cell::test::sample_root;

TEST(NtpDocument, IsThisWholeText) {
  const auto document = ntp_document(sample_root(), sample_place());

  EXPECT_EQ(document.kind, "chrony");
  EXPECT_EQ(document.container, "cell-ntp");
  EXPECT_EQ(document.tell, reconcile::Tell::restart);
  ASSERT_EQ(document.files.size(), 1U);
  EXPECT_EQ(document.files[0].path, "/cell/config/ntp/chrony.conf");
  EXPECT_EQ(document.files[0].content,
            "server pool.ntp.org iburst\n"
            "allow 172.20.0.0/16\n"
            "allow fd00:20::/64\n"
            "allow 10.13.13.0/24\n"
            "allow fd12:3456:789a:1::/64\n"
            "allow 10.0.0.0/8\n"
            "allow 172.16.0.0/12\n"
            "allow 192.168.0.0/16\n"
            "allow 169.254.0.0/16\n"
            "allow fc00::/7\n"
            "allow fe80::/10\n"
            "local stratum 10\n"
            "bindcmdaddress 127.0.0.1\n"
            "bindcmdaddress ::1\n"
            "clientloglimit 1048576\n");
}

TEST(NtpDocument, NoTextAddsADirective) {
  const std::string sound = ntp_document(sample_root(), sample_place()).files[0].content;
  const std::string rest = sound.substr(sound.find("allow "));
  for (const std::string& text : cell::test::hostile_texts()) {
    Json root = sample_root();
    root["ntp"]["servers"] = {text};
    const std::string conf = ntp_document(root, sample_place()).files[0].content;

    if (chrony::check_server(text)) {
      EXPECT_EQ(conf, "server " + text + " iburst\n" + rest);
      EXPECT_EQ(text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:"),
                std::string::npos)
          << text;
    } else {
      EXPECT_EQ(conf, rest) << text;
    }
    root["network"]["ipv4_pool"] = text;
    const std::string other = ntp_document(root, sample_place()).files[0].content;
    EXPECT_LE(std::count(other.begin(), other.end(), '\n'), std::count(sound.begin(), sound.end(), '\n'))
        << text;
  }
}

// An engine whose time server answers with set texts.
class ChronyEngine final : public engine::Engine {
 public:
  Result<engine::ExecResult> exec(const std::string& name, const std::vector<std::string>& command,
                                  std::chrono::milliseconds) override {
    calls.push_back(name + " " + command.back());
    if (is_down) return Error{Code::unavailable, "the engine is not there"};
    return engine::ExecResult{exit_code, command.back() == "tracking" ? tracking : sources, ""};
  }
  std::vector<std::string> calls;
  bool is_down = false;
  int exit_code = 0;
  std::string tracking =
      "C0000201,192.0.2.1,3,1700000000.1,0.000123,0.0,0.0,0.0,0.0,0.0,0.01,0.001,64.0,Normal\n";
  std::string sources =
      "^,*,192.0.2.1,2,6,377,12,0.000456,0.000456,0.01\n^,?,192.0.2.9,0,6,0,4294967295,0.0,0.0,0.0\n";

  // What reconciling needs, which nobody asks here.
  Result<engine::EngineInfo> info() override { return unused(); }
  Result<std::vector<engine::ContainerSummary>> containers(
      const std::map<std::string, std::string>&) override {
    return unused();
  }
  Result<Json> inspect_container(const std::string&) override { return unused(); }
  Result<std::string> create_container(const engine::ContainerSpec&) override { return unused(); }
  Result<void> start_container(const std::string&) override { return unused(); }
  Result<void> stop_container(const std::string&, std::chrono::seconds) override { return unused(); }
  Result<void> restart_container(const std::string&, std::chrono::seconds) override { return unused(); }
  Result<void> remove_container(const std::string&) override { return unused(); }
  Result<void> signal_container(const std::string&, const std::string&) override { return unused(); }
  Result<std::vector<engine::LogLine>> logs(const std::string&, std::size_t, const std::string&) override {
    return unused();
  }
  Result<engine::ContainerStats> stats(const std::string&) override { return unused(); }
  Result<std::vector<engine::NetworkSummary>> networks() override { return unused(); }
  Result<std::string> create_network(const engine::NetworkSpec&) override { return unused(); }
  Result<void> remove_network(const std::string&) override { return unused(); }
  Result<std::vector<engine::VolumeSummary>> volumes(const std::map<std::string, std::string>&) override {
    return unused();
  }
  Result<void> create_volume(const std::string&, const std::map<std::string, std::string>&) override {
    return unused();
  }
  Result<void> remove_volume(const std::string&) override { return unused(); }
  Result<std::optional<std::string>> image_id(const std::string&) override { return unused(); }
  Result<std::vector<engine::ImageSummary>> list_images() override { return unused(); }
  Result<void> pull(const std::string&, const std::function<void(const engine::PullProgress&)>&) override {
    return unused();
  }
  Result<void> events(const std::function<bool(const engine::Event&)>&, std::chrono::milliseconds,
                      std::int64_t) override {
    return unused();
  }

 private:
  static Error unused() { return Error{Code::unsupported, "not asked here"}; }
};

struct NtpTest : testing::Test {
  cell::test::ConfigState cell;
  ChronyEngine engine;
  Ntp ntp{{*cell.config, engine, cell.clock, sample_place()}};
};

TEST_F(NtpTest, ReportsWhatChronySays) {
  const auto report = ntp.report();

  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->tracking.synchronised);
  EXPECT_EQ(report->tracking.stratum, 3);
  ASSERT_EQ(report->sources.size(), 2U);
  EXPECT_EQ(report->sources[0].state, "selected");
  EXPECT_EQ(report->sources[1].last_rx_s, -1);
  EXPECT_THAT(engine.calls, testing::ElementsAre("cell-ntp tracking", "cell-ntp sources"));
}

TEST_F(NtpTest, AsksAgainOnlyAfterAFewSeconds) {
  ASSERT_TRUE(ntp.report());
  ASSERT_TRUE(ntp.report());
  EXPECT_EQ(engine.calls.size(), 2U);

  cell.clock.advance(std::chrono::seconds{6});
  engine.is_down = true;

  EXPECT_EQ(ntp.report().error().code, Code::unavailable);
  EXPECT_EQ(ntp.report().error().code, Code::unavailable);
  EXPECT_EQ(engine.calls.size(), 3U);
}

TEST_F(NtpTest, AFailingChronycIsToldOf) {
  engine.exit_code = 1;
  engine.tracking = "506 Cannot talk to daemon";

  EXPECT_EQ(ntp.report().error().message, "the time server does not answer: 506 Cannot talk to daemon");
}

TEST_F(NtpTest, ServersAreCheckedAndKept) {
  ASSERT_TRUE(ntp.set_servers({"time.example.org", "192.0.2.1"}, {}));
  EXPECT_EQ(servers_of(cell.config->snapshot()->root),
            (std::vector<std::string>{"time.example.org", "192.0.2.1"}));

  EXPECT_EQ(ntp.set_servers({"time.example.org", "a b"}, {}).error().fields[0].pointer, "/servers/1");
  EXPECT_EQ(ntp.set_servers({"x.example", "x.example"}, {}).error().fields[0].pointer, "/servers/1");
  EXPECT_EQ(ntp.set_servers(std::vector<std::string>(17, "x.example"), {}).error().fields[0].pointer,
            "/servers");
  EXPECT_EQ(servers_of(cell.config->snapshot()->root).size(), 2U);
}

}  // namespace
}  // namespace cell::ntp
