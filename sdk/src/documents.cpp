#include "documents.hpp"

#include <new>

namespace cell::sdk::detail {

cell_bytes bytes_of(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view view_of(cell_bytes bytes) noexcept {
  if (bytes.data == nullptr) return {};
  return {reinterpret_cast<const char*>(bytes.data), static_cast<std::size_t>(bytes.length)};
}

cell_status StringSink::append(void* context, const std::uint8_t* data, std::uint64_t length) noexcept {
  auto* self = static_cast<StringSink*>(context);
  if (length > self->limit_ - self->text_.size()) return CELL_BAD_SINK;
  try {
    self->text_.append(view_of({data, length}));
  } catch (const std::bad_alloc&) {
    return CELL_BAD_SINK;
  }
  return CELL_OK;
}

std::string error_document(const Error& error) {
  Json document = {{"code", to_string(error.code)}, {"message", error.message}};
  if (!error.hint.empty()) document["hint"] = error.hint;
  for (const FieldError& field : error.fields)
    document["fields"].push_back({{"pointer", field.pointer}, {"detail", field.detail}});
  return dump_json(document);
}

namespace {

std::string text_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

Error error_of(std::string_view document) {
  const auto parsed = parse_json(document);
  if (!parsed || !parsed->is_object())
    return {.code = Code::internal, .message = "the other side failed without an error document"};
  Error error{.code = code_of(text_of(*parsed, "code")),
              .message = text_of(*parsed, "message"),
              .hint = text_of(*parsed, "hint")};
  const auto fields = parsed->find("fields");
  if (fields == parsed->end() || !fields->is_array()) return error;
  for (const Json& field : *fields) {
    if (field.is_object()) error.fields.push_back({text_of(field, "pointer"), text_of(field, "detail")});
  }
  return error;
}

}  // namespace cell::sdk::detail
