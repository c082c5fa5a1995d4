#include "cell/log.hpp"

#include <string>

#include "documents.hpp"

namespace cell::sdk {

using detail::bytes_of;

void Log::write(int level, std::string_view message, const Json& fields) const {
  if (host_ == nullptr || !CELL_HAS(host_, cell_host, log) || host_->log == nullptr) return;
  const std::string text = fields.is_object() && !fields.empty() ? dump_json(fields) : std::string();
  host_->log(host_->context, level, bytes_of(message), bytes_of(text));
}

void Log::debug(std::string_view message, const Json& fields) const {
  write(CELL_LOG_DEBUG, message, fields);
}
void Log::info(std::string_view message, const Json& fields) const { write(CELL_LOG_INFO, message, fields); }
void Log::warn(std::string_view message, const Json& fields) const { write(CELL_LOG_WARN, message, fields); }
void Log::error(std::string_view message, const Json& fields) const {
  write(CELL_LOG_ERROR, message, fields);
}

}  // namespace cell::sdk
