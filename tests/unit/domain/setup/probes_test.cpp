#include "domain/setup/probes.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "domain/setup/proc_net.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::setup {
namespace {

constexpr const char* kHead =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
constexpr const char* kTcp =
    "   0: 3500007F:0035 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 1001 1 0 100 "
    "0 0 10 0\n"
    "   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1002 1 0 100 "
    "0 0 10 0\n"
    "   2: 0100007F:1F91 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 1003 1 0 100 "
    "0 0 10 0\n";
constexpr const char* kUdp6 =
    "   9: 00000000000000000000000000000000:007B 00000000000000000000000000000000:0000 07 00000000:00000000 "
    "00:00000000 "
    "00000000     0        0 1004 2 0 0\n";

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

// A /proc with one listener on tcp 53 (systemd-resolve), one on tcp 8080 (nobody visible), one on udp 123
// (this process).
struct ProcTest : testing::Test {
  test::TemporaryDirectory proc;
  void SetUp() override {
    write(proc.path() / "net/tcp", std::string(kHead) + kTcp);
    write(proc.path() / "net/udp6", std::string(kHead) + kUdp6);
    hold("4242", "systemd-resolve", 1001);
    hold(std::to_string(getpid()), "celld", 1004);
  }
  void hold(const std::string& pid, const std::string& program, int inode) const {
    write(proc.path() / pid / "comm", program + "\n");
    std::filesystem::create_directories(proc.path() / pid / "fd");
    std::filesystem::create_symlink("socket:[" + std::to_string(inode) + "]", proc.path() / pid / "fd/3");
  }
  Finding run(std::vector<PortNeed> needs, std::vector<PublishedPort> published = {}) const {
    return ports_probe(
               std::move(needs), [published] { return published; }, proc.path())
        .run();
  }
};

TEST(ProcNet, TakesListenersOnly) {
  const auto tcp = parse_proc_net(std::string(kHead) + kTcp, false);
  ASSERT_EQ(tcp.size(), 2U);
  EXPECT_EQ(tcp[0].port, 53);
  EXPECT_EQ(tcp[0].inode, 1001U);
  EXPECT_EQ(tcp[0].address, "3500007F");
  EXPECT_EQ(tcp[1].port, 8080);
  EXPECT_EQ(parse_proc_net(std::string(kHead) + kUdp6, true).at(0).port, 123);
}

TEST(ProcNet, GarbageIsLeftOut) {
  EXPECT_TRUE(parse_proc_net("", false).empty());
  EXPECT_TRUE(
      parse_proc_net("a b c d e f g h i j\n: : : 0A : : : : : :\n0: 00:ZZZZ 0:0 0A 0 0 0 0 0 x 1\n", false)
          .empty());
}

TEST_F(ProcTest, NamesTheProgramThatHasThePort) {
  const Finding finding = run({{53, false, "DNS"}});

  EXPECT_EQ(finding.state, State::problem);
  EXPECT_EQ(finding.detail, "in use: 53/tcp (DNS) by 'systemd-resolve' (process 4242)");
  EXPECT_NE(finding.fix.find("DNSStubListener=no"), std::string::npos);
}

TEST_F(ProcTest, UnknownOwnerIsStillAConflictAndTheFixTellsHowToFindIt) {
  const Finding finding = run({{8080, false, "web"}});

  EXPECT_EQ(finding.detail, "in use: 8080/tcp (web) by another program");
  EXPECT_EQ(finding.fix,
            "see which program it is with \"ss -lntup 'sport = :8080'\" and stop it, or choose another port "
            "in .env, then 'make restart'");
}

TEST_F(ProcTest, ResolvedIsKnownByItsAddressWhereItsProcessCanNotBeSeen) {
  std::filesystem::remove_all(proc.path() / "4242");

  const Finding finding = run({{53, false, "DNS"}});

  EXPECT_EQ(finding.detail, "in use: 53/tcp (DNS) by 'systemd-resolved'");
  EXPECT_NE(finding.fix.find("DNSStubListener=no"), std::string::npos);
}

TEST_F(ProcTest, OwnProcessAndOtherProtocolAreNoConflict) {
  EXPECT_EQ(run({{123, true, "time"}, {53, true, "DNS"}, {8081, false, "web"}}).state, State::ok);
}

TEST_F(ProcTest, OwnContainersPortIsNoConflictAnothersIs) {
  EXPECT_EQ(run({{8080, false, "web"}}, {{"cell-caddy", true, 8080, false}}).state, State::ok);
  EXPECT_EQ(run({{80, false, "web"}}, {{"web", false, 80, false}}).detail,
            "in use: 80/tcp (web) by container 'web'");
}

TEST(WireGuardProbe, PrefersTheKernelThenTheTunDevice) {
  test::TemporaryDirectory root;
  const HostPaths nothing{root.path() / "sys", root.path() / "modules", root.path() / "tun"};
  EXPECT_EQ(wireguard_probe({}, nothing).run().state, State::problem);

  HostPaths with_tun = nothing;
  with_tun.tun = "/dev/null";
  EXPECT_EQ(wireguard_probe({}, with_tun).run().state, State::warning);

  utsname system{};
  uname(&system);
  write(root.path() / "modules" / system.release / "modules.dep",
        "kernel/drivers/net/wireguard/wireguard.ko: x.ko\n");
  EXPECT_EQ(wireguard_probe({}, nothing).run().state, State::ok);
}

TEST(WireGuardProbe, BelievesTheHubMoreThanTheFileSystem) {
  const HostPaths nothing{"/nowhere", "/nowhere", "/nowhere"};
  EXPECT_EQ(wireguard_probe([] { return std::optional<std::string>("kernel"); }, nothing).run().state,
            State::ok);
  EXPECT_EQ(wireguard_probe([] { return std::optional<std::string>("userspace"); }, nothing).run().state,
            State::warning);
  EXPECT_EQ(tun_probe([] { return std::optional<std::string>("userspace"); }, nothing).run().state,
            State::ok);
}

TEST(MemoryProbe, ComparesWhatIsAvailable) {
  test::TemporaryDirectory proc;
  const auto state = [&](const char* kilobytes) {
    write(proc.path() / "meminfo",
          std::string("MemTotal: 9999999 kB\nMemFree: 1 kB\nMemAvailable:   ") + kilobytes + " kB\n");
    return memory_probe(proc.path()).run().state;
  };
  EXPECT_EQ(state("2000000"), State::ok);
  EXPECT_EQ(state("200000"), State::warning);
  EXPECT_EQ(state("50000"), State::problem);
}

TEST(DiskProbe, SaysWhichDirectoryIsMissing) {
  const Finding finding = disk_probe("/nowhere/at/all").run();
  EXPECT_EQ(finding.state, State::problem);
  EXPECT_NE(finding.detail.find("/nowhere/at/all"), std::string::npos);
}

TEST(ClockProbe, RefusesATimeBeforeThisWasWritten) {
  ManualClock clock;
  EXPECT_EQ(clock_probe(clock).run().state, State::ok);
  clock.set(from_unix(0));
  EXPECT_EQ(clock_probe(clock).run().state, State::problem);
}

TEST(AddressProbe, WarnsWithoutADefaultRoute) {
  EXPECT_EQ(address_probe([] { return std::optional<std::string>("192.0.2.7"); }).run().detail,
            "this machine is 192.0.2.7");
  EXPECT_EQ(address_probe([] { return std::optional<std::string>(); }).run().state, State::warning);
}

}  // namespace
}  // namespace cell::setup
