#include "domain/services/service_plan.hpp"

#include <gmock/gmock.h>

#include "unit/domain/services/sample_service.hpp"

namespace cell::services {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

ServicePlan plan(const std::optional<Active>& before, const std::optional<Active>& after,
                 const PlanFacts& facts = {}, const Json& root = test::sample_root()) {
  return make_service_plan(root, sample_frame(), before, after, facts);
}

std::vector<std::string> names_of(const std::vector<PlanItem>& items) {
  std::vector<std::string> names;
  for (const PlanItem& item : items) names.push_back(item.kind + " " + item.name);
  return names;
}

TEST(ServicePlan, ListsEverythingThatAnInstallationMakes) {
  const ServicePlan result = plan(std::nullopt, notes());

  EXPECT_EQ(result.action, "install");
  EXPECT_THAT(names_of(result.creates),
              ElementsAre("container cell-notes-web", "container cell-notes-worker",
                          "dns A more.home.cell {cell}", "dns MX home.cell 10 notes", "dns notes.home.cell",
                          "files cell-notes-web", "image pic/svc-notes-web:0123456789abcdef", "port 4000/tcp",
                          "route https://home.cell/.well-known/notes", "route https://notes.home.cell/",
                          "route https://notes.home.cell/api/", "volume cell-notes-data"));
  EXPECT_THAT(result.creates,
              Contains(PlanItem{"image", "pic/svc-notes-web:0123456789abcdef",
                                "is made on this machine from Debian packages: nginx-light, gettext-base"}));
  EXPECT_THAT(result.changes, IsEmpty());
  EXPECT_THAT(result.conflicts, IsEmpty());
  EXPECT_THAT(result.addresses, ElementsAre("https://notes.home.cell"));
  EXPECT_THAT(result.exposes,
              ElementsAre(Field(
                  &Exposure::words,
                  "Port 4000 (TCP) can be reached by your devices and everything in your home network")));
}

TEST(ServicePlan, ARemovalTakesTheSameAway) {
  const ServicePlan result = plan(notes(), std::nullopt);

  EXPECT_EQ(result.action, "remove");
  EXPECT_EQ(names_of(result.removes), names_of(plan(std::nullopt, notes()).creates));
}

TEST(ServicePlan, AnotherOptionChangesOnlyWhatItMeans) {
  Json document = notes_contributions();
  document["containers"][0]["files"][0]["content"] = "other";

  const ServicePlan result = plan(notes(), notes(document));

  EXPECT_EQ(result.action, "configure");
  EXPECT_THAT(names_of(result.changes), ElementsAre("files cell-notes-web"));
  EXPECT_THAT(result.creates, IsEmpty());
  EXPECT_THAT(result.removes, IsEmpty());
}

TEST(ServicePlan, AnotherPackageIsAnUpdate) {
  Active after = notes();
  after.entry.package = std::string(64, 'b');

  EXPECT_EQ(plan(notes(), after).action, "update");
}

struct Taken {
  const char* what;
  Json root;
  const char* detail;
};

TEST(ServicePlan, ANameThatIsTakenIsAConflict) {
  Json device = test::sample_root();
  device["peers"]["p1"]["dns_label"] = "notes";
  Json record = test::sample_root();
  record["dns"]["records"]["r1"]["name"] = "Notes";
  Json service = test::sample_root();
  settings::ServiceEntry other{"org.example.notes", "1.0.0"};
  other.hosts = {"notes"};
  settings::put_service(service, other);
  for (const Taken& row :
       {Taken{"device", device, "this name belongs to the device 'Ann's phone'"},
        Taken{"record", record, "this name belongs to one of your DNS records"},
        Taken{"service", service, "this name belongs to the service 'org.example.notes'"}}) {
    const auto conflicts = plan(std::nullopt, notes(), {}, row.root).conflicts;
    ASSERT_EQ(conflicts.size(), 1U) << row.what;
    EXPECT_EQ(conflicts[0].kind, "host") << row.what;
    EXPECT_EQ(conflicts[0].name, "notes.home.cell") << row.what;
    EXPECT_EQ(conflicts[0].detail, row.detail) << row.what;
  }
}

TEST(ServicePlan, APortThatIsTakenIsAConflict) {
  PlanFacts other_service;
  other_service.other_ports["mail"] = {{4000, 1, true, plugin::Expose::vpn}};
  PlanFacts other_program;
  other_program.busy_ports = {{4000, true}};

  EXPECT_THAT(plan(std::nullopt, notes(), other_service).conflicts,
              ElementsAre(Field(&Conflict::detail, "the service 'mail' uses this port")));
  EXPECT_THAT(plan(std::nullopt, notes(), other_program).conflicts,
              ElementsAre(Field(&Conflict::detail, "another program on this machine uses this port")));
}

TEST(ServicePlan, AStrangersContainerIsAConflict) {
  PlanFacts facts;
  facts.foreign_containers = {"cell-notes-web"};

  EXPECT_THAT(plan(std::nullopt, notes(), facts).conflicts, ElementsAre(Field(&Conflict::kind, "name")));
}

TEST(ServicePlan, ADiskWithoutRoomIsAConflict) {
  PlanFacts facts;
  facts.free_bytes = std::int64_t{600} * 1024 * 1024;

  EXPECT_THAT(plan(std::nullopt, notes(), facts).conflicts,
              ElementsAre(Field(&Conflict::detail, "it needs 100 MB, and 600 MB are free")));
}

TEST(ServicePlan, AnExitThatDevicesUseMustStay) {
  Json document = notes_contributions();
  document["exits"] = {{{"id", "out"}, {"name", {{"en", "Out"}}}, {"container", "worker"}}};
  Json root = test::sample_root();
  root["peers"]["p1"]["exit"] = "notes/out";

  const auto kept = plan(notes(document), notes(document, "1.1.0"), {}, root);
  const auto lost = plan(notes(document), notes(notes_contributions(), "1.1.0"), {}, root);

  EXPECT_THAT(kept.conflicts, IsEmpty());
  ASSERT_EQ(lost.conflicts.size(), 1U);
  EXPECT_EQ(lost.conflicts[0].kind, "exit");
  EXPECT_EQ(lost.conflicts[0].name, "notes/out");
  EXPECT_EQ(lost.conflicts[0].detail, "devices go to the internet through it: 'Ann's phone'");
}

TEST(ServicePlan, NamesItsExits) {
  Json document = notes_contributions();
  document["exits"] = {{{"id", "out"}, {"name", {{"en", "Out"}}}, {"container", "worker"}}};

  const auto creates = plan(std::nullopt, notes(document)).creates;

  EXPECT_THAT(creates, Contains(PlanItem{"exit", "notes/out",
                                         "another way out to the internet for devices, IPv4 only, through "
                                         "container worker"}));
}

TEST(ServicePlan, TheTokenStandsForWhatWouldBeDone) {
  Json document = notes_contributions();
  document["routes"].erase(1);
  Active options = notes();
  options.entry.options["greeting"] = "other";
  PlanFacts busy;
  busy.free_memory_bytes = 1;
  const auto token = [](const Active& after, const PlanFacts& facts = {}) {
    return token_of(plan(std::nullopt, after, facts), after, after.entry.package);
  };

  EXPECT_EQ(token(notes()), token(notes(), busy));
  EXPECT_NE(token(notes()), token(notes(document)));
  EXPECT_NE(token(notes()), token(options));
}

}  // namespace
}  // namespace cell::services
