#include "plugin/module.hpp"

#include <cerrno>

#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

namespace cell::plugin {

namespace {

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
constexpr const char* kArchitecture = "amd64";
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
constexpr const char* kArchitecture = "arm64";
#else
#error "no plugins for this processor"
#endif

Error broken(std::string message) {
  Error error{Code::unavailable, std::move(message)};
  error.reason = "plugin_broke_contract";
  return error;
}

// Loaded libraries, never destroyed: also not at the end of the process, when threads of plugins may still
// run.
void keep_for_ever(boost::dll::shared_library library) {
  static auto* const kMutex = new std::mutex;
  static auto* const kLibraries = new std::vector<boost::dll::shared_library>;
  const std::lock_guard lock(*kMutex);
  kLibraries->push_back(std::move(library));
}

}  // namespace

Result<void> check_library_head(const std::filesystem::path& library) {
  const int fd = ::open(library.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return from_errno(errno, "cannot open '" + library.string() + "'");
  Elf64_Ehdr head{};
  const ssize_t count = ::pread(fd, &head, sizeof head, 0);
  ::close(fd);
  if (count != static_cast<ssize_t>(sizeof head) || !std::equal(ELFMAG, ELFMAG + SELFMAG, head.e_ident) ||
      head.e_type != ET_DYN)
    return Error{Code::invalid_argument, "'" + library.filename().string() + "' is no shared library"};
  if (head.e_ident[EI_CLASS] == ELFCLASS64 && head.e_ident[EI_DATA] == ELFDATA2LSB &&
      head.e_machine == kMachine)
    return {};
  Error error{Code::unsupported, "'" + library.filename().string() + "' is not built for this processor",
              std::string("take the package for ") + kArchitecture};
  error.reason = "architecture";
  return error;
}

Result<std::vector<std::string>> exported_functions(const std::filesystem::path& library) {
  try {
    boost::dll::library_info info(library);
    std::vector<std::string> names = info.symbols();
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
  } catch (const std::exception& e) {
    return Error{Code::invalid_argument, "'" + library.filename().string() + "' cannot be read: " + e.what()};
  }
}

Result<Library> load_library(const std::filesystem::path& library) {
  if (!library.is_absolute()) return Error{Code::internal, "the path of a library must be absolute"};
  try {
    boost::dll::shared_library loaded(library,
                                      boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    if (!loaded.has(CELL_PLUGIN_OPEN_NAME)) {
      keep_for_ever(std::move(loaded));
      return broken("the library has no function '" CELL_PLUGIN_OPEN_NAME "'");
    }
    auto* open =
        &loaded.get<cell_status(const cell_host*, cell_plugin*, const cell_sink*)>(CELL_PLUGIN_OPEN_NAME);
    keep_for_ever(std::move(loaded));
    return Library{open};
  } catch (const std::exception& e) {
    return broken(std::string("the library cannot be loaded: ") + e.what());
  }
}

}  // namespace cell::plugin
