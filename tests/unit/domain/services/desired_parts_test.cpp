#include "domain/services/desired_parts.hpp"

#include <gmock/gmock.h>

#include "unit/domain/services/sample_service.hpp"

namespace cell::services {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

reconcile::Desired desired_of(const Active& service) {
  reconcile::Desired desired;
  add_to(desired, service, sample_frame());
  return desired;
}

TEST(DesiredParts, AContainerIsAsTheServiceSays) {
  const auto desired = desired_of(notes());

  const engine::ContainerSpec& web = desired.containers[0].spec;
  EXPECT_EQ(desired.containers[0].owner, "notes");
  EXPECT_EQ(web.name, "cell-notes-web");
  EXPECT_EQ(web.image, "pic/svc-notes-web:0123456789abcdef");
  EXPECT_EQ(web.user, "notes");
  EXPECT_EQ(web.ipv4_address, "172.20.0.16");
  EXPECT_EQ(web.ipv6_address, "fd00:20::10");
  EXPECT_EQ(web.network, "cell-network");
  EXPECT_THAT(web.aliases, ElementsAre("web.notes"));
  EXPECT_TRUE(web.drop_all_capabilities);
  EXPECT_TRUE(web.read_only_root);
  EXPECT_TRUE(web.no_new_privileges);
  EXPECT_EQ(web.memory_bytes, 67'108'864);
  EXPECT_EQ(web.pids_limit, 512);
  EXPECT_EQ(web.environment, (std::map<std::string, std::string>{{"A", "b"}, {"TZ", "Europe/Vienna"}}));
}

TEST(DesiredParts, OnePartWaitsForAnother) {
  EXPECT_THAT(desired_of(notes()).containers[1].after, ElementsAre("cell-notes-web"));
}

TEST(DesiredParts, TheFolderOfFilesIsMountedAsAWhole) {
  const auto desired = desired_of(notes());

  const engine::Mount& mount = desired.containers[0].spec.mounts[0];
  EXPECT_EQ(mount.target, "/etc/notes");
  EXPECT_TRUE(mount.read_only);
  EXPECT_FALSE(mount.is_volume);
  const reconcile::FileDocument& document = desired.documents[0];
  EXPECT_EQ(document.kind, "files");
  EXPECT_EQ(document.owner, "notes");
  EXPECT_EQ(document.container, "cell-notes-web");
  EXPECT_EQ(document.tell, reconcile::Tell::hangup);
  EXPECT_TRUE(document.whole_folders);
  EXPECT_EQ(document.marker, "/cell/config/services/notes/web/.applied");
  EXPECT_EQ(document.files[0].path, mount.source + "/main.conf");
  EXPECT_EQ(document.files[0].mode, 0644U);  // the container's user has to read it
  EXPECT_EQ(document.files[1].path, mount.source + "/more.conf");
}

TEST(DesiredParts, AVolumeCarriesTheNameOfTheService) {
  const auto desired = desired_of(notes());

  EXPECT_EQ(desired.volumes[0].name, "cell-notes-data");
  EXPECT_EQ(desired.volumes[0].owner, "notes");
  EXPECT_EQ(desired.containers[0].spec.mounts[1].source, "cell-notes-data");
}

TEST(DesiredParts, APortForTheHouseIsPublishedThereOnly) {
  const auto desired = desired_of(notes());

  EXPECT_THAT(desired.containers[0].spec.ports,
              ElementsAre(engine::PortMapping{"192.168.1.5", 4000, 400, "tcp"}));
  EXPECT_THAT(forwards_of(notes()),
              ElementsAre(hub::Forward{4000, "tcp", "172.20.0.16", "fd00:20::10", 400, false}));
}

TEST(DesiredParts, APublicPortIsPublishedEverywhereAndOneOfTheVpnNowhere) {
  Json document = notes_contributions();
  document["containers"][0]["ports"] = {
      {{"port", 25}, {"container_port", 2525}, {"protocol", "tcp"}, {"expose", "public"}},
      {{"port", 4000}, {"container_port", 400}, {"protocol", "tcp"}, {"expose", "vpn"}}};

  const Active service = notes(document);

  EXPECT_THAT(desired_of(service).containers[0].spec.ports,
              ElementsAre(engine::PortMapping{"", 25, 2525, "tcp"}));
  EXPECT_EQ(forwards_of(service).size(), 2U);
}

TEST(DesiredParts, RoutesLeadToTheContainersLongestPathFirst) {
  const auto routes = routes_of(notes(), sample_frame());

  ASSERT_EQ(routes.size(), 3U);
  EXPECT_THAT(routes[0].hosts, ElementsAre("notes.home.cell"));
  EXPECT_EQ(routes[0].path, "/api/");
  EXPECT_EQ(routes[0].upstream, "172.20.0.16:81");
  EXPECT_EQ(routes[0].guard->check, "/api/auth/proxy/check?role=any");
  EXPECT_EQ(routes[1].upstream, "172.20.0.16:80");
  EXPECT_FALSE(routes[1].guard);
  EXPECT_THAT(routes[2].hosts, ElementsAre("home.cell"));
  EXPECT_EQ(routes[2].path, "/.well-known/notes");
  EXPECT_EQ(routes[2].redirect_label, "notes");
  EXPECT_EQ(routes[2].redirect, "/dav/");
}

TEST(DesiredParts, NothingLeadsToAServiceThatIsNotPublishedOrStopped) {
  Active hidden = notes();
  hidden.entry.hosts.clear();
  Active stopped = notes();
  stopped.entry.enabled = false;

  for (const Active& service : {hidden, stopped}) {
    EXPECT_THAT(routes_of(service, sample_frame()), IsEmpty());
    EXPECT_THAT(records_of(service), IsEmpty());
  }
  EXPECT_THAT(forwards_of(stopped), IsEmpty());
  EXPECT_TRUE(desired_of(stopped).containers[0].stopped);
}

TEST(DesiredParts, TheWebUiAsksOnlyRoutesThatSaySo) {
  Json document = notes_contributions();
  EXPECT_THAT(web_ui_places_of(notes(document).parts), IsEmpty());
  document["routes"][1]["web_ui"] = true;

  EXPECT_THAT(web_ui_places_of(notes(document).parts), ElementsAre("notes/api/"));
}

TEST(DesiredParts, RecordsAreThoseOfTheService) {
  EXPECT_THAT(records_of(notes()), ElementsAre(coredns::Record{"@", "MX", "10 notes", 300},
                                               coredns::Record{"more", "A", "{cell}", 300}));
}

Active notes_with_exit(bool ipv6) {
  Json document = notes_contributions();
  document["exits"] = {{{"id", "out"}, {"name", {{"en", "Out"}}}, {"container", "worker"}, {"ipv6", ipv6}}};
  return notes(document);
}

TEST(DesiredParts, AnExitIsItsContainersAddressAndNumberedByIt) {
  using Exits = std::map<std::string, hub::Exit>;

  EXPECT_EQ(exits_of(notes_with_exit(false), sample_frame()),
            (Exits{{"notes/out", {17, "172.20.0.17", ""}}}));
  EXPECT_EQ(exits_of(notes_with_exit(true), sample_frame()),
            (Exits{{"notes/out", {17, "172.20.0.17", "fd00:20::11"}}}));
}

TEST(DesiredParts, AnExitStaysWhileItsServiceIsStopped) {
  Active stopped = notes_with_exit(false);
  stopped.entry.enabled = false;

  EXPECT_EQ(exits_of(stopped, sample_frame()).size(), 1U);
}

TEST(DesiredParts, AnExitWithoutAnAddressIsNone) {
  Active service = notes_with_exit(false);
  service.entry.addresses.erase("worker");

  EXPECT_THAT(exits_of(service, sample_frame()), IsEmpty());
}

TEST(DesiredParts, OpenLeadsToTheFirstHost) {
  EXPECT_EQ(address_of(notes(), sample_frame()), "https://notes.home.cell/app");

  Frame other = sample_frame();
  other.core.https_port = 8443;
  EXPECT_EQ(address_of(notes(), other), "https://notes.home.cell:8443/app");
}

}  // namespace
}  // namespace cell::services
