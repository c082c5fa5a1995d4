#include "new_project.hpp"

#include <map>
#include <regex>

#include "temporary_folder.hpp"

namespace cell::tool {

// The files of sdk/templates, put into the program when it is built.
std::string_view declarative_manifest();
std::string_view native_cmake();
std::string_view native_manifest();
std::string_view native_plugin();
std::string_view native_test();
std::string_view changelog();
std::string_view icon();
std::string_view license();

namespace {

namespace fs = std::filesystem;

#if defined(__aarch64__)
constexpr const char* kArchitecture = "arm64";
#else
constexpr const char* kArchitecture = "amd64";
#endif

using Files = std::map<std::string, std::string_view>;

Files files_of(bool is_native, const std::string& name) {
  Files files = {{"CHANGELOG.md", changelog()}, {"icon.svg", icon()}, {"LICENSE", license()}};
  if (!is_native) {
    files["manifest.yaml"] = declarative_manifest();
    return files;
  }
  files["manifest.yaml"] = native_manifest();
  files["CMakeLists.txt"] = native_cmake();
  files[name + ".cpp"] = native_plugin();
  files[name + "_test.cpp"] = native_test();
  return files;
}

// "@NAME@" → what stands for it, everywhere.
std::string filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = "@" + name + "@";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
      text.replace(at, mark.size(), value);
  }
  return text;
}

// "my-notes" → "MyNotes" and "My notes".
std::string type_of(const std::string& name) {
  std::string type;
  bool is_first = true;
  for (const char byte : name) {
    if (byte != '-') type += is_first && byte >= 'a' ? static_cast<char>(byte - 'a' + 'A') : byte;
    is_first = byte == '-';
  }
  return type;
}
std::string title_of(std::string name) {
  for (char& byte : name) {
    if (byte == '-') byte = ' ';
  }
  if (name[0] >= 'a') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return name;
}

Result<void> check_id(const std::string& id) {
  static const std::regex kId("[a-z][a-z0-9]*([.-][a-z0-9]+)*");
  if (id.size() <= 64 && std::regex_match(id, kId) && id.find('.') != std::string::npos) return {};
  return Error{Code::invalid_argument, "'" + id + "' is no id for a plugin",
               "a domain of yours turned round, then a name: org.example.notes"};
}

}  // namespace

Result<std::vector<std::string>> make_project(const NewProject& project) {
  CELL_TRY(check_id(project.id));
  const std::string name = project.id.substr(project.id.rfind('.') + 1);
  const fs::path folder = project.folder.empty() ? fs::path(name) : project.folder;
  if (fs::exists(folder) && !fs::is_empty(folder))
    return Error{Code::conflict, "'" + folder.string() + "' is there and not empty",
                 "say --directory <other>"};
  const std::map<std::string, std::string> values = {{"ID", project.id},
                                                     {"NAME", name},
                                                     {"TYPE", type_of(name)},
                                                     {"TITLE", title_of(name)},
                                                     {"ARCHITECTURE", kArchitecture}};
  std::vector<std::string> names;
  for (const auto& [file, text] : files_of(project.is_native, name)) {
    CELL_TRY(write_into(folder, file, filled(std::string(text), values)));
    names.push_back((folder / file).string());
  }
  return names;
}

}  // namespace cell::tool
