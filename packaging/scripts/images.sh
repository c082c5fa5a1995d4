#!/usr/bin/env bash
# Makes the images of the cell: pulls a published one where one is listed and its registry answers, else builds it.
# An image is rebuilt when the hash over its inputs differs from its label pic.source. CELL_BIN_DIR: where celld, cell-hubd and cell-plugin-host are.
# usage: images.sh [NAME…]   (base coredns caddy chrony wireguard celld files)
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"

recipes="$CELL_ROOT/packaging/images"
cache=${CELL_CACHE_DIR:-/var/cache/cell-images}
tag=${CELL_IMAGE_TAG:-1}
binaries=${CELL_BIN_DIR:-$CELL_ROOT/build/release/bin}
webui="$CELL_ROOT/webui/dist"
store="$(dirname "$binaries")/store"
registry_answers=yes
export DOCKER_BUILDKIT=0
scratch=$(mktemp -d)
container="pic-build-$$"
trap 'rm -rf "$scratch"; docker rm -f "$container" >/dev/null 2>&1 || true' EXIT

label_of() { docker image inspect -f '{{index .Config.Labels "pic.source"}}' "$1" 2>/dev/null || true; }

# adopt SOURCE NAME: an image of that name made from the same inputs under another tag is given ours too. By name as well, because an
# image that somebody makes on top of one of ours inherits its labels.
adopt() {
  local id
  id=$(docker image ls -q --filter "label=pic.source=$1" --filter "reference=pic/$2" | head -1)
  [ -n "$id" ] && docker tag "$id" "pic/$2:$tag"
}

# run_logged WHAT COMMAND…: quiet, unless it fails.
run_logged() {
  local what=$1
  shift
  "$@" >"$scratch/log" 2>&1 && return
  tail -20 "$scratch/log" >&2
  die "$what failed" "see the message above" "check the disk, the network and the package sources, then run it again"
}

# A pull is bounded: a registry that does not answer within 5 s is not asked again in this run.
pulled() {
  local name=$1 reference
  reference=$(awk -v name="$name" '$1 == name {print $2}' "$recipes/published.txt")
  [ -n "$reference" ] || return 1
  docker image inspect -f '{{join .RepoDigests "\n"}}' "pic/$name:$tag" 2>/dev/null | grep -qxF "$reference" && return 0
  [ "$registry_answers" = yes ] || return 1
  if ! timeout 5 docker manifest inspect "$reference" >/dev/null 2>&1; then
    registry_answers=no
    return 1
  fi
  timeout 300 docker pull -q "$reference" >/dev/null 2>&1 && docker tag "$reference" "pic/$name:$tag"
}

package_sources() { find /etc/apt/sources.list /etc/apt/sources.list.d -maxdepth 1 -type f \( -name '*.list' -o -name '*.sources' \) -size +0 2>/dev/null; }
package_list() { grep -v '^#' "$recipes/$1/packages.txt"; }

# The machine's own sources and apt settings make the rootfs; neither stays in it.
make_base() {
  local source=$1 options=() file sources
  mapfile -t sources < <(package_sources)
  [ ${#sources[@]} -gt 0 ] || die "no package sources" "/etc/apt names none" "write /etc/apt/sources.list"
  while read -r file; do options+=("--aptopt=$file"); done < <(grep -lsE '^[[:space:]]*Acquire::' /etc/apt/apt.conf.d/* || true)
  # shellcheck disable=SC2016 # mmdebstrap's shell expands the hook
  run_logged "the base image" mmdebstrap --quiet --variant=minbase --include="$(package_list base | paste -sd,)" "${options[@]}" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook='rm -rf "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/* "$1"/etc/apt/apt.conf.d/99mmdebstrap' \
    bookworm "$scratch/base.tar" "${sources[@]}"
  run_logged "importing the base image" docker import -c "LABEL pic.source=$source" "$scratch/base.tar" "pic/base:$tag"
  rm -f "$scratch/base.tar"
}

# Packages go onto the base in a container that borrows the machine's sources, so that no layer keeps them.
make_packages() {
  local name=$1 source=$2 options=() path packages
  mkdir -p "$cache/debs"
  while read -r path; do options+=(-v "$path:$path:ro"); done < <(
    package_sources
    find /etc/apt/keyrings /etc/apt/trusted.gpg.d /usr/share/keyrings -maxdepth 1 -type f 2>/dev/null
    grep -lsE '^[[:space:]]*Acquire::' /etc/apt/apt.conf.d/* || true)
  mapfile -t packages < <(package_list "$name")
  # shellcheck disable=SC2016 # the container's shell expands it
  run_logged "packages of the $name image" docker run --name "$container" --network host "${options[@]}" \
    -v "$cache/debs:/var/cache/apt/archives" --tmpfs /var/lib/apt/lists --tmpfs /tmp -e DEBIAN_FRONTEND=noninteractive \
    --entrypoint /bin/sh "pic/base:$tag" -ec '
      apt-get -q update -o APT::Sandbox::User=root
      apt-get -q install -y --no-install-recommends -o APT::Sandbox::User=root -o Dpkg::Options::=--force-confold "$@"
      rm -rf /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log /usr/share/doc /usr/share/man' sh "${packages[@]}"
  run_logged "keeping the $name packages" docker commit -c "LABEL pic.source=$source" -c 'ENTRYPOINT []' -c 'CMD []' -c 'ENV DEBIAN_FRONTEND=' "$container" "pic/$name-packages:$tag"
  docker rm -f "$container" >/dev/null
}

build() {
  local name=$1 source=$2 context=$3 previous
  shift 3
  previous=$(docker image inspect -f '{{.Id}}' "pic/$name:$tag" 2>/dev/null || true)
  run_logged "the $name image" docker build -q "$@" --label "pic.source=$source" -t "pic/$name:$tag" -f "$recipes/$name/Dockerfile" "$context"
  # Refused while a container runs on it; it then goes when that one is replaced.
  if is_nameless "$previous"; then docker image rm "$previous" >/dev/null 2>&1 || true; fi
}

make_go() {
  local name=$1 source=$2 go root="$scratch/$1"
  go=$("$CELL_ROOT/packaging/scripts/go.sh")
  mkdir -p "$root/usr/bin" "$root/etc/ssl/certs" "$root/tmp" "$root/data"
  run_logged "compiling $name" env -C "$recipes/$name" GOTOOLCHAIN=local GOCACHE="$cache/go-build" CGO_ENABLED=0 GOFLAGS=-mod=readonly \
    "$go" build -trimpath -tags timetzdata -ldflags '-s -w' -o "$root/usr/bin/$name" .
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/"
  printf 'root:x:0:0:root:/tmp:/\n' >"$root/etc/passwd"
  chmod 1777 "$root/tmp"
  build "$name" "$source" "$root"
}

make_debian() {
  local name=$1 source=$2 packages_source=$3 root="$scratch/$1"
  [ "$(label_of "pic/$name-packages:$tag")" = "$packages_source" ] || adopt "$packages_source" "$name-packages" || make_packages "$name" "$packages_source"
  mkdir -p "$root/usr/bin"
  case $name in
    wireguard) install -s "$binaries/cell-hubd" "$root/usr/bin/" ;;
    celld)
      install -s "$binaries/celld" "$binaries/cell-plugin-host" "$root/usr/bin/"
      if [ -d "$webui" ]; then mkdir -p "$root/usr/share/cell" && cp -r "$webui" "$root/usr/share/cell/webui"; fi
      if [ -d "$store" ]; then mkdir -p "$root/usr/share/cell" && cp -r "$store" "$root/usr/share/cell/store"; fi
      ;;
  esac
  build "$name" "$source" "$root" --build-arg "BASE=pic/$name-packages:$tag"
}

make_image() {
  local name=$1 source packages_source inputs=() started=$SECONDS
  if pulled "$name"; then return; fi
  case $name in
    wireguard) inputs=("$binaries/cell-hubd") ;;
    celld) inputs=("$binaries/celld" "$binaries/cell-plugin-host" "$webui" "$store") ;;
  esac
  for file in "${inputs[@]}"; do
    [ -e "$file" ] || [ "$file" = "$webui" ] || [ "$file" = "$store" ] || die "no $(basename "$file") for the $name image" "$file is not there" "run 'make build-api' first"
  done
  packages_source=$(hash_of "$base_source" "$recipes/$name/packages.txt")
  if [ "$name" = base ]; then source=$base_source; else source=$(hash_of "$packages_source" "$recipes/$name" "${inputs[@]}"); fi
  [ "$(label_of "pic/$name:$tag")" != "$source" ] || return 0
  if adopt "$source" "$name"; then return; fi
  step "building the $name image"
  case $name in
    base) make_base "$source" ;;
    coredns | caddy | files) make_go "$name" "$source" ;;
    *) make_debian "$name" "$source" "$packages_source" ;;
  esac
  printf '✓ pic/%s:%s (%ss)\n' "$name" "$tag" "$((SECONDS - started))"
}

need_engine
mkdir -p "$cache"
exec 8>"$cache/.lock"
flock -n 8 || { step "waiting for another build of the images" && flock 8; }
base_source=$(hash_of "$recipes/base")
[ $# -gt 0 ] || set -- base coredns caddy chrony wireguard celld files
for name in "$@"; do
  [ -d "$recipes/$name" ] || die "no image '$name'" "$recipes/$name is not there" "one of: base coredns caddy chrony wireguard celld files"
  make_image "$name"
done
