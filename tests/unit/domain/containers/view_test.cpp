#include "domain/containers/view.hpp"

#include <gtest/gtest.h>

namespace cell::containers {
namespace {

engine::ContainerSummary summary(const std::string& name, std::map<std::string, std::string> labels) {
  engine::ContainerSummary container;
  container.id = "0123";
  container.name = name;
  container.image = "pic/coredns:1";
  container.state = "running";
  container.status = "Up 2 hours (healthy)";
  container.labels = std::move(labels);
  container.ports = {{"0.0.0.0", 53, 53, "udp"}, {"", 0, 9153, "tcp"}};
  container.addresses = {"172.20.0.3"};
  return container;
}

TEST(ContainerView, ShowsAContainerOfTheCell) {
  EXPECT_EQ(to_json(summary("cell-dns", {{"cell.instance", "cell"}, {"cell.owner", "core"}}), "cell"),
            (Json::parse(R"json({
    "id": "0123", "name": "cell-dns", "image": "pic/coredns:1", "state": "running", "status": "Up 2 hours (healthy)",
    "health": "healthy", "owner": "core", "core": true, "read_only": false,
    "ports": [{"host_ip": "0.0.0.0", "host_port": 53, "container_port": 53, "protocol": "udp"},
              {"host_port": null, "container_port": 9153, "protocol": "tcp"}],
    "addresses": ["172.20.0.3"]})json")));
}

TEST(ContainerView, AnotherCellsContainerIsReadOnly) {
  const Json item =
      to_json(summary("other-dns", {{"cell.instance", "other"}, {"cell.owner", "core"}}), "cell");

  EXPECT_EQ(item["read_only"], true);
  EXPECT_EQ(item["core"], false);
  EXPECT_EQ(item["owner"], nullptr);
}

TEST(ContainerView, CelldsOwnContainerIsPartOfTheCoreWithoutATag) {
  const Json item = to_json(summary("cell-api", {}), "cell");

  EXPECT_EQ(item["read_only"], false);
  EXPECT_EQ(item["core"], true);
}

TEST(ContainerView, AStateThatIsNotDockersIsUnknown) {
  auto container = summary("cell-dns", {});
  container.state = "improper";
  EXPECT_EQ(to_json(container, "cell")["state"], "unknown");
  container.state = "exited";
  EXPECT_EQ(to_json(container, "cell")["state"], "exited");
}

TEST(ContainerView, ReadsHealthFromTheStatus) {
  EXPECT_EQ(health_of("Up 2 hours (healthy)"), "healthy");
  EXPECT_EQ(health_of("Up 3 seconds (unhealthy)"), "unhealthy");
  EXPECT_EQ(health_of("Up 1 second (health: starting)"), "starting");
  EXPECT_EQ(health_of("Up 2 hours"), "");
  EXPECT_EQ(health_of("Exited (0) 2 hours ago"), "");
}

const char* const kInspection = R"({
  "Created": "2026-11-24T00:00:00Z", "RestartCount": 2,
  "State": {"StartedAt": "2026-11-24T01:00:00.5Z", "FinishedAt": "0001-01-01T00:00:00Z", "ExitCode": 0},
  "Config": {"Env": ["TOKEN=hunter2", "PATH=/bin", "EMPTY"], "Entrypoint": ["coredns"], "Cmd": ["-conf", "/x"]},
  "HostConfig": {"RestartPolicy": {"Name": "unless-stopped"}, "CapAdd": ["NET_ADMIN"], "Privileged": false},
  "Mounts": [{"Type": "volume", "Name": "data", "Source": "/var/lib/x", "Destination": "/data", "RW": true},
             {"Type": "bind", "Source": "/etc/x", "Destination": "/x", "RW": false}],
  "NetworkSettings": {"Networks": {"cell-network": {}}}})";

TEST(ContainerView, LeavesValuesOfTheEnvironmentOut) {
  const Json details = details_of(Json::parse(kInspection), true);

  EXPECT_EQ(details, (Json::parse(R"({
    "created_at": "2026-11-24T00:00:00Z", "started_at": "2026-11-24T01:00:00.5Z", "finished_at": null, "exit_code": 0,
    "restart_count": 2, "restart_policy": "unless-stopped", "environment": ["TOKEN", "PATH", "EMPTY"],
    "mounts": [{"source": "data", "target": "/data", "read_only": false}, {"source": "/etc/x", "target": "/x", "read_only": true}],
    "networks": ["cell-network"], "capabilities": ["NET_ADMIN"], "privileged": false,
    "command": ["coredns", "-conf", "/x"]})")));
}

TEST(ContainerView, DoesNotTellWhatAStrangerWasStartedWith) {
  const Json details = details_of(Json::parse(kInspection), false);

  EXPECT_EQ(details["command"], Json::array());
  EXPECT_EQ(details.dump().find("hunter2"), std::string::npos);
}

TEST(ContainerView, SurvivesAnInspectionWithNothingInIt) {
  EXPECT_EQ(details_of(Json::object(), true)["started_at"], nullptr);
  EXPECT_EQ(details_of(Json::parse(R"({"HostConfig": {"CapAdd": null}})"), true)["capabilities"],
            Json::array());
}

}  // namespace
}  // namespace cell::containers
