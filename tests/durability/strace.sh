#!/usr/bin/env bash
# Lets every system call by which trialdex changes the disk fail, one after the other: an error, a
# full disk, and the end of the process, in a first build, a night, a full rebuild and a step back.
#
#   tests/durability/strace.sh [COMMAND…]   of: build night full back; default all
#   EVERY=5 tests/durability/strace.sh      one call in five only
#   CALLS="write fsync,fdatasync" …         these calls only
#
# strace counts the calls of each thread by itself: the N-th call of every thread fails.
# Exit code 0: every time the state before or after stood, and the next run put all right. 77: cannot run here.
set -euo pipefail
commands=("$@")
[ ${#commands[@]} -gt 0 ] || commands=(build night full back)
every=${EVERY:-1}
read -r -a all <<<"${CALLS:-rename,renameat,renameat2 fsync,fdatasync unlink,unlinkat,rmdir link,linkat mkdir,mkdirat ftruncate flock write openat}"
source "$(dirname "$0")/common.sh"
trap 'rm -rf "$work"' EXIT
command -v strace >/dev/null || cannot "strace is missing (apt-get install strace)"
strace -o /dev/null true 2>/dev/null || cannot "strace may not trace here (ptrace is forbidden)"

sources=$work/sources
index=$work/index
base=$work/base
RANDOM=7
change_sources 0
"$TRIALDEX" --quiet index --index "$base" "$sources"
older=$(state "$base")
change_sources 1
"$TRIALDEX" --quiet reindex --max-removed 100 --index "$base"
previous=$(state "$base")
change_sources 2
newest=$(clean_state)

# What each sweep runs, where it starts, and the states it may leave.
prepare() {
  rm -rf "$index"
  case $1 in
    build) run=(index "$sources") before=none after=$newest ;;
    night) run=(reindex --max-removed 100) before=$previous after=$newest ;;
    full) run=(reindex --full --max-removed 100) before=$previous after=$newest ;;
    back) run=(rollback) before=$previous after=$older ;;
    *) cannot "no command $1" ;;
  esac
  [ "$1" = build ] || cp -a "$base" "$index"
}

# found: the state of the index, or none where nothing was published yet.
found() {
  if [ -e "$index/CURRENT" ]; then state "$index"; else echo none; fi
}

points=0
# sweep COMMAND CALLS FAULT
sweep() {
  local command=$1 calls=$2 fault=$3 call at code state
  for ((call = 1; ; call += every)); do
    prepare "$command"
    at="$command: $fault at call $call of $calls"
    code=0
    # In a shell of its own, which keeps the word of a killed process to itself.
    (strace -f -qq -o "$work/trace" -e "trace=$calls" -e "inject=$calls:$fault:when=$call" \
      "$TRIALDEX" --quiet "${run[@]}" --index "$index" >"$work/out" 2>"$work/err"
      exit $?) 2>/dev/null || code=$?
    if [[ $fault == signal* ]]; then
      [ "$code" -eq 137 ] || break
    else
      grep -q INJECTED "$work/trace" || break
      [ "$code" -lt 128 ] && [ "$code" -ne 101 ] || fail "$at: ended with $code: $(cat "$work/err")"
      ! grep -q "panicked at" "$work/err" || fail "$at: $(cat "$work/err")"
    fi
    points=$((points + 1))
    state=$(found)
    # A source that could not be read is no matter of the index: the run says so, or leaves its records out.
    if ! grep INJECTED "$work/trace" | grep -q "$sources"; then
      [ "$state" = "$before" ] || [ "$state" = "$after" ] || fail "$at: neither the state before nor after ($state)"
      [ "$code" -ne 0 ] || [ "$state" = "$after" ] || fail "$at: acknowledged and not there"
    fi
    if [ "$command" = build ]; then
      "$TRIALDEX" --quiet index "$sources" --index "$index" || fail "$at: the next run"
    else
      "$TRIALDEX" --quiet reindex --max-removed 100 --index "$index" || fail "$at: the next run"
    fi
    [ "$(found)" = "$newest" ] || fail "$at: the next run differs from a clean build"
    whole "$index" "$at"
  done
  echo "$command, $fault, $calls: $((call - 1)) calls"
}

for command in "${commands[@]}"; do
  for calls in "${all[@]}"; do
    for fault in error=EIO error=ENOSPC signal=KILL; do
      case $calls:$fault in
        # These never tell of a full disk.
        unlink*:error=ENOSPC | flock:error=ENOSPC) continue ;;
      esac
      sweep "$command" "$calls" "$fault"
    done
  done
done
echo "$points faults: always the state before or after, no panic, and the next run put all right"
