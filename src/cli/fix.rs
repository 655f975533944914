//! `fix`: mends what is asked for, or prints the patch that would.

use super::args::Fix;
use super::{CLEAN, FAILED, FOUND, audit, print};
use crate::finding::Safety;
use crate::fix::{self, FilePatch, History, Outcome};
use crate::text::{diff, printable};

pub(super) fn run(asked: &Fix) -> anyhow::Result<u8> {
    let engine = audit::audit(&asked.paths)?;
    let safety = if asked.review { Safety::Review } else { Safety::Safe };
    let outcome =
        fix::everything(&engine, safety, |rule| asked.rules.is_empty() || asked.rules.contains(&rule));
    if asked.diff {
        print(&patch(&outcome.patches))?;
    } else if !write(&engine, &outcome)? {
        return Ok(FAILED);
    }
    complain(&outcome);
    Ok(if outcome.withheld.is_empty() { CLEAN } else { FOUND })
}

fn patch(patches: &[FilePatch]) -> String {
    patches.iter().map(|p| diff::unified(p.path.as_str(), p.before.text(), p.after.text())).collect()
}

/// Writes each file, and says of each what came of it; whether all could be written.
fn write(engine: &crate::audit::Engine, outcome: &Outcome) -> anyhow::Result<bool> {
    let mut history = History::default();
    let mut all = true;
    for patch in &outcome.patches {
        let path = printable(patch.path.as_str()).into_owned();
        match history.write(engine.root(), vec![patch.clone()]) {
            Ok(()) => print(&format!("mended {path}\n"))?,
            Err(error) => {
                all = false;
                say(&error.to_string());
            }
        }
    }
    let count = outcome.resolves.len();
    let findings = if count == 1 { "finding" } else { "findings" };
    match (outcome.patches.len(), all) {
        (0, _) => print("Nothing to mend.\n")?,
        (1, true) => print(&format!("{count} {findings} mended in 1 file.\n"))?,
        (files, true) => print(&format!("{count} {findings} mended in {files} files.\n"))?,
        (_, false) => {}
    }
    Ok(all)
}

fn complain(outcome: &Outcome) {
    for (key, reason) in &outcome.withheld {
        let object = key.subject.object.as_deref().map(|object| format!(" ({object})")).unwrap_or_default();
        say(&format!("withheld: {} in {}{object}: {reason}", key.rule, key.path));
    }
}

#[allow(clippy::print_stderr, reason = "the command line's own edge")]
fn say(line: &str) {
    eprintln!("{}", printable(line));
}
