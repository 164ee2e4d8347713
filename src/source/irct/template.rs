//! The registry's template: its sections and their labels, in the order it prints them.

/// A section of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Summary,
    General,
    SecondaryIds,
    Ethics,
    Conditions,
    PrimaryOutcomes,
    SecondaryOutcomes,
    Interventions,
    Centers,
    Sponsors,
    GeneralInquiries,
    ScientificInquiries,
    DataUpdates,
    Sharing,
}

/// A section's heading and labels.
pub(super) struct Template {
    pub(super) section: Section,
    pub(super) heading: &'static str,
    /// Whether it holds any number of entries, each after its number.
    pub(super) repeats: bool,
    pub(super) labels: &'static [Label],
}

/// A label and how its value is written.
pub(super) struct Label {
    pub(super) name: &'static str,
    pub(super) value: Value,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// One line, perhaps wrapped.
    Line,
    /// Running text of several lines.
    Text,
    /// On the label's own line, after its colon.
    Inline,
    /// None: the label opens a group of others.
    Group,
}

const fn line(name: &'static str) -> Label {
    let value = Value::Line;
    Label { name, value }
}

const fn text(name: &'static str) -> Label {
    let value = Value::Text;
    Label { name, value }
}

const fn inline(name: &'static str) -> Label {
    let value = Value::Inline;
    Label { name, value }
}

const fn group(name: &'static str) -> Label {
    let value = Value::Group;
    Label { name, value }
}

pub(super) const DOCUMENT: &str = "Clinical Trial Protocol";
pub(super) const REGISTRY: &str = "Iranian Registry of Clinical Trials";
pub(super) const NUMBER: &str = "IRCT registration number";

/// The template of both generations: before 2018 a single `Summary`, and `Fax` and `Web page address` of persons.
pub(super) const TEMPLATE: &[Template] = &[
    Template {
        section: Section::Summary,
        heading: "Protocol summary",
        repeats: false,
        labels: &[
            text("Summary"),
            text("Study aim"),
            text("Design"),
            text("Settings and conduct"),
            text("Participants/Inclusion and exclusion criteria"),
            text("Intervention groups"),
            text("Main outcome variables"),
        ],
    },
    Template {
        section: Section::General,
        heading: "General information",
        repeats: false,
        labels: &[
            text("Reason for update"),
            line("Acronym"),
            group("IRCT registration information"),
            inline(NUMBER),
            inline("Registration date"),
            inline("Registration timing"),
            inline("Last update"),
            inline("Update count"),
            group("Registrant information"),
            line("Name"),
            line("Name of organization / entity"),
            line("Country"),
            line("Phone"),
            line("Email address"),
            line("Recruitment status"),
            line("Funding source"),
            line("Expected recruitment start date"),
            line("Expected recruitment end date"),
            line("Actual recruitment start date"),
            line("Actual recruitment end date"),
            line("Trial completion date"),
            line("Scientific title"),
            line("Public title"),
            line("Purpose"),
            text("Inclusion/Exclusion criteria"),
            line("Age"),
            line("Gender"),
            line("Phase"),
            text("Groups that have been masked"),
            line("Sample size"),
            inline("Target sample size"),
            inline("Actual sample size reached"),
            line("Randomization (investigator's opinion)"),
            text("Randomization description"),
            line("Blinding (investigator's opinion)"),
            text("Blinding description"),
            line("Placebo"),
            line("Assignment"),
            text("Other design features"),
        ],
    },
    Template {
        section: Section::SecondaryIds,
        heading: "Secondary Ids",
        repeats: true,
        labels: &[
            line("Registry name"),
            line("Secondary trial Id"),
            line("Registration date"),
        ],
    },
    Template {
        section: Section::Ethics,
        heading: "Ethics committees",
        repeats: true,
        labels: &[
            group("Ethics committee"),
            line("Name of ethics committee"),
            line("Street address"),
            line("City"),
            line("Province"),
            line("Postal code"),
            line("Approval date"),
            line("Ethics committee reference number"),
        ],
    },
    Template {
        section: Section::Conditions,
        heading: "Health conditions studied",
        repeats: true,
        labels: &[
            line("Description of health condition studied"),
            line("ICD-10 code"),
            line("ICD-10 code description"),
        ],
    },
    Template {
        section: Section::PrimaryOutcomes,
        heading: "Primary outcomes",
        repeats: true,
        labels: OUTCOME,
    },
    Template {
        section: Section::SecondaryOutcomes,
        heading: "Secondary outcomes",
        repeats: true,
        labels: OUTCOME,
    },
    Template {
        section: Section::Interventions,
        heading: "Intervention groups",
        repeats: true,
        labels: &[text("Description"), line("Category")],
    },
    Template {
        section: Section::Centers,
        heading: "Recruitment centers",
        repeats: true,
        labels: &[
            group("Recruitment center"),
            line("Name of recruitment center"),
            line("Full name of responsible person"),
            line("Street address"),
            line("City"),
            line("Province"),
            line("Country"),
            line("Postal code"),
            line("Phone"),
            line("Fax"),
            line("Email"),
            line("Web page address"),
        ],
    },
    Template {
        section: Section::Sponsors,
        heading: "Sponsors / Funding sources",
        repeats: true,
        labels: &[
            group("Sponsor"),
            line("Name of organization / entity"),
            line("Full name of responsible person"),
            line("Street address"),
            line("City"),
            line("Province"),
            line("Country"),
            line("Postal code"),
            line("Phone"),
            line("Fax"),
            line("Email"),
            line("Web page address"),
            line("Grant name"),
            line("Grant code / Reference number"),
            line("Is the source of funding the same sponsor organization/entity?"),
            line("Title of funding source"),
            line("Proportion provided by this source"),
            line("Public or private sector"),
            line("Domestic or foreign origin"),
            line("Category of foreign source of funding"),
            line("Country of origin"),
            line("Type of organization providing the funding"),
        ],
    },
    Template {
        section: Section::GeneralInquiries,
        heading: "Person responsible for general inquiries",
        repeats: false,
        labels: PERSON,
    },
    Template {
        section: Section::ScientificInquiries,
        heading: "Person responsible for scientific inquiries",
        repeats: false,
        labels: PERSON,
    },
    Template {
        section: Section::DataUpdates,
        heading: "Person responsible for updating data",
        repeats: false,
        labels: PERSON,
    },
    Template {
        section: Section::Sharing,
        heading: "Sharing plan",
        repeats: false,
        labels: &[
            text("Deidentified Individual Participant Data Set (IPD)"),
            text("Study Protocol"),
            text("Statistical Analysis Plan"),
            text("Informed Consent Form"),
            text("Clinical Study Report"),
            text("Analytic Code"),
            text("Data Dictionary"),
            text("Title and more details about the data/document"),
            text("When the data will become available and for how long"),
            text("To whom data/document is available"),
            text("Under which criteria data/document could be used"),
            text("From where data/document is obtainable"),
            text("What processes are involved for a request to access data/document"),
            text("Comments"),
        ],
    },
];

const OUTCOME: &[Label] = &[
    text("Description"),
    text("Timepoint"),
    text("Method of measurement"),
];

const PERSON: &[Label] = &[
    group("Contact"),
    line("Name of organization / entity"),
    line("Full name of responsible person"),
    line("Position"),
    line("Latest degree"),
    line("Other areas of specialty/work"),
    line("Street address"),
    line("City"),
    line("Province"),
    line("Country"),
    line("Postal code"),
    line("Phone"),
    line("Mobile"),
    line("Fax"),
    line("Email"),
    line("Web page address"),
];
