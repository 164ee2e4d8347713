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
        if !tree.chars().all(|c| c.is_ascii_alphanumeric() || c == '.') {
            return Err(wrong(format!("{tree:?} is no tree number")).line(number));
        }
        vocabulary.add(name, [], [tree.to_owned()]);
    }
    Ok(())
}
