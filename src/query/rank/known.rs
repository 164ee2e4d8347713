//! Names among the words of a query → the other names they are also found by.

use super::concept::Shape;
use super::pattern::Order;
use super::plan::{Building, Node, Scope, Unit};
use super::variant::{Variant, one_term};
use crate::analysis::WordAtom;
use crate::concept::{Dictionary, Name, Related, Relation, Source, Spelling, spelling};
use crate::error::Result;
use crate::query::expansion::Expansion;
use crate::record::Kind;
use std::collections::HashSet;

/// Letters a short form must have to be searched for what it stands for.
const SHORT_FORM: usize = 2;

impl Building<'_> {
    /// A concept as one of the words names are looked for among.
    pub(super) fn unit<'w>(
        &self,
        node: &Node,
        atoms: impl Iterator<Item = &'w WordAtom>,
        weightless: bool,
    ) -> Option<Unit> {
        let Node::Concept(concept) = node else {
            return None;
        };
        let (mut from, mut to) = (usize::MAX, 0);
        let atoms = atoms.map(|atom| {
            (from, to) = (from.min(atom.range.start), to.max(atom.range.end));
            spelling(&self.analyzer, atom)
        });
        let spellings = atoms.collect();
        Some(Unit {
            concept: *concept,
            spellings,
            weightless,
            range: from..to,
        })
    }

    /// Adds to the concepts of some words the other names of the longest names among them.
    ///
    /// What is forbidden is forbidden as typed: nobody can see what else went with it.
    pub(super) fn expand(&mut self, text: &str, units: &[Unit], scope: Scope<'_>) -> Result<()> {
        if scope.expansion < Expansion::Synonym || scope.negated {
            return Ok(());
        }
        let counts = self.planner.vocabulary.snapshot.counts();
        for kind in Kind::ALL {
            // What a kind without records is called finds nothing; an empty index still tells it.
            if counts.of_kind(kind) > 0 || counts.searched() == 0 {
                self.expand_for(kind, text, units, scope)?;
            }
        }
        Ok(())
    }

    fn expand_for(
        &mut self,
        kind: Kind,
        text: &str,
        units: &[Unit],
        scope: Scope<'_>,
    ) -> Result<()> {
        let dictionary = self.planner.vocabulary.snapshot.concepts()?;
        let mut rest = units;
        while let Some(first) = rest.first() {
            let Some((count, related)) = longest(dictionary, kind, rest)? else {
                let related = self.by_company(dictionary, kind, first, units, scope)?;
                let typed = text.get(first.range.clone()).unwrap_or(text);
                self.add_names(kind, typed, std::slice::from_ref(first), &related, scope)?;
                rest = rest.get(1..).unwrap_or_default();
                continue;
            };
            let (named, behind) = rest.split_at(count);
            let last = named.last().unwrap_or(first);
            let typed = text.get(first.range.start..last.range.end).unwrap_or(text);
            self.add_names(kind, typed, named, &related, scope)?;
            rest = behind;
        }
        Ok(())
    }

    fn add_names(
        &mut self,
        kind: Kind,
        typed: &str,
        units: &[Unit],
        related: &[Related],
        scope: Scope<'_>,
    ) -> Result<()> {
        let spellings = units.iter().flat_map(|unit| &unit.spellings);
        let stems: Vec<String> = spellings.map(|s| s.stem.clone()).collect();
        let mut variants: Vec<Variant> = Vec::new();
        for other in related
            .iter()
            .filter(|r| scope.expansion.includes(r.relation))
        {
            let variant = self.variant(kind, typed, other, scope)?;
            // Whoever has the typed name in a longer one has the typed name.
            variants.extend(variant.filter(|variant| !variant.contains(&stems)));
        }
        for variant in shortest(variants) {
            self.add_variant(kind, &variant, units);
        }
        Ok(())
    }

    /// Adds another name to the concepts of the words it stands for.
    fn add_variant(&mut self, kind: Kind, variant: &Variant, units: &[Unit]) {
        let known = self.plan.variants.iter().position(|known| known == variant);
        let place = known.unwrap_or_else(|| {
            self.plan.variants.push(variant.clone());
            self.plan.variants.len() - 1
        });
        for unit in units.iter().filter(|unit| !unit.weightless) {
            let own: Vec<String> = unit.spellings.iter().map(|s| s.stem.clone()).collect();
            let Some(concept) = self.concepts.get_mut(unit.concept) else {
                continue;
            };
            let variants = concept.variants.entry(kind).or_default();
            if !variant.contains(&own) && !variants.contains(&place) {
                variants.push(place);
            }
        }
    }

    /// How another name is found and what it counts; `None` where it cannot be searched.
    fn variant(
        &self,
        kind: Kind,
        typed: &str,
        other: &Related,
        scope: Scope<'_>,
    ) -> Result<Option<Variant>> {
        let Some(name) = Name::read(&self.analyzer, &other.name) else {
            return Ok(None);
        };
        let words = self.analyzer.words(&other.name);
        let shape = match name.atoms.as_slice() {
            [only] if name.is_short_form => {
                if only.term.chars().count() < SHORT_FORM {
                    return Ok(None);
                }
                let unless = self.otherwise(kind, &other.name, typed)?;
                Some(one_term(&only.term, unless))
            }
            _ => self.phrase_shape(&words, Order::Adjacent, scope)?,
        };
        if let Source::Abbreviation { records } = other.source {
            let short = if name.is_short_form {
                &other.name
            } else {
                typed
            };
            if self.is_a_word(kind, short, records, scope)? {
                return Ok(None);
            }
        }
        let penalties = &self.planner.ranking.penalties;
        Ok(shape.map(|shape: Shape| Variant {
            of: typed.to_owned(),
            name: other.name.clone(),
            relation: other.relation,
            source: other.source.clone(),
            penalty: self.discount
                * match other.relation {
                    Relation::Synonym => penalties.synonym,
                    Relation::Narrower => penalties.narrower,
                    Relation::Broader => penalties.broader,
                },
            stems: name.atoms.into_iter().map(|atom| atom.stem).collect(),
            shape,
        }))
    }
}

/// The longest name that begins with the first of some units and ends with one of them: of how many.
fn longest(
    dictionary: &Dictionary,
    kind: Kind,
    units: &[Unit],
) -> Result<Option<(usize, Vec<Related>)>> {
    let units = units.get(..units.len().min(dictionary.most_words()));
    let units = units.unwrap_or_default();
    let words = units.iter().flat_map(|unit| unit.spellings.iter().cloned());
    let words: Vec<Spelling> = words.collect();
    let ends: Vec<usize> = units
        .iter()
        .scan(0, |sum, unit| {
            *sum += unit.spellings.len();
            Some(*sum)
        })
        .collect();
    let longest = dictionary.longest(kind, &words, |count| ends.contains(&count))?;
    Ok(longest.and_then(|(length, related)| {
        let count = ends.iter().position(|end| *end == length)? + 1;
        Some((count, related))
    }))
}

/// Names without those that have another one in them: whoever has the longer has the shorter.
fn shortest(variants: Vec<Variant>) -> Vec<Variant> {
    let all: HashSet<Vec<String>> = variants.iter().map(|v| v.stems.clone()).collect();
    let mut kept = HashSet::new();
    let mut is_kept = |variant: &Variant| {
        let stems = &variant.stems;
        let mut parts = (1..stems.len()).flat_map(|length| stems.windows(length));
        !parts.any(|part| all.contains(part)) && kept.insert(stems.clone())
    };
    variants
        .into_iter()
        .filter(|variant| is_kept(variant))
        .collect()
}
