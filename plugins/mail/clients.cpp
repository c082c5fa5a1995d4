#include "clients.hpp"

#include <cstdint>

#include <cell/text.hpp>

namespace mail {

namespace {

using cell::sdk::markup_text;
using cell::sdk::Result;

// Version 8 of RFC 9562: made of the name alone, so that a profile that is loaded again replaces the one
// before.
std::string uuid_of(const std::string& name) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::uint64_t round = 0; round < 2; ++round) {
    std::uint64_t hash = 0xcbf29ce484222325U + round;
    for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    for (int shift = 60; shift >= 0; shift -= 4) text += kDigits[(hash >> shift) & 0xf];
  }
  text[12] = '8';
  text[16] = 'a';
  return text.substr(0, 8) + "-" + text.substr(8, 4) + "-" + text.substr(12, 4) + "-" + text.substr(16, 4) +
         "-" + text.substr(20);
}

std::string key(const std::string& name, const std::string& value) {
  return "<key>" + name + "</key><string>" + value + "</string>\n";
}
std::string number(const std::string& name, int value) {
  return "<key>" + name + "</key><integer>" + std::to_string(value) + "</integer>\n";
}
std::string flag(const std::string& name, bool value) {
  return "<key>" + name + "</key>" + (value ? "<true/>" : "<false/>") + "\n";
}

std::string server(const std::string& direction, const std::string& host, int port) {
  return key(direction + "MailServerHostName", host) + number(direction + "MailServerPortNumber", port) +
         flag(direction + "MailServerUseSSL", true) +
         key(direction + "MailServerAuthentication", "EmailAuthPassword");
}

}  // namespace

Result<std::string> autoconfig(const std::string& cell_name, const std::string& domain) {
  const std::string name = CELL_TRY(markup_text(cell_name)), host = "mail." + domain;
  const auto entry = [&](const char* tag, const char* type, int port, const char* socket) {
    return std::string("    <") + tag + " type=\"" + type + "\">\n      <hostname>" + host +
           "</hostname>\n      <port>" + std::to_string(port) + "</port>\n      <socketType>" + socket +
           "</socketType>\n      <authentication>password-cleartext</authentication>\n"
           "      <username>%EMAILADDRESS%</username>\n    </" +
           tag + ">\n";
  };
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<clientConfig version=\"1.1\">\n  <emailProvider "
         "id=\"" +
         domain + "\">\n    <domain>" + domain + "</domain>\n    <displayName>" + name +
         "</displayName>\n    <displayShortName>" + name + "</displayShortName>\n" +
         entry("incomingServer", "imap", 993, "SSL") + entry("outgoingServer", "smtp", 587, "STARTTLS") +
         "  </emailProvider>\n</clientConfig>\n";
}

Result<std::string> apple_profile(const std::string& cell_name, const std::string& domain) {
  const std::string name = CELL_TRY(markup_text(cell_name)), host = "mail." + domain;
  const std::string account =
      key("PayloadType", "com.apple.mail.managed") + number("PayloadVersion", 1) +
      key("PayloadIdentifier", domain + ".mail.account") + key("PayloadUUID", uuid_of(domain + " account")) +
      key("PayloadDisplayName", name) + key("EmailAccountType", "EmailTypeIMAP") +
      key("EmailAccountDescription", name) + server("Incoming", host, 993) + server("Outgoing", host, 587) +
      flag("OutgoingPasswordSameAsIncomingPassword", true);
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
         "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<plist version=\"1.0\"><dict>\n" +
         key("PayloadType", "Configuration") + number("PayloadVersion", 1) +
         key("PayloadIdentifier", domain + ".mail") + key("PayloadUUID", uuid_of(domain)) +
         key("PayloadDisplayName", name) + "<key>PayloadContent</key><array><dict>\n" + account +
         "</dict></array>\n</dict></plist>\n";
}

}  // namespace mail
