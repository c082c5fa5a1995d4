#include "plugin/template_check.hpp"

#include "plugin/options.hpp"

namespace cell::plugin {

namespace {

// The names that templates of one manifest may use.
struct Known {
  std::set<std::string> names{"cell.name",  "cell.domain",   "cell.timezone",  "cell.language",
                              "service.id", "service.label", "service.version"};
  std::set<std::string> flags;    // options that are true or false
  std::set<std::string> lists;    // options that only |json and |value can write
  std::set<std::string> maybe;    // options that may be missing
  std::set<std::string> secrets;  // names whose value must not be shown
  bool has_accounts = false;
};

const std::set<std::string> kAccountNames{"account.person_id", "account.login", "account.name",
                                          "account.quota_mb"};
constexpr const char* kPassword = "account.password";

void add_options(const Manifest& manifest, Known& known) {
  const Json& required = json_member(manifest.options, "required");
  for (const auto& [name, schema] : json_member(manifest.options, "properties").items()) {
    const std::string full = "options." + name;
    known.names.insert(full);
    const std::string type = json_string(schema, "type");
    if (type == "boolean") known.flags.insert(full);
    if (type == "array" || type == "object") known.lists.insert(full);
    const bool is_required = std::find(required.begin(), required.end(), Json(name)) != required.end();
    if (!is_required && !schema.contains("default")) known.maybe.insert(full);
    if (is_secret_option(manifest, name)) known.secrets.insert(full);
  }
}

Known known_of(const Manifest& manifest) {
  Known known;
  add_options(manifest, known);
  for (const SecretWish& secret : manifest.secrets) {
    for (const std::string& name : secret_names(secret)) known.names.insert("secrets." + name);
    known.secrets.insert("secrets." + secret.name);
  }
  known.has_accounts = manifest.accounts.has_value();
  return known;
}

class Checker {
 public:
  explicit Checker(const Manifest& manifest) : known_(known_of(manifest)) {}

  Result<void> check(const Json& value, const std::string& pointer, const Json* parent) const {
    if (value.is_string()) return check_text(value.get_ref<const std::string&>(), pointer, parent);
    if (value.is_array()) {
      for (std::size_t i = 0; i < value.size(); ++i)
        CELL_TRY(check(value[i], pointer_append(pointer, std::to_string(i)), nullptr));
    }
    if (!value.is_object()) return {};
    for (const auto& [name, item] : value.items()) {
      if (name.find("{{") != std::string::npos)
        return field_error(pointer_append(pointer, name), "a name cannot hold '{{'");
      CELL_TRY(check(item, pointer_append(pointer, name), &value));
    }
    return {};
  }

 private:
  Result<void> check_text(const std::string& text, const std::string& pointer, const Json* parent) const {
    const auto parsed = parse_template(text);
    if (!parsed) return field_error(pointer, parsed.error().message);
    for (const Block& block : *parsed) {
      if (auto problem = block_problem(block)) return field_error(pointer, *problem);
      for (const Piece& piece : block.pieces) {
        if (piece.name.empty()) continue;
        if (auto problem = piece_problem(block, piece)) return field_error(pointer, *problem);
        if (is_secret(piece.name) && is_open_file(pointer, parent))
          return field_error(pointer, "holds a secret ('" + piece.name + "'): the file needs 'secret: true'");
      }
    }
    return {};
  }

  [[nodiscard]] std::optional<std::string> block_problem(const Block& block) const {
    switch (block.kind) {
      case Block::Kind::once:
        return {};
      case Block::Kind::each:
        if (block.name != "accounts" && block.name != "passwords")
          return "there is no list '" + block.name + "'; there are 'accounts' and 'passwords'";
        if (!known_.has_accounts) return "the manifest has no 'accounts'";
        return {};
      case Block::Kind::when:
      case Block::Kind::unless:
        if (!known_.flags.contains(block.name))
          return "'" + block.name + "' is no option that is true or false";
        return {};
    }
    return {};
  }

  [[nodiscard]] std::optional<std::string> piece_problem(const Block& block, const Piece& piece) const {
    const bool in_list = block.kind == Block::Kind::each;
    if (kAccountNames.contains(piece.name)) {
      if (in_list) return {};
      return "'" + piece.name + "' needs a block '{{#accounts}}' or '{{#passwords}}' around it";
    }
    if (piece.name == kPassword) {
      if (in_list && block.name == "passwords") return {};
      return "'" + piece.name + "' needs a block '{{#passwords}}' around it";
    }
    if (!known_.names.contains(piece.name)) return "there is no value '" + piece.name + "'";
    const bool structured = piece.filter == "json" || piece.filter == "value";
    if (known_.lists.contains(piece.name) && !structured)
      return "'" + piece.name + "' is a list, which only '|json' can write";
    if (known_.maybe.contains(piece.name) && structured)
      return "'" + piece.name + "' may be missing: give the option a default or require it";
    return {};
  }

  [[nodiscard]] bool is_secret(const std::string& name) const {
    return name == kPassword || known_.secrets.contains(name);
  }

  static bool is_open_file(const std::string& pointer, const Json* parent) {
    return parent != nullptr && pointer.ends_with("/content") && parent->contains("path") &&
           !json_bool(*parent, "secret");
  }

  Known known_;
};

void add_members(const Json& object, const std::string& prefix, Values& values) {
  for (const auto& [name, value] : object.items()) values[prefix + name] = value;
}

void add_accounts(const Json& accounts, Filling& filling) {
  auto& people = filling.lists["accounts"];
  auto& passwords = filling.lists["passwords"];
  for (const Json& account : accounts) {
    if (!account.is_object()) continue;
    Values own;
    for (const char* name : {"person_id", "login", "name", "quota_mb"})
      own[std::string("account.") + name] = account.value(name, Json());
    people.push_back(own);
    for (const Json& password : json_member(account, "passwords")) {
      own[kPassword] = password;
      passwords.push_back(own);
    }
  }
}

}  // namespace

Result<void> check_templates(const Manifest& manifest) {
  return Checker(manifest).check(manifest.contributions, "/contributions", nullptr);
}

Filling filling_of(const Manifest& manifest, const Json& config) {
  Filling filling;
  // What may be missing is written as nothing.
  for (const auto& [name, schema] : json_member(manifest.options, "properties").items())
    filling.values["options." + name] = schema.value("default", Json());
  add_members(json_member(config, "options"), "options.", filling.values);
  for (const char* name : {"name", "domain", "timezone", "language"})
    filling.values[std::string("cell.") + name] = "";
  add_members(json_member(config, "cell"), "cell.", filling.values);
  add_members(json_member(config, "secrets"), "secrets.", filling.values);
  filling.values["service.id"] = manifest.id;
  filling.values["service.label"] = manifest.label;
  filling.values["service.version"] = manifest.version;
  add_accounts(json_member(config, "accounts"), filling);
  return filling;
}

}  // namespace cell::plugin
