#pragma once

#include <string>
#include <vector>

#include "domain/services/active.hpp"
#include "engine/client.hpp"
#include "engine/workshop.hpp"

// How an image is made on the cell's base image from Debian packages. Pure.
namespace cell::services {

// "pic/base:1"
std::string base_image(const reconcile::CoreSettings& core);
// "pic/svc-notes-main:<16 hex>": the same recipe on the same base has the same name.
std::string built_reference(const std::string& id, const std::string& key, const plugin::ImageSource& source,
                            const std::string& base_id);
// Whether a reference is one of those.
bool is_built(const std::string& reference);
// The label that such an image carries with the service's id.
inline constexpr const char* kServiceLabel = "pic.service";

// The container that becomes the image. Its name begins with build_prefix().
engine::ContainerSpec build_container(const std::string& id, const std::string& key,
                                      const plugin::ImageSource& source, const Frame& frame);
std::string build_prefix(const std::string& instance);
// What is put into it once its packages are there.
Result<std::string> files_archive(const plugin::ImageSource& source);
engine::CommitSpec commit_of(const std::string& container, const std::string& id,
                             const std::string& reference, const plugin::ImageSource& source);

}  // namespace cell::services
