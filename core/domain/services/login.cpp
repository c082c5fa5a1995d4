#include "domain/services/accounts.hpp"
#include "domain/settings/text.hpp"

namespace cell::services {

namespace {

constexpr std::size_t kMaxLogin = 32;

// Latin letters without their marks (ISO 8859-1 and the commonest of Latin Extended-A); empty: none.
std::string_view plain(char32_t point) {
  static const std::map<char32_t, std::string_view> kLetters{
      {U'à', "a"}, {U'á', "a"},  {U'â', "a"},  {U'ã', "a"}, {U'ä', "a"}, {U'å', "a"}, {U'æ', "ae"},
      {U'ç', "c"}, {U'è', "e"},  {U'é', "e"},  {U'ê', "e"}, {U'ë', "e"}, {U'ì', "i"}, {U'í', "i"},
      {U'î', "i"}, {U'ï', "i"},  {U'ð', "d"},  {U'ñ', "n"}, {U'ò', "o"}, {U'ó', "o"}, {U'ô', "o"},
      {U'õ', "o"}, {U'ö', "o"},  {U'ø', "o"},  {U'ù', "u"}, {U'ú', "u"}, {U'û', "u"}, {U'ü', "u"},
      {U'ý', "y"}, {U'þ', "th"}, {U'ß', "ss"}, {U'ÿ', "y"}, {U'ą', "a"}, {U'ć', "c"}, {U'č', "c"},
      {U'ď', "d"}, {U'ę', "e"},  {U'ě', "e"},  {U'ğ', "g"}, {U'ı', "i"}, {U'ł', "l"}, {U'ń', "n"},
      {U'ň', "n"}, {U'ő', "o"},  {U'œ', "oe"}, {U'ř', "r"}, {U'ś', "s"}, {U'ş', "s"}, {U'š', "s"},
      {U'ť', "t"}, {U'ů', "u"},  {U'ű', "u"},  {U'ź', "z"}, {U'ż', "z"}, {U'ž', "z"}};
  const auto found = kLetters.find(point);
  return found == kLetters.end() ? std::string_view() : found->second;
}

char32_t lower(char32_t point) {
  if (point >= U'A' && point <= U'Z') return point + 32;
  if (point >= 0xC0 && point <= 0xDE && point != 0xD7) return point + 32;
  // In Latin Extended-A capitals and small letters alternate, up to U+0137 and from U+014A even ones first.
  if (point >= 0x100 && point <= 0x17F) {
    const bool odd_first = (point >= 0x139 && point <= 0x148) || (point >= 0x179 && point <= 0x17E);
    if (odd_first == (point % 2 == 1)) return point + 1;
  }
  return point;
}

}  // namespace

std::string login_from(const std::string& name) {
  std::string login;
  bool gap = false;
  for (const char32_t raw : settings::decode_utf8(name).value_or(std::u32string())) {
    const char32_t point = lower(raw);
    std::string letters;
    if ((point >= U'a' && point <= U'z') || (point >= U'0' && point <= U'9'))
      letters = std::string(1, static_cast<char>(point));
    else
      letters = std::string(plain(point));
    if (letters.empty()) {
      gap = !login.empty();
      continue;
    }
    if (gap) login += '-';
    gap = false;
    login += letters;
  }
  if (login.size() > kMaxLogin) login.resize(kMaxLogin);
  while (login.ends_with('-')) login.pop_back();
  // A login begins with a letter: a number could be taken for an id.
  if (login.empty() || (login.front() >= '0' && login.front() <= '9'))
    login = login.empty() ? "person" : "p" + login;
  return login;
}

}  // namespace cell::services
