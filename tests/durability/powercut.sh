#!/usr/bin/env bash
# Cuts the power of a disk while trialdex writes an index on it: an ext4 file system on a loop
# device is shut down without flushing anything, mounted again and looked at.
#
#   tests/durability/powercut.sh [CUTS]     default 50; needs root, a loop device, mkfs.ext4 and perl
#
# Exit code 0: nothing acknowledged was lost, nothing is corrupt. 77: cannot run here.
set -euo pipefail
cuts=${1:-50}
source "$(dirname "$0")/common.sh"
disk=$work/disk
index=$disk/index
sources=$work/sources

cleanup() {
  umount "$disk" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

[ "$(id -u)" -eq 0 ] || cannot "mounting a disk needs root"
command -v mkfs.ext4 >/dev/null || cannot "mkfs.ext4 is missing"
command -v perl >/dev/null || cannot "perl is missing (it makes the system call that cuts the power)"
mkdir "$disk"
truncate -s 256M "$work/image"
mkfs.ext4 -q "$work/image"
mount -o loop "$work/image" "$disk" 2>/dev/null || cannot "no loop device can be mounted"

# EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: from now on nothing reaches the disk.
cut_power() {
  perl -e 'open(my $f, "<", $ARGV[0]) or die; my $how = pack("L", 2); ioctl($f, 0x8004587D, $how) or die "$!"' "$disk"
}

start_again() {
  umount "$disk"
  mount -o loop "$work/image" "$disk"
}

now() { date +%s%N; }

acknowledged=0 after_cut=0 before_cut=0
change_sources 0
"$TRIALDEX" --quiet index --index "$index" "$sources"
before=$(clean_state)
[ "$(state "$index")" = "$before" ] || fail "the index differs from a clean build"
took=400000000

for ((cut = 1; cut <= cuts; cut++)); do
  change_sources "$cut"
  after=$(clean_state)
  command=(reindex --max-removed 100)
  [ $((cut % 5)) -eq 0 ] && command+=(--full)
  "$TRIALDEX" --quiet "${command[@]}" --index "$index" 2>"$work/run.err" &
  run=$!
  if [ $((cut % 3)) -eq 0 ]; then
    # The hardest moment for what was acknowledged: at once.
    code=0
    wait "$run" || code=$?
    cut_power
  else
    random $((took / 1000))
    sleep "$(printf '0.%09d' $((number * 1000)))"
    cut_power
    code=0
    wait "$run" || code=$?
  fi
  ! grep -q "panicked at" "$work/run.err" || fail "cut $cut: a panic: $(cat "$work/run.err")"
  start_again
  found=$(state "$index")
  "$TRIALDEX" --quiet verify --index "$index" || fail "cut $cut: verify"
  if [ "$code" -eq 0 ]; then
    acknowledged=$((acknowledged + 1))
    [ "$found" = "$after" ] || fail "cut $cut: acknowledged and lost"
  fi
  case $found in
    "$after") after_cut=$((after_cut + 1)) ;;
    "$before") before_cut=$((before_cut + 1)) ;;
    *) fail "cut $cut: neither the state before nor the one after ($found)" ;;
  esac
  began=$(now)
  "$TRIALDEX" --quiet reindex --max-removed 100 --index "$index" || fail "cut $cut: the next run"
  [ "$found" = "$after" ] || took=$(($(now) - began))
  [ "$(state "$index")" = "$after" ] || fail "cut $cut: the next run differs from a clean build"
  whole "$index" "cut $cut"
  before=$after
done
echo "$cuts power cuts: $acknowledged runs acknowledged and none lost; $before_cut times the state before, $after_cut times the state after, nothing corrupt"
