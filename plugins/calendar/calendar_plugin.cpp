#include <cell/plugin.hpp>

#include "shared.hpp"

namespace {

using namespace cell::sdk;
using calendar::Shared;

constexpr std::uint16_t kPort = 5232;
constexpr const char* kPeopleFile = "/etc/cell-calendar/people.json";

// What a new person's first collections are called.
struct FirstNames {
  const char* language;
  const char* calendar;
  const char* contacts;
};
constexpr FirstNames kFirstNames[] = {{"en", "Calendar", "Contacts"},   {"de", "Kalender", "Kontakte"},
                                      {"fr", "Calendrier", "Contacts"}, {"es", "Calendario", "Contactos"},
                                      {"ru", "Календарь", "Контакты"},  {"zh", "日历", "联系人"}};

const FirstNames& first_names(const std::string& language) {
  for (const FirstNames& names : kFirstNames)
    if (language == names.language) return names;
  return kFirstNames[0];
}

// A login becomes a folder and a part of addresses.
bool is_login(std::string_view login) {
  return !login.empty() && login.size() <= 64 && login.front() != '.' &&
         login.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
}

Result<Json> people(const Config& config) {
  const FirstNames& names = first_names(config.cell().language);
  Json list = Json::array();
  for (std::size_t i = 0; i < config.accounts().size(); ++i) {
    const Account& account = config.accounts()[i];
    if (!is_login(account.login)) {
      return Error{
          Code::invalid_argument,
          "the login '" + account.login + "' cannot name a folder",
          "give the person a login of lower-case letters and digits",
          {{"/accounts/" + std::to_string(i) + "/login", "has other characters than a-z 0-9 . _ -"}}};
    }
    list.push_back({{"login", account.login},
                    {"passwords", account.passwords},
                    {"calendar", names.calendar},
                    {"contacts", names.contacts}});
  }
  return list;
}

Json shared_collections(const Config& config) {
  std::vector<std::string> logins;
  for (const Account& account : config.accounts()) logins.push_back(account.login);
  Json list = Json::array();
  const auto add = [&](const char* option, const char* tag) {
    for (const Shared& shared : calendar::read_shared(config.options(), option, logins)) {
      list.push_back({{"id", calendar::id_of(tag, shared.name)},
                      {"tag", tag},
                      {"name", shared.name},
                      {"write", shared.write},
                      {"read", shared.read}});
    }
  };
  add("shared_calendars", "VCALENDAR");
  add("shared_contacts", "VADDRESSBOOK");
  return list;
}

Container server(std::string people_document) {
  Container container{.name = "server", .image = "server"};
  container.user = "calendar";
  // The server itself sees that the file is another one.
  container.on_change = OnChange::nothing;
  container.files = {{kPeopleFile, std::move(people_document), "0644", true}};
  container.volumes = {{"data", "/data"}};
  container.tmpfs = {"/tmp"};
  container.memory_mb = 256;
  container.pids = 64;
  // A shell that is there anyway, with no value in it: python would take half a second on a small machine.
  container.health =
      Health{{"bash", "-c",
              "exec 3<>/dev/tcp/127.0.0.1/5232 && printf 'GET /.web/ HTTP/1.0\\r\\n\\r\\n' >&3 && "
              "read -r -t 4 line <&3 && [[ $line == *' 200 '* ]]"},
             3,
             5,
             15,
             3};
  return container;
}

class CalendarPlugin : public Plugin {
 public:
  using Plugin::Plugin;

  Result<Contributions> plan(const Config& config) const override {
    const Json document = {{"people", CELL_TRY(people(config))}, {"shared", shared_collections(config)}};
    const std::string address = "https://" + config.service().id + "." + config.cell().domain + "/";

    Contributions contributions;
    contributions.containers = {server(dump_json(document))};
    contributions.volumes = {{"data", Backup::hot}};
    WebRoute route{.host = "calendar", .path = "/", .to = Target{"server", kPort}, .auth = RouteAuth::none};
    route.max_body_mb = 32;
    contributions.routes = {std::move(route)};
    contributions.well_known = {{"caldav", "/"}, {"carddav", "/"}};
    contributions.ui.clients = {
        {{{"en", "Calendars and tasks"}, {"de", "Kalender und Aufgaben"}}, "caldav", address},
        {{{"en", "Contacts"}, {"de", "Kontakte"}}, "carddav", address},
        {{{"en", "In the browser: make, name and remove collections"},
          {"de", "Im Browser: Sammlungen anlegen, benennen und entfernen"}},
         "url",
         address + ".web/"}};
    contributions.ui.open = "/.web/";
    return contributions;
  }
};

}  // namespace

CELL_PLUGIN(CalendarPlugin);
