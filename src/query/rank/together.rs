//! Where words stand as they are asked for, by their positions in one text.

/// The offset of a place, and where its terms stand in a document, in order, with their weights.
pub(super) type Placed<'a> = (u32, &'a [(u32, f32)]);

/// Starts of the occurrences where every place stands at its offset.
pub(super) fn adjacent(places: &[Placed<'_>]) -> Vec<(u32, f32)> {
    let mut found = Vec::new();
    each_adjacent(places.iter().copied(), |start, weight| {
        found.push((start, weight));
    });
    found
}

/// Hands out the starts of the occurrences where every place stands at its offset, with their weights.
pub(super) fn each_adjacent<'p>(
    mut places: impl Iterator<Item = Placed<'p>> + Clone,
    mut found: impl FnMut(u32, f32),
) {
    let Some((lead, leading)) = places.next() else {
        return;
    };
    'next: for &(position, weight) in leading {
        let Some(start) = position.checked_sub(lead) else {
            continue;
        };
        let mut product = weight;
        for (offset, positions) in places.clone() {
            let wanted = start + offset;
            match positions.binary_search_by_key(&wanted, |&(position, _)| position) {
                Ok(at) => product *= positions.get(at).map_or(0.0, |&(_, weight)| weight),
                Err(_) => continue 'next,
            }
        }
        found(start, product);
    }
}

/// Starts of the shortest stretches, none overlapping, that hold every place with at most so many
/// other words.
pub(super) fn near(places: &[Placed<'_>], distance: u32) -> Vec<(u32, f32)> {
    let mut stands: Vec<Stand> = Vec::new();
    for (place, (_, positions)) in places.iter().enumerate() {
        let here = positions.iter();
        stands.extend(here.map(|&(position, weight)| (position, place, weight)));
    }
    stands.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.cmp(&b.1)));
    let positions: Vec<&[Stand]> = stands.chunk_by(|a, b| a.0 == b.0).collect();
    let at = |index: usize| {
        let stand = positions.get(index).and_then(|here| here.first());
        stand.map_or(0, |&(position, _, _)| position)
    };
    let widest = distance.saturating_add(places.len() as u32);
    let mut from = 0;
    let mut found = Vec::new();
    for end in 0..positions.len() {
        while at(end) - at(from) >= widest {
            from += 1;
        }
        let stretch = positions.get(from..=end).unwrap_or_default();
        if let Some(taken) = take(stretch, places.len()) {
            let start = taken.iter().map(|&(position, _)| position).min();
            let weight = taken.iter().map(|&(_, weight)| weight).product();
            found.push((start.unwrap_or(0), weight));
            from = end + 1;
        }
    }
    found
}

/// A word that could serve a place: its position, the place, its weight there.
type Stand = (u32, usize, f32);

/// A position of its own for each of so many places, the last that can serve it; `None` where
/// there are not enough.
fn take(stretch: &[&[Stand]], places: usize) -> Option<Vec<(u32, f32)>> {
    if stretch.len() < places {
        return None;
    }
    // By place: the index of the position it has.
    let mut taken: Vec<Option<usize>> = vec![None; places];
    for place in 0..places {
        let mut tried = vec![false; stretch.len()];
        if !serve(place, stretch, &mut taken, &mut tried) {
            return None;
        }
    }
    let of = |(place, at): (usize, Option<usize>)| {
        let here = stretch.get(at?)?;
        let stand = here.iter().find(|(_, own, _)| *own == place)?;
        Some((stand.0, stand.2))
    };
    taken.into_iter().enumerate().map(of).collect()
}

/// Gives a place a position, moving others to another of theirs if need be: an augmenting path.
fn serve(
    place: usize,
    stretch: &[&[Stand]],
    taken: &mut [Option<usize>],
    tried: &mut [bool],
) -> bool {
    let serves = |here: &&[Stand]| here.iter().any(|(_, own, _)| *own == place);
    for (at, _) in stretch
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, here)| serves(here))
    {
        match tried.get_mut(at) {
            Some(tried) if !*tried => *tried = true,
            _ => continue,
        }
        let holder = taken.iter().position(|own| *own == Some(at));
        if holder.is_none_or(|holder| serve(holder, stretch, taken, tried)) {
            if let Some(slot) = taken.get_mut(place) {
                *slot = Some(at);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    type Positions = Vec<(u32, Vec<(u32, f32)>)>;

    fn places(positions: &[(u32, &[u32])]) -> Positions {
        let weighted = |list: &[u32]| list.iter().map(|&p| (p, 1.0)).collect();
        positions
            .iter()
            .map(|&(offset, list)| (offset, weighted(list)))
            .collect()
    }

    fn placed(positions: &Positions) -> Vec<Placed<'_>> {
        positions
            .iter()
            .map(|(offset, list)| (*offset, list.as_slice()))
            .collect()
    }

    fn adjacent(positions: &Positions) -> Vec<(u32, f32)> {
        super::adjacent(&placed(positions))
    }

    fn near(positions: &Positions, distance: u32) -> Vec<(u32, f32)> {
        super::near(&placed(positions), distance)
    }

    fn starts(found: Vec<(u32, f32)>) -> Vec<u32> {
        found.into_iter().map(|(start, _)| start).collect()
    }

    #[test]
    fn adjacent_words_stand_at_their_offsets_whichever_leads() {
        let words = places(&[(1, &[11, 21, 30]), (0, &[10, 20, 31])]);
        assert_eq!(starts(adjacent(&words)), [10, 20]);
        assert!(adjacent(&places(&[(5, &[2]), (0, &[0])])).is_empty());
    }

    #[test]
    fn near_words_stand_in_any_order_with_so_many_between() {
        let words = places(&[(0, &[10, 50]), (1, &[7, 44])]);
        assert_eq!(starts(near(&words, 2)), [7]);
        assert_eq!(starts(near(&words, 5)), [7, 44]);
        assert!(near(&words, 1).is_empty());
    }

    #[test]
    fn one_word_is_not_near_itself() {
        assert!(near(&places(&[(0, &[10]), (1, &[10])]), 5).is_empty());
        let twice = places(&[(0, &[10, 12]), (1, &[10, 12])]);
        assert_eq!(starts(near(&twice, 5)), [10]);
        // "cell cell stem" in "cell cell stem": the last "cell" cannot serve twice.
        let thrice = places(&[(0, &[10, 11]), (1, &[10, 11]), (2, &[12])]);
        assert_eq!(starts(near(&thrice, 0)), [10]);
    }
}
