#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "base/json.hpp"
#include "config/sealed.hpp"
#include "plugin/manifest.hpp"

namespace cell::services {

// What a service keeps secret: the values that its manifest asks for, made by the cell, and the options that
// are marked as secret. Each is one sealed value: services/<id>/secrets and services/<id>/options. Thread:
// any.
class Secrets {
 public:
  // A key and the certificate for <label>.<domain> with those that signed it, from the cell's authority.
  struct Certificate {
    Secret key_pem;
    std::string chain_pem;
  };
  using Issue = std::function<Result<Certificate>(const std::string& label)>;
  // Whether a chain has to be renewed.
  using IsDue = std::function<bool(const std::string& chain_pem)>;

  explicit Secrets(config::SealedStore& sealed, Issue issue = {}, IsDue is_due = {})
      : sealed_(sealed), issue_(std::move(issue)), is_due_(std::move(is_due)) {}

  // Makes what is missing of the manifest's secrets, and certificates that are due; what is there stays, so a
  // service that comes back finds the keys of its data. True: something was made.
  Result<bool> ensure(const plugin::Manifest& manifest);
  // The same for a plan that is only shown: what is made stays in memory, so that the plan that is carried
  // out is the one that was shown, with the same keys in it. Certificates are made anew each time.
  Result<Json> completed(const plugin::Manifest& manifest);
  // {name: value}; empty where there are none. `<name>_public` beside each pair of keys.
  [[nodiscard]] Result<Json> values(const std::string& id) const;
  // {option: value} of those that are secret.
  [[nodiscard]] Result<Json> options(const std::string& id) const;
  Result<void> put_options(const std::string& id, const Json& options);
  // The options that are there now, to go back to; dropped or brought back afterwards.
  Result<void> keep_options(const std::string& id);
  Result<void> bring_options_back(const std::string& id);
  Result<void> drop_kept_options(const std::string& id);
  Result<void> remove(const std::string& id);
  [[nodiscard]] bool contains(const std::string& id) const;

 private:
  [[nodiscard]] Result<Json> read(const std::string& name) const;
  void drop_draft(const std::string& id);
  Result<void> make(const plugin::SecretWish& wish, const std::string& label, Json& values) const;

  config::SealedStore& sealed_;
  Issue issue_;
  IsDue is_due_;
  std::mutex mutex_;
  std::map<std::string, Json> drafts_;  // by service: made for a plan, not kept yet
};

// Options apart by whether they are secret. Pure.
struct SplitOptions {
  Json open = Json::object();
  Json secret = Json::object();
};
SplitOptions split_options(const plugin::Manifest& manifest, const Json& options);

// `patch` over `before`: null takes a value away, what is not spoken of stays.
Json merge_options(const Json& before, const Json& patch);

}  // namespace cell::services
