#!/usr/bin/env bash
# Installs what building (and, with "test", testing) needs and is missing.
# For Debian and Ubuntu; elsewhere it says what to install.
set -euo pipefail

purpose=${1:-run}
# A C compiler for SQLite and for the cryptography of TLS, curl to fetch Rust; CMake, a C++ compiler and libclang for the
# embedded language models (a build without them needs none of the three: --no-default-features). ccache, because
# cargo builds their C++ anew for every set of packages that it is asked for.
programs=(cc c++ make cmake clang ccache curl git)
packages=(build-essential make cmake clang libclang-dev ccache curl git ca-certificates)

# Programs, not the builtin commands of this shell, of which `kill` is one.
has_all() { for program in "$@"; do type -P "$program" >/dev/null || return 1; done; }
has_libclang() { compgen -G "/usr/lib/llvm-*/lib/libclang.so*" || compgen -G "/usr/lib/*/libclang.so*"; } >/dev/null
# Chrome is as good: Ubuntu has Chromium only as a snap, which sees no other program's files.
has_browser() { has_all google-chrome-stable || has_all chromium; }
has_postgres() { has_all initdb || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null; }
give_up() { echo "setup: $1, then run the command again" >&2; exit 1; }

missing=()
{ has_all "${programs[@]}" && has_libclang; } || missing+=("${packages[@]}")
if [ "$purpose" = test ]; then
  has_postgres || missing+=(postgresql)
  has_browser || missing+=(chromium)
  # The tests stop servers by `kill`.
  has_all kill || missing+=(procps)
fi

if [ ${#missing[@]} -gt 0 ]; then
  sudo=(); [ "$(id -u)" = 0 ] || sudo=(sudo)
  has_all apt-get "${sudo[@]}" || give_up "this script installs by apt-get, as root or by sudo; please install: ${missing[*]}"
  echo "setup: installing ${missing[*]}" >&2
  # Any one package source out of order fails the update; whether it matters, the installation shows.
  "${sudo[@]}" apt-get update -qq || true
  # `env`, because sudo passes no variables on. The lock: a machine just started is busy with its own updates.
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 \
    install -y -qq --no-install-recommends "${missing[@]}" >/dev/null \
    || give_up "apt-get could not install everything (see above); please install: ${missing[*]}"
fi

export PATH="$HOME/.cargo/bin:$PATH"
# The oldest Rust that builds this workspace stands in Cargo.toml.
wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$(dirname "$0")/../Cargo.toml")
# Empty where there is none yet.
have=$(rustc --version 2>/dev/null | sed -n 's/^rustc \([0-9.]*\).*/\1/p') || true
if [ -z "$have" ] || [ "$(printf '%s\n%s\n' "$wanted" "$have" | sort -V | head -n1)" != "$wanted" ]; then
  if has_all rustup; then
    echo "setup: updating Rust (have ${have:-none}, need $wanted)" >&2
    rustup toolchain install stable --profile minimal --component clippy,rustfmt
  else
    echo "setup: installing Rust by rustup" >&2
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --component clippy,rustfmt
  fi || give_up "Rust could not be installed; please install Rust $wanted or newer from https://rustup.rs"
fi
