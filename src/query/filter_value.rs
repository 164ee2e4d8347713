//! Forgiving reading of filter values: `Phase II`, `phase2` and `2` are one.

use super::closest::closest;
use super::filter::{
    DateField, DateRange, Filter, PhaseChoice, Presence, SexChoice, SizeRange, StatusChoice,
};
use crate::error::{Error, ErrorKind, Result};
use crate::record::{Age, AgeUnit, ClosedVocabulary, Kind, PartialDate, Phase, Registry};
use crate::schema::IndexSchema;
use crate::schema::countries::Place;
use crate::schema::vocabulary::{Wordings, fold_wording};
use crate::source::dates::{self, Order};

/// Names of the filters that are no dates, each with its other names.
const NAMES: [(&str, &[&str]); 15] = [
    ("kind", &[]),
    ("status", &["recruitment_status"]),
    ("phase", &["phases"]),
    ("country", &["countries"]),
    ("sex", &["gender"]),
    ("age", &["ages"]),
    ("type", &["study_type"]),
    ("registry", &["registries"]),
    ("allocation", &[]),
    ("masking", &["blinding"]),
    ("purpose", &[]),
    ("healthy", &["healthy_volunteers"]),
    ("enrollment", &["enrolment", "sample_size", "size"]),
    ("has", &[]),
    ("missing", &["lacks"]),
];

/// The names of all filters, for suggestions.
pub(super) fn names<'a>() -> impl Iterator<Item = &'a str> {
    let dates = DateField::ALL.iter().map(|&(_, word, _)| word);
    NAMES.iter().map(|&(name, _)| name).chain(dates)
}

/// The own name of a filter, whatever it was called; `None` for a word that names no filter.
pub(super) fn canonical_name(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase().replace('-', "_");
    let plain = NAMES
        .iter()
        .find(|(own, others)| *own == name || others.contains(&name.as_str()))
        .map(|&(own, _)| own);
    plain.or_else(|| date_field(&name).map(DateField::word))
}

/// Other names of dates.
const DATE_NAMES: [(&str, DateField); 10] = [
    ("registration", DateField::Registered),
    ("first_posted", DateField::Posted),
    ("start", DateField::Started),
    ("start_date", DateField::Started),
    ("completion", DateField::Completed),
    ("end_date", DateField::Completed),
    ("update", DateField::Updated),
    ("last_update", DateField::Updated),
    ("publication_date", DateField::Published),
    ("published_date", DateField::Published),
];

fn date_field(name: &str) -> Option<DateField> {
    let known = DATE_NAMES.iter().find(|(other, _)| *other == name);
    if let Some(&(_, date)) = known {
        return Some(date);
    }
    // "date" alone would name the article's date by its field: too vague to be meant.
    DateField::ALL
        .iter()
        .find(|(_, word, field)| *word == name || (*field == name && name != "date"))
        .map(|&(date, _, _)| date)
}

/// Reads a filter from its own name and its values.
///
/// # Errors
/// A value that cannot be, with the nearest that can.
pub(super) fn parse(name: &str, values: &[String], schema: &IndexSchema) -> Result<Filter> {
    let words = &schema.vocabularies;
    match name {
        "kind" => Ok(Filter::Kind(parse_kind(one(name, values)?)?)),
        "status" => Ok(Filter::Status(each(name, values, |value| {
            parse_status(&words.recruitment_status, value)
        })?)),
        "phase" => Ok(Filter::Phase(each(name, values, |value| {
            parse_phase(&words.phase, value)
        })?)),
        "country" => Ok(Filter::Country(each(name, values, |value| {
            parse_country(schema, value)
        })?)),
        "sex" => Ok(Filter::Sex(parse_sex(&words.sex, one(name, values)?)?)),
        "age" => Ok(Filter::Age(parse_age(one(name, values)?)?)),
        "type" => choices(name, values, &words.study_type).map(Filter::Type),
        "registry" => Ok(Filter::Registry(each(name, values, parse_registry)?)),
        "allocation" => choices(name, values, &words.allocation).map(Filter::Allocation),
        "masking" => choices(name, values, &words.masking).map(Filter::Masking),
        "purpose" => choices(name, values, &words.purpose).map(Filter::Purpose),
        "healthy" => Ok(Filter::Healthy(parse_yes(one(name, values)?)?)),
        "enrollment" => Ok(Filter::Enrollment(parse_sizes(&thousands(name, values)?)?)),
        "has" => Ok(Filter::Has(parse_presence(one(name, values)?)?)),
        "missing" => Ok(Filter::Missing(parse_presence(one(name, values)?)?)),
        _ => match date_field(name) {
            Some(field) => Ok(Filter::Date {
                field,
                range: parse_dates(one(name, values)?)?,
            }),
            None => Err(wrong(format!("no filter is called {name:?}"))),
        },
    }
}

fn one<'a>(name: &str, values: &'a [String]) -> Result<&'a str> {
    match values {
        [value] => Ok(value.trim()),
        _ => {
            let message = format!("{name} takes one value, not {}", values.len());
            let each: Vec<String> = values.iter().map(|v| format!("{name}:{v}")).collect();
            Err(wrong(message).remedy(format!("write {}", each.join(" OR "))))
        }
    }
}

/// A number with commas between its thousands, `1,000..2,000`, which read as several values.
fn thousands(name: &str, values: &[String]) -> Result<String> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    if values.iter().skip(1).all(|value| digits(value) == 3) {
        return Ok(values.concat());
    }
    one(name, values).map(str::to_owned)
}

fn each<T: PartialEq>(
    name: &str,
    values: &[String],
    mut read: impl FnMut(&str) -> Result<T>,
) -> Result<Vec<T>> {
    let mut list = Vec::new();
    for value in values.iter().map(|value| value.trim()) {
        if value.is_empty() {
            continue;
        }
        let value = read(value)?;
        if !list.contains(&value) {
            list.push(value);
        }
    }
    if list.is_empty() {
        return Err(wrong(format!("{name} needs a value")));
    }
    Ok(list)
}

fn choices<T: ClosedVocabulary>(
    name: &str,
    values: &[String],
    wordings: &Wordings<T>,
) -> Result<Vec<T>> {
    each(name, values, |value| {
        match wordings.lookup(None, value) {
            Some([single]) => return Ok(*single),
            Some(_) => return Err(wrong(format!("{value:?} says nothing about {name}"))),
            None => {}
        }
        let meant: Vec<T> = named_in_part(value);
        match meant.as_slice() {
            [single] => Ok(*single),
            _ => Err(unknown(name, value, T::ALL.iter().map(|v| v.as_str()))),
        }
    })
}

/// The values that begin like this, else those that end in these words: `random` is enough for
/// `randomized`, `patient registry` for `observational_patient_registry`.
fn named_in_part<T: ClosedVocabulary>(value: &str) -> Vec<T> {
    let folded = fold_wording(value);
    if folded.len() < 3 {
        return Vec::new();
    }
    let named = |part: &dyn Fn(&str) -> bool| -> Vec<T> {
        let meant = |v: &&T| part(&fold_wording(v.as_str()));
        T::ALL.iter().filter(meant).copied().collect()
    };
    let begin = named(&|word| word.starts_with(&folded));
    if !begin.is_empty() {
        return begin;
    }
    let ending = format!(" {folded}");
    named(&|word| word.ends_with(&ending))
}

fn parse_kind(value: &str) -> Result<Kind> {
    match value.to_lowercase().as_str() {
        "trial" | "trials" => Ok(Kind::Trial),
        "article" | "articles" => Ok(Kind::Article),
        _ => Err(unknown("kind", value, ["trial", "article"])),
    }
}

fn parse_status(
    wordings: &Wordings<crate::record::RecruitmentStatus>,
    value: &str,
) -> Result<StatusChoice> {
    match fold_wording(value).as_str() {
        "open" => return Ok(StatusChoice::Open),
        "closed" => return Ok(StatusChoice::Closed),
        _ => {}
    }
    match choices("status", &[value.to_owned()], wordings) {
        Ok(list) => match list.as_slice() {
            [single] => Ok(StatusChoice::Is(*single)),
            _ => Err(unknown("status", value, ["open", "closed"])),
        },
        Err(_) => {
            let own = crate::record::RecruitmentStatus::ALL
                .iter()
                .map(|s| s.as_str());
            Err(unknown("status", value, own.chain(["open", "closed"])))
        }
    }
}

fn parse_phase(wordings: &Wordings<Phase>, value: &str) -> Result<PhaseChoice> {
    let phases = phases_of(wordings, value).ok_or_else(|| {
        let words = ["0", "1", "2", "3", "4", "early"];
        unknown(
            "phase",
            value,
            Phase::ALL.iter().map(|p| p.as_str()).chain(words),
        )
    })?;
    Ok(PhaseChoice::of(phases))
}

fn phases_of(wordings: &Wordings<Phase>, value: &str) -> Option<Vec<Phase>> {
    if let Some(phases) = single_phase(wordings, value) {
        return Some(phases);
    }
    let mut all = Vec::new();
    for part in value.split(['/', '|', '&', '+']) {
        all.extend(single_phase(wordings, part.trim())?);
    }
    (!all.is_empty()).then_some(all)
}

fn single_phase(wordings: &Wordings<Phase>, value: &str) -> Option<Vec<Phase>> {
    let folded = fold_wording(value);
    if matches!(
        folded.as_str(),
        "early" | "early 1" | "early1" | "early phase"
    ) {
        return Some(vec![Phase::EarlyPhase1]);
    }
    let known = |word: &str| {
        wordings
            .lookup(None, word)
            .filter(|phases| !phases.is_empty())
            .map(<[Phase]>::to_vec)
    };
    // "2b" and "Phase IIIa" are parts of their phase.
    known(&folded).or_else(|| known(folded.strip_suffix(['a', 'b', 'c'])?.trim_end()))
}

fn parse_country(schema: &IndexSchema, value: &str) -> Result<String> {
    match schema.countries.lookup(value) {
        Some(Place::Country { code, .. }) => Ok(code.to_owned()),
        Some(Place::Verbatim) => Err(wrong(format!("{value:?} is no country of today"))
            .remedy(format!("search location:\"{value}\" instead"))),
        None => Err(unknown(
            "country",
            value,
            schema.countries.all().map(|(_, name)| name),
        )),
    }
}

fn parse_sex(wordings: &Wordings<crate::record::Sex>, value: &str) -> Result<SexChoice> {
    use crate::record::Sex;
    let folded = fold_wording(value);
    let (word, only) = match folded.strip_suffix("only") {
        Some(word) => (word.trim_end(), true),
        None => (folded.as_str(), false),
    };
    let sex = match word {
        "women" | "woman" | "f" => Some(Sex::Female),
        "men" | "man" | "m" => Some(Sex::Male),
        word => wordings
            .lookup(None, word)
            .and_then(|list| list.first().copied()),
    };
    match (sex, only) {
        (Some(Sex::Female), false) => Ok(SexChoice::Female),
        (Some(Sex::Female), true) => Ok(SexChoice::FemaleOnly),
        (Some(Sex::Male), false) => Ok(SexChoice::Male),
        (Some(Sex::Male), true) => Ok(SexChoice::MaleOnly),
        (Some(Sex::All), false) => Ok(SexChoice::All),
        _ => Err(unknown("sex", value, SexChoice::ALL.map(|(_, word)| word))),
    }
}

fn parse_age(value: &str) -> Result<Age> {
    let wrong_age = || {
        wrong(format!("not an age: {value:?}")).remedy("write 45 for years, 6mo, 2w, 10d or P6M")
    };
    if value.starts_with(['P', 'p']) {
        return value.to_uppercase().parse().map_err(|_| wrong_age());
    }
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let (count, unit) = value.split_at(digits);
    let unit = unit.trim().trim_start_matches(['-', '_']).to_lowercase();
    let unit = match unit.as_str() {
        "" | "y" | "yr" | "yrs" | "year" | "years" => AgeUnit::Years,
        "m" | "mo" | "mos" | "month" | "months" => AgeUnit::Months,
        "w" | "wk" | "wks" | "week" | "weeks" => AgeUnit::Weeks,
        "d" | "day" | "days" => AgeUnit::Days,
        "h" | "hr" | "hour" | "hours" => AgeUnit::Hours,
        "min" | "minute" | "minutes" => AgeUnit::Minutes,
        _ => return Err(wrong_age()),
    };
    let count: u32 = count.parse().map_err(|_| wrong_age())?;
    let age = Age::new(count, unit);
    // Nobody is older; a larger number is a year of birth or a slip.
    if age.minutes() > Age::new(150, AgeUnit::Years).minutes() {
        return Err(wrong(format!("{value:?} is no age a person can have")));
    }
    Ok(age)
}

fn parse_registry(value: &str) -> Result<Registry> {
    if let Ok(registry) = value.parse::<Registry>() {
        return Ok(registry);
    }
    let folded = fold_wording(value);
    let named = |r: &&Registry| fold_wording(r.name()) == folded;
    if let Some(registry) = Registry::ALL.iter().find(named) {
        return Ok(*registry);
    }
    match folded.as_str() {
        "nct" | "clinicaltrials" => Ok(Registry::Ctgov),
        "umin" | "jrct" | "japic" => Ok(Registry::Jprn),
        "actrn" => Ok(Registry::Anzctr),
        "kct" => Ok(Registry::Cris),
        "eudract" => Ok(Registry::Euctr),
        _ => Err(unknown(
            "registry",
            value,
            Registry::ALL.iter().map(|r| r.as_str()),
        )),
    }
}

fn parse_yes(value: &str) -> Result<bool> {
    match value.to_lowercase().as_str() {
        "yes" | "y" | "true" | "accepted" => Ok(true),
        "no" | "n" | "false" => Ok(false),
        _ => Err(unknown("healthy", value, ["yes", "no"])),
    }
}

fn parse_presence(value: &str) -> Result<Presence> {
    let word = fold_wording(value).replace(' ', "_");
    let words = |word: &str| {
        Presence::ALL
            .iter()
            .find(|(_, own)| *own == word)
            .map(|&(presence, _)| presence)
    };
    let known = words(&word)
        .or_else(|| words(word.strip_suffix('s')?))
        .or_else(|| date_field(&word).map(Presence::Date))
        .or_else(|| words(canonical_name(&word)?));
    known.ok_or_else(|| {
        let dates = DateField::ALL.iter().map(|&(_, word, _)| word);
        unknown(
            "has",
            value,
            Presence::ALL.iter().map(|&(_, word)| word).chain(dates),
        )
    })
}

fn parse_sizes(value: &str) -> Result<SizeRange> {
    let number = |text: &str| -> Result<u64> {
        let digits: String = text.trim().chars().filter(|&c| c != '_').collect();
        digits.parse().map_err(|_| {
            wrong(format!("not a number: {text:?}")).remedy("write 100, 100..500 or >=100")
        })
    };
    let value = &span(value, |end| {
        !end.is_empty() && end.bytes().all(|b| b.is_ascii_digit())
    });
    let (from, to) = ends(value, number, |n| n.checked_add(1), |n| n.checked_sub(1))?;
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        return Err(wrong(format!("{value:?} runs backwards")));
    }
    Ok(SizeRange { from, to })
}

fn parse_dates(value: &str) -> Result<DateRange> {
    let date = |text: &str| -> Result<PartialDate> {
        parse_date(text.trim()).map_err(|m| wrong(m).remedy("write 2017..2022 or >=2017-03"))
    };
    // "2017-2022" is no month.
    let value = &span(value, |end| {
        end.len() == 4 && end.bytes().all(|b| b.is_ascii_digit())
    });
    let (from, to) = ends(value, date, day_after, day_before)?;
    if let (Some(from), Some(to)) = (from, to)
        && from.first_ordinal() > to.last_ordinal()
    {
        return Err(wrong(format!("{value:?} runs backwards")));
    }
    Ok(DateRange { from, to })
}

/// A date in any spelling that leaves no doubt: `2017-03`, `2017/3`, `March 2017`, not `03/04/2017`.
fn parse_date(text: &str) -> Result<PartialDate, String> {
    let iso = text.parse::<PartialDate>();
    let spelled = dates::parse(text, Order::DayFirst);
    match spelled {
        Some(date) if spelled == dates::parse(text, Order::MonthFirst) => iso.or(Ok(date)),
        _ => iso,
    }
}

/// `100-500`, `100…500` and `100+` as `100..500` and `100..`, where the ends are of this form.
fn span(value: &str, is_end: impl Fn(&str) -> bool) -> String {
    let value = value.replace('…', "..");
    if let Some(from) = value.strip_suffix('+')
        && is_end(from)
    {
        return format!("{from}..");
    }
    match value.split_once(['-', '–']) {
        Some((from, to)) if is_end(from.trim()) && is_end(to.trim()) => format!("{from}..{to}"),
        _ => value,
    }
}

/// The ends of `a..b`, `>=a`, `<b`, `a`; ends included.
fn ends<T: Copy>(
    value: &str,
    read: impl Fn(&str) -> Result<T>,
    after: impl Fn(T) -> Option<T>,
    before: impl Fn(T) -> Option<T>,
) -> Result<(Option<T>, Option<T>)> {
    let beyond = || wrong(format!("nothing can be {value:?}"));
    if let Some((from, to)) = value.split_once("..") {
        let end = |text: &str| match text.trim() {
            "" | "*" => Ok(None),
            text => read(text).map(Some),
        };
        let (from, to) = (end(from)?, end(to)?);
        if from.is_none() && to.is_none() {
            return Err(wrong(format!("{value:?} bounds nothing")));
        }
        return Ok((from, to));
    }
    if let Some(rest) = value.strip_prefix(">=") {
        return Ok((Some(read(rest)?), None));
    }
    if let Some(rest) = value.strip_prefix("<=") {
        return Ok((None, Some(read(rest)?)));
    }
    if let Some(rest) = value.strip_prefix('>') {
        return Ok((Some(after(read(rest)?).ok_or_else(beyond)?), None));
    }
    if let Some(rest) = value.strip_prefix('<') {
        return Ok((None, Some(before(read(rest)?).ok_or_else(beyond)?)));
    }
    let value = read(value.strip_prefix('=').unwrap_or(value))?;
    Ok((Some(value), Some(value)))
}

fn day_after(date: PartialDate) -> Option<PartialDate> {
    let (year, month, day) = date.last_day();
    let (year, month, day) = (i32::from(year), u32::from(month), u32::from(day));
    PartialDate::day(year, month, day + 1)
        .or_else(|| PartialDate::day(year, month + 1, 1))
        .or_else(|| PartialDate::day(year + 1, 1, 1))
}

fn day_before(date: PartialDate) -> Option<PartialDate> {
    let (year, month, day) = date.first_day();
    let (year, month, day) = (i32::from(year), u32::from(month), u32::from(day));
    let whole = match (month, day) {
        (1, 1) => PartialDate::month(year - 1, 12)?,
        (_, 1) => PartialDate::month(year, month - 1)?,
        _ => return PartialDate::day(year, month, day - 1),
    };
    let (_, _, last) = whole.last_day();
    let (year, month, _) = whole.first_day();
    PartialDate::day(year.into(), month.into(), last.into())
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::Query, message)
}

/// The error for a value nobody knows, with the nearest one that can be.
fn unknown<'a>(name: &str, value: &str, candidates: impl IntoIterator<Item = &'a str>) -> Error {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let error = wrong(format!("{name} cannot be {value:?}"));
    if let Some(near) = closest(value, candidates.iter().copied()) {
        let near = if near.contains([' ', ',', '(']) {
            format!("\"{near}\"")
        } else {
            near.to_owned()
        };
        return error.remedy(format!("did you mean {name}:{near}?"));
    }
    if candidates.len() > 40 {
        return error;
    }
    error.remedy(format!("possible values: {}", candidates.join(", ")))
}
