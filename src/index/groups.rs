//! The groups of a generation: which of its records tell of one trial.
//!
//! They are worked out from what the living documents keep, so that they are the same whichever way
//! the index came to be, and written as a file of the generation.

use super::alike::{Standing, candidates, judged};
use super::build::tantivy_error;
use super::durable;
use super::guard::REPAIR;
use super::mapping::{Mapping, day_column};
use super::snapshot::Snapshot;
use crate::error::{Error, ErrorKind, Result};
use crate::identity::{
    Evidence, Group, Groups, Judgement, Member, NUMBERS, Node, Number, Pair, SKETCH, Said, join,
    settle,
};
use crate::record::{Kind, Registry};
use crate::schema::identifiers::Identifiers;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Searcher, SegmentReader};

/// The file of a generation.
pub(crate) const GROUPS: &str = "groups.json";

/// The fields that tell whether records are worth comparing.
const SIZE: &str = "sample_size";
const START: &str = "first_enrollment_date";

/// Writes the groups of a generation; one it has by a link stays as it is elsewhere.
pub(super) fn write(groups: &Groups, generation: &Path) -> Result<()> {
    let path = generation.join(GROUPS);
    let json = serde_json::to_vec(groups).map_err(|e| {
        Error::new(ErrorKind::Io, "cannot be written")
            .at(&path)
            .caused_by(e)
    })?;
    durable::replace_file(&path, &json)
}

/// Reads the groups of a generation.
///
/// # Errors
/// [`ErrorKind::Damaged`] where the file is missing or says nothing that can be read.
pub(super) fn read(generation: &Path) -> Result<Groups> {
    let path = generation.join(GROUPS);
    let damaged = |message: String| {
        Error::new(ErrorKind::Damaged, message)
            .at(&path)
            .remedy(REPAIR)
    };
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(damaged("missing".to_owned()));
        }
        Err(e) => return Err(Error::io(&path, e)),
    };
    serde_json::from_slice(&bytes).map_err(|e| damaged(e.to_string()))
}

/// Where the records of trials with several records stand.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// The documents of each group.
    pub(super) trials: Vec<Vec<DocAddress>>,
    /// The group of a record.
    pub(super) by_id: HashMap<String, usize>,
}

impl Places {
    /// Finds the documents of groups.
    pub(super) fn read(snapshot: &Snapshot) -> Result<Self> {
        let mut places = Places::default();
        for (group, place) in snapshot.groups()?.groups.iter().zip(0..) {
            let mut addresses = Vec::new();
            for member in &group.members {
                addresses.extend(snapshot.find(Kind::Trial, &member.id)?);
                places.by_id.insert(member.id.clone(), place);
            }
            places.trials.push(addresses);
        }
        Ok(places)
    }
}

/// Works out the groups of an index: by numbers first, then by what else records have in common.
pub(super) fn gather(searcher: &Searcher, mapping: &Mapping) -> Result<Groups> {
    let mut told = Told::default();
    let mut segments = Vec::new();
    for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
        segments.extend(Segment::read(
            segment,
            ordinal,
            &mapping.identifiers,
            &mut told,
        )?);
    }
    let nodes = told.nodes(&segments)?;
    let joined = join(&nodes);
    let mut trials = Trials::of(&told);
    for (numbers, evidence) in joined.sets {
        let members = numbers
            .iter()
            .filter_map(|number| Some((number.registry?, nodes.get(number)?)))
            .flat_map(|(registry, node)| node.ids.iter().map(move |id| Member::new(registry, id)));
        let mut members: Vec<Member> = members.collect();
        members.sort();
        let group = Group::new(members, evidence);
        trials.join(
            numbers.iter().filter_map(|n| told.places.get(n).copied()),
            group,
        );
    }
    let likely = trials.judge(&segments, searcher, mapping)?;
    Ok(Groups::new(trials.groups(), joined.refused, likely))
}

/// The trials of an index; each has the place of one of its numbers.
struct Trials {
    /// The trial a number belongs to.
    of_number: Vec<usize>,
    /// The registry of each number.
    registries: Vec<Option<Registry>>,
    /// Those with several records.
    groups: HashMap<usize, Group>,
}

impl Trials {
    /// Every number stands for a trial.
    fn of(told: &Told) -> Self {
        let mut registries = vec![None; told.places.len()];
        for (number, &place) in &told.places {
            if let Some(slot) = registries.get_mut(place) {
                *slot = number.registry;
            }
        }
        Trials {
            of_number: (0..registries.len()).collect(),
            registries,
            groups: HashMap::new(),
        }
    }

    /// Makes the trials of some numbers one.
    fn join(&mut self, numbers: impl Iterator<Item = usize>, group: Group) {
        let mut numbers = numbers.peekable();
        let Some(&trial) = numbers.peek() else {
            return;
        };
        for number in numbers {
            if let Some(slot) = self.of_number.get_mut(number) {
                *slot = trial;
            }
        }
        self.groups.insert(trial, group);
    }

    /// Joins what is judged the same; returns the pairs that may be.
    fn judge(
        &mut self,
        segments: &[Segment],
        searcher: &Searcher,
        mapping: &Mapping,
    ) -> Result<Vec<Group>> {
        let standing = |(segment, document): (&Segment, &Document)| {
            Some(Standing {
                address: DocAddress::new(segment.ordinal, document.id),
                registry: self.registries.get(document.own).copied().flatten()?,
                trial: self.of_number.get(document.own).copied()?,
                size: segment.size(document.id),
                start: segment.start(document.id),
            })
        };
        let documents = segments
            .iter()
            .flat_map(|segment| segment.documents.iter().map(move |d| (segment, d)));
        let searched = documents.filter(|(_, document)| document.searched);
        let records: Vec<Standing> = searched.filter_map(standing).collect();
        let sketch = |address: DocAddress| {
            let segment = segments.iter().find(|s| s.ordinal == address.segment_ord);
            segment
                .into_iter()
                .flat_map(move |s| s.sketch(address.doc_id))
        };
        let pairs = candidates(&records, sketch);
        let pairs = judged(&records, &pairs, searcher, mapping)?;
        Ok(self.settle(pairs))
    }

    fn settle(&mut self, mut pairs: Vec<Pair>) -> Vec<Group> {
        let mut parties: BTreeMap<usize, Vec<Member>> = BTreeMap::new();
        for pair in &pairs {
            for (trial, member) in pair.trials.into_iter().zip(pair.members()) {
                let group = self.groups.get(&trial).map(|group| group.members.clone());
                parties.insert(trial, group.unwrap_or_else(|| vec![member]));
            }
        }
        let places: HashMap<usize, usize> =
            (0..).zip(&parties).map(|(i, (t, _))| (*t, i)).collect();
        for trial in pairs.iter_mut().flat_map(|pair| &mut pair.trials) {
            *trial = places.get(trial).copied().unwrap_or_default();
        }
        let parties: Vec<(usize, Vec<Member>)> = parties.into_iter().collect();
        let registries = |(_, members): &(usize, Vec<Member>)| {
            members.iter().map(|member| member.registry).collect()
        };
        let registries: Vec<BTreeSet<Registry>> = parties.iter().map(registries).collect();
        let settled = settle(&registries, pairs);
        for (joined, judgements) in settled.joined {
            let parties = joined.iter().filter_map(|&place| parties.get(place));
            self.extend(parties, judgements);
        }
        let likely = settled.likely.into_iter().map(|pair| {
            let mut members = pair.members().to_vec();
            members.sort();
            Group::new(members, vec![Evidence::Judged(pair.judgement)])
        });
        let mut likely: Vec<Group> = likely.collect();
        likely.sort();
        likely
    }

    /// Makes some trials one group.
    fn extend<'a>(
        &mut self,
        parties: impl Iterator<Item = &'a (usize, Vec<Member>)>,
        judgements: Vec<Judgement>,
    ) {
        let mut evidence: Vec<Evidence> = judgements.into_iter().map(Evidence::Judged).collect();
        let mut members = Vec::new();
        let mut first = None;
        for (trial, records) in parties {
            let known = self.groups.remove(trial);
            evidence.extend(known.into_iter().flat_map(|group| group.evidence));
            members.extend(records.iter().cloned());
            first.get_or_insert(*trial);
        }
        members.sort();
        evidence.sort();
        if let Some(trial) = first {
            self.groups.insert(trial, Group::new(members, evidence));
        }
    }

    fn groups(self) -> Vec<Group> {
        let mut groups: Vec<Group> = self.groups.into_values().collect();
        groups.sort();
        groups
    }
}

/// All numbers, each with a place, and which of them are told of more than one record.
#[derive(Default)]
struct Told {
    places: HashMap<Number, usize>,
    /// Places of numbers some record gives.
    named: HashSet<usize>,
}

impl Told {
    fn place(&mut self, number: Number) -> usize {
        let next = self.places.len();
        *self.places.entry(number).or_insert(next)
    }

    /// The numbers whose records give numbers, are given by others, or are several.
    fn nodes(&self, segments: &[Segment]) -> Result<BTreeMap<Number, Node>> {
        let mut searched = vec![0u32; self.places.len()];
        let mut gives = vec![false; self.places.len()];
        for document in segments.iter().flat_map(|segment| &segment.documents) {
            if let Some(count) = searched.get_mut(document.own) {
                *count += u32::from(document.searched);
            }
            if let Some(gives) = gives.get_mut(document.own) {
                *gives |= !document.named.is_empty();
            }
        }
        let matters = |place: usize| {
            let several = searched.get(place).is_some_and(|count| *count > 1);
            several || self.named.contains(&place) || gives.get(place) == Some(&true)
        };
        let mut numbers: Vec<Option<&Number>> = vec![None; self.places.len()];
        for (number, &place) in &self.places {
            if let Some(slot) = numbers.get_mut(place) {
                *slot = Some(number);
            }
        }
        let number = |place: usize| numbers.get(place).copied().flatten();
        let mut nodes: BTreeMap<Number, Node> = BTreeMap::new();
        for segment in segments {
            for document in segment.documents.iter().filter(|d| matters(d.own)) {
                let Some(own) = number(document.own) else {
                    continue;
                };
                let node = nodes.entry(own.clone()).or_default();
                let named = document.named.iter().filter_map(|&place| number(place));
                node.named.extend(named.cloned());
                let aliases = document.aliases.iter().filter_map(|&place| number(place));
                node.aliases.extend(aliases.cloned());
                if document.searched {
                    node.ids.insert(segment.id(document.id)?);
                    node.sketch.extend(segment.sketch(document.id));
                }
            }
        }
        // A record that is kept aside only adds to the one that stands.
        nodes.retain(|_, node| !node.ids.is_empty());
        Ok(nodes)
    }
}

/// What the documents of a segment say.
struct Segment {
    ordinal: u32,
    ids: Option<StrColumn>,
    sketches: Option<Column<u64>>,
    sizes: Option<Column<u64>>,
    /// First and last day.
    starts: [Option<Column<i64>>; 2],
    documents: Vec<Document>,
}

/// A trial that lives, by places of numbers.
struct Document {
    id: DocId,
    own: usize,
    named: Vec<usize>,
    aliases: Vec<usize>,
    searched: bool,
}

impl Segment {
    /// `None` where it has no trials.
    fn read(
        segment: &SegmentReader,
        ordinal: u32,
        identifiers: &Identifiers,
        told: &mut Told,
    ) -> Result<Option<Self>> {
        let columns = segment.fast_fields();
        let Some(numbers) = columns.str(NUMBERS).map_err(|e| tantivy_error(&e))? else {
            return Ok(None);
        };
        let ids = columns.str("id").map_err(|e| tantivy_error(&e))?;
        let sketches = columns.column_opt(SKETCH).map_err(|e| tantivy_error(&e))?;
        let sizes = columns.column_opt(SIZE).map_err(|e| tantivy_error(&e))?;
        let day = |last| {
            let column = columns.column_opt(&day_column(START, last));
            column.map_err(|e| tantivy_error(&e))
        };
        let starts = [day(false)?, day(true)?];
        let values = values(&numbers, identifiers, told)?;
        let mut documents = Vec::new();
        for id in segment.doc_ids_alive() {
            let (mut own, mut named, mut aliases) = (None, Vec::new(), Vec::new());
            let said = numbers.term_ords(id);
            for value in said.filter_map(|ordinal| values.get(ordinal as usize)) {
                match value {
                    Value::Own(number) => own = Some(*number),
                    Value::Named(numbers) => named.extend(numbers),
                    Value::Alias(numbers) => aliases.extend(numbers),
                }
            }
            // An article has no number.
            let Some(own) = own else { continue };
            named.extend(&aliases);
            let searched = ids
                .as_ref()
                .is_some_and(|ids| ids.term_ords(id).next().is_some());
            documents.push(Document {
                id,
                own,
                named,
                aliases,
                searched,
            });
        }
        told.named
            .extend(documents.iter().flat_map(|document| &document.named));
        Ok(Some(Segment {
            ordinal,
            ids,
            sketches,
            sizes,
            starts,
            documents,
        }))
    }

    fn id(&self, document: DocId) -> Result<String> {
        let mut id = String::new();
        let ordinal = self
            .ids
            .as_ref()
            .and_then(|ids| ids.term_ords(document).next());
        if let Some((ids, ordinal)) = self.ids.as_ref().zip(ordinal) {
            ids.ord_to_str(ordinal, &mut id).map_err(unreadable)?;
        }
        Ok(id)
    }

    fn size(&self, document: DocId) -> Option<u64> {
        self.sizes.as_ref()?.first(document)
    }

    fn start(&self, document: DocId) -> Option<[i64; 2]> {
        let [first, last] = &self.starts;
        let day = |column: &Option<Column<i64>>| column.as_ref()?.first(document);
        Some([day(first)?, day(last)?])
    }

    fn sketch(&self, document: DocId) -> impl Iterator<Item = u32> + '_ {
        let sketches = self.sketches.iter();
        let hashes = sketches.flat_map(move |column| column.values_for_doc(document));
        hashes.filter_map(|hash| u32::try_from(hash).ok())
    }
}

/// A value of the column of numbers, by places.
enum Value {
    Own(usize),
    Named(Vec<usize>),
    Alias(Vec<usize>),
}

/// All values of a segment, in the order of its dictionary.
fn values(numbers: &StrColumn, identifiers: &Identifiers, told: &mut Told) -> Result<Vec<Value>> {
    let mut values = Vec::with_capacity(numbers.num_terms());
    let mut stream = numbers.dictionary().stream().map_err(unreadable)?;
    while stream.advance() {
        let said = std::str::from_utf8(stream.key()).ok();
        let said = said.and_then(|text| Said::read(text, identifiers));
        let said = said.ok_or_else(|| {
            let message = "a number of a trial in the index cannot be read";
            Error::new(ErrorKind::Damaged, message).remedy(REPAIR)
        })?;
        let mut places = |numbers: Vec<Number>| -> Vec<usize> {
            numbers
                .into_iter()
                .map(|number| told.place(number))
                .collect()
        };
        values.push(match said {
            Said::Own(number) => Value::Own(told.place(number)),
            Said::Named(numbers) => Value::Named(places(numbers)),
            Said::Alias(numbers) => Value::Alias(places(numbers)),
        });
    }
    Ok(values)
}

fn unreadable(error: std::io::Error) -> Error {
    tantivy_error(&error.into())
}
