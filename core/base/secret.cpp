#include "base/secret.hpp"

#include <cstring>
#include <utility>

namespace cell {

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    text_ = std::move(other.text_);
    other.wipe();
  }
  return *this;
}

void Secret::wipe() noexcept {
  // Through explicit_bzero, which the compiler may not leave out.
  explicit_bzero(text_.data(), text_.size());
  text_.clear();
}

}  // namespace cell
