#include "plugin/rating.hpp"

#include <gmock/gmock.h>

#include "unit/plugin/manifests.hpp"

namespace cell::plugin {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

std::vector<std::string> words(const std::vector<Reason>& reasons, const std::string& language = "en") {
  std::vector<std::string> result;
  for (const Reason& reason : reasons) result.push_back(in_language(reason.words, language));
  return result;
}

constexpr const char* kMail = R"(
  - {capability: containers, reason: {en: The servers}}
  - {capability: ports, reason: {en: Mail comes in}, ports: [{port: 25, protocol: tcp, expose: public}, {port: 587, protocol: tcp, expose: public}, {port: 993, protocol: tcp, expose: vpn}]}
  - {capability: dns, reason: {en: MX}}
  - {capability: root, reason: {en: Postfix starts as root}})";

TEST(Rating, PackageThatMayDoNothingIsBest) {
  const Rating rating = rate(parsed(notes_manifest()), false);

  EXPECT_EQ(rating.score, 6);
  EXPECT_THAT(rating.reasons, IsEmpty());
}

TEST(Rating, TellsTheHeaviestFirst) {
  const Rating rating = rate(parsed(native_manifest(kMail)), false);

  EXPECT_EQ(rating.score, 2);
  EXPECT_THAT(
      words(rating.reasons),
      ElementsAre("Opens to the internet: 25/tcp, 587/tcp", "Adds DNS records to the cell's domain",
                  "Runs as root inside its containers", "Runs code of its own, shut off from the cell",
                  "Runs programs in containers of its own", "Opens to your devices: 993/tcp"));
  EXPECT_EQ(in_language(rating.reasons[0].why, "en"), "Mail comes in");
}

TEST(Rating, CodeInsideTheCellTakesAPoint) {
  EXPECT_EQ(rate(parsed(native_manifest()), true).score, 5);
  EXPECT_EQ(rate(parsed(native_manifest()), false).score, 6);
}

TEST(Rating, IsNeverBelowOne) {
  const std::string everything = std::string(kMail) + R"(
  - {capability: people, reason: {en: x}}
  - {capability: peers, reason: {en: x}}
  - {capability: accounts, reason: {en: x}}
  - {capability: http, hosts: [api.example.org], reason: {en: x}}
  - {capability: capabilities, capabilities: [NET_ADMIN], reason: {en: x}})";

  EXPECT_EQ(rate(parsed(native_manifest(everything)), true).score, 1);
}

TEST(Rating, WhoCarriesTrafficSeesMuch) {
  const Rating rating =
      rate(parsed(native_manifest("[{capability: exits, reason: {en: Its purpose}}]")), false);

  EXPECT_EQ(rating.score, 4);
  EXPECT_EQ(in_language(rating.reasons[0].words, "en"),
            "Carries the internet traffic of the devices that you send through it");
  EXPECT_EQ(in_language(rating.reasons[0].why, "en"), "Its purpose");
}

TEST(Rating, SpeaksFourLanguages) {
  const Rating rating =
      rate(parsed(native_manifest("[{capability: http, hosts: [api.example.org], reason: {en: x}}]")), false);

  EXPECT_EQ(in_language(rating.reasons[0].words, "de"), "Spricht mit Servern im Internet: api.example.org");
  EXPECT_EQ(in_language(rating.reasons[0].words, "ru"), "Обращается к серверам в интернете: api.example.org");
  EXPECT_EQ(in_language(rating.reasons[0].words, "fr"),
            "Communique avec des serveurs sur Internet : api.example.org");
}

TEST(Widened, IsEmptyForTheSamePermissions) {
  EXPECT_THAT(widened(parsed(native_manifest(kMail)), parsed(native_manifest(kMail)), false), IsEmpty());
}

TEST(Widened, NamesOnlyWhatIsNew) {
  const Manifest before = parsed(native_manifest(kMail));
  const Manifest after = parsed(native_manifest(R"(
  - {capability: containers, reason: {en: The servers}}
  - {capability: ports, reason: {en: Mail}, ports: [{port: 25, protocol: tcp, expose: lan}, {port: 993, protocol: tcp, expose: public}]}
  - {capability: people, reason: {en: Names}})"));

  EXPECT_THAT(words(widened(before, after, false)),
              ElementsAre("Opens to the internet: 993/tcp", "Sees the names of the people of the cell"));
}

TEST(Widened, CodeInAPackageThatHadNoneIsNew) {
  EXPECT_THAT(words(widened(parsed(notes_manifest()), parsed(native_manifest()), false)),
              ElementsAre("Runs code of its own, shut off from the cell"));
}

}  // namespace
}  // namespace cell::plugin
