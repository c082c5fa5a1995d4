#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cell::api {

// A QR code as dark and light modules, without the quiet zone around it.
struct QrCode {
  std::size_t width = 0;
  std::vector<bool> dark;  // row by row
  [[nodiscard]] bool at(std::size_t x, std::size_t y) const { return dark[y * width + x]; }
};

// too_large above 2,300 bytes, which no camera of a phone would read.
Result<QrCode> qr_code(std::string_view text);

// With a quiet zone of four modules, black on white (ISO/IEC 18004 §6.3.8).
std::string qr_svg(const QrCode& code);
// `scale` pixels a module; grey scale of one bit (PNG, ISO/IEC 15948).
std::string qr_png(const QrCode& code, std::size_t scale = 8);

}  // namespace cell::api
