//! Sponsors, contacts, officials and places.

use super::{Converter, line};
use crate::record::{
    Contact, GeoPoint, Official, OfficialRole, Registry, ResponsibleParty, Site, SupportSource,
    Trial,
};
use crate::source::ctgov::study;
use crate::source::ctgov::study::{ContactsLocationsModule, Location, Study};

impl Converter<'_, '_> {
    pub(super) fn sponsors(&mut self, study: &Study<'_>, trial: &mut Trial) {
        let module = &study.protocol_section.sponsor_collaborators_module;
        trial.primary_sponsor = line(&module.lead_sponsor.name);
        (
            trial.primary_sponsor_class,
            trial.primary_sponsor_class_verbatim,
        ) = self.word(|v| &v.sponsor_class, &module.lead_sponsor.class);
        let collaborators = module.collaborators.iter();
        trial.secondary_sponsors = collaborators
            .filter_map(|sponsor| line(&sponsor.name))
            .collect();
        let supporters = trial
            .primary_sponsor
            .iter()
            .chain(&trial.secondary_sponsors);
        trial.support_sources = supporters
            .map(|name| SupportSource {
                name: name.clone(),
                ..SupportSource::default()
            })
            .collect();
        let raw = &module.responsible_party;
        let party = ResponsibleParty {
            party_type: line(&raw.kind),
            name: line(&raw.investigator_full_name).or_else(|| line(&raw.old_name_title)),
            title: line(&raw.investigator_title),
            affiliation: line(&raw.investigator_affiliation)
                .or_else(|| line(&raw.old_organization)),
        };
        trial.responsible_party = (party != ResponsibleParty::default()).then_some(party);
    }

    pub(super) fn contacts_and_places(&mut self, study: &Study<'_>, trial: &mut Trial) {
        let module = &study.protocol_section.contacts_locations_module;
        let public = module
            .central_contacts
            .iter()
            .find_map(|contact| line(&contact.name));
        trial.public_contact = public.map(|name| Contact {
            name: Some(name),
            ..Contact::default()
        });
        trial.officials = self.officials(module);
        trial.scientific_contact = module.overall_officials.first().and_then(|official| {
            let name = line(&official.name)?;
            Some(Contact {
                name: Some(name),
                affiliation: line(&official.affiliation),
                ..Contact::default()
            })
        });
        for location in module.locations.iter() {
            self.place(location, trial);
        }
        if trial.countries_verbatim.is_empty() {
            for country in module.countries.iter() {
                self.country(&line(&Some(country.clone())), trial);
            }
        }
    }

    /// The officials of the whole trial, then the investigators of its places.
    fn officials(&mut self, module: &ContactsLocationsModule<'_>) -> Vec<Official> {
        let mut officials = Vec::new();
        for raw in module.overall_officials.iter() {
            let (role, role_verbatim) = self.word(|v| &v.official_role, &raw.role);
            officials.push(Official {
                name: line(&raw.name),
                affiliation: line(&raw.affiliation),
                role,
                role_verbatim,
                ..Official::default()
            });
        }
        officials.retain(|official| official.name.is_some() || official.affiliation.is_some());
        for contact in module
            .locations
            .iter()
            .flat_map(|location| location.contacts.iter())
        {
            let Some(official) = self.investigator(contact) else {
                continue;
            };
            let name = letters(&official.name);
            if officials.iter().all(|known| letters(&known.name) != name) {
                officials.push(official);
            }
        }
        officials
    }

    /// The investigator a contact of a place is; one who only answers calls is none.
    fn investigator(&mut self, contact: &study::Contact<'_>) -> Option<Official> {
        let is_contact = |role: &str| role.trim().eq_ignore_ascii_case("contact");
        if contact.role.as_deref().is_none_or(is_contact) {
            return None;
        }
        let (role, role_verbatim) = self.word(|v| &v.official_role, &contact.role);
        let investigates = [
            OfficialRole::PrincipalInvestigator,
            OfficialRole::SubInvestigator,
        ]
        .map(Some);
        let name = line(&contact.name).filter(|_| investigates.contains(&role))?;
        Some(Official {
            name: Some(name),
            role,
            role_verbatim,
            ..Official::default()
        })
    }

    fn place(&mut self, raw: &Location<'_>, trial: &mut Trial) {
        let country_verbatim = line(&raw.country);
        let country = self.country(&country_verbatim, trial);
        let (status, status_verbatim) = self.word(|v| &v.recruitment_status, &raw.status);
        let site = Site {
            facility: line(&raw.facility),
            city: line(&raw.city),
            state: line(&raw.state),
            country,
            country_verbatim,
            status,
            status_verbatim,
            geo_point: raw.geo_point.map(|point| GeoPoint {
                lat: point.lat,
                lon: point.lon,
            }),
        };
        if site != Site::default() {
            trial.sites.push(site);
        }
    }

    /// Notes a country of the trial; answers its code.
    fn country(&mut self, verbatim: &Option<String>, trial: &mut Trial) -> Option<String> {
        let verbatim = verbatim.as_ref()?;
        if trial.countries_verbatim.contains(verbatim) {
            let site = trial
                .sites
                .iter()
                .find(|site| site.country_verbatim.as_ref() == Some(verbatim));
            return site.and_then(|site| site.country.clone());
        }
        trial.countries_verbatim.push(verbatim.clone());
        let (code, name) = self.context.country(Registry::Ctgov, verbatim)?;
        if !trial.countries.iter().any(|known| known == code) {
            trial.countries.push(code.to_owned());
            trial.country_names.push(name.to_owned());
        }
        Some(code.to_owned())
    }
}

/// A name by which "Thomeer, MD,PhD" and "Thomeer, MD, PhD" are one.
fn letters(name: &Option<String>) -> String {
    let name = name.as_deref().unwrap_or_default();
    name.chars().filter(|c| c.is_alphanumeric()).collect()
}
