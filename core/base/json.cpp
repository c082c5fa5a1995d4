#include "base/json.hpp"

#include <cmath>
#include <limits>

#include <Poco/JSON/Handler.h>
#include <Poco/JSON/JSONException.h>
#include <Poco/JSON/Parser.h>

#include "base/json_syntax.hpp"

namespace cell {

namespace {

// Leaves Poco's parser from inside a callback.
struct Refused {
  Error error;
};

// Builds our value from Poco's parser events and refuses what Poco lets through: repeated names, NUL in
// strings, numbers that overflow, too many values.
class StrictHandler final : public Poco::JSON::Handler {
 public:
  explicit StrictHandler(const JsonLimits& limits) : limits_(limits) {}

  void reset() override {}
  void startObject() override { open(Json::object()); }
  void endObject() override { stack_.pop_back(); }
  void startArray() override { open(Json::array()); }
  void endArray() override { stack_.pop_back(); }
  void key(const std::string& name) override {
    stack_.back().key = name;
    if (stack_.back().value->contains(name)) refuse("member '" + name + "' stands there twice");
  }
  void null() override { add(nullptr); }
  void value(int number) override { add(number); }
  void value(unsigned number) override { add(number); }
#if defined(POCO_HAVE_INT64)
  void value(Poco::Int64 number) override { add(static_cast<std::int64_t>(number)); }
  void value(Poco::UInt64 number) override { add(static_cast<std::uint64_t>(number)); }
#endif
  void value(const std::string& text) override { add(text); }
  void value(double number) override {
    if (!std::isfinite(number)) refuse("a number is too large");
    add(number);
  }
  void value(bool flag) override { add(flag); }

  Json take() { return std::move(root_); }

 private:
  struct Level {
    Json* value;
    std::string key;
  };

  std::string where() const {
    std::string pointer;
    for (const Level& level : stack_) {
      // A container stands in its parent already when something inside it is refused; a plain value does not
      // yet.
      const bool innermost = &level == &stack_.back();
      if (level.value->is_array())
        pointer += "/" + std::to_string(level.value->size() - (innermost ? 0 : 1));
      else
        pointer = pointer_append(pointer, level.key);
    }
    return pointer;
  }
  [[noreturn]] void refuse(const std::string& detail) const { throw Refused{field_error(where(), detail)}; }

  Json* add(Json value) {
    if (++count_ > limits_.max_values)
      throw Refused{Error{Code::too_large, "the JSON document has too many values"}};
    if (stack_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    Json& parent = *stack_.back().value;
    if (parent.is_array()) return &parent.emplace_back(std::move(value));
    return &(parent[stack_.back().key] = std::move(value));
  }
  void open(Json container) {
    if (stack_.size() >= limits_.max_depth) {
      throw Refused{Error{Code::invalid_argument, "the JSON document is nested too deeply",
                          "at most " + std::to_string(limits_.max_depth) + " levels are taken"}};
    }
    Json* added = add(std::move(container));
    stack_.push_back({added, {}});
  }

  JsonLimits limits_;
  Json root_;
  std::vector<Level> stack_;
  std::size_t count_ = 0;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Poco's parser takes only objects and arrays at the top; a scalar is parsed inside an array.
Result<Json> parse_with(std::string text, const JsonLimits& limits) {
  Poco::SharedPtr<StrictHandler> handler(new StrictHandler(limits));
  try {
    Poco::JSON::Parser parser(handler);
    parser.setAllowComments(false);
    // Here, not in the handler: Poco hands names over cut at the NUL.
    parser.setAllowNullByte(false);
    parser.setDepth(limits.max_depth + 2);
    parser.parse(text);
    return handler->take();
  } catch (const Refused& refused) {
    return refused.error;
  } catch (const Poco::Exception& e) {
    if (e.message().starts_with("Null bytes"))
      return json_syntax_error("a string holds the character U+0000");
    return json_syntax_error(
        e.message().empty() ? std::string("it is cut off or holds an unexpected character") : e.message());
  } catch (const std::exception& e) {
    return json_syntax_error(e.what());
  }
}

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) return Error{Code::too_large, "the JSON document is too large"};
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  if (text.empty()) return json_syntax_error("it is empty");
  CELL_TRY(check_json_syntax(text, limits));
  if (text.front() == '{' || text.front() == '[') return parse_with(std::string(text), limits);
  Json wrapped = CELL_TRY(parse_with("[" + std::string(text) + "]", limits));
  return std::move(wrapped.front());
}

std::string dump_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string dump_json_pretty(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string pointer_append(std::string_view pointer, std::string_view token) {
  std::string result(pointer);
  result += '/';
  for (const char c : token) {
    if (c == '~')
      result += "~0";
    else if (c == '/')
      result += "~1";
    else
      result += c;
  }
  return result;
}

namespace {

const Json* member(const Json& object, std::string_view key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

}  // namespace

std::string json_string(const Json& object, std::string_view key, std::string_view fallback) {
  const Json* found = member(object, key);
  return found != nullptr && found->is_string() ? found->get<std::string>() : std::string(fallback);
}

std::int64_t json_int(const Json& object, std::string_view key, std::int64_t fallback) {
  const Json* found = member(object, key);
  return found != nullptr && found->is_number_integer() ? found->get<std::int64_t>() : fallback;
}

double json_number(const Json& object, std::string_view key, double fallback) {
  const Json* found = member(object, key);
  return found != nullptr && found->is_number() ? found->get<double>() : fallback;
}

bool json_bool(const Json& object, std::string_view key, bool fallback) {
  const Json* found = member(object, key);
  return found != nullptr && found->is_boolean() ? found->get<bool>() : fallback;
}

const Json& json_member(const Json& object, std::string_view key) {
  static const Json kEmpty;
  const Json* found = member(object, key);
  return found != nullptr && found->is_structured() ? *found : kEmpty;
}

}  // namespace cell
