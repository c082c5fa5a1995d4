#include <array>

#include "engine/workshop.hpp"

namespace cell::engine {

namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameField = 100;
constexpr std::size_t kPrefixField = 155;

using Header = std::array<char, kBlock>;

void put(Header& header, std::size_t at, std::string_view text) {
  std::copy(text.begin(), text.end(), header.begin() + static_cast<std::ptrdiff_t>(at));
}

// `digits` octal digits and the NUL that is there already.
void put_octal(Header& header, std::size_t at, std::size_t digits, std::uint64_t value) {
  for (std::size_t i = digits; i-- > 0; value /= 8)
    header[at + i] = static_cast<char>('0' + static_cast<char>(value % 8));
}

// The name in its two fields; false: it does not fit.
bool put_name(Header& header, const std::string& path) {
  if (path.size() <= kNameField) {
    put(header, 0, path);
    return true;
  }
  const std::size_t cut = path.rfind('/', kPrefixField);
  if (cut == std::string::npos || path.size() - cut - 1 > kNameField) return false;
  put(header, 345, std::string_view(path).substr(0, cut));
  put(header, 0, std::string_view(path).substr(cut + 1));
  return true;
}

Result<Header> header_of(const TarEntry& entry) {
  Header header{};
  if (!put_name(header, entry.path))
    return Error{Code::invalid_argument, "the path '" + entry.path + "' is too long for an archive"};
  put_octal(header, 100, 7, entry.mode);
  put_octal(header, 108, 7, 0);  // root, root
  put_octal(header, 116, 7, 0);
  put_octal(header, 124, 11, entry.is_directory ? 0 : entry.content.size());
  put_octal(header, 136, 11, 0);
  header[156] = entry.is_directory ? '5' : '0';
  put(header, 257,
      std::string_view("ustar\0"
                       "00",
                       8));
  put(header, 148, "        ");  // counts as blanks in its own sum
  std::uint64_t sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  put_octal(header, 148, 6, sum);
  header[154] = '\0';
  return header;
}

}  // namespace

Result<std::string> make_tar(const std::vector<TarEntry>& entries) {
  std::string tar;
  for (const TarEntry& entry : entries) {
    const Header header = CELL_TRY(header_of(entry));
    tar.append(header.data(), header.size());
    if (entry.is_directory) continue;
    tar += entry.content;
    tar.resize((tar.size() + kBlock - 1) / kBlock * kBlock, '\0');
  }
  tar.append(2 * kBlock, '\0');
  return tar;
}

}  // namespace cell::engine
