#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cell/abi.h"
#include "cell/config.hpp"
#include "cell/json.hpp"
#include "cell/log.hpp"
#include "cell/result.hpp"

namespace cell::sdk {

struct Person {
  std::string id{};
  std::string name{};
  std::string role{};  // "admin", "peer"
};

// A device of the cell's VPN.
struct Peer {
  std::string id{};
  std::string name{};
  std::string person_id{};  // empty: nobody's
  std::string address{};    // IPv4 in the VPN
  bool is_online = false;
};

struct ExecRequest {
  std::string container{};             // name in contributions.containers
  std::vector<std::string> command{};  // the program and its arguments; there is no shell
  std::string input{};                 // UTF-8, for the program's standard input
  std::chrono::milliseconds limit{10'000};
};
struct ExecResult {
  int exit_code = 0;
  std::string output{};  // standard output and error as UTF-8, at most 1 MiB each; the rest is dropped
  std::string error_output{};
};

struct FetchRequest {
  std::string method = "GET";
  std::string url{};  // https://, a host of the permission http
  std::map<std::string, std::string> headers{};
  std::string body{};  // UTF-8
  std::chrono::milliseconds limit{10'000};
};
struct FetchResult {
  int status = 0;
  std::map<std::string, std::string> headers{};  // names in lower case
  std::string body{};                            // UTF-8, at most 1 MiB: more is too_large
};

// What the cell does for a plugin; sdk/docs/host-methods.md tells each method's documents, limits and
// permission. [worker] [job]: from handle() and notify() and threads of the plugin, never from plan(). A copy
// is the same host; valid until the plugin's destructor returns.
// Errors of every function: forbidden without the permission in the manifest, unsupported where this host
// does not know the method, unavailable where what it asks does not answer.
class Host {
 public:
  Host() = default;
  explicit Host(const cell_host* host) : host_(host) {}

  // Free of permission: the service's own key-value store. Kept over updates, removed with the service's
  // data.
  [[nodiscard]] Result<std::optional<Json>> state(std::string_view key) const;
  Result<void> put_state(std::string_view key, const Json& value) const;
  Result<void> remove_state(std::string_view key) const;  // also when it is not there
  [[nodiscard]] Result<std::vector<std::string>> state_keys(std::string_view prefix = {}) const;

  // Free of permission: a secret of the manifest's `secrets`, or an option with x-secret. not_found else.
  [[nodiscard]] Result<std::string> secret(std::string_view name) const;
  // Free of permission: the options that are in force, just as plan() gets them. What is read of the wrong
  // type is in its problems().
  [[nodiscard]] Result<Options> options() const;
  // Free of permission.
  [[nodiscard]] Result<CellInfo> cell() const;
  // Free of permission: asks for plan() to be called soon, e.g. after the state changed. Returns at once.
  Result<void> request_plan() const;

  [[nodiscard]] Result<std::vector<Person>> people() const;                    // permission people
  [[nodiscard]] Result<std::vector<Peer>> peers() const;                       // permission peers
  [[nodiscard]] Result<ExecResult> exec(const ExecRequest& request) const;     // permission exec
  [[nodiscard]] Result<FetchResult> fetch(const FetchRequest& request) const;  // permission http
  // Permission events: an event for the owner's browsers, as `plugin` with the service's id.
  Result<void> emit(std::string_view type, const Json& data) const;

  // Any method, also one that is newer than this header.
  [[nodiscard]] Result<Json> call(std::string_view method, const Json& request) const;
  [[nodiscard]] Log log() const { return Log(host_); }

 private:
  const cell_host* host_ = nullptr;  // not owned
};

}  // namespace cell::sdk
