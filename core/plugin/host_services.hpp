#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plugin/instance.hpp"

namespace cell::plugin {

struct StateUse {
  std::size_t bytes = 0;  // of values
  std::size_t keys = 0;
};

// Small values that a plugin keeps, by its id; gone with its data. Thread: any.
class StateStore {
 public:
  virtual ~StateStore() = default;
  virtual Result<std::optional<Json>> get(const std::string& id, const std::string& key) = 0;
  virtual Result<void> put(const std::string& id, const std::string& key, const Json& value) = 0;
  virtual Result<void> remove(const std::string& id, const std::string& key) = 0;  // also if it is not there
  virtual Result<std::vector<std::string>> keys(const std::string& id, const std::string& prefix) = 0;
  // Of all values as JSON text, `key` left out.
  virtual Result<StateUse> use_without(const std::string& id, const std::string& key) = 0;
};

struct ExecWish {
  std::string container;  // name in the service's contributions
  std::vector<std::string> command;
  std::string input;
  std::chrono::milliseconds limit{10'000};
};
struct ExecAnswer {
  int exit_code = 0;
  std::string output;
  std::string error_output;
};

struct FetchWish {
  std::string method;
  std::string url;   // https://<a host of the permission>/…
  std::string host;  // of the URL, checked
  std::map<std::string, std::string> headers;
  std::string body;
  std::chrono::milliseconds limit{10'000};
};
struct FetchAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;
};

// What the application does for plugins. What a plugin may ask for, and whether the request is one, has been
// checked before. Thread: any.
class HostServices {
 public:
  virtual ~HostServices() = default;
  virtual StateStore& state() = 0;
  // A secret of the manifest's or an option with x-secret; not_found when it has no value yet.
  virtual Result<std::string> secret(const Manifest& manifest, const std::string& name) = 0;
  // Just as plan() gets them: with defaults and secrets.
  virtual Result<Json> options(const Manifest& manifest) = 0;
  virtual Result<Json> identity() = 0;  // {name, domain, timezone, language}
  virtual Result<Json> people() = 0;    // [{id, name, role}]
  virtual Result<Json> peers() = 0;     // [{id, name, person_id, address, online}]
  virtual Result<ExecAnswer> exec(const std::string& id, const ExecWish& wish) = 0;
  virtual Result<void> request_plan(const std::string& id) = 0;  // soon, not now
  virtual Result<void> emit(const std::string& id, const std::string& type, const Json& data) = 0;
  // Must not follow a redirect to another host. An application that has none leaves this out: `unsupported`.
  virtual Result<FetchAnswer> fetch(const std::string& id, const FetchWish& wish);
};

// The methods of sdk/docs/host-methods.md for one package: looks at its permissions and at the request, then
// asks `services`, which lives longer.
HostCall make_host_call(const Manifest& manifest, HostServices& services);

}  // namespace cell::plugin
