#include "domain/services/images.hpp"

#include <thread>

#include "base/atomic_file.hpp"
#include "base/clock.hpp"
#include "domain/jobs/jobs.hpp"

namespace cell::services {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLook{300};
constexpr std::chrono::minutes kBuildLimit{20};  // slow mirrors; mail needs some 200 MB
constexpr std::size_t kToldLines = 8;
constexpr double kExpectedSeconds = 45;  // of a build, for the bar

// What a failed build said last, as one line.
std::string last_words(engine::Engine& engine, const std::string& container) {
  const auto lines = engine.logs(container, kToldLines, {});
  std::string text;
  if (!lines) return text;
  for (const engine::LogLine& line : *lines) text += (text.empty() ? "" : " | ") + line.line;
  return text;
}

}  // namespace

Result<std::map<std::string, std::string>> Images::references(const plugin::Manifest& manifest) {
  const Frame frame = parts_.frame();
  std::map<std::string, std::string> references;
  for (const auto& [key, source] : manifest.images) {
    if (!source.bundled.empty()) {
      references[key] = "pic/" + source.bundled + ":" + frame.core.image_tag;
    } else if (source.packages.empty()) {
      references[key] = source.reference;
    } else {
      const auto base = CELL_TRY(parts_.engine.image_id(base_image(frame.core)));
      if (!base)
        return Error{Code::unavailable,
                     "the base image '" + base_image(frame.core) + "' is not on this machine",
                     "make it with 'make images' on the machine"};
      references[key] = built_reference(manifest.id, key, source, *base);
    }
  }
  return references;
}

Result<bool> Images::is_here(const std::string& reference) const {
  return CELL_TRY(parts_.engine.image_id(reference)).has_value();
}

Result<void> Images::provide(const plugin::Manifest& manifest, const std::string& key,
                             const std::string& reference, const ImageWait& wait) {
  const auto source = manifest.images.find(key);
  if (source == manifest.images.end())
    return Error{Code::internal, "the manifest has no image '" + key + "'"};
  if (CELL_TRY(is_here(reference))) return {};
  if (is_built(reference)) return build(manifest.id, key, source->second, reference, wait);
  if (!source->second.bundled.empty())
    return Error{Code::unavailable, "the image '" + reference + "' is not on this machine",
                 "it comes with the product: make it with 'make images' on the machine"};
  return parts_.engine.pull(reference, [&](const engine::PullProgress& progress) {
    if (progress.total_bytes > 0)
      wait.advance(static_cast<double>(progress.done_bytes) / static_cast<double>(progress.total_bytes));
  });
}

Result<void> Images::build(const std::string& id, const std::string& key, const plugin::ImageSource& source,
                           const std::string& reference, const ImageWait& wait) {
  const std::lock_guard one_at_a_time(building_);
  if (CELL_TRY(is_here(reference))) return {};
  const Frame frame = parts_.frame();
  CELL_TRY(ensure_directory(frame.core.directory / "cache/debs"));
  const engine::ContainerSpec spec = build_container(id, key, source, frame);
  CELL_TRY(parts_.engine.remove_container(spec.name));
  auto built = run_build(spec, id, source, reference, wait);
  // Not cancellable any more, and worth a word: the next build would remove it too.
  if (const auto removed = parts_.engine.remove_container(spec.name); !removed)
    parts_.log.warn("a build's container stays",
                    {{"container", spec.name}, {"reason", removed.error().message}});
  if (!built) return std::move(built).error().within("cannot build the image '" + key + "' of '" + id + "'");
  parts_.log.info("image built", {{"service", id}, {"image", reference}});
  return {};
}

Result<void> Images::run_build(const engine::ContainerSpec& spec, const std::string& id,
                               const plugin::ImageSource& source, const std::string& reference,
                               const ImageWait& wait) {
  CELL_TRY(parts_.engine.create_container(spec));
  CELL_TRY(parts_.engine.start_container(spec.name));
  CELL_TRY(wait_for_end(spec.name, wait));
  if (!source.files.empty())
    CELL_TRY(parts_.workshop.put_archive(spec.name, "/", CELL_TRY(files_archive(source))));
  CELL_TRY(parts_.workshop.commit_container(commit_of(spec.name, id, reference, source)));
  return {};
}

Result<void> Images::wait_for_end(const std::string& container, const ImageWait& wait) {
  const SteadyPoint begun = std::chrono::steady_clock::now();
  while (true) {
    const Json state = json_member(CELL_TRY(parts_.engine.inspect_container(container)), "State");
    if (json_string(state, "Status") == "exited" || json_string(state, "Status") == "dead") {
      const auto code = json_int(state, "ExitCode", -1);
      if (code == 0) return {};
      return Error{Code::unavailable,
                   "installing its packages failed (" + std::to_string(code) +
                       "): " + last_words(parts_.engine, container),
                   "check the package's names and this machine's package sources (apt update)"};
    }
    if (wait.cancelled()) return jobs::cancelled();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
    if (taken > kBuildLimit)
      return Error{Code::timeout, "installing its packages took longer than 20 minutes",
                   "check this machine's network"};
    wait.advance(taken.count() / (taken.count() + kExpectedSeconds));
    std::this_thread::sleep_for(kLook);
  }
}

Result<std::vector<std::string>> Images::built_for(const std::string& id) const {
  std::vector<std::string> references;
  for (const engine::ImageSummary& image : CELL_TRY(parts_.engine.list_images())) {
    const auto label = image.labels.find(kServiceLabel);
    if (label == image.labels.end() || label->second != id) continue;
    references.insert(references.end(), image.references.begin(), image.references.end());
  }
  return references;
}

void Images::remove_built(const std::string& id, const std::vector<std::string>& keep) {
  const auto built = built_for(id);
  if (!built) return;
  for (const std::string& reference : *built) {
    if (std::find(keep.begin(), keep.end(), reference) != keep.end()) continue;
    if (const auto removed = parts_.workshop.remove_image(reference); !removed)
      parts_.log.warn("an image stays", {{"image", reference}, {"reason", removed.error().message}});
  }
}

void Images::remove_leftovers() {
  const auto containers = parts_.engine.containers();
  if (!containers) return;
  const std::string prefix = build_prefix(parts_.frame().core.instance);
  for (const engine::ContainerSummary& container : *containers) {
    if (container.name.starts_with(prefix)) static_cast<void>(parts_.engine.remove_container(container.name));
  }
}

}  // namespace cell::services
