//! `trialdex eval`.

use super::output::TextOrJson;
use super::searched::Searched;
use super::{Global, exit::Exit, ui};
use anyhow::{Context, Result};
use serde_json::json;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use trialdex::eval::{
    Comparison, Evaluation, Measure, Run, RunOptions, compare, evaluate, rank, read_qrels,
    read_run, read_topics, write_run,
};
use trialdex::query::Expansion;

/// Measure the ranking with judged queries, as trec_eval does
///
/// Queries are plain text: nothing in them is syntax. Means are over the queries that have a relevant document.
#[derive(clap::Args)]
#[command(after_help = EXAMPLE)]
pub(crate) struct Args {
    /// Queries, one a line: id, tab, text
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,
    /// Judgements in TREC's form: query, 0, document, grade
    #[arg(long, value_name = "FILE")]
    qrels: PathBuf,
    #[command(flatten)]
    searched: Searched,
    /// Write the run there, in TREC's form
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// Compare with this run, by a paired randomisation test
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Search the queries in this area
    #[arg(long, value_name = "NAME")]
    area: Option<String>,
    /// How far queries go beyond their words: none, inflection, synonym, narrower, broader
    #[arg(long, value_name = "LEVEL", default_value_t)]
    expand: Expansion,
    /// Set a number of ranking.toml, such as k1=1.2, b.public_title=0.5 or default.conditions=3; repeatable
    #[arg(long = "param", value_name = "NAME=VALUE")]
    params: Vec<String>,
    /// Documents a query may have in the run
    #[arg(long, value_name = "N", default_value = "1000")]
    depth: usize,
    /// Print the means only
    #[arg(long)]
    totals: bool,
    /// How to print them
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: TextOrJson,
}

const EXAMPLE: &str = "\
Example:
  trialdex eval --in docs.jsonl --queries queries.tsv --qrels qrels.txt --run ours.run";

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    let schema = Arc::new(global.schema()?);
    let options = RunOptions {
        depth: args.depth,
        area: args.area.clone(),
        expansion: args.expand,
        ranking: Some(super::reading::ranking(&schema, &args.params)?),
    };
    let topics = read(&args.queries, read_topics)?;
    let qrels = read(&args.qrels, read_qrels)?;
    let baseline = match &args.baseline {
        Some(path) => Some(evaluate(&read(path, read_run)?, &qrels)),
        None => None,
    };
    let snapshot = args.searched.snapshot(global, schema)?;
    let ranked = rank(&snapshot, &topics, &options)?;
    if let Some(path) = &args.run {
        write(path, &ranked).with_context(|| format!("{}: cannot be written", path.display()))?;
    }
    let evaluation = evaluate(&ranked, &qrels);
    let compared = baseline.map(|baseline| {
        let measures = Measure::ALL.into_iter();
        let pair = |measure| (measure, compare(&evaluation, &baseline, measure));
        measures.map(pair).collect::<Vec<_>>()
    });
    let compared = compared.unwrap_or_default();
    let mut out = ui::stdout();
    match args.format {
        TextOrJson::Text => write_text(&mut out, &evaluation, &compared, args.totals)?,
        TextOrJson::Json => write_json(&mut out, &evaluation, &compared, args.totals)?,
    }
    out.flush()?;
    if evaluation.queries.is_empty() {
        ui::warning("no query has a relevant document in the judgements: are these their ids?");
        return Ok(Exit::NothingFound);
    }
    Ok(Exit::Done)
}

/// Reads a file of the collection, naming it where something is wrong.
fn read<T>(path: &Path, reader: impl FnOnce(BufReader<File>) -> trialdex::Result<T>) -> Result<T> {
    let file = File::open(path).with_context(|| path.display().to_string())?;
    reader(BufReader::new(file)).with_context(|| path.display().to_string())
}

fn write(path: &Path, run: &Run) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    write_run(run, "trialdex", &mut file)?;
    file.flush()
}

fn write_text(
    out: &mut impl Write,
    evaluation: &Evaluation,
    compared: &[(Measure, Comparison)],
    totals: bool,
) -> io::Result<()> {
    let longest = evaluation.queries.iter().map(|query| query.query.len());
    let width = longest.max().unwrap_or(0).clamp("query".len(), 40);
    write!(out, "{:<width$}", "query")?;
    for measure in Measure::ALL {
        write!(
            out,
            "  {:>column$}",
            measure.name(),
            column = column(measure)
        )?;
    }
    writeln!(out)?;
    for query in evaluation.queries.iter().filter(|_| !totals) {
        write!(out, "{:<width$}", ui::for_terminal(&query.query))?;
        write_row(out, |measure| query.get(measure))?;
    }
    write!(out, "{:<width$}", "mean")?;
    write_row(out, |measure| evaluation.mean(measure))?;
    writeln!(out, "over {} queries", evaluation.queries.len())?;
    for (measure, comparison) in compared {
        writeln!(
            out,
            "{:<20} {:>+7.4} against the baseline: better on {}, worse on {} of {} queries, p = {:.4}",
            measure.name(),
            comparison.difference,
            comparison.wins,
            comparison.losses,
            comparison.queries,
            comparison.p_value
        )?;
    }
    Ok(())
}

fn write_row(out: &mut impl Write, value: impl Fn(Measure) -> f64) -> io::Result<()> {
    for measure in Measure::ALL {
        write!(
            out,
            "  {:>column$.4}",
            value(measure),
            column = column(measure)
        )?;
    }
    writeln!(out)
}

/// How wide the column of a metric is.
fn column(measure: Measure) -> usize {
    measure.name().len().max("0.0000".len())
}

fn write_json(
    out: &mut impl Write,
    evaluation: &Evaluation,
    compared: &[(Measure, Comparison)],
    totals: bool,
) -> Result<()> {
    let named = |value: &dyn Fn(Measure) -> f64| {
        let measures = Measure::ALL.into_iter();
        measures
            .map(|measure| (measure.name().to_owned(), json!(value(measure))))
            .collect::<serde_json::Map<_, _>>()
    };
    let mut report = json!({
        "queries": evaluation.queries.len(),
        "mean": named(&|measure| evaluation.mean(measure)),
    });
    if !totals {
        let queries = evaluation.queries.iter();
        let each = queries.map(|q| (q.query.clone(), named(&|measure| q.get(measure)).into()));
        report["by_query"] = each.collect::<serde_json::Map<_, _>>().into();
    }
    if !compared.is_empty() {
        let pairs = compared.iter();
        let each =
            pairs.map(|(measure, comparison)| (measure.name().to_owned(), json!(comparison)));
        report["baseline"] = each.collect::<serde_json::Map<_, _>>().into();
    }
    writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    Ok(())
}
