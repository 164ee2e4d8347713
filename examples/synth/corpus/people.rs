//! Persons who answer for a trial. Nobody has their addresses: `.example` is no domain, and no
//! country's telephone numbers begin with 00.

use super::Outcome;
use super::maker::Draw;

pub(super) struct Person {
    pub(super) name: String,
    pub(super) organisation: String,
    pub(super) city: String,
    pub(super) email: String,
    pub(super) phone: String,
}

pub(super) fn person(draw: &mut Draw<'_>) -> Outcome<Person> {
    let name = draw.named("officials[].name")?;
    let organisation = draw.named("primary_sponsor")?;
    let word = |text: &str| text.split(' ').next().unwrap_or_default().to_lowercase();
    let email = format!("{}@{}.example", word(&name), word(&organisation));
    Ok(Person {
        city: draw.named("sites[].city")?,
        phone: format!("+00 00 0000 {:04}", draw.rng.below(10_000)),
        name,
        organisation,
        email,
    })
}
