//! Holds the baseline: the findings there were when it was written, by rule, object and content, never by line.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::finding::{BY_BASELINE, Finding, Suppression};
use crate::text::stable_hash;

/// The file that holds it, beside the settings.
pub const BASELINE_FILE: &str = "seaworthy-baseline.json";

const BASELINE_SCHEMA: u32 = 1;

/// Findings that are known and need not be new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// The number of each, by the file's path.
    counts_by_file: BTreeMap<String, BTreeMap<BaselineKey, usize>>,
}

/// The key that tells one finding of a file from others while lines move.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct BaselineKey {
    rule: String,
    object: Option<String>,
    container: Option<String>,
    /// The stable hash of what stands there, blanks aside: a secret's own text is not written down a second time.
    content: String,
}

/// The file, as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct BaselineFile {
    schema: u32,
    findings: Vec<BaselineRow>,
}

#[derive(Serialize, Deserialize)]
struct BaselineRow {
    path: String,
    rule: String,
    object: Option<String>,
    container: Option<String>,
    content: String,
    count: usize,
}

impl BaselineKey {
    fn from_finding(finding: &Finding, text: &str) -> Self {
        let words: Vec<&str> = finding.span.slice(text).split_whitespace().collect();
        let owned = |name: Option<&str>| name.map(str::to_owned);
        Self {
            rule: finding.rule.to_owned(),
            object: owned(finding.subject.object.as_deref()),
            container: owned(finding.subject.container.as_deref()),
            content: format!("{:016x}", stable_hash(words.join(" ").as_bytes())),
        }
    }
}

impl Baseline {
    /// # Errors
    /// When the text is no baseline; why.
    pub fn parse_json(text: &str) -> Result<Self, String> {
        let file: BaselineFile = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file.schema != BASELINE_SCHEMA {
            return Err(format!("its schema is {}, and this program reads {BASELINE_SCHEMA}", file.schema));
        }
        let mut baseline = Self::default();
        for BaselineRow { path, rule, object, container, content, count } in file.findings {
            let known = BaselineKey { rule, object, container, content };
            let known = baseline.counts_by_file.entry(path).or_default().entry(known).or_default();
            *known = known.saturating_add(count);
        }
        Ok(baseline)
    }

    /// The file's text: one finding a line, in a fixed order, so that changes of it can be read.
    #[must_use]
    pub fn to_json(&self) -> String {
        let rows = self
            .counts_by_file
            .iter()
            .flat_map(|(path, known)| known.iter().map(move |(known, count)| (path, known, *count)));
        let rows = rows.map(|(path, known, count)| {
            let BaselineKey { rule, object, container, content } = known.clone();
            let row = BaselineRow { path: path.clone(), rule, object, container, content, count };
            serde_json::to_string(&row).unwrap_or_default()
        });
        let rows: Vec<String> = rows.collect();
        let findings = if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) };
        format!("{{\"schema\":{BASELINE_SCHEMA},\"findings\":[{findings}]}}\n")
    }

    /// Takes in a finding of a file. The path is as the settings name it, the text the file's.
    pub fn record_finding(&mut self, path: &str, finding: &Finding, text: &str) {
        let known = BaselineKey::from_finding(finding, text);
        *self.counts_by_file.entry(path.to_owned()).or_default().entry(known).or_default() += 1;
    }

    /// The same with fewer findings: `count` returns how many stay of those of a file and a rule, given how many this
    /// holds and how many `now` does.
    #[must_use]
    pub fn shrink(&self, now: &Self, count: impl Fn(&str, &str, usize, usize) -> usize) -> Self {
        let mut left = Self::default();
        for (path, known) in &self.counts_by_file {
            for (known, held) in known {
                let standing = now.counts_by_file.get(path).and_then(|now| now.get(known));
                let count = count(path, &known.rule, *held, standing.copied().unwrap_or_default());
                if count > 0 {
                    left.counts_by_file.entry(path.clone()).or_default().insert(known.clone(), count);
                }
            }
        }
        left
    }

    /// Forgets the findings of these files.
    pub fn forget_files(&mut self, paths: impl Iterator<Item = String>) {
        paths.for_each(|path| drop(self.counts_by_file.remove(&path)));
    }

    /// Adds the findings of `other` in files that were not scanned this time.
    pub fn merge_unscanned(&mut self, other: &Self, looked_at: impl Fn(&str) -> bool) {
        let kept = other.counts_by_file.iter().filter(|(path, _)| !looked_at(path));
        self.counts_by_file.extend(kept.map(|(path, known)| (path.clone(), known.clone())));
    }

    /// The number of findings it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts_by_file.values().flat_map(BTreeMap::values).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The findings of one file that remain to be matched.
    pub fn remaining_for_file(&self, path: &str) -> RemainingCounts {
        let known = self.counts_by_file.get(path).into_iter().flatten();
        RemainingCounts { counts: known.map(|(known, count)| (known.clone(), *count)).collect() }
    }
}

/// A file's part of the baseline, of which each finding uses up one.
pub struct RemainingCounts {
    counts: HashMap<BaselineKey, usize>,
}

impl RemainingCounts {
    pub fn suppress_finding(&mut self, finding: &Finding, text: &str) -> Option<Suppression> {
        if self.counts.is_empty() {
            return None;
        }
        let left =
            self.counts.get_mut(&BaselineKey::from_finding(finding, text)).filter(|left| **left > 0)?;
        *left -= 1;
        Some(Suppression { source: BY_BASELINE.to_owned(), reason: None })
    }
}
