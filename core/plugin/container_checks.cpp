#include "plugin/container_checks.hpp"

namespace cell::plugin {

namespace {

// A mount there hides what the image needs to run, or what the kernel shows.
const std::set<std::string_view> kNotAsAWhole{
    "/",        "/etc", "/usr",  "/usr/bin", "/usr/lib", "/usr/local", "/usr/sbin", "/usr/share", "/var",
    "/var/lib", "/run", "/home", "/root",    "/opt",     "/boot",      "/srv",      "/mnt",       "/tmp"};
const std::set<std::string_view> kNotBelow{"/proc",  "/sys",     "/dev",      "/bin",     "/sbin",     "/lib",
                                           "/lib64", "/usr/bin", "/usr/sbin", "/usr/lib", "/usr/lib64"};
// Places that a volume or a tmpfs may take as a whole.
const std::set<std::string_view> kFreeForVolumes{"/srv", "/home", "/opt", "/mnt", "/root"};
const std::set<std::string_view> kFreeForTmpfs{"/tmp", "/run", "/home", "/root"};

bool is_below(std::string_view path, std::string_view folder) {
  return path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == 0 ? std::string_view("/") : path.substr(0, slash);
}

// Why the path cannot be mounted over; null when it can.
const char* mount_problem(std::string_view path, const std::set<std::string_view>& free) {
  if (std::any_of(kNotBelow.begin(), kNotBelow.end(), [&](auto folder) { return is_below(path, folder); }))
    return "lies where the image's programs or the kernel's files are";
  if (kNotAsAWhole.contains(path) && !free.contains(path))
    return "is a folder that the image needs: take one of the service's own below it";
  return nullptr;
}

class ContainerChecker {
 public:
  ContainerChecker(const ContainerWish& container, const ContainerNames& names, std::string pointer,
                   std::vector<FieldError>& problems)
      : container_(container), names_(names), pointer_(std::move(pointer)), problems_(problems) {}

  void check() {
    if (!names_.images.contains(container_.image))
      note("/image", "'" + container_.image + "' is no image of the manifest");
    check_files();
    check_mounts();
    for (std::size_t i = 0; i < container_.after.size(); ++i) {
      const std::string& other = container_.after[i];
      if (other == container_.name) note("/after/" + std::to_string(i), "is the container itself");
      if (!names_.containers.contains(other))
        note("/after/" + std::to_string(i), "'" + other + "' is no container of the service");
    }
  }

 private:
  void note(const std::string& place, std::string detail) {
    problems_.push_back({pointer_ + place, std::move(detail)});
  }

  bool check_form(const std::string& place, const std::string& path) {
    if (is_plain_path(path)) return true;
    note(place, "'" + path + "' must be an absolute path without '.', '..', '//' and a '/' at its end");
    return false;
  }

  void check_files() {
    std::set<std::string_view> paths;
    for (std::size_t i = 0; i < container_.files.size(); ++i) {
      const std::string& path = container_.files[i].path;
      const std::string place = "/files/" + std::to_string(i) + "/path";
      if (!check_form(place, path)) continue;
      if (!paths.insert(path).second) note(place, "'" + path + "' stands there twice");
      file_folders_.insert(std::string(folder_of(path)));
      if (const char* problem = mount_problem(folder_of(path), {}))
        note(place, "the folder '" + std::string(folder_of(path)) + "' " + problem);
    }
    for (const std::string_view path : paths) {
      if (file_folders_.contains(std::string(path)))
        note("/files", "'" + std::string(path) + "' is a file and a folder");
    }
  }

  void check_mount(const std::string& place, const std::string& path,
                   const std::set<std::string_view>& free) {
    if (!check_form(place, path)) return;
    if (!mounted_.insert(path).second) note(place, "something else is mounted at '" + path + "'");
    if (file_folders_.contains(path)) note(place, "the folder '" + path + "' holds files of the container");
    if (const char* problem = mount_problem(path, free)) note(place, "'" + path + "' " + problem);
  }

  void check_mounts() {
    for (std::size_t i = 0; i < container_.volumes.size(); ++i) {
      const std::string place = "/volumes/" + std::to_string(i);
      if (!names_.volumes.contains(container_.volumes[i].volume))
        note(place + "/volume", "'" + container_.volumes[i].volume + "' is no volume of the service");
      check_mount(place + "/path", container_.volumes[i].path, kFreeForVolumes);
    }
    for (std::size_t i = 0; i < container_.tmpfs.size(); ++i)
      check_mount("/tmpfs/" + std::to_string(i), container_.tmpfs[i], kFreeForTmpfs);
  }

  const ContainerWish& container_;
  const ContainerNames& names_;
  const std::string pointer_;
  std::vector<FieldError>& problems_;
  std::set<std::string> file_folders_;
  std::set<std::string> mounted_;
};

}  // namespace

bool is_plain_path(std::string_view path) {
  if (path.size() < 2 || path.front() != '/' || path.back() == '/') return false;
  for (std::string_view rest = path; !rest.empty();) {
    rest.remove_prefix(1);
    const auto end = std::min(rest.find('/'), rest.size());
    const std::string_view part = rest.substr(0, end);
    if (part.empty() || part == "." || part == "..") return false;
    rest.remove_prefix(end);
  }
  return true;
}

void check_container(const ContainerWish& container, const ContainerNames& names, const std::string& pointer,
                     std::vector<FieldError>& problems) {
  ContainerChecker(container, names, pointer, problems).check();
}

}  // namespace cell::plugin
