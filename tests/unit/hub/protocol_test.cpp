#include "hub/protocol.hpp"

#include <gtest/gtest.h>

#include "hub/frame.hpp"
#include "unit/hub/document_samples.hpp"

namespace cell::hub {
namespace {

TEST(Frame, IsCutOutOfAnyPieces) {
  const auto stream = *encode_frame("one") + *encode_frame("") + *encode_frame(std::string(300, 'x'));
  FrameReader reader;
  std::vector<std::string> frames;

  for (const char byte : stream) {
    reader.append({&byte, 1});
    while (auto frame = *reader.next()) frames.push_back(*frame);
  }

  EXPECT_EQ(frames, (std::vector<std::string>{"one", "", std::string(300, 'x')}));
  EXPECT_TRUE(reader.is_empty());
}

TEST(Frame, HasItsLengthInFrontBigEndian) { EXPECT_EQ(*encode_frame("abc"), std::string("\0\0\0\3abc", 7)); }

TEST(Frame, RefusesLengthsAboveTheLimit) {
  FrameReader reader;
  reader.append(std::string("\x02\x00\x00\x01", 4));
  EXPECT_EQ(reader.next().error().code, Code::too_large);

  EXPECT_EQ(encode_frame(std::string(kMaxFrame + 1, 'x')).error().code, Code::too_large);
}

TEST(Request, SurvivesText) {
  const std::vector<Request> requests{
      HelloRequest{}, StatusRequest{}, ApplyRequest{sample_document()},
      ChangePeersRequest{"0123456789abcdef", {sample_document().peers[1]}, {key_of(2)}}};
  for (const auto& request : requests) {
    const auto text = dump_json(to_json(request));
    const auto again = request_from_text(text);
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(again->index(), request.index());
    EXPECT_EQ(dump_json(to_json(*again)), text);
  }
}

TEST(Request, RefusesWhatIsNotOne) {
  for (const auto* text :
       {"", "null", "[]", "{}", R"({"op":"reboot"})", R"({"op":1})", R"({"op":"hello","x":1})",
        R"({"op":"apply"})", R"({"op":"change_peers","base_hash":"","upsert":{},"remove":[]})",
        R"({"op":"change_peers","base_hash":"","upsert":[],"remove":[1]})",
        R"({"op":"hello","op":"status"})"}) {
    EXPECT_FALSE(request_from_text(text).ok()) << text;
  }
}

TEST(Reply, CarriesResultOrError) {
  Error error{Code::conflict, "another document", "send the whole"};
  error.fields.push_back({"/peers/0", "wrong"});

  EXPECT_EQ(*result_from_text(dump_json(success({{"a", 1}}))), Json({{"a", 1}}));
  const auto failed = result_from_text(dump_json(failure(error)));

  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().code, Code::conflict);
  EXPECT_EQ(failed.error().message, "another document");
  EXPECT_EQ(failed.error().hint, "send the whole");
  EXPECT_EQ(failed.error().fields, error.fields);
  EXPECT_FALSE(result_from_text("[]").ok());
  EXPECT_FALSE(result_from_text("half").ok());
}

TEST(Client, IsUnavailableWithoutAnAgent) {
  const auto hub = connect_hub("/nonexistent/hubd.sock", std::chrono::milliseconds{100});

  EXPECT_EQ(hub->status().error().code, Code::unavailable);
}

}  // namespace
}  // namespace cell::hub
