#include "wireguard/client_config.hpp"

#include <gtest/gtest.h>

namespace cell::wireguard {
namespace {

TEST(ClientConfig, WritesEveryPart) {
  const ClientConfig config{.name = "Ann's phone",
                            .private_key = "<PRIVATE_KEY>",
                            .addresses = {"10.13.13.2/32", "fd00::2/128"},
                            .dns = {"10.13.13.1", "home.cell"},
                            .mtu = 1420,
                            .server_public_key = "SERVER",
                            .preshared_key = "PSK",
                            .endpoint_host = "vpn.example.org",
                            .endpoint_port = 51820,
                            .allowed_ips = {"0.0.0.0/0", "::/0"},
                            .persistent_keepalive = 25};

  EXPECT_EQ(render(config),
            "# Ann's phone\n"
            "[Interface]\n"
            "PrivateKey = <PRIVATE_KEY>\n"
            "Address = 10.13.13.2/32, fd00::2/128\n"
            "DNS = 10.13.13.1, home.cell\n"
            "MTU = 1420\n"
            "\n"
            "[Peer]\n"
            "PublicKey = SERVER\n"
            "PresharedKey = PSK\n"
            "AllowedIPs = 0.0.0.0/0, ::/0\n"
            "Endpoint = vpn.example.org:51820\n"
            "PersistentKeepalive = 25\n");
}

TEST(ClientConfig, LeavesOutWhatIsEmptyAndBracketsIpv6) {
  const ClientConfig config{.name = "",
                            .private_key = "KEY",
                            .addresses = {"10.13.13.2/32"},
                            .dns = {},
                            .mtu = 0,
                            .server_public_key = "SERVER",
                            .preshared_key = "",
                            .endpoint_host = "2001:db8::7",
                            .endpoint_port = 443,
                            .allowed_ips = {"10.13.13.0/24"},
                            .persistent_keepalive = 0};

  EXPECT_EQ(render(config),
            "[Interface]\n"
            "PrivateKey = KEY\n"
            "Address = 10.13.13.2/32\n"
            "\n"
            "[Peer]\n"
            "PublicKey = SERVER\n"
            "AllowedIPs = 10.13.13.0/24\n"
            "Endpoint = [2001:db8::7]:443\n");
}

TEST(ClientConfig, NameCannotStartALine) {
  ClientConfig config;
  config.name = "a\nPostUp = reboot\r";

  EXPECT_TRUE(render(config).starts_with("# a PostUp = reboot \n[Interface]\n"));
}

}  // namespace
}  // namespace cell::wireguard
