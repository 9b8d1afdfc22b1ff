#!/usr/bin/env bash
# What every script here shares: messages, steps with their times, and ends that say the way out.
# Runs in bash 3.2 (macOS) as well. Source it; it does nothing by itself.

[ -n "${GENIE_HANDOFF_COMMON:-}" ] && return 0
GENIE_HANDOFF_COMMON=1

# shellcheck disable=SC2034  # for the scripts that source this file
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${GENIE_HANDOFF_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/genie-handoff}

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }

# die WHAT [WAY_OUT]...: ends the script.
die() {
  printf '\nerror: %s\n' "$1" >&2
  shift
  local line
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# seconds N: "under 1 s", "12 s", "3 min 20 s".
seconds() {
  if [ "$1" -lt 1 ]; then
    printf 'under 1 s'
  elif [ "$1" -lt 120 ]; then
    printf '%s s' "$1"
  else
    printf '%s min %s s' $(($1 / 60)) $(($1 % 60))
  fi
}

# A signal ends what is being run as well as the script. bash runs a trap only once it waits for nothing but a
# background job, so commands that take long run there.
CHILD=""
end_by_signal() {
  trap - INT TERM HUP
  if [ -n "$CHILD" ]; then
    kill -TERM -- "$CHILD" 2>/dev/null || true
    wait "${CHILD#-}" 2>/dev/null || true
  fi
  exit "$1"
}
trap 'end_by_signal 130' INT
trap 'end_by_signal 143' TERM
trap 'end_by_signal 129' HUP

# foreground COMMAND...: runs another script of ours, with our output, and passes signals on to it.
foreground() {
  local status=0
  "$@" &
  CHILD=$!
  wait "$CHILD" || status=$?
  CHILD=""
  return "$status"
}

# logged LOG COMMAND...: runs a command with its output in a file. In a process group of its own, so that a signal
# reaches compilers and whatever else was started.
logged() {
  local log=$1 status=0
  shift
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  CHILD=-$!
  set +m
  wait "${CHILD#-}" || status=$?
  CHILD=""
  return "$status"
}

# new_log: the path of a new file for `logged`.
new_log() {
  mkdir -p "$CACHE/logs"
  find "$CACHE/logs" -type f -mtime +7 -delete 2>/dev/null || true
  mktemp "$CACHE/logs/step.XXXXXX"
}

# step TEXT COMMAND...: says what is done and how long it took. Only a failure shows the output, or the end of it.
step() {
  local text=$1 start=$SECONDS log status=0
  shift
  printf '%s ...\n' "$text"
  log=$(new_log)
  logged "$log" "$@" || status=$?
  if [ "$status" -ne 0 ]; then
    tail -n 40 "$log" >&2
    say "  failed after $(seconds $((SECONDS - start))); the whole output is in $log" >&2
    return "$status"
  fi
  rm -f "$log"
  say "  done in $(seconds $((SECONDS - start)))"
}

# version_at_least HAVE WANT, for dotted numbers.
version_at_least() {
  local IFS=. i a b
  # shellcheck disable=SC2206  # splitting at the dots is the point
  local -a x=(${1%%[-+]*}) y=($2)
  for i in 0 1 2; do
    a=${x[$i]:-0}
    b=${y[$i]:-0}
    case $a$b in *[!0-9]*) return 1 ;; esac
    [ "$a" -gt "$b" ] && return 0
    [ "$a" -lt "$b" ] && return 1
  done
  return 0
}

# sha256 of standard input.
sha256() {
  if have sha256sum; then sha256sum; else shasum -a 256; fi
}

# hash_of PATH...: one hash over the names and contents of all files below. Built and installed things do not count.
hash_of() {
  local path
  for path in "$@"; do
    [ -e "$path" ] && printf '%s\n' "$path"
  done | while IFS= read -r path; do
    find "$path" \( -name node_modules -o -name dist -o -name target \) -prune -o -type f -print
  done | LC_ALL=C sort | tr '\n' '\0' | xargs -0 "$(if have sha256sum; then echo sha256sum; else echo shasum; fi)" |
    sha256 | cut -d ' ' -f 1
}

# root_ready: asks for the password that as_root will need. To be called before a step, which cannot ask.
root_ready() {
  [ "$(id -u)" -eq 0 ] && return 0
  have sudo || die "this needs root rights and there is no sudo" "Start this script once as root, or install by hand what it names."
  say "The next step needs root rights, so sudo may ask for your password."
  sudo -v
}

# as_root COMMAND...
as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# os: debian (and what descends from it), mac, linux or windows.
os() {
  case $(uname -s) in
  Darwin) echo mac ;;
  MINGW* | MSYS* | CYGWIN*) echo windows ;;
  *) if [ -r /etc/debian_version ] && have apt-get; then echo debian; else echo linux; fi ;;
  esac
}

refuse_windows() {
  [ "$(os)" != windows ] ||
    die "this runs on Linux and macOS. On Windows use WSL: 'wsl --install', then clone and start it inside."
}
