#include "http/stream_writer.hpp"

#include <cerrno>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cell::http {

namespace {

using Chunk = std::shared_ptr<const std::string>;

}  // namespace

std::string encode_event(std::string_view event, std::string_view data, std::string_view id) {
  const auto one_line = [](std::string_view text) {
    std::string clean(text);
    std::erase_if(clean, [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
    return clean;
  };
  std::string text;
  text.reserve(event.size() + data.size() + id.size() + 32);
  if (!id.empty()) text += "id: " + one_line(id) + "\n";
  if (!event.empty()) text += "event: " + one_line(event) + "\n";
  do {
    const auto end = std::min(data.find('\n'), data.size());
    std::string_view line = data.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    text += "data: ";
    text += line;
    text += '\n';
    data.remove_prefix(std::min(data.size(), end + 1));
  } while (!data.empty());
  text += '\n';
  return text;
}

struct StreamWriter::Impl {
  class Stream;
  std::size_t max_queue_bytes = 0;
  Descriptor epoll{::epoll_create1(EPOLL_CLOEXEC)};
  Descriptor wake{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
  std::mutex mutex;
  std::unordered_map<int, std::shared_ptr<Stream>> streams;  // by descriptor
  std::vector<std::shared_ptr<Stream>> ready;
  std::atomic<std::size_t> count = 0;
  std::atomic<bool> stopping = false;
  std::jthread thread;

  void schedule(std::shared_ptr<Stream> stream);
  void work();
  void serve(const std::shared_ptr<Stream>& stream);
  void drop(const std::shared_ptr<Stream>& stream);
  void signal() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(wake.get(), &one, sizeof one);
  }
};

class StreamWriter::Impl::Stream final : public EventStream, public std::enable_shared_from_this<Stream> {
 public:
  Stream(Impl& owner, Descriptor socket, std::function<void()> on_close)
      : owner_(owner), socket_(std::move(socket)), on_close_(std::move(on_close)) {}

  bool send(std::string_view event, std::string_view data, std::string_view id) override {
    return send_encoded(std::make_shared<const std::string>(encode_event(event, data, id)));
  }

  bool send_encoded(Chunk text) override {
    const std::lock_guard lock(mutex_);
    if (!open_) return false;
    queued_bytes_ += text->size();
    // A client that does not keep up is dropped: it resumes by Last-Event-ID.
    if (queued_bytes_ > owner_.max_queue_bytes)
      open_ = false;
    else
      queue_.push_back(std::move(text));
    schedule();
    return open_;
  }

  void close() override {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(open_, false)) return;
    schedule();
  }

  [[nodiscard]] bool open() const override {
    const std::lock_guard lock(mutex_);
    return open_;
  }

  [[nodiscard]] int descriptor() const { return socket_.get(); }
  bool is_watched_for_room = false;  // Thread: the writer's.

  enum class Outcome { idle, blocked, gone };

  // Writes what the socket takes. Thread: the writer's.
  Outcome write_queued() {
    const std::lock_guard lock(mutex_);
    scheduled_ = false;
    while (!queue_.empty()) {
      const std::string& text = *queue_.front();
      const ssize_t count =
          ::send(socket_.get(), text.data() + offset_, text.size() - offset_, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EAGAIN) return open_ ? Outcome::blocked : Outcome::gone;
      if (count < 0) return Outcome::gone;
      offset_ += static_cast<std::size_t>(count);
      if (offset_ < text.size()) continue;
      queued_bytes_ -= text.size();
      queue_.pop_front();
      offset_ = 0;
    }
    return open_ ? Outcome::idle : Outcome::gone;
  }

  void finish() {
    {
      const std::lock_guard lock(mutex_);
      open_ = false;
      queue_.clear();
      socket_.reset();
    }
    if (on_close_) on_close_();
  }

 private:
  // With the lock held: finish() takes it too, so a stream that is open has an owner that is there.
  void schedule() {
    if (!std::exchange(scheduled_, true)) owner_.schedule(shared_from_this());
  }

  Impl& owner_;
  mutable std::mutex mutex_;
  Descriptor socket_;
  std::function<void()> on_close_;
  std::deque<Chunk> queue_;
  std::size_t offset_ = 0;
  std::size_t queued_bytes_ = 0;
  bool open_ = true;
  bool scheduled_ = false;
};

void StreamWriter::Impl::schedule(std::shared_ptr<Stream> stream) {
  bool first = false;
  {
    const std::lock_guard lock(mutex);
    first = ready.empty();
    ready.push_back(std::move(stream));
  }
  if (first) signal();
}

void StreamWriter::Impl::drop(const std::shared_ptr<Stream>& stream) {
  const int fd = stream->descriptor();
  {
    const std::lock_guard lock(mutex);
    if (streams.erase(fd) == 0) return;
  }
  --count;
  ::epoll_ctl(epoll.get(), EPOLL_CTL_DEL, fd, nullptr);
  stream->finish();
}

void StreamWriter::Impl::serve(const std::shared_ptr<Stream>& stream) {
  if (stream->descriptor() < 0) return;
  const auto outcome = stream->write_queued();
  if (outcome == Stream::Outcome::gone) return drop(stream);
  const bool wants_room = outcome == Stream::Outcome::blocked;
  if (std::exchange(stream->is_watched_for_room, wants_room) == wants_room) return;
  epoll_event event{};
  event.events = EPOLLRDHUP | (wants_room ? EPOLLOUT : 0U);
  event.data.fd = stream->descriptor();
  ::epoll_ctl(epoll.get(), EPOLL_CTL_MOD, stream->descriptor(), &event);
}

void StreamWriter::Impl::work() {
  std::array<epoll_event, 256> events{};
  while (!stopping) {
    const int found = ::epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()), 1000);
    std::vector<std::shared_ptr<Stream>> due;
    for (int i = 0; i < std::max(found, 0); ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      if (event.data.fd == wake.get()) {
        std::uint64_t ignored = 0;
        [[maybe_unused]] const auto got = ::read(wake.get(), &ignored, sizeof ignored);
        continue;
      }
      std::shared_ptr<Stream> stream;
      {
        const std::lock_guard lock(mutex);
        if (const auto entry = streams.find(event.data.fd); entry != streams.end()) stream = entry->second;
      }
      if (!stream) continue;
      if ((event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
        drop(stream);
      else
        due.push_back(std::move(stream));
    }
    {
      const std::lock_guard lock(mutex);
      std::move(ready.begin(), ready.end(), std::back_inserter(due));
      ready.clear();
    }
    for (const auto& stream : due) serve(stream);
  }
}

StreamWriter::StreamWriter(std::size_t max_queue_bytes) : impl_(std::make_unique<Impl>()) {
  impl_->max_queue_bytes = max_queue_bytes;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = impl_->wake.get();
  ::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_ADD, impl_->wake.get(), &event);
  impl_->thread = std::jthread([impl = impl_.get()] { impl->work(); });
}

StreamWriter::~StreamWriter() {
  impl_->stopping = true;
  impl_->signal();
  impl_->thread.join();
  for (const auto& [fd, stream] : impl_->streams) stream->finish();
}

std::shared_ptr<EventStream> StreamWriter::adopt(Descriptor socket, std::string head,
                                                 std::function<void()> on_close) {
  const int fd = socket.get();
  auto stream = std::make_shared<Impl::Stream>(*impl_, std::move(socket), std::move(on_close));
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->streams[fd] = stream;
  }
  ++impl_->count;
  epoll_event event{};
  event.events = EPOLLRDHUP;
  event.data.fd = fd;
  ::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_ADD, fd, &event);
  stream->send_encoded(std::make_shared<const std::string>(std::move(head)));
  return stream;
}

std::size_t StreamWriter::size() const { return impl_->count; }

}  // namespace cell::http
