#include "base/error.hpp"

#include <cerrno>
#include <system_error>

namespace cell {

std::string_view to_string(Code code) noexcept {
  switch (code) {
    case Code::invalid_argument:
      return "invalid_argument";
    case Code::unauthenticated:
      return "unauthenticated";
    case Code::forbidden:
      return "forbidden";
    case Code::not_found:
      return "not_found";
    case Code::conflict:
      return "conflict";
    case Code::gone:
      return "gone";
    case Code::precondition_failed:
      return "precondition_failed";
    case Code::too_large:
      return "too_large";
    case Code::rate_limited:
      return "rate_limited";
    case Code::setup_required:
      return "setup_required";
    case Code::unsupported:
      return "unsupported";
    case Code::unavailable:
      return "unavailable";
    case Code::timeout:
      return "timeout";
    case Code::cancelled:
      return "cancelled";
    case Code::internal:
      return "internal";
  }
  return "internal";
}

Error Error::within(std::string_view doing) && {
  message = std::string(doing) + ": " + message;
  return std::move(*this);
}

Error field_error(std::string pointer, std::string detail, std::string hint) {
  Error error{Code::invalid_argument, detail, std::move(hint)};
  error.fields.push_back({std::move(pointer), std::move(detail)});
  return error;
}

namespace {

Code code_of_errno(int error_number) {
  switch (error_number) {
    case ENOENT:
    case ENOTDIR:
      return Code::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
      return Code::forbidden;
    case EEXIST:
      return Code::conflict;
    case ETIMEDOUT:
      return Code::timeout;
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case EAGAIN:
    case ECONNREFUSED:
    case ECONNRESET:
    case EPIPE:
    case ENETUNREACH:
    case EHOSTUNREACH:
      return Code::unavailable;
    default:
      return Code::internal;
  }
}

std::string hint_of_errno(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "free some disk space and try again";
    case EROFS:
      return "the file system is mounted read-only; check the disk";
    case EMFILE:
    case ENFILE:
      return "raise the limit of open files (ulimit -n)";
    default:
      return {};
  }
}

}  // namespace

Error from_errno(int error_number, std::string_view doing) {
  const std::string reason = std::generic_category().message(error_number);
  return Error{code_of_errno(error_number), std::string(doing) + ": " + reason, hint_of_errno(error_number)};
}

}  // namespace cell
