#include "check.hpp"

#include "check_native.hpp"
#include "package_folder.hpp"
#include "plugin/contributions.hpp"
#include "plugin/instance.hpp"
#include "plugin/package.hpp"
#include "plugin/rating.hpp"
#include "report.hpp"
#include "samples.hpp"
#include "temporary_folder.hpp"

namespace cell::tool {
namespace {

namespace fs = std::filesystem;

std::string kind_of(const plugin::Manifest& manifest) {
  return manifest.kind == plugin::Kind::native ? "native" : "declarative";
}

// Two fillings of the same template differ only by a defect of the tool's own, so one is enough here.
void check_declarative(const plugin::Manifest& manifest, const std::vector<Sample>& samples, Report& report) {
  const auto instance = plugin::open_declarative(manifest);
  for (const Sample& sample : samples) {
    const auto document = instance->plan(sample.config);
    if (!document) {
      report.bad("templates, " + sample.name, document.error());
      continue;
    }
    const auto contributions = plugin::parse_contributions(*document, manifest);
    if (contributions)
      report.good("contributions, " + sample.name);
    else
      report.bad("contributions, " + sample.name, contributions.error());
  }
}

void check_contract(const PackageFolder& package, Report& report) {
  const auto samples = samples_of(package.manifest);
  if (!samples) return report.bad("options that can be tried", samples.error());
  if (package.manifest.kind == plugin::Kind::declarative)
    return check_declarative(package.manifest, *samples, report);
  check_native({package.folder / package.manifest.library, package.manifest, *samples}, report);
}

// A package that came from anywhere, laid out as a folder.
Result<void> lay_out(const fs::path& package, const fs::path& folder, Report& report) {
  const auto info = plugin::read_package(package, {});
  if (!info) return info.error();
  report.good("package: " + std::to_string(info->size_bytes) + " bytes, " +
              (info->key_id.empty() ? "not signed" : "signed by " + info->key_id));
  for (const auto& [name, content] : CELL_TRY(read_package_files(package)))
    CELL_TRY(write_into(folder, name, content));
  return {};
}

void say_rating(const plugin::Manifest& manifest, std::ostream& out) {
  const plugin::Rating rating = plugin::rate(manifest, false);
  out << "  rating for the owner: " << rating.score << " of 6\n";
  for (const plugin::Reason& reason : rating.reasons)
    out << "    " << plugin::in_language(reason.words, "en") << '\n';
}

int check_folder(const fs::path& folder, Report& report, std::ostream& out) {
  const auto package = read_folder(folder);
  if (!package) {
    report.bad("manifest and files", package.error());
    report.summary();
    return 1;
  }
  report.good("manifest: " + package->manifest.id + " " + package->manifest.version + ", " +
              kind_of(package->manifest));
  if (package->files.contains("LICENSE"))
    report.good("files: " + std::to_string(package->files.size()));
  else
    report.bad("files", {"there is no LICENSE; who passes the package on has to give it along"});
  check_contract(*package, report);
  say_rating(package->manifest, out);
  report.summary();
  return report.failed() == 0 ? 0 : 1;
}

}  // namespace

int check(const fs::path& what, std::ostream& out) {
  Report report(out);
  if (fs::is_directory(what)) return check_folder(what, report, out);
  const TemporaryFolder folder;
  if (const auto laid_out = lay_out(what, folder.path(), report); !laid_out) {
    report.bad("package", laid_out.error());
    report.summary();
    return 1;
  }
  return check_folder(folder.path(), report, out);
}

}  // namespace cell::tool
