#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "domain/identity/identity.hpp"

namespace cell::identity {

// Lets people who are logged in at the cell's own page into services that have another host name, where a
// browser does not send the session's cookie: the page hands out a ticket for one host, which becomes a key
// of that host's own. A key opens its host only and ends with the session. Kept in memory: after a restart
// browsers fetch a new one by themselves. Thread: any.
class Doors {
 public:
  Doors(Identity& identity, const Clock& clock) : identity_(identity), clock_(clock) {}

  // For the bearer of a session's token. `nonce_hash`: hex SHA-256 of what the browser keeps in a cookie of
  // `host`, so that nobody can push somebody else in under their own name.
  Result<Secret> ticket(const Secret& session_token, const std::string& host, const std::string& nonce_hash);
  // Once, within 30 seconds: the key. forbidden when it is not that host's or that browser's.
  Result<Secret> enter(std::string_view ticket, const std::string& host, std::string_view nonce);
  // Who holds a key; counts as a visit of their session. unauthenticated when it has ended.
  Result<Person> holder(std::string_view key, const std::string& host);

 private:
  struct Ticket {
    Secret session_token;
    std::string host;
    std::string nonce_hash;
    SteadyPoint until{};
  };
  struct Key {
    Secret session_token;
    std::string host;
  };
  void sweep();

  Identity& identity_;
  const Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Ticket> tickets_;  // by SHA-256
  std::map<std::string, Key> keys_;
};

}  // namespace cell::identity
