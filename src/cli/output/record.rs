//! A whole record for a reader: every field under its label, long texts wrapped.

use crate::cli::ui::{ID, LABEL, TITLE, for_terminal};
use std::fmt::Display;
use std::io::{self, Write};
use trialdex::record::{
    Article, CitedArticle, Contact, DateType, Outcome, PartialDate, Record, StudyDesign, Trial,
};
use trialdex::results::{Linked, Links};

/// Columns of the labels.
const LABEL_WIDTH: usize = 18;

/// Writes a record readably, `width` columns wide.
pub(crate) fn write(
    out: &mut impl Write,
    record: &Record,
    links: &Links,
    width: usize,
) -> io::Result<()> {
    let mut sheet = Sheet { out, width };
    match record {
        Record::Trial(trial) => write_trial(&mut sheet, trial)?,
        Record::Article(article) => write_article(&mut sheet, article)?,
    }
    write_links(&mut sheet, links)
}

/// The records of the index that it cites and that cite it.
fn write_links<W: Write>(sheet: &mut Sheet<'_, W>, links: &Links) -> io::Result<()> {
    if links.is_empty() {
        return Ok(());
    }
    let named = |end: &Linked| match &end.title {
        Some(title) => format!("{}  {title}", end.id),
        None => end.id.clone(),
    };
    sheet.heading("Linked records")?;
    sheet.list("cites", links.cites.iter().map(named))?;
    sheet.list("cited by", links.cited_by.iter().map(named))
}

struct Sheet<'a, W> {
    out: &'a mut W,
    width: usize,
}

impl<W: Write> Sheet<'_, W> {
    fn title(&mut self, id: &str, title: Option<&str>) -> io::Result<()> {
        let id = for_terminal(id);
        writeln!(self.out, "{ID}{id}{ID:#}")?;
        for line in textwrap::wrap(&for_terminal(title.unwrap_or("(no title)")), self.width) {
            writeln!(self.out, "{TITLE}{line}{TITLE:#}")?;
        }
        writeln!(self.out)
    }

    fn heading(&mut self, heading: &str) -> io::Result<()> {
        writeln!(self.out, "\n{TITLE}{heading}{TITLE:#}")
    }

    fn field(&mut self, label: &str, value: Option<impl Display>) -> io::Result<()> {
        let Some(value) = value else { return Ok(()) };
        let value = value.to_string();
        if value.trim().is_empty() {
            return Ok(());
        }
        let value = for_terminal(&value);
        let room = self.width.saturating_sub(LABEL_WIDTH + 2).max(20);
        let mut label = label;
        for line in value.lines().flat_map(|line| textwrap::wrap(line, room)) {
            writeln!(self.out, "{LABEL}{label:<LABEL_WIDTH$}{LABEL:#}  {line}")?;
            label = "";
        }
        Ok(())
    }

    fn list(&mut self, label: &str, values: impl IntoIterator<Item = String>) -> io::Result<()> {
        let mut label = label;
        for value in values {
            self.field(label, Some(value))?;
            label = "";
        }
        Ok(())
    }

    fn text(&mut self, heading: &str, text: Option<&str>) -> io::Result<()> {
        let Some(text) = text else { return Ok(()) };
        self.heading(heading)?;
        for line in for_terminal(text).lines() {
            let options = textwrap::Options::new(self.width)
                .initial_indent("  ")
                .subsequent_indent(if is_item(line) { "    " } else { "  " });
            for line in textwrap::wrap(line, options) {
                writeln!(self.out, "{}", line.trim_end())?;
            }
        }
        Ok(())
    }
}

fn is_item(line: &str) -> bool {
    line.starts_with(['*', '-', '•']) || line.starts_with(|c: char| c.is_ascii_digit())
}

fn joined<T: Display>(values: &[T], separator: &str) -> Option<String> {
    let values: Vec<String> = values.iter().map(ToString::to_string).collect();
    (!values.is_empty()).then(|| values.join(separator))
}

/// A value as a person reads it: `recruitment_complete` → `recruitment complete`.
pub(crate) fn plain(value: impl Display) -> String {
    value.to_string().replace('_', " ")
}

fn dated(date: Option<PartialDate>, date_type: Option<DateType>) -> Option<String> {
    let date = date?;
    Some(match date_type {
        Some(DateType::Expected) => format!("{date} (expected)"),
        _ => date.to_string(),
    })
}

fn write_trial<W: Write>(sheet: &mut Sheet<'_, W>, trial: &Trial) -> io::Result<()> {
    sheet.title(&trial.trial_id, trial.title())?;
    write_identity(sheet, trial)?;
    write_state(sheet, trial)?;
    write_subject(sheet, trial)?;
    sheet.text("Summary", trial.brief_summary.as_deref())?;
    sheet.text("Description", trial.detailed_description.as_deref())?;
    write_arms(sheet, trial)?;
    write_outcomes(sheet, "Primary outcomes", &trial.primary_outcomes)?;
    write_outcomes(sheet, "Secondary outcomes", &trial.secondary_outcomes)?;
    write_outcomes(sheet, "Other outcomes", &trial.other_outcomes)?;
    sheet.text("Inclusion criteria", trial.inclusion_criteria.as_deref())?;
    sheet.text("Exclusion criteria", trial.exclusion_criteria.as_deref())?;
    sheet.text(
        "Eligibility criteria",
        trial.eligibility_criteria.as_deref(),
    )?;
    sheet.text("Study population", trial.study_population.as_deref())?;
    write_people(sheet, trial)?;
    write_publications(sheet, trial)
}

fn write_identity<W: Write>(sheet: &mut Sheet<'_, W>, trial: &Trial) -> io::Result<()> {
    sheet.field("registry", Some(trial.registry.name()))?;
    let scientific = trial.scientific_title.as_deref();
    sheet.field(
        "scientific title",
        scientific.filter(|title| Some(*title) != trial.title()),
    )?;
    sheet.field("acronym", trial.acronym.as_deref())?;
    sheet.field("other numbers", joined(&trial.secondary_ids, ", "))?;
    sheet.field("obsolete numbers", joined(&trial.id_aliases, ", "))?;
    sheet.field("related trials", joined(&trial.related_ids, ", "))?;
    sheet.field("url", trial.url.as_deref())
}

fn write_state<W: Write>(sheet: &mut Sheet<'_, W>, trial: &Trial) -> io::Result<()> {
    let status = trial
        .recruitment_status
        .map(plain)
        .or(trial.recruitment_status_verbatim.clone());
    let last_known = trial
        .last_known_status
        .map(|s| format!(" (last known: {})", plain(s)));
    sheet.field(
        "status",
        status.map(|s| s + &last_known.unwrap_or_default()),
    )?;
    sheet.field("why stopped", trial.why_stopped.as_deref())?;
    let phase: Vec<String> = trial.phase.iter().map(plain).collect();
    sheet.field("phase", joined(&phase, " + "))?;
    sheet.field(
        "type",
        trial
            .study_type
            .map(plain)
            .or(trial.study_type_verbatim.clone()),
    )?;
    sheet.field("design", design(&trial.study_design))?;
    let planned = matches!(trial.sample_size_type, Some(DateType::Expected));
    let size = trial
        .sample_size
        .map(|n| format!("{n}{}", if planned { " (planned)" } else { "" }));
    sheet.field("participants", size)?;
    sheet.field("sex", trial.sex.map(plain))?;
    sheet.field("age", ages(trial))?;
    let healthy = trial
        .healthy_volunteers
        .map(|yes| if yes { "accepted" } else { "not accepted" });
    sheet.field("healthy people", healthy)?;
    let inferred = trial.countries_inferred == Some(true);
    let countries = joined(&trial.country_names, ", ").or(joined(&trial.countries_verbatim, ", "));
    let note = if inferred { " (the registrant's)" } else { "" };
    sheet.field("countries", countries.map(|names| names + note))?;
    let timing = trial
        .registration_timing
        .map(|t| format!(", {}", plain(t)))
        .unwrap_or_default();
    let registered = dated(trial.registration_date, trial.registration_date_type);
    sheet.field("registered", registered.map(|date| date + &timing))?;
    sheet.field(
        "first posted",
        dated(trial.first_posted_date, trial.first_posted_date_type),
    )?;
    sheet.field(
        "starts",
        dated(
            trial.first_enrollment_date,
            trial.first_enrollment_date_type,
        ),
    )?;
    let end = dated(trial.recruitment_end_date, trial.recruitment_end_date_type);
    sheet.field("recruits until", end)?;
    let primary = dated(
        trial.primary_completion_date,
        trial.primary_completion_date_type,
    );
    sheet.field("primary completion", primary)?;
    sheet.field(
        "completion",
        dated(trial.completion_date, trial.completion_date_type),
    )?;
    sheet.field(
        "last update",
        dated(trial.last_update_date, trial.last_update_date_type),
    )?;
    sheet.field("as of", trial.as_of)
}

fn ages(trial: &Trial) -> Option<String> {
    let minimum = trial
        .minimum_age_verbatim
        .clone()
        .or(trial.minimum_age.map(|age| age.to_string()));
    let maximum = trial
        .maximum_age_verbatim
        .clone()
        .or(trial.maximum_age.map(|age| age.to_string()));
    match (minimum, maximum) {
        (None, None) => None,
        (minimum, maximum) => {
            let or_open = |age: Option<String>| age.unwrap_or_else(|| "not given".to_owned());
            Some(format!("{} to {}", or_open(minimum), or_open(maximum)))
        }
    }
}

fn design(design: &StudyDesign) -> Option<String> {
    let who: Vec<String> = design.who_masked.iter().map(plain).collect();
    let masking = design.masking.map(|masking| match joined(&who, ", ") {
        Some(who) => format!("masking {} ({who})", plain(masking)),
        None => format!("masking {}", plain(masking)),
    });
    let parts = [
        design.allocation.map(plain),
        design.model.map(plain),
        design.observational_model.map(plain),
        design.time_perspective.map(plain),
        masking,
        design.purpose.map(plain),
        design
            .placebo_used
            .map(|used| if used { "placebo" } else { "no placebo" }.to_owned()),
    ];
    let known: Vec<String> = parts.into_iter().flatten().collect();
    joined(&known, " · ").or(design.verbatim.clone())
}

fn write_subject<W: Write>(sheet: &mut Sheet<'_, W>, trial: &Trial) -> io::Result<()> {
    sheet.heading("Subject")?;
    let conditions = trial.conditions.iter().map(|condition| {
        let codes = condition.codes.iter().map(|code| {
            let parts = [&code.system, &code.code, &code.term];
            let known: Vec<&str> = parts
                .into_iter()
                .filter_map(|part| part.as_deref())
                .collect();
            format!(" [{}]", known.join(" "))
        });
        condition.text.clone() + &codes.collect::<String>()
    });
    sheet.list("conditions", conditions)?;
    sheet.field("keywords", joined(&trial.keywords, ", "))?;
    let terms = |terms: &[trialdex::record::MeshTerm]| {
        let names: Vec<&str> = terms.iter().map(|term| term.term.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    sheet.field("condition MeSH", terms(&trial.condition_mesh_terms))?;
    sheet.field("intervention MeSH", terms(&trial.intervention_mesh_terms))?;
    let interventions = trial.interventions.iter().map(|intervention| {
        let kind = intervention
            .intervention_type
            .map(|kind| format!("{}: ", plain(kind)));
        let others =
            joined(&intervention.other_names, ", ").map(|names| format!(" (also {names})"));
        let text = match (&intervention.name, &intervention.description) {
            (Some(name), Some(description)) => {
                format!("{name}{}\n{description}", others.unwrap_or_default())
            }
            (Some(name), None) => format!("{name}{}", others.unwrap_or_default()),
            (None, description) => description.clone().unwrap_or_default(),
        };
        kind.unwrap_or_default() + &text
    });
    sheet.list("interventions", interventions)
}

fn write_arms<W: Write>(sheet: &mut Sheet<'_, W>, trial: &Trial) -> io::Result<()> {
    if trial.arms.is_empty() {
        return Ok(());
    }
    sheet.heading("Arms")?;
    for arm in &trial.arms {
        let kind = arm.arm_type.map(plain).unwrap_or_default();
        let label = arm.label.clone().unwrap_or_default();
        let described = arm
            .description
            .as_deref()
            .map(|text| format!("\n{text}"))
            .unwrap_or_default();
        sheet.field(&kind, Some(label + &described))?;
    }
    Ok(())
}

fn write_outcomes<W: Write>(
    sheet: &mut Sheet<'_, W>,
    heading: &str,
    outcomes: &[Outcome],
) -> io::Result<()> {
    if outcomes.is_empty() {
        return Ok(());
    }
    sheet.heading(heading)?;
    for (number, outcome) in (1..).zip(outcomes) {
        let details = [
            outcome
                .time_frame
                .as_ref()
                .map(|text| format!("when: {text}")),
            outcome.method.as_ref().map(|text| format!("how: {text}")),
            outcome.description.clone(),
        ];
        let mut lines: Vec<String> = outcome.measure.iter().cloned().collect();
        lines.extend(details.into_iter().flatten());
        sheet.field(&number.to_string(), Some(lines.join("\n")))?;
    }
    Ok(())
}

fn write_people<W: Write>(sheet: &mut Sheet<'_, W>, trial: &Trial) -> io::Result<()> {
    sheet.heading("People and places")?;
    sheet.field("sponsor", trial.primary_sponsor.as_deref())?;
    sheet.list("further sponsors", trial.secondary_sponsors.iter().cloned())?;
    sheet.list(
        "support",
        trial
            .support_sources
            .iter()
            .map(|source| source.name.clone()),
    )?;
    let officials = trial.officials.iter().map(|official| {
        let role = official.role.map(plain).or(official.role_verbatim.clone());
        let parts = [official.name.clone(), official.affiliation.clone(), role];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    sheet.list("officials", officials)?;
    sheet.field("public contact", trial.public_contact.as_ref().map(contact))?;
    sheet.field(
        "science contact",
        trial.scientific_contact.as_ref().map(contact),
    )?;
    let sites = trial.sites.iter().map(|site| {
        let status = site.status.map(plain);
        let country = site.country_verbatim.clone().or(site.country.clone());
        let parts = [
            site.facility.clone(),
            site.city.clone(),
            site.state.clone(),
            country,
            status,
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    sheet.list("sites", sites)?;
    let reviews = trial.ethics_review.iter().map(|review| {
        let date = review.approval_date.map(|date| date.to_string());
        let parts = [
            review.committee.clone(),
            review.reference.clone(),
            date,
            review.status.clone(),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    });
    sheet.list("ethics review", reviews)
}

fn contact(contact: &Contact) -> String {
    let parts = [&contact.name, &contact.position, &contact.affiliation];
    let known: Vec<&str> = parts
        .into_iter()
        .filter_map(|part| part.as_deref())
        .collect();
    known.join(", ")
}

fn write_publications<W: Write>(sheet: &mut Sheet<'_, W>, trial: &Trial) -> io::Result<()> {
    sheet.heading("Results, data, publications")?;
    if let Some(results) = &trial.summary_results {
        let has = results
            .has_results
            .map(|yes| if yes { "posted" } else { "none posted" });
        sheet.field("results", has)?;
        sheet.field("posted", results.first_posted_date)?;
        sheet.field("results at", results.url.as_deref())?;
        sheet.field("about them", results.description.as_deref())?;
    }
    if let Some(sharing) = &trial.ipd_sharing {
        sheet.field("data sharing", sharing.plan.as_deref())?;
        sheet.field("sharing plan", sharing.description.as_deref())?;
        let items = sharing.items.iter().map(|item| {
            format!(
                "{}: {}",
                item.item,
                item.statement.as_deref().unwrap_or("not told")
            )
        });
        sheet.list("shared", items)?;
    }
    let references = trial.references.iter().map(|reference| {
        let numbers = [
            reference.pmid.as_ref().map(|pmid| format!("PMID {pmid}")),
            reference.doi.as_ref().map(|doi| format!("doi:{doi}")),
            reference.pmcid.clone(),
        ];
        let numbers: Vec<String> = numbers.into_iter().flatten().collect();
        let citation = reference.citation.clone().unwrap_or_default();
        joined(&numbers, ", ").map_or(citation.clone(), |numbers| {
            format!("{citation} [{numbers}]")
        })
    });
    sheet.list("references", references)?;
    sheet.list("links", trial.links.iter().map(|link| link.url.clone()))?;
    sheet.field("read from", trial.provenance.as_ref())
}

fn write_article<W: Write>(sheet: &mut Sheet<'_, W>, article: &Article) -> io::Result<()> {
    sheet.title(&article.article_id, article.title.as_deref())?;
    sheet.field("date", article.date)?;
    sheet.field("authors", joined(&article.authors, ", "))?;
    sheet.field("tags", joined(&article.tags, ", "))?;
    sheet.field("about", article.description.as_deref())?;
    sheet.field("cites trials", joined(&article.cited_trials, ", "))?;
    let cited = article.cited_articles.iter().map(|cited| match cited {
        CitedArticle::Doi(doi) => format!("doi:{doi}"),
        CitedArticle::Pmid(pmid) => format!("PMID {pmid}"),
        CitedArticle::Pmcid(pmcid) => pmcid.clone(),
    });
    sheet.list("cites", cited)?;
    sheet.field("url", article.url.as_deref())?;
    sheet.text("Text", article.text.as_deref())?;
    if !article.references.is_empty() {
        sheet.heading("References")?;
        sheet.list("", article.references.iter().cloned())?;
    }
    sheet.field("read from", article.provenance.as_ref())
}
