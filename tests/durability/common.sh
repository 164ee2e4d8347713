# Shared by the scripts of this folder: sources that change from night to night, and what an index says of them.
# Sourced, not run. TRIALDEX names the program; by default the release build of this checkout.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$here/../.." && pwd)
TRIALDEX=${TRIALDEX:-$checkout/target/release/trialdex}
work=$(mktemp -d "${TMPDIR:-/tmp}/trialdex-durability.XXXXXX")
export XDG_CONFIG_HOME=$work/config
unset TRIALDEX_INDEX RUST_BACKTRACE

cannot() { echo "cannot run: $*" >&2; exit 77; }
fail() { echo "FAILED: $*" >&2; exit 1; }

[ -x "$TRIALDEX" ] || cannot "no program at $TRIALDEX (cargo build --release, or set TRIALDEX)"

words=(lupus nephritis asthma stem cells placebo insulin glucose melanoma randomised children pain knee
  surgery vitamin anaemia hypertension sclerosis cancer lung stroke exercise depression therapy vaccine)

# random LIMIT: sets $number to a number below it.
random() { number=$(((RANDOM * 32768 + RANDOM) % $1)); }

# document ID: a document of random words.
document() {
  local text=""
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
    random ${#words[@]}
    text+="${words[$number]} "
  done
  printf '{"id":"doc-%s","title":"%s","text":"%s"}\n' "$1" "${text%% *} ${text#* }" "$text"
}

# change_sources NIGHT: makes the folder $sources what it is in that night.
change_sources() {
  local file id
  if [ ! -d "$sources" ]; then
    mkdir -p "$sources"
    cp -r "$checkout/corpus" "$sources/corpus"
    for file in 1 2 3 4 5 6 7 8 9 10 11 12; do
      for id in 1 2 3 4 5 6 7 8; do document "$file-$id"; done >"$sources/$file.jsonl"
    done
  fi
  for _ in 1 2 3; do
    random 12
    file=$sources/$((number + 1)).jsonl
    random 8
    { sed "$((number + 1))d" "$file" 2>/dev/null; document "$1-$RANDOM"; } >"$file.new"
    mv "$file.new" "$file"
  done
  printf '{"id":"state","title":"The state of night %s","text":"none"}\n' "$1" >"$sources/state.jsonl"
}

# state INDEX: one line that is the same for indexes that hold the same records and find the same hits in the same order.
state() {
  { "$TRIALDEX" export --index "$1" &&
    for query in "${queries[@]}"; do
      "$TRIALDEX" search --index "$1" "$query" --format ids -n 20 || [ $? -eq 1 ]
    done; } 2>"$work/state.err" | sha256sum | cut -c1-16
  [ "${PIPESTATUS[0]}" -eq 0 ] || { cat "$work/state.err" >&2; echo "unreadable"; }
}

queries=("lupus nephritis" "stem cells" "randomised placebo" "knee pain surgery" "state night")

# clean_state: what an index of the sources says that is built from nothing.
clean_state() {
  rm -rf "$work/clean"
  "$TRIALDEX" --quiet index --index "$work/clean" "$sources" 2>"$work/clean.err" || { cat "$work/clean.err" >&2; return 1; }
  state "$work/clean"
}

# whole INDEX: fails unless every byte is what was written and nothing else is there.
whole() {
  "$TRIALDEX" --quiet verify --index "$1" || fail "$2: verify"
  local litter
  litter=$(find "$1" -name '.tmp*')
  [ -z "$litter" ] || fail "$2: left over: $litter"
  [ "$(find "$1/generations" -mindepth 1 -maxdepth 1 | wc -l)" -le 2 ] || fail "$2: more generations than are kept"
}
