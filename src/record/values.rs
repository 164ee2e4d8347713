//! The closed vocabularies: what a normalised value can be.
//!
//! Values follow ClinicalTrials.gov's in lower case, as the only registry with published closed
//! lists; the few that other registries add say so. Which wording means which value is data
//! (`index-schema/vocabulary/`), not code.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::hash::Hash;

/// A closed list of values, each with the word it has in JSON, filters and vocabulary files.
pub trait ClosedVocabulary: Copy + Eq + Hash + Sized + 'static {
    /// The name of the vocabulary: its file in `index-schema/vocabulary/` without ending.
    const NAME: &'static str;
    /// Every value, in the order a reader expects them.
    const ALL: &'static [Self];
    /// The word of this value.
    fn as_str(self) -> &'static str;
    /// The value of a word, if it is one.
    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|v| v.as_str() == word)
    }
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident $file:literal { $($(#[$vdoc:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant,)*
        }

        impl ClosedVocabulary for $name {
            const NAME: &'static str = $file;
            const ALL: &'static [Self] = &[$($name::$variant,)*];
            fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

vocabulary! {
    /// TRDS 18. Whether the trial takes participants.
    RecruitmentStatus "recruitment_status" {
        /// Will recruit, has not begun.
        NotYetRecruiting "not_yet_recruiting",
        /// Takes participants now.
        Recruiting "recruiting",
        /// Takes only participants it invites.
        EnrollingByInvitation "enrolling_by_invitation",
        /// Goes on without taking more participants.
        ActiveNotRecruiting "active_not_recruiting",
        /// Recruitment is over; a registry that says just that (IRCT).
        RecruitmentComplete "recruitment_complete",
        /// Not recruiting, and the source does not say whether not yet or no longer (WHO): neither open nor closed.
        NotRecruiting "not_recruiting",
        /// Ended as planned.
        Completed "completed",
        /// Halted, may go on.
        Suspended "suspended",
        /// Stopped early.
        Terminated "terminated",
        /// Stopped before the first participant.
        Withdrawn "withdrawn",
        /// Expanded access: available.
        Available "available",
        /// Expanded access: no longer available.
        NoLongerAvailable "no_longer_available",
        /// Expanded access: for the time being not available.
        TemporarilyNotAvailable "temporarily_not_available",
        /// Expanded access: approved for marketing.
        ApprovedForMarketing "approved_for_marketing",
        /// Withheld by the registry.
        Withheld "withheld",
        /// The source does not know, or does not say.
        Unknown "unknown",
    }
}

vocabulary! {
    /// TRDS 15. The phase; a combined phase is a list of two.
    Phase "phase" {
        /// Early phase 1, ClinicalTrials.gov's word for phase 0.
        EarlyPhase1 "early_phase1",
        /// Phase 0, exploratory.
        Phase0 "phase0",
        /// Phase 1.
        Phase1 "phase1",
        /// Phase 2.
        Phase2 "phase2",
        /// Phase 3.
        Phase3 "phase3",
        /// Phase 4.
        Phase4 "phase4",
        /// A trial without phases (devices, behaviour).
        NotApplicable "not_applicable",
    }
}

vocabulary! {
    /// TRDS 14. Which sexes a trial accepts.
    Sex "sex" {
        /// Both.
        All "all",
        /// Women only.
        Female "female",
        /// Men only.
        Male "male",
    }
}

vocabulary! {
    /// TRDS 15. What kind of study it is.
    StudyType "study_type" {
        /// Participants get an intervention by protocol.
        Interventional "interventional",
        /// Participants are observed.
        Observational "observational",
        /// An observational study that is a patient registry.
        ObservationalPatientRegistry "observational_patient_registry",
        /// Access to a treatment outside a trial.
        ExpandedAccess "expanded_access",
        /// A diagnostic accuracy study (ChiCTR "Diagnostic test").
        DiagnosticTest "diagnostic_test",
        /// Something else, in the registry's own word.
        Other "other",
    }
}

vocabulary! {
    /// How participants are assigned to arms.
    Allocation "allocation" {
        /// By chance.
        Randomized "randomized",
        /// Not by chance.
        NonRandomized "non_randomized",
        /// One arm only.
        NotApplicable "not_applicable",
    }
}

vocabulary! {
    /// How the arms stand to each other.
    Model "model" {
        /// One arm.
        SingleGroup "single_group",
        /// Arms side by side.
        Parallel "parallel",
        /// Each participant passes through the arms in turn.
        Crossover "crossover",
        /// Combinations of interventions.
        Factorial "factorial",
        /// Groups one after another.
        Sequential "sequential",
        /// Something else.
        Other "other",
    }
}

vocabulary! {
    /// How an observational study chooses whom it watches.
    ObservationalModel "observational_model" {
        /// Cohort.
        Cohort "cohort",
        /// Case-control.
        CaseControl "case_control",
        /// Case-only.
        CaseOnly "case_only",
        /// Case-crossover.
        CaseCrossover "case_crossover",
        /// Ecologic or community.
        EcologicOrCommunity "ecologic_or_community",
        /// Family-based.
        FamilyBased "family_based",
        /// Natural history.
        NaturalHistory "natural_history",
        /// Defined population.
        DefinedPopulation "defined_population",
        /// Something else.
        Other "other",
    }
}

vocabulary! {
    /// In which direction of time an observational study looks.
    TimePerspective "time_perspective" {
        /// Back.
        Retrospective "retrospective",
        /// Forward.
        Prospective "prospective",
        /// At one time.
        CrossSectional "cross_sectional",
        /// Something else.
        Other "other",
    }
}

vocabulary! {
    /// What the intervention is for.
    Purpose "purpose" {
        /// Treatment.
        Treatment "treatment",
        /// Prevention.
        Prevention "prevention",
        /// Diagnosis.
        Diagnostic "diagnostic",
        /// Supportive care.
        SupportiveCare "supportive_care",
        /// Screening.
        Screening "screening",
        /// Health services research.
        HealthServicesResearch "health_services_research",
        /// Basic science.
        BasicScience "basic_science",
        /// Device feasibility.
        DeviceFeasibility "device_feasibility",
        /// Educational, counselling or training.
        Education "education",
        /// Something else.
        Other "other",
    }
}

vocabulary! {
    /// How many parties do not know the assignment.
    Masking "masking" {
        /// Open label.
        None "none",
        /// One party.
        Single "single",
        /// Two parties.
        Double "double",
        /// Three parties.
        Triple "triple",
        /// Four parties.
        Quadruple "quadruple",
    }
}

vocabulary! {
    /// Who does not know the assignment.
    WhoMasked "who_masked" {
        /// The participant.
        Participant "participant",
        /// Who gives care.
        CareProvider "care_provider",
        /// The investigator.
        Investigator "investigator",
        /// Who assesses outcomes.
        OutcomesAssessor "outcomes_assessor",
        /// Who analyses the data (IRCT).
        DataAnalyst "data_analyst",
        /// The safety monitoring committee (IRCT).
        SafetyMonitor "safety_monitor",
    }
}

vocabulary! {
    /// What kind of thing an intervention is.
    InterventionType "intervention_type" {
        /// Drug.
        Drug "drug",
        /// Device.
        Device "device",
        /// Biological or vaccine.
        Biological "biological",
        /// Procedure or surgery.
        Procedure "procedure",
        /// Radiation.
        Radiation "radiation",
        /// Behavioural.
        Behavioral "behavioral",
        /// Genetic.
        Genetic "genetic",
        /// Dietary supplement.
        DietarySupplement "dietary_supplement",
        /// Combination product.
        CombinationProduct "combination_product",
        /// Diagnostic test.
        DiagnosticTest "diagnostic_test",
        /// Something else.
        Other "other",
    }
}

vocabulary! {
    /// What role an arm plays.
    ArmType "arm_type" {
        /// Gets the intervention under test.
        Experimental "experimental",
        /// Gets an effective comparator.
        ActiveComparator "active_comparator",
        /// Gets placebo.
        PlaceboComparator "placebo_comparator",
        /// Gets a sham procedure.
        ShamComparator "sham_comparator",
        /// Gets nothing.
        NoIntervention "no_intervention",
        /// A control whose kind is not told (IRCT, ISRCTN).
        Control "control",
        /// Something else.
        Other "other",
    }
}

vocabulary! {
    /// What kind of organisation a sponsor is.
    SponsorClass "sponsor_class" {
        /// Company.
        Industry "industry",
        /// National Institutes of Health of the USA.
        Nih "nih",
        /// Other federal agency of the USA.
        Fed "fed",
        /// Other government.
        OtherGov "other_gov",
        /// Network of sites.
        Network "network",
        /// A person.
        Individual "individual",
        /// University, hospital, charity.
        Other "other",
        /// Not known.
        Unknown "unknown",
    }
}

vocabulary! {
    /// What an official does in the trial.
    OfficialRole "official_role" {
        /// Principal investigator.
        PrincipalInvestigator "principal_investigator",
        /// Sub-investigator.
        SubInvestigator "sub_investigator",
        /// Study director.
        StudyDirector "study_director",
        /// Study chair.
        StudyChair "study_chair",
        /// Registered the trial (IRCT).
        Registrant "registrant",
        /// Answers for a recruitment centre (IRCT).
        SiteResponsible "site_responsible",
        /// Answers for a sponsor (IRCT).
        SponsorResponsible "sponsor_responsible",
        /// Keeps the record up to date (IRCT).
        DataResponsible "data_responsible",
    }
}

vocabulary! {
    /// How a publication stands to the trial that names it.
    ReferenceType "reference_type" {
        /// Background reading.
        Background "background",
        /// Reports the trial's results.
        Result "result",
        /// Linked by the registry because it names the trial.
        Derived "derived",
    }
}

vocabulary! {
    /// Whether a trial was registered before its first participant.
    RegistrationTiming "registration_timing" {
        /// Before.
        Prospective "prospective",
        /// While recruiting (IRCT).
        RegisteredWhileRecruiting "registered_while_recruiting",
        /// After.
        Retrospective "retrospective",
    }
}
