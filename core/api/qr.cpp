#include "api/qr.hpp"

#include <cerrno>
#include <cstdint>
#include <memory>

#include <qrencode.h>
#include <zlib.h>

namespace cell::api {

namespace {

constexpr std::size_t kQuiet = 4;
constexpr std::size_t kMaxText = 2300;  // level M holds 2,331 bytes

struct FreeCode {
  void operator()(QRcode* code) const noexcept { QRcode_free(code); }
};

std::string big_endian(std::uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>((value >> shift) & 0xFFU);
  return bytes;
}

std::string chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(static_cast<std::uint32_t>(data.size())) + body +
         big_endian(static_cast<std::uint32_t>(sum));
}

std::string compressed(const std::string& data) {
  uLongf length = compressBound(static_cast<uLong>(data.size()));
  std::string packed(length, '\0');
  compress2(reinterpret_cast<Bytef*>(packed.data()), &length, reinterpret_cast<const Bytef*>(data.data()),
            static_cast<uLong>(data.size()), Z_BEST_COMPRESSION);
  packed.resize(length);
  return packed;
}

// One row of pixels, preceded by its filter type 0; a set bit is white.
std::string pixel_row(const QrCode& code, std::size_t y, std::size_t scale) {
  const std::size_t pixels = (code.width + 2 * kQuiet) * scale;
  std::string row(1 + (pixels + 7) / 8, '\0');
  for (std::size_t x = 0; x < pixels; ++x) {
    const std::size_t column = x / scale;
    const bool inside =
        column >= kQuiet && column < code.width + kQuiet && y >= kQuiet && y < code.width + kQuiet;
    if (inside && code.at(column - kQuiet, y - kQuiet)) continue;
    auto& byte = row[1 + x / 8];
    byte = static_cast<char>(static_cast<unsigned char>(byte) | (0x80U >> (x % 8)));
  }
  return row;
}

}  // namespace

Result<QrCode> qr_code(std::string_view text) {
  const Error too_long{Code::too_large, "the text is too long for a QR code", "download it instead"};
  if (text.size() > kMaxText) return too_long;
  const std::unique_ptr<QRcode, FreeCode> made(QRcode_encodeData(
      static_cast<int>(text.size()), reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (!made) return errno == ERANGE ? too_long : from_errno(errno, "cannot make a QR code");
  QrCode code;
  code.width = static_cast<std::size_t>(made->width);
  code.dark.resize(code.width * code.width);
  for (std::size_t i = 0; i < code.dark.size(); ++i) code.dark[i] = (made->data[i] & 1U) != 0;
  return code;
}

std::string qr_svg(const QrCode& code) {
  const std::string size = std::to_string(code.width + 2 * kQuiet);
  std::string path;
  for (std::size_t y = 0; y < code.width; ++y) {
    for (std::size_t x = 0; x < code.width;) {
      if (!code.at(x, y)) {
        ++x;
        continue;
      }
      std::size_t end = x;
      while (end < code.width && code.at(end, y)) ++end;
      const std::string run = std::to_string(end - x);
      path += "M" + std::to_string(x + kQuiet) + " " + std::to_string(y + kQuiet) + "h" + run + "v1h-" + run +
              "z";
      x = end;
    }
  }
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size + " " + size +
         "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h" + size + "v" + size + "h-" + size +
         "z\"/><path fill=\"#000\" d=\"" + path + "\"/></svg>\n";
}

std::string qr_png(const QrCode& code, std::size_t scale) {
  const std::size_t modules = code.width + 2 * kQuiet;
  std::string rows;
  for (std::size_t y = 0; y < modules; ++y) {
    const std::string row = pixel_row(code, y, scale);
    for (std::size_t i = 0; i < scale; ++i) rows += row;
  }
  const std::string side = big_endian(static_cast<std::uint32_t>(modules * scale));
  const std::string header =
      side + side + std::string("\x01\x00\x00\x00\x00", 5);  // 1 bit, grey scale, no interlace
  return "\x89PNG\r\n\x1a\n" + chunk("IHDR", header) + chunk("IDAT", compressed(rows)) + chunk("IEND", "");
}

}  // namespace cell::api
