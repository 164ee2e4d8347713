"""Xapian on the flat documents: all texts as one, English stems with positions, the text stored, BM25."""

import xapian

import peer


def build(documents, index):
    base = xapian.WritableDatabase(str(index), xapian.DB_CREATE)
    terms = xapian.TermGenerator()
    terms.set_stemmer(xapian.Stem("en"))
    terms.set_stemming_strategy(terms.STEM_ALL)
    for identifier, text in documents:
        document = xapian.Document()
        terms.set_document(document)
        terms.index_text(text)
        document.set_data(text)
        document.add_value(0, identifier)
        base.add_document(document)
    base.commit()
    count = base.get_doccount()
    base.close()
    return count


def search(index):
    base = xapian.Database(str(index))
    stem = xapian.Stem("en")
    enquire = xapian.Enquire(base)

    def find(words, limit):
        enquire.set_query(xapian.Query(xapian.Query.OP_OR, [stem(word) for word in words]))
        return [match.document.get_value(0).decode() for match in enquire.get_mset(0, limit)]

    return find


peer.run(xapian.version_string(), build, search)
