//! Rows of WHO's search portal as its export in CSV tells them: trials of all registries, each in
//! its registry's own words.
//!
//! Rows of registries whose files are made too are of the trials in those files, as they are in
//! reality: the row of a number is of the study or protocol of that number.

mod cells;
mod copies;
mod own;

use super::Outcome;
use super::days::{self, Days};
use super::draw::Rng;
use super::maker::Maker;
use super::mix::Kind;
use super::people::Person;
use std::collections::HashMap;

/// The columns in their order.
const COLUMNS: [&str; 40] = [
    "TrialID",
    "Last Refreshed on",
    "Public title",
    "Scientific title",
    "Acronym",
    "Primary sponsor",
    "Date registration",
    "Date registration3",
    "Export date",
    "Source Register",
    "web address",
    "Recruitment Status",
    "other records",
    "Inclusion agemin",
    "Inclusion agemax",
    "Inclusion gender",
    "Date enrollement",
    "Target size",
    "Study type",
    "Study design",
    "Phase",
    "Countries",
    "Contact Firstname",
    "Contact Lastname",
    "Contact Address",
    "Contact Email",
    "Contact Tel",
    "Contact Affiliation",
    "Inclusion Criteria",
    "Exclusion Criteria",
    "Condition",
    "Intervention",
    "Primary outcome",
    "results date posted",
    "results date completed",
    "results url link",
    "Retrospective flag",
    "Bridging flag truefalse",
    "Bridged type",
    "results yes no",
];

/// The first line of a file.
pub(crate) fn header() -> String {
    format!("{}\r\n", COLUMNS.join(","))
}

/// The portal pads scientific titles of all registries but ClinicalTrials.gov with blanks.
const PADDED: usize = 2000;

/// A row: its cells by the column's name.
struct Row(HashMap<&'static str, String>);

impl Maker<'_> {
    /// The row of a number as a line of the file.
    pub(crate) fn row(&self, number: u64) -> Outcome<String> {
        let mut rng = Rng::of(&[self.stream(Kind::Ictrp), number, 2]);
        let registry = self.figures().choice("ictrp.registry")?.draw(&mut rng);
        let row = match registry {
            "ctgov" => {
                let days = self.trial(Kind::Ctgov, number)?.days();
                copies::of_study(&self.study(number)?, &days)
            }
            "irct" => copies::of_protocol(&self.protocol(number)?),
            other => own::row(self, other, number)?,
        };
        Ok(row.line())
    }
}

impl Row {
    /// A row with what stands in all alike.
    fn new(register: &str, id: String) -> Self {
        let mut row = Row(HashMap::new());
        row.set("TrialID", id);
        row.set("Source Register", register);
        // A night's export would differ from the last in every row, were its day told.
        row.set("Export date", "1/1/2026 10:40:56 AM");
        row.set("other records", "No");
        row.set("Bridging flag truefalse", "False");
        row.set("Bridged type", "          ");
        row
    }

    fn set(&mut self, column: &'static str, cell: impl Into<String>) {
        self.0.insert(column, cell.into());
    }

    fn set_days(&mut self, days: &Days) {
        self.set("Last Refreshed on", days::spelled(days.updated));
        self.set("Date registration", days::slashed(days.first));
        self.set("Date registration3", days::compact(days.first));
        self.set("Date enrollement", days::slashed(days.start));
        // The flag says the opposite of its name.
        let prospective = days.first <= days.start;
        self.set("Retrospective flag", if prospective { "Yes" } else { "No" });
    }

    fn set_titles(&mut self, public: &str, scientific: &str) {
        self.set("Public title", public);
        self.set("Scientific title", format!("{scientific:PADDED$}"));
    }

    fn set_contact(&mut self, contact: &Person) {
        self.set("Contact Firstname", contact.name.as_str());
        self.set("Contact Address", contact.city.as_str());
        self.set("Contact Email", contact.email.as_str());
        self.set("Contact Tel", contact.phone.as_str());
        self.set("Contact Affiliation", contact.organisation.as_str());
    }

    /// The portal quotes every cell.
    fn line(&self) -> String {
        let mut line = String::with_capacity(8 << 10);
        for column in COLUMNS {
            let cell = self.0.get(column).map_or("", String::as_str);
            line.push_str(if line.is_empty() { "\"" } else { ",\"" });
            line.push_str(&cell.replace('"', "\"\""));
            line.push('"');
        }
        line.push_str("\r\n");
        line
    }
}
