//! The page's own words: its lines, section by section, without the site's advertising.

/// A section of the page, in the order the page has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Results,
    Basics,
    Summary,
    Description,
    Conditions,
    Keywords,
    Design,
    Groups,
    Interventions,
    OtherNames,
    PrimaryOutcomes,
    SecondaryOutcomes,
    OtherOutcomes,
    Eligibility,
    Sponsors,
    Responsible,
    Contacts,
    Officials,
    Locations,
    Countries,
    References,
    Links,
    Documents,
    Identifiers,
    Related,
}

use Section as S;

/// The headings of each section, in the page's order.
const HEADINGS: &[(Section, &[&str])] = &[
    (S::Results, &["Study Results"]),
    (S::Basics, &["Basic Information"]),
    (S::Summary, &["Brief Summary"]),
    (S::Description, &["Detailed Description"]),
    (S::Conditions, &["Conditions"]),
    (S::Keywords, &["Keywords"]),
    (S::Design, &["Study Design"]),
    (S::Groups, &["Study Groups"]),
    (S::Interventions, &["Interventions"]),
    (S::OtherNames, &["Other Intervention Names"]),
    (
        S::PrimaryOutcomes,
        &["Primary Outcomes", "Primary Outcome Measures"],
    ),
    (
        S::SecondaryOutcomes,
        &["Secondary Outcomes", "Secondary Outcome Measures"],
    ),
    (
        S::OtherOutcomes,
        &["Other Outcomes", "Other Outcome Measures"],
    ),
    (S::Eligibility, &["Eligibility Criteria"]),
    (S::Sponsors, &["Sponsors"]),
    (S::Responsible, &["Responsible Party"]),
    (S::Contacts, &["Central Contacts", "Contacts"]),
    (S::Officials, &["Principal Investigators"]),
    (S::Locations, &["Locations"]),
    (S::Countries, &["Countries"]),
    (S::References, &["References"]),
    (S::Links, &["Related Links", "Links"]),
    (S::Documents, &["Provided Documents"]),
    (S::Identifiers, &["Other Identifiers"]),
    (S::Related, &["More Related Trials"]),
];

/// Sections of running text, in which a line can look like a heading.
const TEXTS: &[Section] = &[
    S::Summary,
    S::Description,
    S::Groups,
    S::Interventions,
    S::OtherNames,
    S::PrimaryOutcomes,
    S::SecondaryOutcomes,
    S::OtherOutcomes,
    S::Eligibility,
];

/// A page cut into its sections.
#[derive(Debug, Default)]
pub(super) struct Page<'a> {
    /// Lines before the first section: title, number, date of the last update.
    pub(super) head: Vec<&'a str>,
    sections: Vec<(Section, Vec<&'a str>)>,
}

impl<'a> Page<'a> {
    /// Cuts a page.
    pub(super) fn parse(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().map(unmarked).collect();
        let follows = |at: usize| {
            let after = lines.get(at + 1..).unwrap_or_default();
            after
                .iter()
                .find(|line| !line.is_empty())
                .is_some_and(|line| is_advertising(line))
        };
        let mut advertised: Vec<Section> = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let new = heading(line).filter(|section| !advertised.contains(section));
            advertised.extend(new.filter(|_| follows(at)));
        }
        let mut page = Page::default();
        for (at, &line) in lines.iter().enumerate() {
            let current = page.sections.last().map(|(section, _)| *section);
            // In running text a heading is one where its advertising follows, or where it has
            // none on this page and its turn has come.
            let is_due = |section: &Section| match current {
                Some(text) if TEXTS.contains(&text) => {
                    follows(at) || !advertised.contains(section) && order(*section) > order(text)
                }
                _ => true,
            };
            let section = heading(line).filter(is_due);
            match (section, page.sections.last_mut()) {
                (Some(section), _) => page.sections.push((section, Vec::new())),
                (None, Some((_, lines))) => lines.push(line),
                (None, None) => page.head.push(line),
            }
        }
        for (_, lines) in &mut page.sections {
            drop_advertising(lines);
        }
        page
    }

    /// Whether the page has a section.
    pub(super) fn has(&self, section: Section) -> bool {
        self.sections.iter().any(|(own, _)| *own == section)
    }

    /// The lines of a section, empty ones included.
    pub(super) fn lines(&self, section: Section) -> impl Iterator<Item = &'a str> {
        let of_section = move |(own, _): &&(Section, Vec<&'a str>)| *own == section;
        self.sections
            .iter()
            .filter(of_section)
            .flat_map(|(_, lines)| lines.iter().copied())
    }

    /// The lines of a section that say something.
    pub(super) fn told(&self, section: Section) -> Vec<&'a str> {
        self.lines(section)
            .filter(|line| !line.is_empty())
            .collect()
    }

    /// A section as one text.
    pub(super) fn text(&self, section: Section) -> String {
        let lines: Vec<&str> = self.lines(section).collect();
        lines.join("\n")
    }

    /// The values under the labels of a section; what stands before the first label is under `""`.
    pub(super) fn labelled(&self, section: Section, labels: &[&'static str]) -> Labelled<'a> {
        let mut values: Vec<(&'static str, Vec<&'a str>)> = vec![("", Vec::new())];
        for line in self.lines(section) {
            let label = labels
                .iter()
                .find_map(|label| Some((*label, after(line, label)?)));
            if let Some((label, value)) = label {
                values.push((label, Vec::new()));
                if value.is_empty() {
                    continue;
                }
                if let Some((_, lines)) = values.last_mut() {
                    lines.push(value);
                }
            } else if let Some((_, lines)) = values.last_mut() {
                lines.push(line);
            }
        }
        Labelled(values)
    }
}

/// Values by their labels.
pub(super) struct Labelled<'a>(Vec<(&'static str, Vec<&'a str>)>);

impl<'a> Labelled<'a> {
    /// All lines under a label.
    pub(super) fn text(&self, label: &str) -> Option<String> {
        let (_, lines) = self.0.iter().find(|(own, _)| *own == label)?;
        crate::source::text::block(&lines.join("\n"))
    }

    /// The first line under a label.
    pub(super) fn first(&self, label: &str) -> Option<&'a str> {
        let (_, lines) = self.0.iter().find(|(own, _)| *own == label)?;
        lines.iter().find(|line| !line.is_empty()).copied()
    }

    /// The lines under a label after the first one.
    pub(super) fn rest(&self, label: &str) -> Option<String> {
        let text = self.text(label)?;
        let (_, rest) = text.split_once('\n')?;
        crate::source::text::block(rest)
    }
}

/// What stands after a label: nothing where the line is the label, the value of `Label VALUE` and `Label: value`.
pub(super) fn after<'a>(line: &'a str, label: &str) -> Option<&'a str> {
    let (own, rest) = line.split_at_checked(label.len())?;
    if !own.eq_ignore_ascii_case(label) {
        return None;
    }
    if let Some(value) = rest.strip_prefix(':') {
        return Some(value.trim());
    }
    let value = rest.trim_start();
    let is_value = rest.len() > value.len() && is_word(value);
    (rest.is_empty() || is_value).then_some(value)
}

/// Whether a text is a word of a closed vocabulary: `SINGLE_GROUP`, `PHASE1/PHASE2`, `lead`, `2019-07-23`.
pub(super) fn is_word(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '/' | '-');
    !text.is_empty() && text.len() <= 40 && text.chars().all(is_part)
}

/// A line without blanks at its ends, without the marks of a Markdown heading or of bold type.
fn unmarked(line: &str) -> &str {
    let line = line.trim();
    let title = line.trim_start_matches('#');
    let line = if title.len() < line.len() {
        title.trim_start()
    } else {
        line
    };
    let bold = line
        .strip_prefix("**")
        .and_then(|line| line.strip_suffix("**"));
    bold.filter(|line| !line.contains("**")).unwrap_or(line)
}

fn heading(line: &str) -> Option<Section> {
    let is_own =
        |(_, names): &&(Section, &[&str])| names.iter().any(|name| line.eq_ignore_ascii_case(name));
    HEADINGS.iter().find(is_own).map(|(section, _)| *section)
}

/// A section's place on the page.
fn order(section: Section) -> Option<usize> {
    HEADINGS.iter().position(|(own, _)| *own == section)
}

/// Whether a line is the sentence with which the site advertises a section, the same on every page:
/// `Meet the organizations funding or collaborating on the study and learn about their roles.`
fn is_advertising(line: &str) -> bool {
    const BEGINS: &str = "access additional browse check discover dive download explore find get \
        identify learn meet reach read review see understand view";
    const NAMES: &str = "study studies trial trials research narrative participation names \
        materials";
    let lower = line.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let is_one_of = |word: &&str, list: &str| list.split(' ').any(|own| own == *word);
    line.ends_with('.')
        && (8..=40).contains(&words.len())
        && words.first().is_some_and(|word| is_one_of(word, BEGINS))
        && words.iter().any(|word| is_one_of(word, NAMES))
}

/// Takes out the advertising at the beginning of a section; a section of one sentence keeps it.
fn drop_advertising(lines: &mut Vec<&str>) {
    let mut told = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.is_empty());
    let first = told.next().map(|(at, line)| (at, is_advertising(line)));
    if let Some((at, true)) = first
        && told.next().is_some()
    {
        lines.drain(..=at);
    }
}

/// Whether a line tells the record's number, and the value.
pub(super) fn number(line: &str) -> Option<&str> {
    let value = after(unmarked(line), "NCT ID")?;
    (!value.is_empty()).then_some(value)
}

/// Whether a line is the heading of the page's first sections or tells its update.
pub(super) fn is_front(line: &str) -> bool {
    let line = unmarked(line);
    matches!(heading(line), Some(S::Results | S::Basics)) || line.starts_with("Last Updated:")
}
