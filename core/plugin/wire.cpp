#include "plugin/wire.hpp"

#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

namespace cell::plugin::wire {

namespace {

// Takes `count` sent bytes off the front.
void advance(std::array<iovec, 3>& parts, std::size_t count) {
  for (iovec& part : parts) {
    const std::size_t taken = std::min(count, part.iov_len);
    part.iov_base = static_cast<char*>(part.iov_base) + taken;
    part.iov_len -= taken;
    count -= taken;
  }
}

// Until the socket can be written or read, or may be: the caller tries again.
bool wait_until(int fd, short events, Deadline deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  if (left.count() <= 0) return false;
  pollfd polled{fd, events, 0};
  const int limit = left > std::chrono::minutes(1) ? 60'000 : static_cast<int>(left.count()) + 1;
  return ::poll(&polled, 1, limit) >= 0 || errno == EINTR;
}

iovec part_of(std::string_view text) { return {const_cast<char*>(text.data()), text.size()}; }

}  // namespace

bool Reader::fill() {
  begin_ = end_ = 0;
  while (true) {
    const ssize_t count = ::recv(fd_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (count > 0) {
      end_ = static_cast<std::size_t>(count);
      return true;
    }
    if (count == 0 || (errno != EINTR && errno != EAGAIN)) return false;
    if (errno == EAGAIN && !wait_until(fd_, POLLIN, deadline_)) return false;
  }
}

bool Reader::take(char* to, std::size_t length) {
  while (length > 0) {
    if (begin_ == end_ && !fill()) return false;
    const std::size_t count = std::min(length, end_ - begin_);
    std::memcpy(to, buffer_.data() + begin_, count);
    begin_ += count;
    to += count;
    length -= count;
  }
  return true;
}

bool Reader::take_part(std::string& part, std::size_t length) {
  // Grows as the bytes come: the other side's word alone takes no memory.
  constexpr std::size_t kStep = 1024UL * 1024;
  part.clear();
  while (part.size() < length) {
    const std::size_t before = part.size();
    part.resize(std::min(length, before + kStep));
    if (!take(part.data() + before, part.size() - before)) return false;
  }
  return true;
}

bool Reader::next(Frame& frame) {
  if (!take(reinterpret_cast<char*>(&frame.head), sizeof frame.head)) return false;
  if (frame.head.first > kMaxPart || frame.head.second > kMaxPart) return false;
  return take_part(frame.first, frame.head.first) && take_part(frame.second, frame.head.second);
}

bool write_frame(int fd, Head head, std::string_view first, std::string_view second, Deadline deadline) {
  if (first.size() > kMaxPart || second.size() > kMaxPart) return false;
  head.first = static_cast<std::uint32_t>(first.size());
  head.second = static_cast<std::uint32_t>(second.size());
  std::array<iovec, 3> parts{iovec{&head, sizeof head}, part_of(first), part_of(second)};
  std::size_t left = sizeof head + first.size() + second.size();
  while (left > 0) {
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    const ssize_t count = ::sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count >= 0) {
      advance(parts, static_cast<std::size_t>(count));
      left -= static_cast<std::size_t>(count);
      continue;
    }
    if (errno == EINTR) continue;
    if (errno != EAGAIN || !wait_until(fd, POLLOUT, deadline)) return false;
  }
  return true;
}

}  // namespace cell::plugin::wire
