#include "domain/health/rules.hpp"

#include <gmock/gmock.h>

namespace cell::health {
namespace {

constexpr std::uint64_t kGiB = 1024ULL * 1024 * 1024;

std::vector<std::string> ids(const Facts& facts) {
  std::vector<std::string> list;
  for (const Item& item : items_of(facts)) list.push_back(item.id);
  return list;
}

reconcile::State failed(const std::string& kind, const std::string& name, int attempt) {
  return {"core",
          kind,
          name,
          reconcile::Status::failed,
          Error{Code::internal, "image 'x' is not there", "build it"},
          {},
          attempt};
}

Facts at_noon() {
  Facts facts;
  facts.now = from_unix(1'800'000'000);
  return facts;
}

TEST(HealthRules, NothingKnownIsNothingWrong) { EXPECT_TRUE(items_of({}).empty()); }

TEST(HealthRules, EachItemTellsCauseAndFix) {
  Facts facts = at_noon();
  facts.engine_problem = "the socket is not there";
  facts.config_problem = "line 3 is cut off";
  facts.certificate = Certificate{facts.now, "refused"};
  facts.machine = Stats{{}, 0, 990, 1000, kGiB * 9 + kGiB * 2 / 4, kGiB * 10, 0, 0};
  facts.clock_synchronised = false;
  facts.stopped_containers = {"cell-ntp"};
  facts.keyless_devices = {{"id", "phone"}};
  facts.failed_jobs = {{"job-1", "Restart cell-dns", "it did not stop", ""}};

  const auto items = items_of(facts);
  EXPECT_EQ(items.size(), 9U);
  for (const Item& item : items) {
    EXPECT_FALSE(item.cause.empty()) << item.id;
    EXPECT_FALSE(item.fix.empty()) << item.id;
  }
}

TEST(HealthRules, ADownEngineHidesWhatFollowsFromIt) {
  Facts facts = at_noon();
  facts.engine_problem = "the socket is not there";
  facts.resources = {failed("container", "cell-dns", 9)};
  facts.hub = Hub{false, "it does not answer", {}};

  EXPECT_THAT(ids(facts), testing::ElementsAre("engine"));
}

TEST(HealthRules, TellsOfWhatFailedTwice) {
  Facts facts = at_noon();
  facts.resources = {failed("container", "cell-dns", 1), failed("container", "cell-ntp", 2),
                     failed("image", "pic/caddy:1", 3)};
  const auto items = items_of(facts);

  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(to_json(items[0]), (Json::parse(R"({
    "id": "resource-container-cell-ntp", "severity": "problem", "title": "Container cell-ntp is not as it should be",
    "cause": "image 'x' is not there", "fix": "build it",
    "action": {"label": "Open its log", "href": "/containers?logs=cell-ntp"}, "ignore_until": null})")));
  EXPECT_EQ(items[1].action->href, "/logs?service=reconcile");
}

TEST(HealthRules, AStoppedContainerIsToldOnce) {
  Facts facts = at_noon();
  facts.resources = {failed("caddy", "cell-caddy", 5)};
  facts.stopped_containers = {"cell-caddy"};

  EXPECT_THAT(ids(facts), testing::ElementsAre("stopped-cell-caddy"));
}

TEST(HealthRules, PendingThingsAreNoProblem) {
  Facts facts = at_noon();
  facts.resources = {
      {"core", "caddy", "cell-caddy", reconcile::Status::pending, Error{Code::unavailable, "waits"}, {}, 5}};

  EXPECT_TRUE(items_of(facts).empty());
}

TEST(HealthRules, HubThatDoesNotAnswerIsAProblem) {
  Facts facts = at_noon();
  facts.hub = Hub{false, "the socket is not there", {}};
  EXPECT_EQ(items_of(facts).at(0).severity, Severity::problem);

  facts.hub = Hub{true, {}, "this kernel has no WireGuard module"};
  EXPECT_EQ(items_of(facts).at(0).id, "userspace");
  EXPECT_EQ(items_of(facts).at(0).severity, Severity::info);
}

TEST(HealthRules, CertificateByTheTimeThatIsLeft) {
  const std::chrono::hours day{24};
  for (const auto& [left, severity] :
       std::vector<std::pair<std::chrono::hours, std::optional<Severity>>>{{day * 15, std::nullopt},
                                                                           {day * 13, Severity::attention},
                                                                           {day * 2, Severity::problem},
                                                                           {day * -1, Severity::problem}}) {
    Facts facts = at_noon();
    facts.certificate = Certificate{facts.now + left, {}};
    const auto items = items_of(facts);
    EXPECT_EQ(items.empty() ? std::nullopt : std::optional(items[0].severity), severity) << left.count();
  }
}

TEST(HealthRules, AFailedRenewalIsToldBeforeItIsLate) {
  Facts facts = at_noon();
  facts.certificate = Certificate{facts.now + std::chrono::hours{24 * 60}, "the server refused"};

  EXPECT_EQ(items_of(facts).at(0).cause, "the server refused");
}

TEST(HealthRules, DiskByWhatIsFree) {
  for (const auto& [free, severity] : std::vector<std::pair<std::uint64_t, std::optional<Severity>>>{
           {kGiB * 4, std::nullopt}, {kGiB * 2, Severity::attention}, {kGiB / 2, Severity::problem}}) {
    Facts facts = at_noon();
    facts.machine = Stats{{}, 0, 0, 8 * kGiB, 100 * kGiB - free, 100 * kGiB, 0, 0};
    const auto items = items_of(facts);
    EXPECT_EQ(items.empty() ? std::nullopt : std::optional(items[0].severity), severity) << free;
  }
}

TEST(HealthRules, WorstComesFirst) {
  Facts facts = at_noon();
  facts.stopped_containers = {"cell-ntp"};
  facts.hub = Hub{true, {}, "no module"};
  facts.config_problem = "cut off";

  EXPECT_THAT(ids(facts), testing::ElementsAre("configuration", "stopped-cell-ntp", "userspace"));
}

TEST(HealthRules, TellsOfAFewJobsOnly) {
  Facts facts = at_noon();
  for (int i = 0; i < 50; ++i) facts.failed_jobs.push_back({"job-" + std::to_string(i), "t", "c", "f"});

  EXPECT_EQ(items_of(facts).size(), 5U);
}

}  // namespace
}  // namespace cell::health
