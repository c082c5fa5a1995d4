#include "library_file.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include <elf.h>

#include "base/atomic_file.hpp"

namespace cell::tool {
namespace {

// Reads from the bytes of a file that may be anything: every read is held against the end.
class Elf {
 public:
  explicit Elf(std::string bytes) : bytes_(std::move(bytes)) {}

  template <class T>
  [[nodiscard]] std::optional<T> at(std::uint64_t offset) const {
    if (offset > bytes_.size() || sizeof(T) > bytes_.size() - offset) return {};
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }

  // The text at `offset` up to its NUL.
  [[nodiscard]] std::string text(std::uint64_t offset) const {
    if (offset >= bytes_.size()) return {};
    const std::size_t end = bytes_.find('\0', offset);
    return end == std::string::npos ? std::string() : bytes_.substr(offset, end - offset);
  }

  template <class T>
  [[nodiscard]] std::vector<T> table(std::uint64_t offset, std::uint64_t count) const {
    constexpr std::uint64_t kMost = 1'000'000;
    std::vector<T> entries;
    for (std::uint64_t i = 0; i < std::min(count, kMost); ++i) {
      const auto entry = at<T>(offset + i * sizeof(T));
      if (!entry) break;
      entries.push_back(*entry);
    }
    return entries;
  }

 private:
  std::string bytes_;
};

std::string architecture_of(const Elf64_Ehdr& head) {
  if (head.e_machine == EM_X86_64) return "amd64";
  if (head.e_machine == EM_AARCH64) return "arm64";
  return "machine " + std::to_string(head.e_machine);
}

void read_symbols(const Elf& elf, const Elf64_Shdr& section, const Elf64_Shdr& names, LibraryFile& library) {
  for (const auto& symbol : elf.table<Elf64_Sym>(section.sh_offset, section.sh_size / sizeof(Elf64_Sym))) {
    const unsigned binding = ELF64_ST_BIND(symbol.st_info);
    if (symbol.st_shndx == SHN_UNDEF || binding == STB_LOCAL) continue;
    library.exports.push_back(elf.text(names.sh_offset + symbol.st_name));
    if (binding == STB_GNU_UNIQUE) library.has_unique_symbols = true;
  }
}

void read_needs(const Elf& elf, const Elf64_Shdr& section, const Elf64_Shdr& names, LibraryFile& library) {
  for (const auto& entry : elf.table<Elf64_Dyn>(section.sh_offset, section.sh_size / sizeof(Elf64_Dyn))) {
    if (entry.d_tag == DT_NEEDED) library.needs.push_back(elf.text(names.sh_offset + entry.d_un.d_val));
  }
}

}  // namespace

Result<LibraryFile> read_library(const std::filesystem::path& path) {
  const Error broken{Code::invalid_argument,
                     "'" + path.filename().string() + "' is no 64-bit shared library"};
  const Elf elf(CELL_TRY(read_file(path, 512UL * 1024 * 1024)));
  const auto head = elf.at<Elf64_Ehdr>(0);
  if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 || head->e_ident[EI_CLASS] != ELFCLASS64 ||
      head->e_ident[EI_DATA] != ELFDATA2LSB || head->e_type != ET_DYN)
    return broken;
  LibraryFile library{.architecture = architecture_of(*head)};
  for (const auto& segment : elf.table<Elf64_Phdr>(head->e_phoff, head->e_phnum)) {
    if (segment.p_type == PT_GNU_STACK && (segment.p_flags & PF_X) != 0)
      library.wants_executable_stack = true;
  }
  const auto sections = elf.table<Elf64_Shdr>(head->e_shoff, head->e_shnum);
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_link >= sections.size()) return broken;
    if (section.sh_type == SHT_DYNSYM) read_symbols(elf, section, sections[section.sh_link], library);
    if (section.sh_type == SHT_DYNAMIC) read_needs(elf, section, sections[section.sh_link], library);
  }
  std::sort(library.exports.begin(), library.exports.end());
  return library;
}

}  // namespace cell::tool
