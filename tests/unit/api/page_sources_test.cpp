#include "api/page_sources.hpp"

#include <gmock/gmock.h>

#include "domain/settings/document.hpp"
#include "domain/settings/services.hpp"

namespace cell::api {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "home.cell" with a service that the web UI asks, one that it does not ask and one that is stopped.
Json home() {
  Json root = settings::initial_document("fd00:1:2:3::/64");
  root["identity"]["domain"]["name"] = "home.cell";
  for (const auto& [id, place, enabled] :
       {std::tuple{"files", "files/_cell/", true}, std::tuple{"calendar", "", true},
        std::tuple{"notes", "notes/", false}}) {
    settings::ServiceEntry entry;
    entry.id = entry.label = id;
    entry.enabled = enabled;
    entry.hosts = {id};
    if (*place != '\0') entry.web_ui = {place};
    settings::put_service(root, entry);
  }
  return root;
}

http::Request page(const std::string& host, bool secure = true) {
  http::Request request;
  request.secure = secure;
  request.headers.emplace("Host", host);
  return request;
}

TEST(PageSources, AreThePlacesThatRunningServicesNameAtThePortOfThePage) {
  EXPECT_THAT(page_sources(home(), page("home.cell")), ElementsAre("https://files.home.cell/_cell/"));
  EXPECT_THAT(page_sources(home(), page("HOME.cell:8443")),
              ElementsAre("https://files.home.cell:8443/_cell/"));
}

TEST(PageSources, OtherAddressesOfTheCellGetNone) {
  for (const char* host : {"192.168.1.5:8081", "files.home.cell", "evil.example", "home.cell:8443;img-src *",
                           "home.cell:8443 *", "home.cell:", ""})
    EXPECT_THAT(page_sources(home(), page(host)), IsEmpty()) << host;
  EXPECT_THAT(page_sources(home(), page("home.cell", false)), IsEmpty());
}

TEST(PageSources, OriginIsOursOnlyAtTheCellsName) {
  const auto origin_of = [](const std::string& origin) {
    http::Request request;
    request.headers.emplace("Origin", origin);
    return own_page_origin(home(), request);
  };

  EXPECT_EQ(origin_of("https://home.cell"), "https://home.cell");
  EXPECT_EQ(origin_of("https://home.cell:8443"), "https://home.cell:8443");
  for (const char* other : {"http://home.cell", "https://files.home.cell", "https://home.cell.evil.example",
                            "https://home.cell:@evil.example", "null", ""})
    EXPECT_EQ(origin_of(other), "") << other;
}

}  // namespace
}  // namespace cell::api
