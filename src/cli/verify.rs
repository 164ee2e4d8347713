//! `trialdex verify`.

use super::night::Log;
use super::progress::Watch;
use super::{Global, IndexDir, exit::Exit, ui};
use anyhow::Result;
use std::sync::Arc;
use trialdex::Error;
use trialdex::index::{UpdateOptions, verify, verify_deep};
use trialdex::reindex::verify_beside;

/// Changed files told one by one.
const SHOWN: usize = 5;

/// Read the whole index and say whether it is what was written: every byte, every record, every number
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    index: IndexDir,
    /// Build the index again from its sources, in the temporary folder, and compare the two
    #[arg(long)]
    deep: bool,
    #[command(flatten)]
    log: Log,
}

pub(crate) fn run(global: &Global, args: &Args) -> Result<Exit> {
    args.log.begin()?;
    let path = args.index.path()?;
    let schema = Arc::new(global.schema()?);
    let verified = verify(&path, &schema)?;
    let mut damage = verified.damage;
    let beside = verify_beside(&path)?;
    for kept in &verified.kept {
        ui::warning(&format!(
            "an earlier generation cannot be gone back to: {kept}"
        ));
    }
    if damage.is_empty() && !global.quiet {
        ui::status(&format!(
            "generation {} is whole: {} records, {:.1} MB",
            verified.generation,
            verified.records,
            verified.bytes as f64 / 1e6
        ));
    }
    if args.deep && damage.is_empty() {
        let mut watch = Watch::new(global.quiet);
        let options = UpdateOptions {
            progress: Some(watch.progress()),
            ..UpdateOptions::default()
        };
        let compared = verify_deep(&path, &schema, &options, &mut watch);
        watch.finish();
        let compared = compared?;
        for source in &compared.left_out {
            ui::warning(&format!(
                "{source}: cannot be read again and was not compared"
            ));
        }
        let changed = &compared.changed_files;
        for file in changed.iter().take(SHOWN) {
            ui::warning(&format!("{file}: has changed since it was read"));
        }
        if !changed.is_empty() {
            let count = changed.len();
            ui::hint(&format!(
                "{count} files have changed since they were read: `trialdex reindex` takes them in"
            ));
        }
        if compared.damage.is_empty() && !global.quiet {
            ui::status(&format!(
                "compared with the sources: {} records of unchanged files say the same",
                compared.records
            ));
        }
        damage.extend(compared.damage);
    }
    damage.extend(beside);
    tell(&damage);
    Ok(if damage.is_empty() {
        Exit::Done
    } else {
        Exit::Damaged
    })
}

fn tell(damage: &[Error]) {
    for error in damage {
        ui::error(&error.to_string());
    }
    let mut remedies: Vec<&str> = damage.iter().filter_map(Error::hint).collect();
    remedies.dedup();
    remedies.into_iter().for_each(ui::hint);
}
