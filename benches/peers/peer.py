"""What the peers in Python share: reading flat documents and queries, timing, and what is printed."""

import json
import pathlib
import struct
import sys
import time

NUMBER = struct.Struct("<I")
USAGE = "build DOCUMENTS INDEX | search DOCUMENTS INDEX QUERIES"


def documents(folder):
    """Id, and all texts as one, of every document."""
    with open(folder / "documents.bin", "rb", buffering=1 << 20) as file:
        def number():
            return NUMBER.unpack(file.read(4))[0]

        while count := file.read(4):
            texts = []
            for _ in range(NUMBER.unpack(count)[0]):
                field, length = number(), number()
                text = file.read(length)
                if field != 1:
                    texts.append(text.decode())
            yield texts[0], "\n".join(texts[1:])


def run(version, build, search):
    """Builds with build(documents, index), or answers with search(index), which makes find(words, hits) -> ids."""
    match sys.argv[1:]:
        case ["build", folder, index]:
            run_build(version, build, pathlib.Path(folder), pathlib.Path(index))
        case ["search", _, index, queries]:
            serve(search, pathlib.Path(index), pathlib.Path(queries))
        case _:
            sys.exit(f"usage: {sys.argv[0]} {USAGE}")


def run_build(version, build, folder, index):
    index.mkdir(parents=True)
    begin = time.perf_counter()
    records = build(documents(folder), index)
    seconds = time.perf_counter() - begin
    print(json.dumps({"version": version, "records": records, "seconds": seconds}))


def serve(search, index, queries):
    """Answers, for every line, the queries from one number to before another: their times, and what each found."""
    lines = [line.split("\t", 3) for line in queries.read_text(encoding="utf-8").splitlines()]
    asked = [(text.split(), int(limit)) for _, limit, _, text in lines]
    begin = time.perf_counter()
    find = search(index)
    print(json.dumps({"open": time.perf_counter() - begin}), flush=True)
    for line in sys.stdin:
        first, end = map(int, line.split())
        times, found = [], []
        for words, limit in asked[first:end]:
            begin = time.perf_counter()
            ids = find(words, limit)
            times.append((time.perf_counter() - begin) * 1e3)
            found.append(ids[:10])
        print(json.dumps({"ms": times, "top": found}), flush=True)
