#pragma once

#include <string>
#include <vector>

#include <cell/contributions.hpp>

namespace mail {

// The records that a domain needs for its mail to arrive and to be believed; the same stand in the cell's own
// zone and, for mail from the internet, at the domain's provider. `dkim_public`: DER in base64.
std::vector<cell::sdk::DnsRecord> records_of(const std::string& domain, const std::string& dkim_public,
                                             bool has_relay);

// Where programs find the servers by themselves (RFC 6186). For the cell's own zone.
std::vector<cell::sdk::DnsRecord> discovery_records(const std::string& domain);

// One of records_of() held against what resolvers answer. `found`: a value a line, "!" for "no answer".
struct RecordState {
  std::string state;  // "ok", "missing", "different", "unknown"
  std::string found;
};
RecordState compare(const cell::sdk::DnsRecord& record, const std::vector<std::string>& found);

// From `cell-mail-lookup`: blocks of "? TYPE NAME", then a value a line; in the order of the questions.
std::vector<std::vector<std::string>> parse_answers(const std::string& output);

}  // namespace mail
