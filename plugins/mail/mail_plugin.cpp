#include <cell/plugin.hpp>

#include "addresses.hpp"
#include "clients.hpp"
#include "layout.hpp"
#include "listing.hpp"
#include "records.hpp"

namespace {

using namespace cell::sdk;

constexpr std::uint16_t kWebPort = 8080;
constexpr const char* kFilterAddress = "filter.mail:11332";
constexpr std::chrono::milliseconds kLookupLimit{8'000};

// A shell that is there anyway, with no value in it: the ports that Postfix, Dovecot and OpenDKIM listen on.
constexpr const char* kListening =
    "sockets=$(</proc/net/tcp) && for port in 0019 01D1 024B 03E1 22BB; do "
    "[[ $sockets == *:$port' '????????:0000' 0A'* ]] || exit 1; done";

Expose expose_of(const Options& options) {
  const std::string reach = options.line("reach", "vpn");
  if (reach == "public") return Expose::open;
  return reach == "lan" ? Expose::lan : Expose::vpn;
}

std::map<std::string, std::string> environment(const Config& config) {
  const std::string& domain = config.cell().domain;
  const std::int64_t message_mb = config.options().integer("message_mb", 40);
  std::map<std::string, std::string> environment = {
      {"OVERRIDE_HOSTNAME", "mail." + domain},
      {"POSTMASTER_ADDRESS", "postmaster@" + domain},
      {"POSTFIX_MESSAGE_SIZE_LIMIT", std::to_string(message_mb * 1024 * 1024)},
      {"ENABLE_QUOTAS", "1"},
      {"ENABLE_OPENDKIM", "1"},
      {"SSL_TYPE", "manual"},
      {"SSL_CERT_PATH", std::string(mail::kFolder) + "/ssl/chain.pem"},
      {"SSL_KEY_PATH", std::string(mail::kFolder) + "/ssl/key.pem"},
      {"TZ", config.cell().timezone}};
  const Options& options = config.options();
  const bool is_verified = options.boolean("relay_verify", true);
  if (const std::string relay = mail::relay_of(config); !relay.empty()) {
    environment["DEFAULT_RELAY_HOST"] = relay;
    // A password goes over TLS or not at all.
    if (!options.line("relay_user", "").empty())
      environment["RELAY_TLS"] = is_verified ? "secure" : "encrypt";
  }
  if (options.boolean("spam_filter", false)) environment["SPAM_FILTER"] = kFilterAddress;
  return environment;
}

Result<Container> server(const Config& config) {
  const mail::Addresses addresses = mail::read_addresses(config);
  const Expose expose = expose_of(config.options());
  Container container{.name = "server", .image = "server"};
  container.environment = environment(config);
  container.files = CELL_TRY(mail::files_of(config, addresses));
  container.volumes = {{"mail", "/var/mail"}, {"state", "/var/mail-state"}};
  container.tmpfs = {"/run", "/tmp", "/etc/opendkim"};
  for (const std::uint16_t port : std::initializer_list<std::uint16_t>{25, 465, 587, 993})
    container.ports.push_back({port, port, Protocol::tcp, expose});
  // Postfix and Dovecot begin as root and give each of their parts a user of its own.
  container.user = "root";
  container.capabilities = {"CHOWN", "DAC_OVERRIDE", "FOWNER", "KILL", "SETGID", "SETUID", "SYS_CHROOT"};
  container.on_change = OnChange::hup;
  container.memory_mb = 512;
  container.pids = 256;
  container.health = Health{{"bash", "-c", kListening}, 5, 5, 30, 3};
  return container;
}

Result<Container> autoconfig(const Config& config) {
  Container container{.name = "autoconfig", .image = "web"};
  container.user = "nobody";
  const CellInfo& cell = config.cell();
  container.files = {
      {"/www/mail/config-v1.1.xml", CELL_TRY(mail::autoconfig(cell.name, cell.domain)), "0644"},
      {"/www/mail/ios.mobileconfig", CELL_TRY(mail::apple_profile(cell.name, cell.domain)), "0644"}};
  container.on_change = OnChange::nothing;
  container.memory_mb = 16;
  container.pids = 32;
  container.health =
      Health{{"busybox", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/mail/config-v1.1.xml"},
             5,
             5,
             10,
             3};
  return container;
}

Container filter() {
  Container container{.name = "filter", .image = "filter"};
  container.user = "_rspamd";
  container.volumes = {{"filter", "/var/lib/rspamd"}};
  container.tmpfs = {"/tmp", "/run/rspamd"};
  container.memory_mb = 512;
  container.pids = 64;
  container.health = Health{{"grep", "-q", ":2C44 00000000:0000 0A", "/proc/net/tcp"}, 5, 5, 30, 3};
  return container;
}

Ui ui(const std::string& domain) {
  Ui ui;
  ui.clients = {{{{"en", "Incoming mail (IMAP, TLS)"}, {"de", "Posteingang (IMAP, TLS)"}},
                 "imap",
                 "mail." + domain + ":993"},
                {{{"en", "Outgoing mail (SMTP, STARTTLS)"}, {"de", "Postausgang (SMTP, STARTTLS)"}},
                 "smtp",
                 "mail." + domain + ":587"},
                {{{"en", "Settings for Thunderbird, which finds them by itself"},
                  {"de", "Einstellungen für Thunderbird, das sie selbst findet"}},
                 "url",
                 "https://autoconfig." + domain + "/mail/config-v1.1.xml"},
                {{{"en", "Profile for iPhone, iPad and Mac"}, {"de", "Profil für iPhone, iPad und Mac"}},
                 "url",
                 "https://autoconfig." + domain + "/mail/ios.mobileconfig"}};
  ui.panels = {Table{{{"en", "Addresses"}, {"de", "Adressen"}},
                     "/addresses",
                     {{{{"en", "Address"}, {"de", "Adresse"}}, "address", "text"},
                      {{{"en", "Mail goes to"}, {"de", "Post geht an"}}, "targets", "text"}},
                     {{"en", "No addresses"}, {"de", "Keine Adressen"}}},
               Table{{{"en", "Records of your domain"}, {"de", "Einträge deiner Domain"}},
                     "/dns",
                     {{{{"en", "Name"}, {"de", "Name"}}, "name", "text"},
                      {{{"en", "Type"}, {"de", "Typ"}}, "type", "text"},
                      {{{"en", "Value"}, {"de", "Wert"}}, "value", "text"},
                      {{{"en", "In the internet"}, {"de", "Im Internet"}}, "state", "state"},
                      {{{"en", "Found"}, {"de", "Gefunden"}}, "found", "text"}},
                     {{"en", "No records"}, {"de", "Keine Einträge"}}}};
  ui.open = "https://autoconfig." + domain + "/mail/ios.mobileconfig";
  return ui;
}

class MailPlugin : public Plugin {
 public:
  explicit MailPlugin(const Host& host) : Plugin(host) {
    router_.get("/dns", "The records that the domain needs, and whether the internet has them", Access::admin,
                [this](const Request&) { return check_records(); });
    router_.get("/addresses", "Every address of the domain, and where its mail goes", Access::admin,
                [this](const Request&) { return addresses(); });
  }

  Result<Contributions> plan(const Config& config) const override {
    const std::string& domain = config.cell().domain;
    Contributions contributions;
    contributions.containers = {CELL_TRY(server(config)), CELL_TRY(autoconfig(config))};
    contributions.volumes = {{"mail", Backup::hot}, {"state", Backup::cold}};
    if (config.options().boolean("spam_filter", false)) {
      contributions.containers.push_back(filter());
      contributions.volumes.push_back({"filter", Backup::skip});
    }
    contributions.routes = {
        {.host = "autoconfig", .path = "/", .to = Target{"autoconfig", kWebPort}, .auth = RouteAuth::none}};
    contributions.dns =
        mail::records_of(domain, config.secret("dkim_public"), !mail::relay_of(config).empty());
    for (DnsRecord& record : mail::discovery_records(domain)) contributions.dns.push_back(std::move(record));
    contributions.dns.push_back({"mail", "A", "{cell}", 300});
    contributions.api = router_.routes();
    contributions.ui = ui(domain);
    return contributions;
  }

  Result<Response> handle(const Request& request) override { return router_.dispatch(request); }

 private:
  Result<std::string> text_in_server(const char* path) const {
    const ExecResult read = CELL_TRY(host().exec({.container = "server", .command = {"cat", path}}));
    if (read.exit_code != 0)
      return Error{Code::unavailable, "the mail server has not written its addresses yet", "try again soon"};
    return read.output;
  }

  // What the server goes by, not what it should.
  Result<Response> addresses() const {
    const std::string mailboxes = CELL_TRY(text_in_server(mail::kMailboxTable));
    return Response::json(
        {{"items", mail::list_addresses(mailboxes, CELL_TRY(text_in_server(mail::kAliasTable)))}});
  }

  // Asks from the root servers down: the cell's own resolver has records of its own for the domain.
  Result<Response> check_records() const {
    const std::string domain = CELL_TRY(host().cell()).domain;
    const auto records = mail::records_of(domain, CELL_TRY(host().secret("dkim_public")), false);
    ExecRequest lookup{.container = "server", .command = {"cell-mail-lookup"}, .limit = kLookupLimit};
    for (const DnsRecord& record : records) {
      lookup.command.push_back(record.type);
      lookup.command.push_back(record.name == "@" ? domain : record.name + "." + domain);
    }
    const ExecResult result = CELL_TRY(host().exec(lookup));
    const auto answers = mail::parse_answers(result.output);
    Json items = Json::array();
    for (std::size_t i = 0; i < records.size(); ++i) {
      const mail::RecordState state =
          i < answers.size() ? mail::compare(records[i], answers[i]) : mail::RecordState{"unknown", ""};
      items.push_back({{"name", records[i].name},
                       {"type", records[i].type},
                       {"value", records[i].value},
                       {"state", state.state},
                       {"found", state.found}});
    }
    return Response::json({{"items", std::move(items)}});
  }

  Router router_;
};

}  // namespace

CELL_PLUGIN(MailPlugin);
