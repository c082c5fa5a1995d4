#include "engine/client.hpp"

#include <gtest/gtest.h>

#include "unit/engine/fake_engine_socket.hpp"

namespace cell::engine {
namespace {

using std::chrono::milliseconds;

using Answers = std::vector<std::pair<std::string, std::string>>;

// Answers /_ping itself and everything else by the first entry whose text is found in the request line.
class Scripted {
 public:
  explicit Scripted(Answers answers, std::string version = "1.41")
      : answers_(std::move(answers)),
        version_(std::move(version)),
        server_([this](const std::string& request, int connection) {
          server_.write(connection, answer_to(request.substr(0, request.find('\r'))));
        }) {}

  [[nodiscard]] std::unique_ptr<Engine> engine() const { return connect(server_.path()); }
  [[nodiscard]] std::vector<std::string> request_lines() const {
    std::vector<std::string> lines;
    for (const auto& request : server_.requests()) lines.push_back(request.substr(0, request.find('\r')));
    return lines;
  }
  [[nodiscard]] std::string last_body() const {
    const auto text = server_.requests().back();
    return text.substr(text.find("\r\n\r\n") + 4);
  }

 private:
  std::string answer_to(const std::string& line) const {
    if (line == "GET /_ping HTTP/1.1")
      return "HTTP/1.1 200 OK\r\nApi-Version: " + version_ + "\r\nContent-Length: 2\r\n\r\nOK";
    for (const auto& [part, reply] : answers_) {
      if (line.find(part) != std::string::npos) return reply;
    }
    return FakeEngineSocket::reply(404, R"({"message":"page not found"})");
  }

  Answers answers_;
  std::string version_;
  FakeEngineSocket server_;
};

std::string frame(int stream, std::string_view text) {
  std::string out(8, '\0');
  out[0] = static_cast<char>(stream);
  out[6] = static_cast<char>(text.size() >> 8U);
  out[7] = static_cast<char>(text.size() & 0xffU);
  return out + std::string(text);
}

TEST(EngineClient, ListsImagesWithTheirNames) {
  Scripted scripted(Answers{{"/images/json", FakeEngineSocket::reply(200, R"([
    {"Id": "sha256:1", "RepoTags": ["pic/caddy:1", "pic/caddy:latest"], "Size": 5000000000, "Created": 1800000000,
     "Labels": {"cell.image": "caddy"}},
    {"Id": "sha256:2", "RepoTags": ["<none>:<none>"], "Size": 7, "Created": 1, "Labels": null},
    {"Id": "sha256:3", "RepoTags": null}])")}});
  const auto images = scripted.engine()->list_images();

  ASSERT_TRUE(images.ok()) << images.error().message;
  ASSERT_EQ(images->size(), 3U);
  EXPECT_EQ(images->at(0).references, (std::vector<std::string>{"pic/caddy:1", "pic/caddy:latest"}));
  EXPECT_EQ(images->at(0).size_bytes, 5'000'000'000U);
  EXPECT_EQ(images->at(0).labels.at("cell.image"), "caddy");
  EXPECT_TRUE(images->at(1).references.empty());
  EXPECT_TRUE(images->at(2).references.empty());
}

TEST(EngineClient, SpeaksTheOlderOfTheTwoVersionsAndAsksOnce) {
  Scripted old(Answers{{"/networks", FakeEngineSocket::reply(200, "[]")},
                       {"/containers/json", FakeEngineSocket::reply(200, "[]")}},
               "1.41");
  Scripted newer(Answers{{"/containers/json", FakeEngineSocket::reply(200, "[]")}}, "1.99");
  const auto engine = old.engine();

  ASSERT_TRUE(engine->networks().ok());
  ASSERT_TRUE(newer.engine()->containers().ok());

  EXPECT_EQ(old.request_lines(),
            (std::vector<std::string>{"GET /_ping HTTP/1.1", "GET /v1.41/networks HTTP/1.1",
                                      "GET /v1.41/containers/json?all=1 HTTP/1.1"}));
  EXPECT_EQ(newer.request_lines().back(), "GET /v1.47/containers/json?all=1 HTTP/1.1");
}

TEST(EngineClient, RefusesAnEngineThatIsTooOld) {
  Scripted ancient(Answers{}, "1.24");

  const auto info = ancient.engine()->info();

  ASSERT_FALSE(info.ok());
  EXPECT_EQ(info.error().code, Code::unsupported);
  EXPECT_EQ(info.error().hint, "install Docker 20.10 or newer");
}

TEST(EngineClient, ListsContainersWithTheirNetworksPortsAndLabels) {
  Scripted server(Answers{
      {"/containers/json", FakeEngineSocket::reply(200, R"([{"Id":"abc","Names":["/other/alias","/cell-dns"],
    "Image":"pic/coredns:1","ImageID":"sha256:1","State":"running","Status":"Up 2 hours","Labels":{"cell.name":"dns"},
    "Ports":[{"IP":"0.0.0.0","PrivatePort":53,"PublicPort":5353,"Type":"udp"}],
    "NetworkSettings":{"Networks":{"cell-network":{"IPAddress":"172.20.0.3","GlobalIPv6Address":"fd00::3"}}}}])")}});

  const auto list = server.engine()->containers({{"cell.instance", "t"}});

  ASSERT_TRUE(list.ok()) << list.error().message;
  ASSERT_EQ(list->size(), 1U);
  const ContainerSummary& dns = list->front();
  EXPECT_EQ(dns.name, "cell-dns");
  EXPECT_EQ(dns.ports, (std::vector<PortMapping>{{"0.0.0.0", 5353, 53, "udp"}}));
  EXPECT_EQ(dns.addresses, (std::vector<std::string>{"172.20.0.3", "fd00::3"}));
  EXPECT_EQ(dns.networks, (std::vector<std::string>{"cell-network"}));
  EXPECT_EQ(
      server.request_lines().back(),
      "GET /v1.41/containers/json?all=1&filters=%7B%22label%22%3A%5B%22cell.instance%3Dt%22%5D%7D HTTP/1.1");
}

TEST(EngineClient, ANameCannotLeaveItsPlaceInThePath) {
  Scripted server(Answers{});

  const auto outcome = server.engine()->start_container("../networks/x?force=1#");

  EXPECT_EQ(outcome.error().code, Code::not_found);
  EXPECT_EQ(server.request_lines().back(),
            "POST /v1.41/containers/..%2Fnetworks%2Fx%3Fforce%3D1%23/start HTTP/1.1");
}

TEST(EngineClient, KeepsTheEnginesOwnWordsAndKnowsPlainCauses) {
  Scripted server(Answers{
      {"/a/start",
       FakeEngineSocket::reply(
           500, R"({"message":"driver failed: Bind for 0.0.0.0:53 failed: port is already allocated"})")},
      {"/b/start", FakeEngineSocket::reply(500, R"({"message":"something odd"})")},
      {"/c/start", FakeEngineSocket::reply(500, "<html>")}});
  const auto engine = server.engine();

  const auto port = engine->start_container("a");
  const auto odd = engine->start_container("b");
  const auto html = engine->start_container("c");

  EXPECT_EQ(port.error().code, Code::conflict);
  EXPECT_EQ(
      port.error().message,
      "cannot start container 'a': driver failed: Bind for 0.0.0.0:53 failed: port is already allocated");
  EXPECT_EQ(port.error().hint, "another container uses this port; choose another port");
  EXPECT_EQ(odd.error().code, Code::internal);
  EXPECT_EQ(odd.error().message, "cannot start container 'b': something odd");
  EXPECT_EQ(html.error().message, "cannot start container 'c': the engine answered with status 500");
}

TEST(EngineClient, WhatIsSoAlreadyIsNoFailure) {
  Scripted server(Answers{{"/start", "HTTP/1.1 304 Not Modified\r\n\r\n"},
                          {"/stop", "HTTP/1.1 304 Not Modified\r\n\r\n"}});
  const auto engine = server.engine();

  EXPECT_TRUE(engine->start_container("a").ok());
  EXPECT_TRUE(engine->stop_container("a", std::chrono::seconds{1}).ok());
  EXPECT_TRUE(engine->remove_container("a").ok());
  EXPECT_TRUE(engine->remove_network("a").ok());
  EXPECT_TRUE(engine->remove_volume("a").ok());
  EXPECT_FALSE(engine->image_id("a").value().has_value());
}

TEST(EngineClient, GarbageInASuccessIsInternal) {
  for (const char* body : {"", "not json", "{\"a\":", "{}", "\"text\""}) {
    Scripted server(Answers{{"/containers/json", FakeEngineSocket::reply(200, body)}});
    const auto list = server.engine()->containers();
    ASSERT_FALSE(list.ok()) << body;
    EXPECT_EQ(list.error().code, Code::internal) << body;
  }
}

TEST(EngineClient, GoneEngineIsUnavailableWithAHint) {
  const auto list = connect("/nowhere/docker.sock")->containers();

  ASSERT_FALSE(list.ok());
  EXPECT_EQ(list.error().code, Code::unavailable);
  EXPECT_EQ(list.error().hint, "check that the container engine runs: docker info");
}

TEST(EngineClient, LogsOfAContainerWithoutTerminalAreUnframedAndInOrder) {
  const std::string stream = frame(1, "2026-11-24T00:00:01.000000000Z one\n") +
                             frame(2, "2026-11-24T00:00:02.000000000Z two\n") +
                             frame(1, "2026-11-24T00:00:03.000000000Z thr") + frame(1, "ee\n");
  Scripted server(Answers{{"/json", FakeEngineSocket::reply(200, R"({"Config":{"Tty":false}})")},
                          {"/logs", FakeEngineSocket::reply(200, stream)}});

  const auto lines = server.engine()->logs("a", 50, "2026-11-24T00:00:00.5Z");

  ASSERT_TRUE(lines.ok()) << lines.error().message;
  ASSERT_EQ(lines->size(), 3U);
  EXPECT_EQ((*lines)[1].stream, "stderr");
  EXPECT_EQ((*lines)[1].line, "two");
  EXPECT_EQ((*lines)[2].line, "three");
  EXPECT_EQ((*lines)[2].time, "2026-11-24T00:00:03.000000000Z");
  EXPECT_EQ(server.request_lines().back(),
            "GET /v1.41/containers/a/logs?stdout=1&stderr=1&timestamps=1&tail=50&since=1795478400.500000000 "
            "HTTP/1.1");
}

TEST(EngineClient, LogsOfATerminalAreRaw) {
  Scripted server(Answers{{"/json", FakeEngineSocket::reply(200, R"({"Config":{"Tty":true}})")},
                          {"/logs", FakeEngineSocket::reply(200, "2026-11-24T00:00:01.0Z hello\r\n")}});

  const auto lines = server.engine()->logs("a", 50, "");

  ASSERT_TRUE(lines.ok());
  ASSERT_EQ(lines->size(), 1U);
  EXPECT_EQ(lines->front().line, "hello");
}

TEST(EngineClient, UnframedBytesWhereFramesBelongAreInternal) {
  Scripted server(Answers{{"/json", FakeEngineSocket::reply(200, R"({"Config":{"Tty":false}})")},
                          {"/logs", FakeEngineSocket::reply(200, "just some text")}});

  EXPECT_EQ(server.engine()->logs("a", 50, "").error().code, Code::internal);
}

TEST(EngineClient, ExecGivesBothStreamsAndTheExitCode) {
  Scripted server(Answers{{"/containers/a/exec", FakeEngineSocket::reply(201, R"({"Id":"e1"})")},
                          {"/exec/e1/start", "HTTP/1.1 200 OK\r\n\r\n" + frame(1, "out") + frame(2, "err")},
                          {"/exec/e1/json", FakeEngineSocket::reply(200, R"({"ExitCode":3})")}});

  const auto result = server.engine()->exec("a", {"chronyc", "-c"}, milliseconds{1000});

  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->exit_code, 3);
  EXPECT_EQ(result->out, "out");
  EXPECT_EQ(result->err, "err");
}

TEST(EngineClient, PullAddsUpTheLayersAndReportsAFailureInTheStream) {
  Scripted server(Answers{
      {"fromImage=good&tag=2",
       FakeEngineSocket::reply(
           200,
           "{\"status\":\"Downloading\",\"id\":\"l1\",\"progressDetail\":{\"current\":10,\"total\":100}}\r\n"
           "{\"status\":\"Downloading\",\"id\":\"l2\",\"progressDetail\":{\"current\":5,\"total\":50}}\r\n")},
      {"fromImage=bad",
       FakeEngineSocket::reply(200, "{\"error\":\"manifest for bad:latest not found\"}\r\n")}});
  const auto engine = server.engine();
  std::vector<PullProgress> seen;

  const auto good = engine->pull("good:2", [&](const PullProgress& progress) { seen.push_back(progress); });
  const auto bad = engine->pull("bad", {});

  ASSERT_TRUE(good.ok()) << good.error().message;
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[1].done_bytes, 15U);
  EXPECT_EQ(seen[1].total_bytes, 150U);
  EXPECT_EQ(bad.error().code, Code::not_found);
  EXPECT_EQ(bad.error().message, "cannot pull image 'bad': manifest for bad:latest not found");
}

TEST(EngineClient, EventsComeOneByOneUntilTheReaderHasEnough) {
  Scripted server(Answers{
      {"/events?since=5.000000007",
       "HTTP/1.1 200 OK\r\n\r\n"
       "{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"Attributes\":{\"name\":\"a\"}},\"time\":5,"
       "\"timeNano\":5000000009}\n"
       "{\"Type\":\"container\",\"Action\":\"start\",\"Actor\":{\"Attributes\":{\"name\":\"b\"}}}\n"}});
  std::vector<Event> seen;

  const auto outcome = server.engine()->events(
      [&](const Event& event) {
        seen.push_back(event);
        return false;
      },
      milliseconds{1000}, 5'000'000'007);

  ASSERT_TRUE(outcome.ok()) << outcome.error().message;
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen[0].action, "die");
  EXPECT_EQ(seen[0].name, "a");
  EXPECT_EQ(seen[0].time_ns, 5'000'000'009);
}

TEST(EngineClient, ProcessorShareComesFromTwoOfItsOwnSamples) {
  std::atomic<int> call{0};
  FakeEngineSocket* self = nullptr;
  FakeEngineSocket server([&](const std::string& request, int connection) {
    if (request.starts_with("GET /_ping")) {
      self->write(connection, FakeEngineSocket::reply(200, "OK"));
      return;
    }
    const bool first = call++ == 0;
    self->write(
        connection,
        FakeEngineSocket::reply(
            200,
            first
                ? R"({"read":"2026-11-24T00:00:00Z","cpu_stats":{"cpu_usage":{"total_usage":1000000000}}})"
                : R"({"read":"2026-11-24T00:00:02.000000000Z","cpu_stats":{"cpu_usage":{"total_usage":1500000000}},
             "memory_stats":{"usage":1000,"limit":9000,"stats":{"inactive_file":400}},"pids_stats":{"current":7},
             "networks":{"eth0":{"rx_bytes":1,"tx_bytes":2},"eth1":{"rx_bytes":10,"tx_bytes":20}}})"));
  });
  self = &server;
  const auto engine = connect(server.path());

  const auto first = engine->stats("a");
  const auto second = engine->stats("a");

  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->cpu_percent, 0);
  EXPECT_DOUBLE_EQ(second->cpu_percent, 25.0);
  EXPECT_EQ(second->memory_bytes, 600U);
  EXPECT_EQ(second->memory_limit_bytes, 9000U);
  EXPECT_EQ(second->rx_bytes, 11U);
  EXPECT_EQ(second->tx_bytes, 22U);
  EXPECT_EQ(second->pids, 7U);
}

TEST(CreateBody, HoldsWhatTheSpecSaysAndNothingMore) {
  ContainerSpec spec;
  spec.name = "cell-wireguard";
  spec.image = "pic/wireguard:1";
  spec.command = {"cell-hubd"};
  spec.environment = {{"TZ", "UTC"}};
  spec.labels = {{"cell.name", "wireguard"}};
  spec.ports = {{"", 51820, 51820, "udp"}};
  spec.mounts = {{"/var/lib/cell/run", "/var/lib/cell/run", false, false}};
  spec.capabilities = {"NET_ADMIN"};
  spec.drop_all_capabilities = true;
  spec.devices = {"/dev/net/tun"};
  spec.sysctls = {{"net.ipv4.ip_forward", "1"}};
  spec.tmpfs = {{"/tmp", "size=8m"}};
  spec.read_only_root = true;
  spec.network = "cell-network";
  spec.ipv4_address = "172.20.0.9";
  spec.aliases = {"wireguard"};
  spec.health = HealthCheck{{"true"}};

  EXPECT_EQ(to_create_body(spec), Json::parse(R"({
    "Image": "pic/wireguard:1", "Cmd": ["cell-hubd"], "Env": ["TZ=UTC"], "Labels": {"cell.name": "wireguard"},
    "ExposedPorts": {"51820/udp": {}},
    "Healthcheck": {"Test": ["CMD", "true"], "Interval": 10000000000, "Timeout": 5000000000, "StartPeriod": 10000000000, "Retries": 3},
    "HostConfig": {
      "NetworkMode": "cell-network", "RestartPolicy": {"Name": "unless-stopped"}, "ReadonlyRootfs": true, "Privileged": false,
      "LogConfig": {"Type": "json-file", "Config": {"max-size": "5m", "max-file": "5"}},
      "Mounts": [{"Type": "bind", "Source": "/var/lib/cell/run", "Target": "/var/lib/cell/run", "ReadOnly": false}],
      "PortBindings": {"51820/udp": [{"HostIp": "", "HostPort": "51820"}]},
      "CapAdd": ["NET_ADMIN"], "CapDrop": ["ALL"], "SecurityOpt": ["no-new-privileges:true"],
      "Devices": [{"PathOnHost": "/dev/net/tun", "PathInContainer": "/dev/net/tun", "CgroupPermissions": "rwm"}],
      "Sysctls": {"net.ipv4.ip_forward": "1"}, "Tmpfs": {"/tmp": "size=8m"}},
    "NetworkingConfig": {"EndpointsConfig": {"cell-network": {"IPAMConfig": {"IPv4Address": "172.20.0.9"}, "Aliases": ["wireguard"]}}}
  })"));
}

}  // namespace
}  // namespace cell::engine
