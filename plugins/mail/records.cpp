#include "records.hpp"

#include <algorithm>
#include <cctype>

namespace mail {

namespace {

using cell::sdk::DnsRecord;

std::string folded(std::string text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isspace(byte) == 0) result += static_cast<char>(std::tolower(byte));
  }
  if (result.ends_with('.')) result.pop_back();
  return result;
}

// The key in a DKIM record has case and no blanks that matter.
std::string key_of(const std::string& text) {
  const auto begin = text.find("p=");
  if (begin == std::string::npos) return "";
  std::string key;
  for (const char c : text.substr(begin + 2, text.find(';', begin) - begin - 2))
    if (std::isspace(static_cast<unsigned char>(c)) == 0) key += c;
  return key;
}

// Of a policy that its owner may have made stricter or wider, the kind is enough.
std::string kind_of(const std::string& value) { return folded(value.substr(0, value.find_first_of(" ;"))); }

bool is_met(const DnsRecord& record, const std::string& found) {
  if (record.type != "TXT") return folded(found) == folded(record.value);
  if (kind_of(found) != kind_of(record.value)) return false;
  return key_of(record.value).empty() || record.name == "_dmarc" || key_of(found) == key_of(record.value);
}

}  // namespace

std::vector<DnsRecord> records_of(const std::string& domain, const std::string& dkim_public, bool has_relay) {
  // A relay sends from addresses that only its provider knows: "~all" lets receivers take these as well.
  const std::string senders = has_relay ? "v=spf1 mx ~all" : "v=spf1 mx -all";
  return {{"@", "MX", "10 mail." + domain, 3600},
          {"@", "TXT", senders, 3600},
          {"mail._domainkey", "TXT", "v=DKIM1; k=rsa; p=" + dkim_public, 3600},
          {"_dmarc", "TXT", "v=DMARC1; p=quarantine; rua=mailto:postmaster@" + domain, 3600}};
}

std::vector<DnsRecord> discovery_records(const std::string& domain) {
  return {{"_submissions._tcp", "SRV", "0 1 465 mail." + domain, 3600},
          {"_submission._tcp", "SRV", "0 1 587 mail." + domain, 3600},
          {"_imaps._tcp", "SRV", "0 1 993 mail." + domain, 3600}};
}

RecordState compare(const DnsRecord& record, const std::vector<std::string>& found) {
  RecordState result;
  const std::string kind = kind_of(record.value);
  for (const std::string& value : found) {
    if (value == "!") return {"unknown", ""};
    if (is_met(record, value)) return {"ok", value};
    // Other texts of the domain are nobody's business here.
    if (record.type != "TXT" || kind_of(value) == kind)
      result.found += (result.found.empty() ? "" : "\n") + value;
  }
  result.state = result.found.empty() ? "missing" : "different";
  return result;
}

std::vector<std::vector<std::string>> parse_answers(const std::string& output) {
  std::vector<std::vector<std::string>> answers;
  std::size_t begin = 0;
  while (begin < output.size()) {
    const std::size_t end = std::min(output.find('\n', begin), output.size());
    const std::string line = output.substr(begin, end - begin);
    begin = end + 1;
    if (line.starts_with("? ")) {
      answers.emplace_back();
    } else if (!answers.empty() && !line.empty()) {
      answers.back().push_back(line);
    }
  }
  return answers;
}

}  // namespace mail
