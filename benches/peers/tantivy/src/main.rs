//! Raw tantivy on the flat documents of `examples/flatten.rs`: a field a text field, analysed by its
//! own `en_stem`, with positions; records stored as trialdex does, and segments joined as it does;
//! queries are a flat `OR` of all words in all fields, each with the field's weight.
//! `peer-tantivy build DOCUMENTS INDEX`, then `peer-tantivy search DOCUMENTS INDEX QUERIES`.

use serde_json::json;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::Path;
use std::time::Instant;
use tantivy::collector::TopDocs;
use tantivy::columnar::StrColumn;
use tantivy::directory::MmapDirectory;
use tantivy::indexer::NoMergePolicy;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query, TermQuery};
use tantivy::schema::{
    FAST, Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{DocAddress, Index, IndexSettings, IndexWriter, Searcher, TantivyDocument, Term};

type Outcome<T> = Result<T, Box<dyn Error>>;

const THREADS: usize = 2;
const MEMORY: usize = 400_000_000;
const ZSTD_LEVEL: i32 = 3;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["build", documents, index] => build(Path::new(documents), Path::new(index)),
        ["search", documents, index, queries] => serve(Path::new(documents), index, queries),
        _ => Err("usage: peer-tantivy build DOCUMENTS INDEX | search DOCUMENTS INDEX QUERIES".into()),
    }
}

/// The schema of the flat documents: each field's number is theirs, and the text fields' weights.
fn schema(documents: &Path) -> Outcome<(Schema, Vec<(Field, f32)>)> {
    let mut builder = Schema::builder();
    builder.add_text_field("id", STRING | FAST);
    builder.add_text_field("record", STORED);
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("en_stem")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let options = TextOptions::default().set_indexing_options(indexing);
    let mut texts = Vec::new();
    for line in fs::read_to_string(documents.join("fields.tsv"))?.lines() {
        let (name, weight) = line.split_once('\t').ok_or("a field without a weight")?;
        // The documents' fields may be called as this program's own.
        let field = builder.add_text_field(&format!("text_{name}"), options.clone());
        texts.push((field, weight.parse()?));
    }
    Ok((builder.build(), texts))
}

fn build(documents: &Path, folder: &Path) -> Outcome<()> {
    fs::create_dir_all(folder)?;
    let begin = Instant::now();
    let (schema, _) = schema(documents)?;
    let settings = IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor {
            compression_level: Some(ZSTD_LEVEL),
        }),
        ..IndexSettings::default()
    };
    let index = Index::create(MmapDirectory::open(folder)?, schema, settings)?;
    let mut writer: IndexWriter = index.writer_with_num_threads(THREADS, MEMORY)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    let mut file = BufReader::with_capacity(1 << 20, File::open(documents.join("documents.bin"))?);
    while let Some(document) = document(&mut file)? {
        writer.add_document(document)?;
    }
    writer.commit()?;
    join(&index, &mut writer)?;
    writer.wait_merging_threads()?;
    let seconds = begin.elapsed().as_secs_f64();
    let records = index.reader()?.searcher().num_docs();
    // "tantivy v0.27.0, index_format v7"
    let version = tantivy::version_string().split([' ', ',']).nth(1);
    println!("{}", json!({ "version": version, "records": records, "seconds": seconds }));
    Ok(())
}

/// Joins many segments into two of about one size.
fn join(index: &Index, writer: &mut IndexWriter) -> Outcome<()> {
    let mut segments = index.searchable_segment_metas()?;
    if segments.len() < 4 {
        return Ok(());
    }
    segments.sort_by_key(|segment| std::cmp::Reverse(segment.num_docs()));
    let (mut halves, mut sizes) = ([Vec::new(), Vec::new()], [0, 0]);
    for segment in segments {
        let half = usize::from(sizes[1] < sizes[0]);
        halves[half].push(segment.id());
        sizes[half] += segment.num_docs();
    }
    for half in halves {
        writer.merge(&half).wait()?;
    }
    writer.commit()?;
    Ok(())
}

fn number(file: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    file.read_exact(&mut bytes)?;
    Ok(u32::from_le_bytes(bytes))
}

fn document(file: &mut impl Read) -> Outcome<Option<TantivyDocument>> {
    let count = match number(file) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        count => count?,
    };
    let mut document = TantivyDocument::new();
    let mut bytes = Vec::new();
    for _ in 0..count {
        let field = Field::from_field_id(number(file)?);
        bytes.resize(number(file)? as usize, 0);
        file.read_exact(&mut bytes)?;
        document.add_text(field, std::str::from_utf8(&bytes)?);
    }
    Ok(Some(document))
}

/// What every query needs.
struct Search {
    searcher: Searcher,
    texts: Vec<(Field, f32)>,
    analyzer: TextAnalyzer,
}

/// Answers, for every line of the standard input, the queries from one number to before another:
/// their times, and what each found.
fn serve(documents: &Path, folder: &str, queries: &str) -> Outcome<()> {
    let queries = fs::read_to_string(queries)?;
    let queries: Vec<(usize, &str)> = queries.lines().map(asked).collect::<Outcome<_>>()?;
    let begin = Instant::now();
    let index = Index::open_in_dir(folder)?;
    let searcher = index.reader()?.searcher();
    println!("{}", json!({ "open": begin.elapsed().as_secs_f64() }));
    let analyzer = index.tokenizers().get("en_stem").ok_or("no en_stem")?;
    let texts = schema(documents)?.1;
    let mut search = Search { searcher, texts, analyzer };
    for line in io::stdin().lock().lines() {
        let line = line?;
        let (from, to) = line.split_once(' ').ok_or("not two numbers")?;
        let (mut times, mut found) = (Vec::new(), Vec::new());
        for &(limit, text) in queries.get(from.parse()?..to.parse()?).ok_or("no such queries")? {
            let begin = Instant::now();
            let mut ids = search.find(limit, text)?;
            times.push(begin.elapsed().as_secs_f64() * 1e3);
            ids.truncate(10);
            found.push(ids);
        }
        println!("{}", json!({ "ms": times, "top": found }));
    }
    Ok(())
}

fn asked(line: &str) -> Outcome<(usize, &str)> {
    let parts: Vec<&str> = line.splitn(4, '\t').collect();
    let [_, limit, _, text] = parts.as_slice() else {
        return Err(format!("not a query of set, hits, id and words: {line:?}").into());
    };
    Ok((limit.parse()?, text))
}

impl Search {
    fn find(&mut self, limit: usize, text: &str) -> Outcome<Vec<String>> {
        let query = self.disjunction(text);
        let hits = self.searcher.search(&query, &TopDocs::with_limit(limit).order_by_score())?;
        names(&self.searcher, &hits)
    }

    fn disjunction(&mut self, text: &str) -> BooleanQuery {
        let mut words = BTreeMap::<String, u32>::new();
        self.analyzer.token_stream(text).process(&mut |token| {
            *words.entry(token.text.clone()).or_default() += 1;
        });
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (word, count) in &words {
            for (field, weight) in &self.texts {
                let term = Term::from_field_text(*field, word);
                let query = TermQuery::new(term, IndexRecordOption::WithFreqs);
                let boosted = BoostQuery::new(Box::new(query), weight * *count as f32);
                clauses.push((Occur::Should, Box::new(boosted)));
            }
        }
        BooleanQuery::new(clauses)
    }
}

/// The ids of hits, from their column: reading whole records would be dearer.
fn names(searcher: &Searcher, hits: &[(f32, DocAddress)]) -> Outcome<Vec<String>> {
    let columns = searcher.segment_readers().iter();
    let columns = columns.map(|reader| reader.fast_fields().str("id"));
    let columns: Vec<Option<StrColumn>> = columns.collect::<tantivy::Result<_>>()?;
    let mut names = Vec::with_capacity(hits.len());
    for (_, address) in hits {
        let column = columns[address.segment_ord as usize].as_ref().ok_or("no ids")?;
        let place = column.ords().first(address.doc_id).ok_or("a hit has no id")?;
        let mut name = String::new();
        column.ord_to_str(place, &mut name)?;
        names.push(name);
    }
    Ok(names)
}
