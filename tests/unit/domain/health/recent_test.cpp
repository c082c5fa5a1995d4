#include "domain/health/recent.hpp"

#include <gmock/gmock.h>

namespace cell::health {
namespace {

std::string text_of(const std::string& action, const std::string& result = "ok") {
  const auto recent = recent_of(Act{{}, "ann", action, "/x", result, "192.0.2.1"});
  return recent ? recent->text : "";
}

TEST(Recent, SaysWhatSomebodyDid) {
  EXPECT_EQ(text_of("auth.login"), "ann logged in from 192.0.2.1");
  EXPECT_EQ(text_of("POST /api/peers"), "ann added a device");
  EXPECT_EQ(text_of("PATCH /api/something"), "ann changed something");
}

TEST(Recent, NamesNobodyWhereADeviceCameWithALink) {
  const auto recent =
      recent_of(Act{{}, "enrolment link", "POST /api/enrol/{token}", "/api/peers/p1", "ok", ""});

  ASSERT_TRUE(recent);
  EXPECT_EQ(recent->kind, "peer");
  EXPECT_EQ(recent->text, "A device was enrolled with a link");
}

TEST(Recent, LeavesOutWhatWasRefusedAndWhatAJobTells) {
  EXPECT_EQ(text_of("auth.login", "refused"), "");
  EXPECT_EQ(text_of("POST /api/peers", "refused 403"), "");
  EXPECT_EQ(text_of("POST /api/containers/{name}/stop"), "");
}

Json job(const std::string& id, const std::string& state, std::int64_t at,
         const std::string& target = "cell-dns") {
  return {{"id", id},
          {"kind", "container.restart"},
          {"title", "Restart " + target},
          {"target", target},
          {"state", state},
          {"created_at", format_time(from_unix(at))},
          {"ended_at", format_time(from_unix(at))},
          {"error", {{"cause", "it hangs"}, {"fix", "wait"}}}};
}

TEST(Recent, MixesActsAndJobsNewestFirst) {
  const std::vector<Act> acts{{from_unix(200), "ann", "POST /api/peers", "", "ok", ""},
                              {from_unix(50), "ann", "auth.login", "", "ok", ""}};
  const Json jobs = Json::array({job("j2", "failed", 300), job("j1", "done", 100)});

  std::vector<std::string> texts;
  for (const Recent& recent : recent_of(acts, jobs, 3)) texts.push_back(recent.text);
  EXPECT_THAT(texts, testing::ElementsAre("Restart cell-dns: did not finish", "ann added a device",
                                          "Restart cell-dns: done"));
}

TEST(FailedJobs, AreForgottenOnceALaterOneWasWell) {
  const TimePoint now = from_unix(1000);
  const Json jobs = Json::array({job("j4", "failed", 400, "cell-ntp"), job("j3", "done", 300),
                                 job("j2", "failed", 200), job("j1", "failed", 100, "cell-ntp")});
  const auto failed = failed_jobs_of(jobs, now);

  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].id, "j4");
  EXPECT_EQ(failed[0].cause, "it hangs");
}

TEST(FailedJobs, AreForgottenAfterAWeek) {
  const TimePoint now = from_unix(8 * 86'400);
  EXPECT_TRUE(failed_jobs_of(Json::array({job("j1", "failed", 100)}), now).empty());
}

}  // namespace
}  // namespace cell::health
