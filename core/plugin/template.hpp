#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

// Text with places for values, as declarative packages write it:
//
//   name = {{cell.name}}           a value; how it is put there is said by a filter: {{options.motd|json}}
//   {{#accounts}}                  a block, begun and ended by a line of its own: once for each account
//   {{account.login}}:x
//   {{/accounts}}
//   {{#options.tls}} … {{/options.tls}}   only if the option is true; {{^options.tls}} only if it is not
//   {{{{                           two braces
//
// A filter says what the value becomes part of, so that it cannot add a line or a directive of its own:
//   line   (without a filter) no control characters        text   line breaks and tabs as well
//   name   letters, digits, '.', '_', '-'                  field  no ':' either, for lines like those of
//   passwd ini    none of " \ # ; and no space at the ends        shell  one word, quoted with ' json   a
//   JSON value (YAML and TOML take it too)        xml    & < > " ' as entities url    percent-encoded value
//   the typed value itself; alone in its text
namespace cell::plugin {

struct Piece {
  std::string text;    // as it is, when `name` is empty
  std::string name;    // "options.motd"
  std::string filter;  // "line"
};

struct Block {
  enum class Kind { once, each, when, unless };
  Kind kind = Kind::once;
  std::string name;  // "accounts", "passwords" or "options.tls"
  std::vector<Piece> pieces;
};

using Template = std::vector<Block>;
using Values = std::map<std::string, Json, std::less<>>;

// What the templates of a manifest are filled with.
struct Filling {
  Values values;                                                  // "cell.name", "options.motd"
  std::map<std::string, std::vector<Values>, std::less<>> lists;  // by block: "accounts"
};

// Unknown filters, braces that do not end and blocks that do not are invalid_argument.
Result<Template> parse_template(std::string_view text);

// A string, or any value where the text is one {{…|value}}. A value that a filter refuses is
// invalid_argument with a pointer to it ("/options/motd").
Result<Json> render(const Template& parsed, const Filling& filling);

bool is_filter(std::string_view name);
// `name` is for the error.
Result<std::string> apply_filter(std::string_view filter, const std::string& name, const Json& value);

}  // namespace cell::plugin
