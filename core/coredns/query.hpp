#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace cell::coredns {

struct Question {
  std::string server;  // IPv4 address
  std::uint16_t port = 53;
  std::string name;  // "nas.home.cell"; with type PTR an address will do
  std::string type;  // A AAAA CNAME TXT MX SRV NS PTR SOA
};

struct Answer {
  struct Entry {
    std::string name;
    std::string type;  // "TYPE65" where it has no name here
    std::uint32_t ttl = 0;
    std::string value;  // presentation form; TXT without quotes, bytes that are no printable ASCII as \DDD
    bool operator==(const Entry&) const = default;
  };
  std::vector<Entry> entries;
  std::string rcode;  // "NOERROR", "NXDOMAIN", "SERVFAIL", …
  std::chrono::microseconds took{};
};

// Asks one server over UDP, with the resolver of the C library; at most 2 s. invalid_argument (/name, /type)
// for what is no question, unavailable when nobody answers. Thread: any.
Result<Answer> ask(const Question& question);

// The part that reads what a server sent, for tests. `message` is a whole DNS message.
Result<Answer> parse_answer(std::string_view message);

}  // namespace cell::coredns
