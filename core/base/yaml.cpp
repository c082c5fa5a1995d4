#include "base/yaml.hpp"

#include <charconv>
#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace cell {

namespace {

constexpr std::size_t kMaxBytes = 1024 * 1024;
constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxNodes = 10'000;

// Leaves yaml-cpp's parser from inside a callback.
struct Refused {
  Error error;
};

[[noreturn]] void refuse(const YAML::Mark& mark, const std::string& why) {
  throw Refused{
      Error{Code::invalid_argument, "not valid YAML: line " + std::to_string(mark.line + 1) + ": " + why}};
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "0", "-17": no sign but minus, no leading zero (YAML 1.1 reads 010 as 8).
bool is_integer(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return all_digits(text) && (text.size() == 1 || text.front() != '0');
}

bool is_decimal(std::string_view text) {
  const auto dot = text.find('.');
  return dot != std::string_view::npos && is_integer(text.substr(0, dot)) && all_digits(text.substr(dot + 1));
}

template <class Number>
bool take_number(std::string_view text, Json& value) {
  Number number{};
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return false;
  value = number;
  return true;
}

// What YAML 1.2's JSON schema makes of a plain scalar; a number that does not fit stays text.
Json typed(const std::string& text) {
  if (text == "true") return true;
  if (text == "false") return false;
  Json number;
  if (is_integer(text) &&
      (take_number<std::int64_t>(text, number) || take_number<std::uint64_t>(text, number)))
    return number;
  if (is_decimal(text) && take_number<double>(text, number)) return number;
  return text;
}

// Builds our value from events. Working on events, not on nodes, is what keeps aliases from ever being
// expanded.
class StrictHandler final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) refuse(mark, "a second document begins here");
  }
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    refuse(mark, "anchors ('&') are not taken");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases ('*') are not taken");
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    check(mark, {}, anchor);
    if (wants_key()) refuse(mark, "a key is missing");
    add(nullptr);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    check(mark, tag, anchor);
    if (text.find('\0') != std::string::npos) refuse(mark, "a text holds the character U+0000");
    if (wants_key()) return take_key(mark, text);
    // "?" marks a plain scalar, "!" a quoted one.
    add(tag == "?" ? typed(text) : Json(text));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Json::array());
  }
  void OnSequenceEnd() override { stack_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Json::object());
  }
  void OnMapEnd() override { stack_.pop_back(); }

  Json take() { return std::move(root_); }

 private:
  struct Level {
    Json* value;
    std::optional<std::string> key;
  };

  void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) refuse(mark, "anchors ('&') are not taken");
    if (!tag.empty() && tag != "?" && tag != "!") refuse(mark, "the tag '" + tag + "' is not taken");
    if (++nodes_ > kMaxNodes) refuse(mark, "more than " + std::to_string(kMaxNodes) + " values");
  }
  [[nodiscard]] bool wants_key() const {
    return !stack_.empty() && stack_.back().value->is_object() && !stack_.back().key;
  }
  void take_key(const YAML::Mark& mark, const std::string& name) {
    if (name == "<<") refuse(mark, "merging ('<<') is not taken");
    if (stack_.back().value->contains(name)) refuse(mark, "the key '" + name + "' stands there twice");
    stack_.back().key = name;
  }
  Json* add(Json value) {
    if (stack_.empty()) return &(root_ = std::move(value));
    Level& level = stack_.back();
    if (level.value->is_array()) return &level.value->emplace_back(std::move(value));
    Json* added = &((*level.value)[*level.key] = std::move(value));
    level.key.reset();
    return added;
  }
  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Json container) {
    check(mark, tag, anchor);
    if (wants_key()) refuse(mark, "a key must be text");
    if (stack_.size() >= kMaxDepth)
      refuse(mark, "nested deeper than " + std::to_string(kMaxDepth) + " levels");
    stack_.push_back({add(std::move(container)), {}});
  }

  Json root_;
  std::vector<Level> stack_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

bool is_utf8(std::string_view text) {
  try {
    (void)Json(text).dump();
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

}  // namespace

Result<Json> parse_yaml(std::string_view text) {
  if (text.size() > kMaxBytes) return Error{Code::too_large, "the YAML document is too large"};
  if (!is_utf8(text)) return Error{Code::invalid_argument, "not valid YAML: the text is not UTF-8"};
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    StrictHandler handler;
    if (!parser.HandleNextDocument(handler))
      return Error{Code::invalid_argument, "not valid YAML: it is empty"};
    while (parser.HandleNextDocument(handler)) {
    }
    return handler.take();
  } catch (const Refused& refused) {
    return refused.error;
  } catch (const YAML::Exception& e) {
    return Error{Code::invalid_argument,
                 "not valid YAML: line " + std::to_string(e.mark.line + 1) + ": " + e.msg};
  } catch (const std::exception& e) {
    return Error{Code::invalid_argument, std::string("not valid YAML: ") + e.what()};
  }
}

}  // namespace cell
