#pragma once

#include <map>
#include <string>
#include <vector>

#include "plugin/host_services.hpp"

// An application that keeps everything in memory.
namespace cell::plugin {

struct MemoryState final : StateStore {
  std::map<std::string, Json> values;  // by "id key"
  Result<std::optional<Json>> get(const std::string& id, const std::string& key) override {
    const auto found = values.find(id + " " + key);
    return found == values.end() ? std::optional<Json>{} : std::optional<Json>(found->second);
  }
  Result<void> put(const std::string& id, const std::string& key, const Json& value) override {
    values[id + " " + key] = value;
    return {};
  }
  Result<void> remove(const std::string& id, const std::string& key) override {
    values.erase(id + " " + key);
    return {};
  }
  Result<std::vector<std::string>> keys(const std::string& id, const std::string& prefix) override {
    std::vector<std::string> found;
    for (const auto& [name, value] : values) {
      if (name.starts_with(id + " " + prefix)) found.push_back(name.substr(id.size() + 1));
    }
    return found;
  }
  Result<StateUse> use_without(const std::string& id, const std::string& key) override {
    StateUse use;
    for (const auto& [name, value] : values) {
      if (!name.starts_with(id + " ") || name == id + " " + key) continue;
      use.bytes += dump_json(value).size();
      ++use.keys;
    }
    return use;
  }
};

struct FakeServices : HostServices {
  MemoryState store;
  std::vector<std::string> events;
  int plans = 0;
  std::string fetched_host;
  StateStore& state() override { return store; }
  Result<std::string> secret(const Manifest&, const std::string& name) override { return "the " + name; }
  Result<Json> options(const Manifest& manifest) override {
    return Json{{"token", "of " + manifest.id}, {"plain", 1}};
  }
  Result<Json> identity() override { return Json{{"name", "Home"}}; }
  Result<Json> people() override { return Json{{{"id", "p1"}, {"name", "Ada"}, {"role", "admin"}}}; }
  Result<Json> peers() override { return Json::array(); }
  Result<ExecAnswer> exec(const std::string& id, const ExecWish& wish) override {
    return ExecAnswer{
        0, id + "/" + wish.container + ": " + wish.command.at(0) + " " + std::to_string(wish.limit.count()),
        ""};
  }
  Result<void> request_plan(const std::string&) override {
    ++plans;
    return {};
  }
  Result<void> emit(const std::string& id, const std::string& type, const Json& data) override {
    events.push_back(id + " " + type + " " + dump_json(data));
    return {};
  }
};

struct FetchingServices final : FakeServices {
  Result<FetchAnswer> fetch(const std::string&, const FetchWish& wish) override {
    fetched_host = wish.host;
    return FetchAnswer{200, {{"content-type", "text/plain"}}, wish.method};
  }
};

}  // namespace cell::plugin
