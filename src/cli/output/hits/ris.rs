//! Hits as RIS, the form reference managers read.
//!
//! Trials are `DBASE`, entries of an online database, as tools for ClinicalTrials.gov and ICTRP
//! write them; articles are `BLOG`, or `JOUR` where they came as documents without front matter.

use crate::cli::ui::for_terminal;
use std::io::{self, Write};
use trialdex::record::{Article, CitedArticle, Format, Record, Trial};

/// Writes a record.
pub(crate) fn write(out: &mut impl Write, record: &Record) -> io::Result<()> {
    let mut entry = Entry(Vec::new());
    match record {
        Record::Trial(trial) => entry.trial(trial),
        Record::Article(article) => entry.article(article),
    }
    for (tag, value) in entry.0 {
        write!(out, "{tag}  - {value}\r\n")?;
    }
    write!(out, "ER  - \r\n\r\n")
}

/// Tags with their values, in order.
struct Entry(Vec<(&'static str, String)>);

impl Entry {
    fn add(&mut self, tag: &'static str, value: impl AsRef<str>) {
        // A line end within a value would end it.
        let words: Vec<&str> = value.as_ref().split_whitespace().collect();
        if !words.is_empty() {
            self.0
                .push((tag, for_terminal(&words.join(" ")).into_owned()));
        }
    }

    fn all(&mut self, tag: &'static str, values: impl IntoIterator<Item = impl AsRef<str>>) {
        let mut seen = Vec::new();
        for value in values {
            let value = value.as_ref();
            let folded = value.to_lowercase();
            if !seen.contains(&folded) {
                self.add(tag, value);
                seen.push(folded);
            }
        }
    }

    fn trial(&mut self, trial: &Trial) {
        self.add("TY", "DBASE");
        self.add("ID", &trial.trial_id);
        self.add("AN", &trial.trial_id);
        self.add("TI", trial.title().unwrap_or_default());
        let short = trial.acronym.as_deref();
        self.add("ST", short.unwrap_or_default());
        // The organisation that answers for the trial stands where an author would.
        self.all("AU", &trial.primary_sponsor);
        self.all("A2", &trial.secondary_sponsors);
        let date = trial.registration_date.or(trial.first_enrollment_date);
        self.all("PY", date.map(|date| year(&date.to_string())));
        self.add("DB", trial.registry.name());
        self.add("AB", summary(trial));
        let conditions = trial.conditions.iter().map(|c| c.text.as_str());
        let named = trial.interventions.iter();
        let interventions = named.filter_map(|intervention| intervention.name.as_deref());
        let keywords = trial.keywords.iter().map(String::as_str);
        self.all("KW", conditions.chain(interventions).chain(keywords));
        self.all("UR", &trial.url);
        self.all("N1", ids(trial));
        self.all("N1", facts(trial));
        for reference in &trial.references {
            self.all(
                "N1",
                reference
                    .citation
                    .as_ref()
                    .map(|c| format!("Reference: {c}")),
            );
        }
    }

    fn article(&mut self, article: &Article) {
        let format = article.provenance.as_ref().and_then(|from| from.format);
        let blog = format == Some(Format::Markdown);
        self.add("TY", if blog { "BLOG" } else { "JOUR" });
        self.add("ID", &article.article_id);
        self.add("AN", &article.article_id);
        self.all("TI", &article.title);
        self.all("AU", &article.authors);
        if let Some(date) = article.date {
            let date = date.to_string();
            self.add("PY", year(&date));
            self.add("DA", date.replace('-', "/"));
        }
        self.all("AB", article.description.as_ref().or(article.text.as_ref()));
        self.all("KW", &article.tags);
        self.all("LA", &article.language);
        self.all("UR", &article.url);
        let trials = &article.cited_trials;
        self.all("N1", trials.iter().map(|id| format!("Cites trial: {id}")));
        let cited = article.cited_articles.iter().map(|cited| match cited {
            CitedArticle::Doi(id) => format!("Cites doi:{id}"),
            CitedArticle::Pmid(id) => format!("Cites PMID {id}"),
            CitedArticle::Pmcid(id) => format!("Cites {id}"),
        });
        self.all("N1", cited);
    }
}

fn year(date: &str) -> String {
    date.split('-').next().unwrap_or_default().to_owned()
}

/// The summary, and who can take part.
fn summary(trial: &Trial) -> String {
    let parts = [
        ("", &trial.brief_summary),
        ("Inclusion criteria: ", &trial.inclusion_criteria),
        ("Exclusion criteria: ", &trial.exclusion_criteria),
        ("Eligibility criteria: ", &trial.eligibility_criteria),
    ];
    let given = parts
        .iter()
        .filter_map(|(label, text)| text.as_ref().map(|text| format!("{label}{text}")));
    given.collect::<Vec<_>>().join(" ")
}

/// All numbers but the trial's own.
fn ids(trial: &Trial) -> Vec<String> {
    let lists = [
        ("Other registration", &trial.registry_ids),
        ("Obsolete number", &trial.id_aliases),
        ("Secondary number", &trial.secondary_ids),
        ("Related number", &trial.related_ids),
    ];
    let mut ids = Vec::new();
    for (label, list) in lists {
        ids.extend(list.iter().map(|id| format!("{label}: {id}")));
    }
    ids
}

/// What a reader of references wants to know of a trial.
fn facts(trial: &Trial) -> Vec<String> {
    let word = |word: &str| word.replace('_', " ");
    let scientific = trial.scientific_title.clone();
    let other = scientific.filter(|title| Some(title.as_str()) != trial.title());
    let mut facts = Vec::new();
    let mut fact = |label: &str, value: String| {
        if !value.is_empty() {
            facts.push(format!("{label}: {value}"));
        }
    };
    fact("Scientific title", other.unwrap_or_default());
    let status = trial.recruitment_status.map(|s| word(&s.to_string()));
    fact("Status", status.unwrap_or_default());
    let phases: Vec<String> = trial.phase.iter().map(|p| word(&p.to_string())).collect();
    fact("Phase", phases.join("/"));
    let study_type = trial.study_type.map(|t| word(&t.to_string()));
    fact("Type", study_type.unwrap_or_default());
    fact("Countries", trial.country_names.join(", "));
    let size = trial.sample_size.map(|size| size.to_string());
    fact("Participants", size.unwrap_or_default());
    let date = trial.registration_date.map(|date| date.to_string());
    fact("Registered", date.unwrap_or_default());
    facts
}
