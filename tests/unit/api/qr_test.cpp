#include "api/qr.hpp"

#include <gtest/gtest.h>

namespace cell::api {
namespace {

TEST(Qr, DrawsWhatACameraNeeds) {
  const QrCode code = qr_code("A").value();
  EXPECT_EQ(code.width, 21u);
  EXPECT_TRUE(code.at(0, 0));  // corner of a finder pattern
  EXPECT_FALSE(code.at(1, 1));
  EXPECT_TRUE(code.at(3, 3));
  EXPECT_TRUE(qr_svg(code).starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 29 29\" "));
  EXPECT_NE(qr_svg(code).find("M4 4h7v1h-7z"), std::string::npos);

  const std::string png = qr_png(code, 1);
  EXPECT_EQ(png.substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(png.substr(12, 17), std::string("IHDR\0\0\0\x1d\0\0\0\x1d\x01\0\0\0\0", 17));
  EXPECT_EQ(png.substr(png.size() - 12), std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12));
}

TEST(Qr, TextThatNoCameraReadsIsTooLarge) {
  EXPECT_TRUE(qr_code(std::string(2300, '\xff')));
  EXPECT_EQ(qr_code(std::string(2301, 'a')).error().code, Code::too_large);
}

}  // namespace
}  // namespace cell::api
