#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cell::settings {

// Code points of `text`; nothing when it is not UTF-8 (RFC 3629: no overlong forms, no surrogates).
std::optional<std::u32string> decode_utf8(std::string_view text);

// C0, DEL, C1 and the line and paragraph separators: they would break a line of a log or of a rendered file.
bool is_control(char32_t point);

// Marks that reorder or hide text (U+202E and its kin), so that a name could look like another.
bool is_bidirectional_mark(char32_t point);

bool is_blank(char32_t point);

// ASCII letters only; other bytes stay as they are.
std::string lower_ascii(std::string_view text);

}  // namespace cell::settings
