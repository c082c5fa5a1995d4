#include "domain/services/recipe.hpp"

#include <gmock/gmock.h>

#include "unit/domain/services/sample_service.hpp"

namespace cell::services {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

plugin::ImageSource web() { return notes_manifest().images.at("web"); }

TEST(Recipe, TheSameRecipeOnTheSameBaseHasTheSameName) {
  plugin::ImageSource other = web();
  other.packages.emplace_back("curl");

  const std::string name = built_reference("notes", "web", web(), "sha256:1");
  EXPECT_THAT(name, StartsWith("pic/svc-notes-web:"));
  EXPECT_EQ(name.size(), std::string("pic/svc-notes-web:").size() + 16);
  EXPECT_EQ(name, built_reference("notes", "web", web(), "sha256:1"));
  EXPECT_NE(name, built_reference("notes", "web", web(), "sha256:2"));
  EXPECT_NE(name, built_reference("notes", "web", other, "sha256:1"));
  EXPECT_TRUE(is_built(name));
  EXPECT_FALSE(is_built("pic/files:1"));
}

TEST(Recipe, TheBuildGetsItsWishesAsArgumentsOnly) {
  const auto spec = build_container("notes", "web", web(), sample_frame());

  EXPECT_EQ(spec.name, "cell-build-notes-web");
  EXPECT_EQ(spec.image, "pic/base:1");
  // Not the entrypoint, which an image without one of its own would keep.
  EXPECT_TRUE(spec.entrypoint.empty());
  EXPECT_THAT(spec.command,
              ElementsAre("/bin/sh", "-euc", testing::_, "sh", "user:notes:900", "package:nginx-light",
                          "package:gettext-base", "directory:/srv/notes:750:notes:notes"));
  EXPECT_EQ(spec.network, "host");
  EXPECT_TRUE(spec.labels.empty());
  EXPECT_THAT(spec.mounts,
              ElementsAre(engine::Mount{"/etc/apt", "/run/machine", false, true},
                          engine::Mount{"/usr/share/keyrings", "/usr/share/keyrings", false, true},
                          engine::Mount{"/cell/cache/debs", "/var/cache/apt/archives", false, false}));
}

TEST(Recipe, TheImageCarriesWhatItWasMadeFrom) {
  plugin::ImageSource source = web();
  source.entrypoint = {"nginx", "-g", "daemon off;"};

  const auto spec = commit_of("cell-build-notes-web", "notes", "pic/svc-notes-web:0123456789abcdef", source);

  EXPECT_EQ(spec.repository, "pic/svc-notes-web");
  EXPECT_EQ(spec.tag, "0123456789abcdef");
  EXPECT_THAT(spec.changes,
              ElementsAre("LABEL pic.source=0123456789abcdef", "LABEL pic.service=notes",
                          R"(ENTRYPOINT ["nginx","-g","daemon off;"])", "CMD []", "ENV DEBIAN_FRONTEND="));
}

TEST(Recipe, AnImageWithoutAProgramDoesNotStartWhatItWasBuiltWith) {
  const auto spec = commit_of("cell-build-notes-web", "notes", "pic/svc-notes-web:0123456789abcdef", web());

  EXPECT_THAT(spec.changes, ElementsAre("LABEL pic.source=0123456789abcdef", "LABEL pic.service=notes",
                                        R"(CMD ["/bin/false"])", "ENV DEBIAN_FRONTEND="));
}

}  // namespace
}  // namespace cell::services
