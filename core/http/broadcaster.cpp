#include "http/broadcaster.hpp"

#include <charconv>
#include <random>

namespace cell::http {

namespace {

struct Member {
  std::shared_ptr<EventStream> stream;
  std::string tag;
  std::string audience;
  std::function<bool()> is_welcome;
};

struct Event {
  std::uint64_t id = 0;
  std::string audience;
  std::shared_ptr<const std::string> text;
};

}  // namespace

struct Broadcaster::Impl {
  mutable std::mutex mutex;
  std::vector<Member> members;
  std::deque<Event> history;
  std::size_t kept = 0;
  std::uint64_t next_id = 0;

  void replay(EventStream& stream, std::string_view last_event_id, std::string_view audience) const;
  // Streams that are gone leave.
  void send(const std::shared_ptr<const std::string>& text, const std::optional<std::string_view>& audience) {
    std::erase_if(members, [&](const Member& member) {
      return (!audience || member.audience == *audience) && !member.stream->send_encoded(text);
    });
  }
};

Broadcaster::Broadcaster(std::size_t history) : impl_(std::make_unique<Impl>()) {
  impl_->kept = history;
  // Below 2^52, so that a browser's number holds it; from another process it is far away with near certainty.
  impl_->next_id = (static_cast<std::uint64_t>(std::random_device{}()) << 16U) + 1;
}
Broadcaster::~Broadcaster() = default;

// Everything after the client's last event, or one `resync` when that is not known any more.
void Broadcaster::Impl::replay(EventStream& stream, std::string_view last_event_id,
                               std::string_view audience) const {
  if (last_event_id.empty()) return;
  std::uint64_t last = 0;
  const auto parsed =
      std::from_chars(last_event_id.data(), last_event_id.data() + last_event_id.size(), last);
  const std::uint64_t oldest = history.empty() ? next_id : history.front().id;
  if (parsed.ec != std::errc{} || last + 1 < oldest || last >= next_id) {
    stream.send("resync", "{}", {});
    return;
  }
  for (const Event& event : history) {
    if (event.id > last && event.audience == audience) stream.send_encoded(event.text);
  }
}

void Broadcaster::join(std::shared_ptr<EventStream> stream, std::string_view last_event_id, std::string tag,
                       std::string audience, std::function<bool()> is_welcome) {
  const std::lock_guard lock(impl_->mutex);
  impl_->replay(*stream, last_event_id, audience);
  impl_->members.push_back({std::move(stream), std::move(tag), std::move(audience), std::move(is_welcome)});
}

void Broadcaster::publish(std::string_view event, std::string_view data, std::string_view audience) {
  const std::lock_guard lock(impl_->mutex);
  const std::uint64_t id = impl_->next_id++;
  auto text = std::make_shared<const std::string>(encode_event(event, data, std::to_string(id)));
  impl_->history.push_back({id, std::string(audience), text});
  if (impl_->history.size() > impl_->kept) impl_->history.pop_front();
  impl_->send(text, audience);
}

void Broadcaster::close_tagged(std::string_view tag) {
  const std::lock_guard lock(impl_->mutex);
  std::erase_if(impl_->members, [&](const Member& member) {
    if (member.tag != tag) return false;
    member.stream->close();
    return true;
  });
}

void Broadcaster::heartbeat() {
  const std::lock_guard lock(impl_->mutex);
  std::erase_if(impl_->members, [](const Member& member) {
    if (!member.is_welcome || member.is_welcome()) return false;
    member.stream->close();
    return true;
  });
  impl_->send(std::make_shared<const std::string>(": still here\n\n"), std::nullopt);
}

std::size_t Broadcaster::size() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->members.size();
}

}  // namespace cell::http
