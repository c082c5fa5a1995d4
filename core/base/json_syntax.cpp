#include "base/json_syntax.hpp"

namespace cell {

namespace {

class SyntaxReader final : public nlohmann::json_sax<Json> {
 public:
  explicit SyntaxReader(std::size_t max_depth) : max_depth_(max_depth) {}

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t& text) override {
    // An integer arrives here only when 64 bits do not hold it.
    if (text.find_first_of(".eE") != std::string::npos) return true;
    return fail(json_syntax_error("the number " + text.substr(0, kShown) + " is too large"));
  }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return false; }
  bool key(string_t&) override { return true; }
  bool start_object(std::size_t) override { return enter(); }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override { return leave(); }
  bool parse_error(std::size_t position, const std::string& token, const Json::exception& problem) override {
    constexpr int kNumberOverflow = 406;
    if (problem.id == kNumberOverflow)
      return fail(json_syntax_error("the number " + token.substr(0, kShown) + " is too large"));
    return fail(json_syntax_error("it is cut off, not UTF-8, or holds an unexpected character at byte " +
                                  std::to_string(position)));
  }

  Error take_error() { return std::move(error_); }

 private:
  static constexpr std::size_t kShown = 40;

  bool fail(Error error) {
    error_ = std::move(error);
    return false;
  }
  bool enter() {
    if (++depth_ <= max_depth_) return true;
    return fail(Error{Code::invalid_argument, "the JSON document is nested too deeply",
                      "at most " + std::to_string(max_depth_) + " levels are taken"});
  }
  bool leave() {
    --depth_;
    return true;
  }

  std::size_t max_depth_;
  std::size_t depth_ = 0;
  Error error_;
};

}  // namespace

Error json_syntax_error(const std::string& detail) {
  return Error{Code::invalid_argument, "not valid JSON: " + detail,
               "send one JSON document in UTF-8 (RFC 8259)"};
}

Result<void> check_json_syntax(std::string_view text, const JsonLimits& limits) {
  // nlohmann's reader skips it, Poco's does not know it.
  if (text.starts_with("\xEF\xBB\xBF")) return json_syntax_error("it begins with a byte order mark");
  SyntaxReader reader(limits.max_depth);
  if (Json::sax_parse(text.begin(), text.end(), &reader)) return {};
  return reader.take_error();
}

}  // namespace cell
