//! What the screen says when the findings are grouped by rule, and what it should say.

use std::collections::BTreeMap;
use std::path::Path;

use seaworthy::audit::{AuditEngine, FileStatus};
use seaworthy::settings::Settings;
use seaworthy::store::Store;

#[derive(Debug, Default, PartialEq)]
pub(super) struct Said {
    files: usize,
    /// Files that were not read whole.
    unread: usize,
    score: Option<u8>,
    findings: usize,
    pub(super) by_rule: BTreeMap<String, usize>,
}

impl Said {
    /// Whether the sums are the same, which are on the screen whatever is folded.
    pub(super) fn is_as_much_as(&self, other: &Self) -> bool {
        let sums = |said: &Self| (said.files, said.unread, said.score, said.findings);
        sums(self) == sums(other)
    }
}

/// In which order the findings are shown.
pub(super) fn order(screen: &str) -> Option<&str> {
    let (_, title) = screen.lines().find_map(|line| line.split_once("Findings"))?;
    title.split('│').next()?.split_once("by ")?.1.split_whitespace().next()
}

/// None while the screen is not in that order, or something is yet to be read.
pub(super) fn shown(screen: &str) -> Option<Said> {
    let header = screen.lines().next()?;
    if order(screen) != Some("rule") || header.contains("scanning") {
        return None;
    }
    let number = |text: &str| text.trim_start_matches("score ").split(' ').next()?.parse::<usize>().ok();
    let parts = || header.split(['·', '─', '│', '┐']).map(str::trim);
    let named = |name: &str| parts().find(|part| part.contains(name)).and_then(number);
    let read = parts().find_map(|part| part.strip_suffix(" read")?.split_once('/'));
    let read =
        read.and_then(|(read, files)| Some((read.parse::<usize>().ok()?, files.parse::<usize>().ok()?)));
    let files = read.map(|(_, files)| files).or_else(|| named("file"))?;
    let mut said = Said {
        files,
        unread: read.map_or(0, |(read, files)| files - read),
        score: parts()
            .find(|part| part.starts_with("score "))
            .and_then(number)
            .and_then(|n| n.try_into().ok()),
        ..Said::default()
    };
    for line in screen.lines() {
        if let Some((_, rest)) = line.split_once("Findings ") {
            said.findings = number(rest).unwrap_or(said.findings);
        }
        if let Some((_, rest)) = line.split_once("▸ ").or_else(|| line.split_once("▾ ")) {
            let row = rest.split('│').next().unwrap_or_default();
            let Some(rule) =
                row.split_whitespace().next().filter(|rule| seaworthy::rules::find_rule(rule).is_some())
            else {
                continue;
            };
            // How many are new stands with its sign, which no number has, before the counts: `◆2 3H 10M +2`.
            let counts = &row[rule.len()..];
            let count = |word: &str| {
                let number = word.trim_start_matches('+').trim_end_matches(char::is_alphabetic);
                number.parse::<usize>().ok()
            };
            said.by_rule.insert(rule.to_owned(), counts.split_whitespace().filter_map(count).sum());
        }
    }
    Some(said)
}

fn audit(root: &Path) -> Store {
    let mut engine = AuditEngine::new(root.to_path_buf(), Settings::default());
    engine.scan(&[root.to_path_buf()], &|_, _| {});
    let mut store = Store::default();
    store.apply_update(engine.full_update());
    store
}

/// What a new audit of the folder says of each file, a line each, for who looks into a failure.
pub(super) fn fresh_files(root: &Path) -> String {
    let store = audit(root);
    let lines = store.files().map(|file| format!("\n{} {}", file.status.name(), file.path));
    lines.collect()
}

/// What a new audit of the folder says.
pub(super) fn fresh(root: &Path) -> Said {
    let store = audit(root);
    let unread = store.files().filter(|file| file.status != FileStatus::Audited).count();
    let mut said = Said { files: store.files().count(), unread, score: store.score(), ..Said::default() };
    for key in store.findings().filter(|listed| listed.is_open()).map(|listed| &listed.key) {
        said.findings += 1;
        *said.by_rule.entry(key.rule.to_owned()).or_default() += 1;
    }
    said
}
