#include "layout.hpp"

#include <cell/text.hpp>

namespace mail {

namespace {

using namespace cell::sdk;

constexpr std::string_view kCryptCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./";

// "$6$salt$hash", also with rounds: nothing in it that ends a field or a line.
bool is_sha512_crypt(std::string_view hash) {
  if (!hash.starts_with("$6$") || hash.size() > 200) return false;
  for (const char c : hash.substr(3))
    if (kCryptCharacters.find(c) == std::string_view::npos && c != '$' && c != '=') return false;
  return true;
}

Error wrong(std::size_t account, const char* member, std::string detail) {
  return Error{Code::invalid_argument,
               "an account cannot be written to the mail server's files",
               "",
               {{"/accounts/" + std::to_string(account) + "/" + member, std::move(detail)}}};
}

Result<std::string> accounts(const Config& config) {
  std::string text;
  for (std::size_t i = 0; i < config.accounts().size(); ++i) {
    const Account& account = config.accounts()[i];
    if (!is_address(account.login)) return wrong(i, "login", "'" + account.login + "' is not an address");
    for (const std::string& hash : account.passwords) {
      if (!is_sha512_crypt(hash)) return wrong(i, "passwords", "holds something else than SHA512-CRYPT");
      text += account.login + "|{SHA512-CRYPT}" + hash + "\n";
    }
    // Mail arrives also for who has no device yet: no password has this hash.
    if (account.passwords.empty()) text += account.login + "|{SHA512-CRYPT}*\n";
  }
  return text;
}

std::string virtual_aliases(const Addresses& addresses) {
  std::string text;
  for (const Alias& alias : addresses.aliases) {
    text += alias.address;
    char separator = ' ';
    for (const std::string& target : alias.targets) {
      text += separator + target;
      separator = ',';
    }
    text += "\n";
  }
  return text;
}

std::string quotas(const Config& config) {
  const std::int64_t default_mb = config.options().integer("default_quota_mb", 0);
  std::string text;
  for (const Account& account : config.accounts()) {
    const std::int64_t quota_mb = account.quota_mb.value_or(default_mb);
    if (quota_mb > 0) text += account.login + ":" + std::to_string(quota_mb) + "M\n";
  }
  return text;
}

// Both files are Postfix tables: a key, a blank, and the rest of the line as it is.
void add_relay(const Config& config, std::vector<File>& files) {
  const Options& options = config.options();
  const std::string relay = relay_of(config);
  const std::string user = options.line("relay_user", ""), password = options.line("relay_password", "");
  const auto is_trimmed = [](const std::string& text) {
    return !text.starts_with(' ') && !text.ends_with(' ');
  };
  if (user.find(':') != std::string::npos || !is_trimmed(user))
    options.reject("relay_user", "must have no ':' and no blank at its ends");
  if (!is_trimmed(password)) options.reject("relay_password", "must have no blank at its ends");
  if (relay.empty()) return;
  const std::string of_domain = "@" + config.cell().domain + " ";
  files.push_back({std::string(kFolder) + "/postfix-relaymap.cf", of_domain + relay + "\n", "0644"});
  if (user.empty()) return;
  const std::string login = user + ":" + password + "\n";
  // By sender, and by relay for bounces, which have no sender.
  files.push_back({std::string(kFolder) + "/postfix-sasl-password.cf",
                   of_domain + login + relay + " " + login, "0600", true});
}

void add_signing(const Config& config, std::vector<File>& files) {
  const std::string& domain = config.cell().domain;
  const std::string folder = std::string(kFolder) + "/opendkim/";
  const std::string record = std::string(kSelector) + "._domainkey." + domain;
  files.push_back({folder + "KeyTable",
                   record + " " + domain + ":" + kSelector + ":/etc/opendkim/keys/" + domain + "/" +
                       kSelector + ".private\n",
                   "0644"});
  files.push_back({folder + "SigningTable", "*@" + domain + " " + record + "\n", "0644"});
  files.push_back({folder + "TrustedHosts", "127.0.0.1\nlocalhost\n", "0644"});
  files.push_back(
      {folder + "keys/" + domain + "/" + kSelector + ".private", config.secret("dkim"), "0600", true});
}

void add_certificate(const Config& config, std::vector<File>& files) {
  if (!config.has_secret("tls")) return;
  const std::string folder = std::string(kFolder) + "/ssl/";
  files.push_back({folder + "chain.pem", config.secret("tls_chain"), "0644"});
  files.push_back({folder + "key.pem", config.secret("tls"), "0600", true});
}

}  // namespace

std::string relay_of(const Config& config) {
  const Options& options = config.options();
  const std::string host = options.line("relay_host", "");
  if (host.empty()) return "";
  if (!is_host_name(host)) options.reject("relay_host", "must be a host name like smtp.example.org");
  return "[" + host + "]:" + std::to_string(options.integer("relay_port", 587));
}

Result<std::vector<File>> files_of(const Config& config, const Addresses& addresses) {
  const std::string folder = std::string(kFolder) + "/";
  std::vector<File> files = {{folder + "postfix-accounts.cf", CELL_TRY(accounts(config)), "0600", true},
                             {folder + "postfix-virtual.cf", virtual_aliases(addresses), "0644"},
                             {folder + "dovecot-quotas.cf", quotas(config), "0644"}};
  add_relay(config, files);
  add_signing(config, files);
  add_certificate(config, files);
  return files;
}

}  // namespace mail
