//! The registries of WHO's network that trialdex knows.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! registries {
    ($($variant:ident $code:literal $name:literal,)*) => {
        /// An organisation's register of trials; primary registry in WHO's sense, and ClinicalTrials.gov.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        #[non_exhaustive]
        pub enum Registry {
            $(#[doc = $name] $variant,)*
        }

        impl Registry {
            /// All registries, by code.
            pub const ALL: &'static [Registry] = &[$(Registry::$variant,)*];

            /// The code used in JSON, filters and reports.
            pub fn as_str(self) -> &'static str {
                match self { $(Registry::$variant => $code,)* }
            }

            /// The name the registry gives itself.
            pub fn name(self) -> &'static str {
                match self { $(Registry::$variant => $name,)* }
            }
        }
    };
}

registries! {
    Anzctr "anzctr" "Australian New Zealand Clinical Trials Registry",
    Chictr "chictr" "Chinese Clinical Trial Registry",
    Cris "cris" "Clinical Research Information Service, Republic of Korea",
    Ctgov "ctgov" "ClinicalTrials.gov",
    Ctis "ctis" "EU Clinical Trials Information System",
    Ctri "ctri" "Clinical Trials Registry - India",
    Drks "drks" "German Clinical Trials Register",
    Euctr "euctr" "EU Clinical Trials Register",
    Irct "irct" "Iranian Registry of Clinical Trials",
    Isrctn "isrctn" "ISRCTN registry",
    Itmctr "itmctr" "International Traditional Medicine Clinical Trial Registry",
    Jprn "jprn" "Japan Primary Registries Network",
    Lbctr "lbctr" "Lebanese Clinical Trials Registry",
    Nlomon "nlomon" "Overview of Medical Research in the Netherlands",
    Ntr "ntr" "Netherlands Trial Register",
    Pactr "pactr" "Pan African Clinical Trial Registry",
    Rebec "rebec" "Brazilian Clinical Trials Registry",
    Repec "repec" "Peruvian Clinical Trial Registry",
    Rpcec "rpcec" "Cuban Public Registry of Clinical Trials",
    Slctr "slctr" "Sri Lanka Clinical Trials Registry",
    Tctr "tctr" "Thai Clinical Trials Registry",
}

impl fmt::Display for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Registry {
    type Err = ();

    fn from_str(code: &str) -> Result<Self, ()> {
        Registry::ALL
            .iter()
            .copied()
            .find(|registry| registry.as_str().eq_ignore_ascii_case(code.trim()))
            .ok_or(())
    }
}
