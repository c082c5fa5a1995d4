// cell-plugin: makes, checks, packs and signs plugins.
#include <iostream>

#include <CLI/CLI.hpp>

#include "base/atomic_file.hpp"
#include "base/clock.hpp"
#include "check.hpp"
#include "keys.hpp"
#include "new_project.hpp"
#include "package_folder.hpp"
#include "plugin/package.hpp"
#include "report.hpp"
#include "store_index.hpp"

namespace {

namespace fs = std::filesystem;
using namespace cell;

int fail(const Error& error) {
  for (const std::string& line : tool::lines_of(error)) std::cerr << "cell-plugin: " << line << '\n';
  return 1;
}

// Prints the text, or the error.
int say(const Result<std::string>& result) {
  if (!result) return fail(result.error());
  std::cout << *result << '\n';
  return 0;
}

Result<std::string> make_new(const tool::NewProject& project) {
  std::string text;
  for (const std::string& file : CELL_TRY(tool::make_project(project)))
    text += (text.empty() ? "" : "\n") + file;
  return text;
}

Result<std::string> pack(const fs::path& folder, fs::path output, const fs::path& key) {
  const tool::PackageFolder package = CELL_TRY(tool::read_folder(folder));
  if (output.empty() || fs::is_directory(output)) output /= plugin::package_file_name(package.manifest);
  std::optional<Secret> private_key;
  if (!key.empty()) private_key = CELL_TRY(tool::read_private_key(key));
  const std::string bytes = CELL_TRY(plugin::pack(package.files, private_key ? &*private_key : nullptr));
  CELL_TRY(write_file_atomic(output, bytes));
  std::string text = output.string();
  for (const std::string& name : package.left_out) text += "\n  left out: " + name;
  return text;
}

Result<std::string> sign(const fs::path& file, const fs::path& key) {
  const Secret private_key = CELL_TRY(tool::read_private_key(key));
  return "signed by " + CELL_TRY(tool::sign_file(file, private_key));
}

Result<std::string> make_index(const tool::IndexOptions& options, const fs::path& key) {
  const Secret private_key = CELL_TRY(tool::read_private_key(key));
  const Json index = CELL_TRY(tool::write_index(options, private_key));
  return (options.folder / "index.json").string() + ": version " +
         std::to_string(json_int(index, "version")) + ", " +
         std::to_string(json_member(index, "packages").size()) + " packages, until " +
         json_string(index, "expires");
}

struct Arguments {
  tool::NewProject project;
  bool is_native = false, is_declarative = false;
  fs::path what, output, key;
  tool::IndexOptions index;
  int days = 90;
};

void add_making(CLI::App& app, Arguments& arguments) {
  auto* make = app.add_subcommand("new", "Makes a project that builds");
  make->add_option("id", arguments.project.id, "e.g. org.example.notes")->required();
  auto* native = make->add_flag("--native", arguments.is_native, "a library in C++ (unless said otherwise)");
  make->add_flag("--declarative", arguments.is_declarative, "a manifest only")->excludes(native);
  make->add_option("--directory", arguments.project.folder, "where to; default: the last part of the id");

  auto* check = app.add_subcommand("check", "Runs a plugin through the contract");
  check->add_option("what", arguments.what, "a folder with manifest.yaml, or a .cellpkg")
      ->required()
      ->check(CLI::ExistingPath);
}

void add_giving(CLI::App& app, Arguments& arguments) {
  auto* pack = app.add_subcommand("pack", "Makes a package of a folder");
  pack->add_option("folder", arguments.what)->required()->check(CLI::ExistingDirectory);
  pack->add_option("-o,--output", arguments.output, "a file, or a folder for <id>-<version>.cellpkg");
  pack->add_option("--key", arguments.key, "signs it, too")->check(CLI::ExistingFile);

  auto* keygen = app.add_subcommand("keygen", "Makes a key pair: <file> and <file>.pub");
  keygen->add_option("file", arguments.output)->required();

  auto* sign = app.add_subcommand("sign", "Signs a .cellpkg in place, another file by <file>.sig");
  sign->add_option("file", arguments.what)->required()->check(CLI::ExistingFile);
  sign->add_option("--key", arguments.key)->required()->check(CLI::ExistingFile);

  auto* index = app.add_subcommand("index", "Makes and signs the index of a folder of packages");
  index->add_option("folder", arguments.index.folder)->required()->check(CLI::ExistingDirectory);
  index->add_option("--key", arguments.key)->required()->check(CLI::ExistingFile);
  index->add_option("--name", arguments.index.name, "of the store; needed the first time");
  index->add_option("--days", arguments.days, "until cells take the index for out of date")
      ->capture_default_str()
      ->check(CLI::Range(1, 3650));
}

int run(const std::string& command, Arguments& arguments) {
  if (command == "new") {
    arguments.project.is_native = !arguments.is_declarative;
    return say(make_new(arguments.project));
  }
  if (command == "check") return tool::check(arguments.what, std::cout);
  if (command == "pack") return say(pack(arguments.what, arguments.output, arguments.key));
  if (command == "keygen") return say(tool::make_keys(arguments.output));
  if (command == "sign") return say(sign(arguments.what, arguments.key));
  arguments.index.valid = std::chrono::hours(24) * arguments.days;
  arguments.index.now = std::chrono::system_clock::now();
  return say(make_index(arguments.index, arguments.key));
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Makes, checks, packs and signs plugins of Personal Internet Cell", "cell-plugin");
  app.require_subcommand(1);
  Arguments arguments;
  add_making(app, arguments);
  add_giving(app, arguments);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(app.get_subcommands().front()->get_name(), arguments);
  } catch (const std::exception& e) {
    return fail({Code::internal, e.what()});
  }
}
