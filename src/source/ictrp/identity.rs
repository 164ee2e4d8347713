//! Which trial a row is about: its number in its normal spelling, and its registry.

use super::Row;
use crate::record::Registry;
use crate::source::context::Context;
use crate::source::{Reason, text};

/// The registry and the number of a row: told by the number's form, else by the column that names the registry.
///
/// # Errors
/// No number, or one whose registry nothing tells.
pub(super) fn identify(row: &Row, context: &Context<'_>) -> Result<(Registry, String), Reason> {
    let written =
        text::line(row.cell("trial_id")).ok_or_else(|| Reason::new("row without TrialID"))?;
    if let Some(number) = context.identifiers.normalise(&written)
        && let Some(registry) = number.registry
    {
        return Ok((registry, number.normal));
    }
    let register = row.cell("source_register");
    match registry_named(register) {
        Some(registry) => Ok((registry, written)),
        None => Err(Reason::new(format!(
            "TrialID {written:?} is no known registry's number, and Source_Register {register:?} names none"
        ))),
    }
}

/// The registry of a name WHO uses.
fn registry_named(name: &str) -> Option<Registry> {
    let name = name.to_lowercase();
    if let Ok(registry) = name.parse() {
        return Some(registry);
    }
    const NAMES: &[(&str, Registry)] = &[
        ("clinicaltrials.gov", Registry::Ctgov),
        ("eu clinical trials register", Registry::Euctr),
        ("eu-ctr", Registry::Euctr),
        ("clinical trials information system", Registry::Ctis),
        ("german clinical trials register", Registry::Drks),
        ("netherlands trial register", Registry::Ntr),
        ("dutch trial register", Registry::Ntr),
        ("nl-omon", Registry::Nlomon),
        ("japan", Registry::Jprn),
        ("brazil", Registry::Rebec),
        ("cuba", Registry::Rpcec),
        ("peru", Registry::Repec),
        ("thai", Registry::Tctr),
        ("sri lanka", Registry::Slctr),
        ("leban", Registry::Lbctr),
        ("pan african", Registry::Pactr),
        ("iran", Registry::Irct),
        ("korea", Registry::Cris),
        ("traditional medicine", Registry::Itmctr),
        ("chinese clinical trial", Registry::Chictr),
        ("australian new zealand", Registry::Anzctr),
        ("registry - india", Registry::Ctri),
        ("registry-india", Registry::Ctri),
    ];
    let known = NAMES.iter().find(|(part, _)| name.contains(part));
    known.map(|(_, registry)| *registry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Provenance;
    use crate::schema::IndexSchema;

    fn identity(id: &str, register: &str) -> Result<(Registry, String), Reason> {
        let schema = IndexSchema::shipped().unwrap();
        let provenance = Provenance::default();
        let context = Context::new(&schema, &provenance);
        identify(
            &Row::new([("TrialID", id), ("Source Register", register)]),
            &context,
        )
    }

    #[test]
    fn the_number_tells_its_registry_and_is_spelled_normally() {
        for (written, registry, normal) in [
            ("NCT04246242  ", Registry::Ctgov, "NCT04246242"),
            (
                "EUCTR2020-000890-25-FR",
                Registry::Euctr,
                "EUCTR2020-000890-25-FR",
            ),
            ("JPRN-UMIN000039686", Registry::Jprn, "JPRN-UMIN000039686"),
            ("JPRN-jRCTs031190226", Registry::Jprn, "JPRN-jRCTs031190226"),
            ("CTRI/2020/03/024402", Registry::Ctri, "CTRI/2020/03/024402"),
            ("RBR-6m69fc", Registry::Rebec, "RBR-6m69fc"),
            ("PER-010-20", Registry::Repec, "PER-010-20"),
            ("NL8536", Registry::Ntr, "NL8536"),
        ] {
            assert_eq!(identity(written, ""), Ok((registry, normal.to_owned())));
        }
    }

    #[test]
    fn the_register_is_believed_where_the_number_tells_nothing() {
        let known = identity("X-77", "German Clinical Trials Register");
        assert_eq!(known, Ok((Registry::Drks, "X-77".to_owned())));
        assert!(identity("X-77", "Register of Nowhere").is_err());
        assert!(identity(" ", "ISRCTN").is_err());
    }
}
