#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cell/result.hpp"

// Text of options and of people, made fit for a generated file. Each function either gives text that the
// reader of the file takes for one value, or refuses; none of them drops or replaces anything silently.
namespace cell::sdk {

// [any] Well-formed UTF-8 without overlong forms and surrogates.
bool is_utf8(std::string_view text) noexcept;

// [any] UTF-8 without control characters and without the line separators of Unicode: text that stays on the
// line it is written to, whoever splits the file into lines.
bool is_line(std::string_view text) noexcept;

// [any] A DNS name: labels of letters, digits and inner hyphens, at most 253 bytes, no dot at the end.
bool is_host_name(std::string_view text) noexcept;

// [any] `text` itself if is_line(), else invalid_argument that calls it `name`.
Result<std::string> line(std::string_view text, std::string_view name);

// [any] `text` itself if it means just itself after `key = ` in an INI file, whichever reader: a line that is
// not empty, has no blank at either end, no quote at its beginning, and no "#", ";" or "%" that a reader may
// take for a remark or an interpolation. Else invalid_argument that calls it `name`.
Result<std::string> ini_value(std::string_view text, std::string_view name);

// [any] One word of a POSIX shell, in single quotes: it's → 'it'\''s'. invalid_argument for a NUL.
Result<std::string> shell_word(std::string_view text);

// [any] A string of JSON with its quotes; also one of YAML 1.2 and of TOML.
std::string json_text(std::string_view text);

// [any] In double quotes, with a backslash before each quote and backslash, as Dovecot, nginx and many
// others read it. invalid_argument for what is not a line.
Result<std::string> double_quoted(std::string_view text);

// [any] For the text and the attribute values of HTML and XML: & < > " ' are escaped. Control characters that
// XML cannot hold are invalid_argument.
Result<std::string> markup_text(std::string_view text);

// [any] One segment of a URL's path: everything but A–Z a–z 0–9 - . _ ~ as %XX.
std::string url_segment(std::string_view text);

// [any] Without the blanks at its ends. A view of `text`.
std::string_view trimmed(std::string_view text) noexcept;

// [any] What stands between the separators, trimmed and without empty parts: "a, b,," → {"a", "b"}.
std::vector<std::string> split_list(std::string_view text, char separator);

}  // namespace cell::sdk
