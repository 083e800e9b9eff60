# What ./run, ./test and .ci/run share: which Debian packages are needed, and how the missing ones are installed.
#
# Sourced by bash with the repository's root as working directory. The libraries are those of
# docs/decisions/0002-dependencies.md: keep the two in step.
# shellcheck shell=bash
# shellcheck disable=SC2034  # the lists are used by those who source this file

# What the program is built with.
build_packages=(
  g++ cmake ninja-build pkg-config
  libexpected-dev libssl-dev zlib1g-dev libdeflate-dev
  libre2-dev libpcre2-dev libyaml-cpp-dev
  libcurl4-openssl-dev libarchive-dev
  liblmdb-dev libsqlite3-dev libsodium-dev libcrypt-dev
  libboost1.81-dev libkainjow-mustache-dev
  libcli11-dev libtomlplusplus-dev libspdlog-dev libfmt-dev
  python3 python3-venv ca-certificates
)

# What the tests need beside it: the libraries of tests and benchmarks, checkers, a browser.
test_packages=(
  libgtest-dev libbenchmark-dev libmaxminddb-dev
  clang-format-14 clang-tidy-14 shellcheck
  chromium fonts-dejavu-core
)

# The servers that the Django package is tested on, and what its client of MariaDB is built with.
server_packages=(postgresql mariadb-server redis-server memcached libmariadb-dev)

say() { printf '== %s\n' "$*"; }
die() {
  printf '!! %s\n' "$*" >&2
  exit 1
}

# Runs a command as root: as it is for root, else through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "not root, and there is no sudo: as root, run: $*"
  fi
}

# Prints those of its arguments that are not installed, one a line.
missing_packages() {
  local installed package
  installed=$(dpkg-query -W -f '${db:Status-Abbrev} ${binary:Package}\n' 2>/dev/null |
    sed -n 's/^ii  *\([^:]*\).*/\1/p')
  for package in "$@"; do
    grep -qxF -- "$package" <<<"$installed" || printf '%s\n' "$package"
  done
}

# Node comes from Debian where no other node and npm are on the path.
node_packages() {
  command -v node >/dev/null || echo nodejs
  command -v npm >/dev/null || echo npm
}

# Python's headers, for the extension, come from Debian where the python3 on the path has none of its own.
python_headers() {
  local folder
  folder=$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))' 2>/dev/null) || true
  [ -n "$folder" ] && [ -f "$folder/Python.h" ] || echo python3-dev
}

# Never removes a package to make room for another: where that would be needed, apt's own words say what stands in
# the way (libboost-dev 1.74 and libboost1.81-dev exclude each other, for one).
apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-remove --no-install-recommends \
    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# Installs what is missing of the packages given; says so; does nothing and says nothing where nothing is.
install_packages() {
  local missing known
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -eq 0 ] && return 0
  command -v apt-get >/dev/null ||
    die "these packages are missing, and there is no apt-get to install them: ${missing[*]}"
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  known=$(apt-cache madison "${missing[@]}" 2>/dev/null | awk '{print $1}' | sort -u | wc -l)
  if [ "$known" -lt "${#missing[@]}" ]; then
    say "asking Debian what there is (apt-get update)"
    as_root apt-get update -qq
    apt_install "${missing[@]}"
  else
    # A list of last month may name files that are gone: then ask anew, once.
    apt_install "${missing[@]}" || { as_root apt-get update -qq && apt_install "${missing[@]}"; }
  fi
}

# Installs the servers. Debian starts a service with its package; a policy keeps it from doing so while we install, and
# where systemd would start it with the machine, it is told not to. Services that were there before are left alone.
install_servers() {
  local missing package policy=/usr/sbin/policy-rc.d
  mapfile -t missing < <(missing_packages "${server_packages[@]}")
  [ "${#missing[@]}" -eq 0 ] && return 0
  local installed=0
  if [ -e "$policy" ]; then
    (install_packages "${missing[@]}") || installed=$?
  else
    printf '#!/bin/sh\nexit 101\n' | as_root install -m 755 /dev/stdin "$policy"
    (install_packages "${missing[@]}") || installed=$?
    as_root rm -f "$policy"
  fi
  [ "$installed" -eq 0 ] || return "$installed"
  [ -d /run/systemd/system ] || return 0
  for package in "${missing[@]}"; do
    case $package in
      *-dev) ;;
      *) as_root systemctl disable --quiet "${package/%mariadb-server/mariadb}" || true ;;
    esac
  done
}

# Configures (only where that is not done yet) and builds targets of a preset: build_preset PRESET TARGET…
build_preset() {
  local preset=$1
  shift
  if [ ! -f "build/$preset/build.ninja" ]; then
    say "configuring (cmake --preset $preset)"
    cmake --preset "$preset"
  fi
  say "building build/$preset"
  cmake --build "build/$preset" --target "$@"
}

# The Python environment of the build: .venv, with the pinned packages of the requirement files given. Fails where
# no package index can be reached and something is missing.
python_environment() {
  local stamp
  if [ ! -x .venv/bin/python ]; then
    say "making the Python environment .venv"
    python3 -m venv .venv
  fi
  stamp=$(cat "$@" | sha256sum | cut -c1-16)
  [ -f ".venv/installed-$stamp" ] && return 0
  say "installing Python packages of $*"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check "${@/#/-r}" || return 1
  touch ".venv/installed-$stamp"
}
