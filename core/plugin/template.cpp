#include "plugin/template.hpp"

namespace cell::plugin {

namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr std::string_view kValue = "value";

Error bad(std::string detail) { return Error{Code::invalid_argument, std::move(detail)}; }

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool is_name(std::string_view text) {
  return !text.empty() &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
             std::string_view::npos;
}

// "#accounts" of a line that is nothing but {{#accounts}}; empty for any other line.
std::string_view marker_of(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with(kOpen) || !line.ends_with(kClose) || line.size() < 6) return {};
  const std::string_view inside = line.substr(2, line.size() - 4);
  const bool is_marker = inside.front() == '#' || inside.front() == '^' || inside.front() == '/';
  return is_marker && is_name(inside.substr(1)) ? inside : std::string_view{};
}

void add_text(std::vector<Piece>& pieces, std::string_view text) {
  if (text.empty()) return;
  if (pieces.empty() || !pieces.back().name.empty()) pieces.push_back({});
  pieces.back().text += text;
}

Result<Piece> parse_placeholder(std::string_view inside) {
  const auto bar = inside.find('|');
  const std::string_view name = trimmed(inside.substr(0, bar));
  const std::string_view filter = bar == std::string_view::npos ? "line" : trimmed(inside.substr(bar + 1));
  if (!name.empty() && (name.front() == '#' || name.front() == '^' || name.front() == '/'))
    return bad("'{{" + std::string(name) + "}}' must stand on a line of its own");
  if (!is_name(name)) return bad("'{{" + std::string(inside) + "}}' names no value");
  if (!is_filter(filter)) return bad("there is no filter '" + std::string(filter) + "'");
  return Piece{{}, std::string(name), std::string(filter)};
}

Result<void> parse_line(std::string_view line, std::vector<Piece>& pieces) {
  while (!line.empty()) {
    const auto open = line.find(kOpen);
    add_text(pieces, line.substr(0, open));
    if (open == std::string_view::npos) return {};
    line.remove_prefix(open + kOpen.size());
    if (line.starts_with(kOpen)) {
      add_text(pieces, kOpen);
      line.remove_prefix(kOpen.size());
      continue;
    }
    const auto close = line.find(kClose);
    if (close == std::string_view::npos)
      return bad("'{{' has no '}}' on its line; write '{{{{' for two braces");
    pieces.push_back(CELL_TRY(parse_placeholder(line.substr(0, close))));
    line.remove_prefix(close + kClose.size());
  }
  return {};
}

Block begin_block(std::string_view marker) {
  const std::string name(marker.substr(1));
  if (name.find('.') == std::string::npos) return {Block::Kind::each, name, {}};
  return {marker.front() == '#' ? Block::Kind::when : Block::Kind::unless, name, {}};
}

Result<void> take_marker(std::string_view marker, Template& blocks) {
  const Block& current = blocks.back();
  const std::string name(marker.substr(1));
  if (marker.front() == '/') {
    if (current.kind == Block::Kind::once || current.name != name)
      return bad("'{{/" + name + "}}' ends a block that was not begun");
    blocks.push_back({});
    return {};
  }
  if (current.kind != Block::Kind::once) return bad("'{{#" + name + "}}' stands inside another block");
  if (marker.front() == '^' && name.find('.') == std::string::npos)
    return bad("'{{^" + name + "}}' can only be asked of an option");
  blocks.push_back(begin_block(marker));
  return {};
}

Result<void> append(const std::vector<Piece>& pieces, const Values& own, const Values& common,
                    std::string& text) {
  for (const Piece& piece : pieces) {
    if (piece.name.empty()) {
      text += piece.text;
      continue;
    }
    auto found = own.find(piece.name);
    if (found == own.end()) {
      found = common.find(piece.name);
      if (found == common.end()) return bad("there is no value '" + piece.name + "'");
    }
    text += CELL_TRY(apply_filter(piece.filter, piece.name, found->second));
  }
  return {};
}

bool is_true(const Filling& filling, const std::string& name) {
  const auto found = filling.values.find(name);
  return found != filling.values.end() && found->second.is_boolean() && found->second.get<bool>();
}

Result<void> append_block(const Block& block, const Filling& filling, std::string& text) {
  switch (block.kind) {
    case Block::Kind::once:
      return append(block.pieces, {}, filling.values, text);
    case Block::Kind::when:
    case Block::Kind::unless:
      if (is_true(filling, block.name) != (block.kind == Block::Kind::when)) return {};
      return append(block.pieces, {}, filling.values, text);
    case Block::Kind::each:
      break;
  }
  const auto list = filling.lists.find(block.name);
  if (list == filling.lists.end()) return bad("there is no list '" + block.name + "'");
  for (const Values& own : list->second) CELL_TRY(append(block.pieces, own, filling.values, text));
  return {};
}

}  // namespace

Result<Template> parse_template(std::string_view text) {
  Template blocks(1);
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
    text.remove_prefix(line.size());
    if (const auto marker = marker_of(line); !marker.empty())
      CELL_TRY(take_marker(marker, blocks));
    else
      CELL_TRY(parse_line(line, blocks.back().pieces));
  }
  if (blocks.back().kind != Block::Kind::once)
    return bad("the block '{{#" + blocks.back().name + "}}' does not end");
  std::size_t count = 0;
  bool has_typed = false;
  for (const Block& block : blocks) {
    count += block.pieces.size();
    for (const Piece& piece : block.pieces) has_typed = has_typed || piece.filter == kValue;
  }
  if (has_typed && (count != 1 || blocks.size() != 1)) return bad("a '|value' must be alone in its text");
  return blocks;
}

Result<Json> render(const Template& parsed, const Filling& filling) {
  if (parsed.size() == 1 && parsed[0].pieces.size() == 1 && parsed[0].pieces[0].filter == kValue) {
    const auto found = filling.values.find(parsed[0].pieces[0].name);
    if (found == filling.values.end()) return bad("there is no value '" + parsed[0].pieces[0].name + "'");
    return found->second;
  }
  std::string text;
  for (const Block& block : parsed) CELL_TRY(append_block(block, filling, text));
  return Json(std::move(text));
}

}  // namespace cell::plugin
