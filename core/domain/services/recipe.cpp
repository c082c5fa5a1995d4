#include "domain/services/recipe.hpp"

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace cell::services {

namespace {

constexpr const char* kPrefix = "pic/svc-";
constexpr std::size_t kTagLength = 16;
constexpr std::int64_t kBuildMemory = std::int64_t{1024} * 1024 * 1024;

// Borrows the machine's package sources without keeping them: they are mounted below /run, which is a tmpfs,
// and copied to /etc/apt, which is another. Of the machine's apt settings only those that say how to fetch
// count: its hooks name programs that are not here. Services must not start while they are installed, hence
// policy-rc.d. Arguments: user:NAME:ID, package:NAME, directory:PATH:MODE:OWNER.
constexpr const char* kScript = R"(
cd /run/machine
mkdir -p /etc/apt/apt.conf.d /etc/apt/preferences.d /etc/apt/sources.list.d
for part in sources.list sources.list.d keyrings trusted.gpg trusted.gpg.d auth.conf auth.conf.d; do
  if [ -e "$part" ]; then cp -rL "$part" /etc/apt/; fi
done
for part in apt.conf apt.conf.d/*; do
  if [ -f "$part" ] && grep -qE '^[[:space:]]*Acquire::' "$part"; then cp -L "$part" "/etc/apt/apt.conf.d/machine-${part##*/}"; fi
done
packages=
for word; do
  rest=${word#*:}
  case $word in
    user:*)
      groupadd --system --gid "${rest#*:}" "${rest%%:*}"
      useradd --system --uid "${rest#*:}" --gid "${rest#*:}" --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "${rest%%:*}" ;;
    package:*) packages="$packages $rest" ;;
  esac
done
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
exec 9>/var/cache/apt/archives/.cell-lock
flock 9
apt-get -q update -o APT::Sandbox::User=root
apt-get -q install -y --no-install-recommends -o APT::Sandbox::User=root -o APT::Keep-Downloaded-Packages=true -o Dpkg::Options::=--force-confold $packages
flock -u 9
rm -f /usr/sbin/policy-rc.d
for word; do
  case $word in
    directory:*)
      rest=${word#directory:}; path=${rest%%:*}; rest=${rest#*:}
      mkdir -p "$path"
      chmod "${rest%%:*}" "$path"
      chown "${rest#*:}" "$path" ;;
  esac
done
rm -rf /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log /usr/share/doc /usr/share/man
)";

std::string octal(unsigned mode) {
  std::string text;
  for (; mode > 0 || text.empty(); mode /= 8) text.insert(text.begin(), static_cast<char>('0' + mode % 8));
  return text;
}

// "radicale" → "radicale:radicale"
std::string owner_of(const std::string& user) {
  if (user.empty()) return "root:root";
  return user.find(':') == std::string::npos ? user + ":" + user : user;
}

std::vector<std::string> arguments_of(const plugin::ImageSource& source) {
  std::vector<std::string> words;
  for (const auto& user : source.users) words.push_back("user:" + user.name + ":" + std::to_string(user.id));
  for (const auto& package : source.packages) words.push_back("package:" + package);
  for (const auto& folder : source.directories)
    words.push_back("directory:" + folder.path + ":" + octal(folder.mode) + ":" + owner_of(folder.user));
  return words;
}

// What the image starts. An image without a program of its own needs a command of the container's; what the
// engine would take otherwise is what the image was built with.
std::vector<std::string> start_of(const plugin::ImageSource& source) {
  if (source.entrypoint.empty()) return {R"(CMD ["/bin/false"])"};
  return {"ENTRYPOINT " + dump_json(Json(source.entrypoint)), "CMD []"};
}

Json recipe_of(const plugin::ImageSource& source) {
  Json files = Json::array();
  for (const auto& file : source.files)
    files.push_back({{"path", file.path}, {"content", file.content}, {"mode", file.mode}});
  return {{"script", kScript},
          {"arguments", arguments_of(source)},
          {"files", std::move(files)},
          {"start", start_of(source)}};
}

}  // namespace

std::string base_image(const reconcile::CoreSettings& core) { return "pic/base:" + core.image_tag; }

std::string built_reference(const std::string& id, const std::string& key, const plugin::ImageSource& source,
                            const std::string& base_id) {
  const Json input = {{"base", base_id}, {"recipe", recipe_of(source)}};
  return kPrefix + id + "-" + key + ":" +
         crypto::to_hex(crypto::sha256(dump_json(input))).substr(0, kTagLength);
}

bool is_built(const std::string& reference) { return reference.starts_with(kPrefix); }

std::string build_prefix(const std::string& instance) { return instance + "-build-"; }

engine::ContainerSpec build_container(const std::string& id, const std::string& key,
                                      const plugin::ImageSource& source, const Frame& frame) {
  engine::ContainerSpec spec;
  spec.name = build_prefix(frame.core.instance) + id + "-" + key;
  spec.image = base_image(frame.core);
  // As the command: an image keeps the entrypoint of the container that it is made of where it has none.
  spec.command = {"/bin/sh", "-euc", kScript, "sh"};
  for (std::string& word : arguments_of(source)) spec.command.push_back(std::move(word));
  spec.environment = {{"DEBIAN_FRONTEND", "noninteractive"}};
  spec.mounts = {{"/etc/apt", "/run/machine", false, true},
                 {"/usr/share/keyrings", "/usr/share/keyrings", false, true},
                 {(frame.core.directory / "cache/debs").string(), "/var/cache/apt/archives", false, false}};
  spec.tmpfs = {{"/run", "size=16m,mode=0755"},
                {"/tmp", "size=256m,mode=1777"},
                {"/etc/apt", "size=16m,mode=0755"},
                {"/var/lib/apt/lists", "size=512m,mode=0755"}};
  spec.network = engine::kHostNetwork;
  spec.restart = "no";
  spec.memory_bytes = kBuildMemory;
  return spec;
}

Result<std::string> files_archive(const plugin::ImageSource& source) {
  std::vector<engine::TarEntry> entries;
  for (const auto& file : source.files) entries.push_back({file.path.substr(1), file.content, file.mode});
  return engine::make_tar(entries);
}

engine::CommitSpec commit_of(const std::string& container, const std::string& id,
                             const std::string& reference, const plugin::ImageSource& source) {
  const std::size_t colon = reference.rfind(':');
  const std::string tag = reference.substr(colon + 1);
  std::vector<std::string> changes{"LABEL pic.source=" + tag,
                                   std::string("LABEL ") + kServiceLabel + "=" + id};
  for (std::string& line : start_of(source)) changes.push_back(std::move(line));
  changes.emplace_back("ENV DEBIAN_FRONTEND=");
  return {container, reference.substr(0, colon), tag, std::move(changes)};
}

}  // namespace cell::services
