"""SQLite FTS5 on the flat documents: one column of all texts, Porter's stemmer, bm25()."""

import sqlite3

import peer


def build(documents, index):
    base = sqlite3.connect(index / "index.sqlite")
    base.execute("create virtual table document using fts5(id unindexed, contents, tokenize = 'porter unicode61')")
    count = base.executemany("insert into document values (?, ?)", documents).rowcount
    base.commit()
    base.execute("insert into document(document) values ('optimize')")
    base.commit()
    base.close()
    return count


def search(index):
    base = sqlite3.connect(index / "index.sqlite")

    def find(words, limit):
        match = " OR ".join(f'"{word}"' for word in words)
        found = "select id from document where document match ? order by rank limit ?"
        return [identifier for identifier, in base.execute(found, (match, limit))]

    return find


peer.run(sqlite3.sqlite_version, build, search)
