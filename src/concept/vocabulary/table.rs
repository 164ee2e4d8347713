//! Tables separated by tabs: with a heading that has `mesh_name`, and perhaps `mesh_tree_number`;
//! or without, tree number and name.

use super::{Vocabulary, unreadable, wrong};
use crate::error::Result;
use std::io::BufRead;

const NAME: &str = "mesh_name";
const TREE: &str = "mesh_tree_number";

pub(super) fn read(reader: &mut impl BufRead, vocabulary: &mut Vocabulary) -> Result<()> {
    let mut columns: Option<(usize, Option<usize>)> = None;
    for (number, line) in (1..).zip(reader.split(b'\n')) {
        let line = line.map_err(unreadable)?;
        let line = String::from_utf8(line).map_err(|_| wrong("is not UTF-8").line(number))?;
        let cells: Vec<&str> = line.trim_end_matches('\r').split('\t').collect();
        if cells == [""] {
            continue;
        }
        let (name, tree) = match columns {
            Some(known) => known,
            None => {
                let at = |wanted: &str| cells.iter().position(|cell| *cell == wanted);
                if let Some(name) = at(NAME) {
                    columns = Some((name, at(TREE)));
                    continue;
                }
                *columns.insert((1, Some(0)))
            }
        };
        let cell = |at: usize| cells.get(at).copied();
        let missing = || wrong(format!("has no column {}", name + 1)).line(number);
        let name = cell(name).ok_or_else(missing)?;
        let tree = tree.and_then(cell).unwrap_or_default();
        if !is_tree_number(tree) {
            return Err(wrong(format!("{tree:?} is no tree number")).line(number));
        }
        vocabulary.add(name, [], [tree.to_owned()]);
    }
    Ok(())
}

/// `C17.800.859`, `A01`, or nothing.
fn is_tree_number(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_none_or(|first| first.is_ascii_uppercase())
        && text.is_empty() == letters.as_str().is_empty()
        && letters.all(|c| c.is_ascii_digit() || c == '.')
}
