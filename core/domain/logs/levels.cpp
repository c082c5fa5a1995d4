#include "domain/logs/levels.hpp"

#include "base/log.hpp"

namespace cell::logs {

namespace {

constexpr std::size_t kMaxServices = 200;
constexpr std::string_view kLevelHint = "use trace, debug, info, warn, error, critical or off";

// The usual spelling of a level; nothing when there is no such level.
std::optional<std::string> level_text(const Json& value) {
  if (!value.is_string()) return std::nullopt;
  const auto level = log::parse_level(value.get<std::string>());
  return level ? std::optional<std::string>(log::to_string(*level)) : std::nullopt;
}

// Those of an object that are levels; what is written by hand and is none counts as not there.
std::map<std::string, std::string> level_texts_of(const Json& object) {
  std::map<std::string, std::string> texts;
  if (!object.is_object()) return texts;
  for (const auto& [name, value] : object.items()) {
    if (auto level = level_text(value)) texts[name] = std::move(*level);
  }
  return texts;
}

// Reads one body and collects what is wrong with it.
class Reader {
 public:
  Reader(const Levels& now, const std::set<std::string>& services)
      : now_(now), after_(now), services_(services) {}

  Result<Levels> read(const Json& body) {
    if (!body.is_object()) return field_error("", "must be an object with 'core' and 'containers'");
    if (body.contains("core") && body.contains("python"))
      fail("/python", "is another name for 'core', so give only one of them");
    for (const auto& [name, value] : body.items()) {
      const std::string pointer = pointer_append("", name);
      if (name == "core" || name == "python")
        read_core(value, pointer);
      else if (name == "containers")
        read_containers(value, pointer);
      else
        fail(pointer, "unknown field; there are 'core' and 'containers'");
    }
    if (fields_.empty()) return after_;
    Error error{Code::invalid_argument,
                fields_.size() == 1 ? fields_[0].detail : "some log levels are not right",
                std::string(kLevelHint)};
    error.fields = std::move(fields_);
    return error;
  }

 private:
  void fail(std::string pointer, std::string detail) {
    fields_.push_back({std::move(pointer), std::move(detail)});
  }

  std::optional<std::string> read_level(const Json& value, const std::string& pointer) {
    auto level = level_text(value);
    if (!level) fail(pointer, "this is not a log level; " + std::string(kLevelHint));
    return level;
  }

  void read_core(const Json& core, const std::string& pointer) {
    if (!core.is_object()) return fail(pointer, "must be an object with 'root' and 'services'");
    for (const auto& [name, value] : core.items()) {
      const std::string at = pointer_append(pointer, name);
      if (name == "root")
        after_.root = read_level(value, at).value_or(after_.root);
      else if (name != "services")
        fail(at, "unknown field; there are 'root' and 'services'");
    }
    if (core.contains("services")) read_services(core["services"], pointer_append(pointer, "services"));
  }

  void read_services(const Json& services, const std::string& pointer) {
    if (!services.is_object()) return fail(pointer, "must be an object of service names and levels");
    if (services.size() > kMaxServices)
      return fail(pointer, "names more than " + std::to_string(kMaxServices) + " services");
    after_.services.clear();
    for (const auto& [name, value] : services.items()) {
      const std::string at = pointer_append(pointer, name);
      if (!services_.contains(name) && !now_.services.contains(name)) {
        fail(at, "there is no service of this name");
        continue;
      }
      const auto level = read_level(value, at);
      if (!level) continue;
      // What is shown for a service without a level of its own is the root's; sent back like that it stays
      // so.
      const bool follows = *level == after_.root || (!now_.services.contains(name) && *level == now_.root);
      if (!follows) after_.services[name] = *level;
    }
  }

  void read_containers(const Json& containers, const std::string& pointer) {
    if (!containers.is_object()) return fail(pointer, "must be an object of container names and levels");
    for (const auto& [name, value] : containers.items()) {
      const std::string at = pointer_append(pointer, name);
      const auto known = after_.containers.find(name);
      if (known == after_.containers.end())
        fail(at, "there is no container of this name whose level can be set");
      else
        known->second = read_level(value, at).value_or(known->second);
    }
  }

  const Levels& now_;
  Levels after_;
  const std::set<std::string>& services_;
  std::vector<FieldError> fields_;
};

bool is_service_name(const std::string& name) {
  return !name.empty() && name.size() <= 64 &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.-") == std::string::npos;
}

void take_old(Levels& levels, const std::string& name, const Json& value) {
  const auto level = level_text(value);
  if (!level) return;
  if (name == "root" || name == "python" || name == "core")
    levels.root = *level;
  else if (const auto container = levels.containers.find(name); container != levels.containers.end())
    container->second = *level;
  else if (is_service_name(name) && levels.services.size() < kMaxServices)
    levels.services[name] = *level;
}

}  // namespace

Levels levels_of(const Json& document) {
  const Json& logging = json_member(document, "logging");
  const Json& core = json_member(logging, "core");
  Levels levels{level_text(json_string(core, "root")).value_or("info"),
                level_texts_of(json_member(core, "services")),
                {}};
  for (const auto& [name, value] : json_member(logging, "containers").items())
    levels.containers[name] = level_text(value).value_or("info");
  // celld's own container has no level beside `core`; documents may have one that nothing reads.
  levels.containers.erase("api");
  return levels;
}

void set_levels(Json& document, const Levels& levels) {
  Json services = Json::object();
  for (const auto& [name, level] : levels.services) services[name] = level;
  document["logging"]["core"] = {{"root", levels.root}, {"services", std::move(services)}};
  document["logging"]["containers"] = levels.containers;
}

Result<Levels> changed_levels(const Levels& now, const Json& body, const std::set<std::string>& services) {
  return Reader(now, services).read(body);
}

Levels with_old_levels(const Levels& now, const Json& old) {
  Levels levels = now;
  for (const auto& [name, value] : old.items()) {
    if (!value.is_object()) {
      take_old(levels, name, value);
      continue;
    }
    for (const auto& [inner, level] : value.items()) {
      if (!level.is_object())
        take_old(levels, inner, level);
      else
        for (const auto& [service, own] : level.items()) take_old(levels, service, own);
    }
  }
  return levels;
}

}  // namespace cell::logs
