#include "domain/health/machine.hpp"

#include <gtest/gtest.h>

#include "base/atomic_file.hpp"
#include "unit/support/temporary_directory.hpp"

namespace cell::health {
namespace {

const char* const kRoutes =
    "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
    "wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
    "eth0\t00000000\t0100A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
    "tun0\t00000000\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0\n"
    "eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n";

const char* const kDevices =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls "
    "carrier compressed\n"
    "    lo:    9000      10    0    0    0     0          0         0     9000      10    0    0    0     0 "
    "      0          0\n"
    "  eth0:1000 10 0 0 0 0 0 0 500 5 0 0 0 0 0 0\n";

TEST(Machine, CountsBusyTimeWithoutIdleAndWaiting) {
  const auto before = parse_cpu("cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 1 1 1\n");
  const auto after = parse_cpu("cpu  150 0 150 850 150 0 0 0 0 0\n");

  ASSERT_TRUE(before && after);
  EXPECT_EQ(before->busy, 200U);
  EXPECT_EQ(before->total, 1000U);
  EXPECT_DOUBLE_EQ(cpu_percent(*before, *after), 100.0 / 3);
  EXPECT_DOUBLE_EQ(cpu_percent(*after, *before), 0);
  EXPECT_FALSE(parse_cpu(""));
  EXPECT_FALSE(parse_cpu("intr 1 2 3 4"));
}

TEST(Machine, UsedMemoryIsWhatProgramsCannotGet) {
  const auto memory = parse_memory("MemTotal:        1000 kB\nMemFree:  10 kB\nMemAvailable:     400 kB\n");

  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->used_bytes, 600U * 1024);
  EXPECT_EQ(memory->total_bytes, 1000U * 1024);
  EXPECT_FALSE(parse_memory("MemTotal: 1000 kB\n"));
  EXPECT_FALSE(parse_memory("MemTotal: 1 kB\nMemAvailable: 2 kB\n"));
}

TEST(Machine, TakesTheDefaultRouteWithTheLowestMetric) {
  EXPECT_EQ(parse_default_interface(kRoutes, ""), "eth0");
  EXPECT_EQ(parse_default_interface("", ""), "");
}

TEST(Machine, FallsBackToTheWayOfIpv6) {
  const std::string zero(32, '0');
  const std::string route =
      zero + " 00 " + zero +
      " 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003    wan0\n" + zero + " 00 " +
      zero + " 00 " + zero + " ffffffff 00000001 00000000 00200200       lo\n";
  EXPECT_EQ(parse_default_interface("Iface\tDestination\n", route), "wan0");
}

TEST(Machine, ReadsTheCountersOfOneInterface) {
  const auto traffic = parse_traffic(kDevices, "eth0");

  ASSERT_TRUE(traffic);
  EXPECT_EQ(traffic->rx_bytes, 1000U);
  EXPECT_EQ(traffic->tx_bytes, 500U);
  EXPECT_FALSE(parse_traffic(kDevices, "eth"));
  EXPECT_FALSE(parse_traffic(kDevices, ""));
}

struct MachineSample : testing::Test {
  test::TemporaryDirectory directory;
  ManualClock clock;
  Machine machine{clock, directory.path(), directory.path()};
  void SetUp() override {
    ASSERT_TRUE(ensure_directory(directory.path() / "net"));
    write("stat", "cpu  0 0 0 100 0 0 0 0 0 0\n");
    write("meminfo", "MemTotal: 1000 kB\nMemAvailable: 400 kB\n");
    write("net/route", kRoutes);
    write("net/dev", "  eth0: 1000 10 0 0 0 0 0 0 500 5 0 0 0 0 0 0\n");
  }
  void write(const char* name, const std::string& text) {
    ASSERT_TRUE(write_file_atomic(directory.path() / name, text));
  }
};

TEST_F(MachineSample, RatesAreThoseSinceTheSampleBefore) {
  const Stats first = machine.sample();
  write("stat", "cpu  25 0 0 175 0 0 0 0 0 0\n");
  write("net/dev", "  eth0: 3000 10 0 0 0 0 0 0 1500 5 0 0 0 0 0 0\n");
  clock.advance(std::chrono::seconds{2});
  const Stats second = machine.sample();

  EXPECT_EQ(first.rx_rate, 0);
  EXPECT_EQ(first.cpu_percent, 0);
  EXPECT_DOUBLE_EQ(second.cpu_percent, 25);
  EXPECT_DOUBLE_EQ(second.rx_rate, 1000);
  EXPECT_DOUBLE_EQ(second.tx_rate, 500);
  EXPECT_EQ(second.memory_bytes, 600U * 1024);
  EXPECT_GT(second.disk_total_bytes, second.disk_used_bytes);
}

TEST_F(MachineSample, CountersThatBeganAnewGiveNoRate) {
  machine.sample();
  write("net/dev", "  eth0: 10 10 0 0 0 0 0 0 5 5 0 0 0 0 0 0\n");
  clock.advance(std::chrono::seconds{2});

  EXPECT_EQ(machine.sample().rx_rate, 0);
}

TEST_F(MachineSample, AnotherInterfaceGivesNoRate) {
  machine.sample();
  write("net/route", "Iface\tDestination\nwan0\t00000000\t0\t3\t0\t0\t0\t00000000\n");
  write("net/dev", "  wan0: 900000 10 0 0 0 0 0 0 900000 5 0 0 0 0 0 0\n");
  clock.advance(std::chrono::seconds{2});

  EXPECT_EQ(machine.sample().rx_rate, 0);
}

TEST_F(MachineSample, SurvivesWhatIsMissing) {
  Machine blind(clock, "/nonexistent", "/nonexistent");
  const Stats stats = blind.sample();

  EXPECT_EQ(stats.disk_total_bytes, 0U);
  EXPECT_EQ(stats.memory_total_bytes, 0U);
}

}  // namespace
}  // namespace cell::health
