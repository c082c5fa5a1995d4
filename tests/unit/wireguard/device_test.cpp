#include "wireguard/device.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wireguard/key.hpp"
#include "wireguard/tool.hpp"
#include "wireguard/uapi.hpp"

namespace cell::wireguard {
namespace {

// 32 bytes 0x01…, 0x02…, 0x03…
const std::string kOne = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const std::string kTwo = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
const std::string kThree = "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=";

std::string repeated(const std::string& text, int count) {
  std::string result;
  for (int index = 0; index < count; ++index) result += text;
  return result;
}

TEST(Key, ConvertsBothWays) {
  EXPECT_EQ(*key_to_hex(kOne), repeated("01", 32));
  EXPECT_EQ(*key_to_base64(repeated("03", 32)), kThree);
  EXPECT_EQ(*key_to_hex("/////////////////////////////////////////w8="), repeated("ff", 31) + "0f");
}

TEST(Key, RefusesWhatIsNotOneWithoutRepeatingIt) {
  for (const auto& text : {std::string(), kOne.substr(0, 43), kOne + "=", std::string(44, '='),
                           std::string(43, 'A') + "A", std::string(42, 'A') + "B=", "!" + kOne.substr(1)}) {
    const auto hex = key_to_hex(text);
    ASSERT_FALSE(hex.ok()) << text;
    EXPECT_EQ(hex.error().message, "not a WireGuard key");
  }
  EXPECT_FALSE(key_to_base64(repeated("0g", 32)).ok());
  EXPECT_FALSE(key_to_base64("00").ok());
}

TEST(DeviceDiff, TouchesOnlyWhatDiffers) {
  const DeviceActual actual{
      .private_key = kThree,
      .listen_port = 51820,
      .peers = {{.config = {kOne, "", {"10.13.13.2/32"}}}, {.config = {kTwo, "", {"10.13.13.3/32"}}}}};
  const DeviceConfig desired{kThree, 51821, {{kOne, "", {"10.13.13.2/32"}}, {kThree, "", {"10.13.13.3/32"}}}};

  const auto change = diff(actual, desired);

  EXPECT_FALSE(change.private_key.has_value());
  EXPECT_EQ(change.listen_port, 51821);
  EXPECT_THAT(change.remove, testing::ElementsAre(kTwo));
  ASSERT_EQ(change.upsert.size(), 1U);
  EXPECT_EQ(change.upsert[0].public_key, kThree);
}

TEST(DeviceDiff, IsEmptyForEqualOnes) {
  const DeviceActual actual{
      .private_key = kThree, .listen_port = 1, .peers = {{.config = {kOne, kTwo, {"10.13.13.2/32"}}}}};

  EXPECT_TRUE(diff(actual, {kThree, 1, {{kOne, kTwo, {"10.13.13.2/32"}}}}).is_empty());
  EXPECT_FALSE(diff(actual, {kThree, 1, {{kOne, "", {"10.13.13.2/32"}}}}).is_empty());
}

TEST(Uapi, WritesRemovalsBeforeAdditions) {
  DeviceChange change;
  change.private_key = kThree;
  change.listen_port = 51820;
  change.remove = {kTwo};
  change.upsert = {{kOne, "", {"10.13.13.2/32", "fd00::2/128"}}};

  EXPECT_EQ(*render_uapi(change),
            "set=1\n"
            "private_key=" +
                repeated("03", 32) +
                "\n"
                "listen_port=51820\n"
                "public_key=" +
                repeated("02", 32) +
                "\nremove=true\n"
                "public_key=" +
                repeated("01", 32) +
                "\n"
                "preshared_key=" +
                repeated("00", 32) +
                "\n"
                "replace_allowed_ips=true\n"
                "allowed_ip=10.13.13.2/32\n"
                "allowed_ip=fd00::2/128\n"
                "\n");
}

TEST(Uapi, ReadsTheState) {
  const auto device = parse_uapi(
      "private_key=" + repeated("03", 32) + "\nlisten_port=51820\npublic_key=" + repeated("01", 32) +
      "\npreshared_key=" + repeated("02", 32) +
      "\nprotocol_version=1\nendpoint=192.0.2.7:40000\nlast_handshake_time_sec=1800000000\n"
      "last_handshake_time_nsec=5\ntx_bytes=10\nrx_bytes=20\npersistent_keepalive_interval=0\n"
      "allowed_ip=fd00::2/128\nallowed_ip=10.13.13.2/32\npublic_key=" +
      repeated("02", 32) + "\npreshared_key=" + repeated("00", 32) + "\nerrno=0\n\n");

  ASSERT_TRUE(device.ok()) << device.error().message;
  EXPECT_EQ(device->private_key, kThree);
  EXPECT_EQ(device->listen_port, 51820);
  ASSERT_EQ(device->peers.size(), 2U);
  EXPECT_EQ(device->peers[0].config, (PeerConfig{kOne, kTwo, {"10.13.13.2/32", "fd00::2/128"}}));
  EXPECT_EQ(device->peers[0].endpoint, "192.0.2.7:40000");
  EXPECT_EQ(device->peers[0].last_handshake, 1800000000);
  EXPECT_EQ(device->peers[0].rx_bytes, 20U);
  EXPECT_EQ(device->peers[0].tx_bytes, 10U);
  EXPECT_EQ(device->peers[1].config, (PeerConfig{kTwo, "", {}}));
}

TEST(Uapi, ReportsErrnoAndGarbage) {
  EXPECT_EQ(*uapi_errno("errno=-22\n\n"), -22);
  EXPECT_FALSE(parse_uapi("errno=1\n\n").ok());
  EXPECT_FALSE(parse_uapi("").ok());
  EXPECT_FALSE(parse_uapi("listen_port=x\nerrno=0\n\n").ok());
  EXPECT_FALSE(parse_uapi("public_key=zz\nerrno=0\n\n").ok());
}

TEST(Tool, WritesSyncconf) {
  EXPECT_EQ(
      render_syncconf(
          {kThree, 51820, {{kOne, kTwo, {"10.13.13.2/32", "fd00::2/128"}}, {kTwo, "", {"10.13.13.3/32"}}}}),
      "[Interface]\nPrivateKey = " + kThree + "\nListenPort = 51820\n\n[Peer]\nPublicKey = " + kOne +
          "\nPresharedKey = " + kTwo + "\nAllowedIPs = 10.13.13.2/32,fd00::2/128\n\n[Peer]\nPublicKey = " +
          kTwo + "\nAllowedIPs = 10.13.13.3/32\n");
}

TEST(Tool, ReadsDump) {
  const auto device =
      parse_dump(kThree + "\t" + kTwo + "\t51820\toff\n" + kOne + "\t(none)\t192.0.2.7:40000\t" +
                 "fd00::2/128,10.13.13.2/32\t1800000000\t20\t10\toff\n" + kTwo +
                 "\t(none)\t(none)\t(none)\t0\t0\t0\t25\n");

  ASSERT_TRUE(device.ok()) << device.error().message;
  ASSERT_EQ(device->peers.size(), 2U);
  EXPECT_EQ(device->peers[0].config, (PeerConfig{kOne, "", {"10.13.13.2/32", "fd00::2/128"}}));
  EXPECT_EQ(device->peers[0].rx_bytes, 20U);
  EXPECT_EQ(device->peers[1].endpoint, "");
  EXPECT_FALSE(parse_dump("").ok());
  EXPECT_FALSE(parse_dump("a\tb\n").ok());
  EXPECT_FALSE(parse_dump(kThree + "\t" + kTwo + "\t51820\toff\nshort\tline\n").ok());
}

TEST(Tool, KeepsSecretsOutOfArguments) {
  DeviceChange change;
  change.private_key = kThree;
  change.remove = {kTwo};
  change.upsert = {{kOne, kThree, {"10.13.13.2/32"}}, {kTwo, "", {"10.13.13.3/32"}}};

  const auto calls = tool_calls("wg0", change);

  ASSERT_EQ(calls.size(), 3U);
  EXPECT_THAT(calls[0].arguments,
              testing::ElementsAre("wg", "set", "wg0", "private-key", "/dev/stdin", "peer", kTwo, "remove"));
  EXPECT_EQ(calls[0].input, kThree + "\n");
  EXPECT_THAT(calls[1].arguments, testing::ElementsAre("wg", "set", "wg0", "peer", kOne, "preshared-key",
                                                       "/dev/stdin", "allowed-ips", "10.13.13.2/32"));
  EXPECT_EQ(calls[1].input, kThree + "\n");
  EXPECT_THAT(calls[2].arguments, testing::Contains("/dev/null"));
}

TEST(DeviceChange, AppliedToAStateGivesTheDesiredOne) {
  const DeviceActual actual{.private_key = kThree,
                            .listen_port = 1,
                            .peers = {{.config = {kOne, "", {}}}, {.config = {kTwo, "", {}}}}};
  DeviceChange change;
  change.listen_port = 2;
  change.remove = {kOne};
  change.upsert = {{kThree, "", {"10.13.13.4/32"}}};

  const auto device = changed(actual, change);

  EXPECT_EQ(device.listen_port, 2);
  EXPECT_EQ(device.private_key, kThree);
  EXPECT_THAT(device.peers, testing::UnorderedElementsAre(PeerConfig{kThree, "", {"10.13.13.4/32"}},
                                                          PeerConfig{kTwo, "", {}}));
}

}  // namespace
}  // namespace cell::wireguard
