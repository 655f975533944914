//! Holds the baseline: the findings there were when it was written, by rule, object and content, never by line.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::finding::{BY_BASELINE, Finding, Suppression};
use crate::text::stable_hash;

/// The file that holds it, beside the settings.
pub const BASELINE_FILE: &str = "seaworthy-baseline.json";

const BASELINE_SCHEMA: u32 = 1;

/// Findings that are known and need not be new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    /// By the file's path.
    counts_by_file: BTreeMap<Box<str>, KnownCounts>,
}

/// The number of each finding of a file, in the order of the keys: most files have few, and a list takes the least memory.
type KnownCounts = Vec<(BaselineKey, usize)>;

/// The key that tells one finding of a file from others while lines move.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct BaselineKey {
    rule: Arc<str>,
    object: Option<Arc<str>>,
    container: Option<Arc<str>>,
    /// The stable hash of what stands there, blanks aside: a secret's own text is not written down a second time.
    content: Box<str>,
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
        Self {
            rule: finding.rule.into(),
            object: finding.subject.object.clone(),
            container: finding.subject.container.clone(),
            content: format!("{:016x}", stable_hash(words.join(" ").as_bytes())).into(),
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
        let (mut baseline, mut names) = (Self::default(), SharedNames::default());
        for BaselineRow { path, rule, object, container, content, count } in file.findings {
            let mut share = |name: Option<String>| name.map(|name| names.share_name(&name));
            let (object, container) = (share(object), share(container));
            let key =
                BaselineKey { rule: names.share_name(&rule), object, container, content: content.into() };
            baseline.add_findings(path.into(), key, count);
        }
        baseline.counts_by_file.values_mut().for_each(Vec::shrink_to_fit);
        Ok(baseline)
    }

    /// The file's text: one finding a line, in a fixed order, so that changes of it can be read.
    #[must_use]
    pub fn to_json(&self) -> String {
        let rows = self
            .counts_by_file
            .iter()
            .flat_map(|(path, known)| known.iter().map(move |(known, count)| (path, known, count)));
        let rows = rows.map(|(path, known, count)| {
            let text = |name: &Option<Arc<str>>| name.as_deref().map(str::to_owned);
            let row = BaselineRow {
                path: path.to_string(),
                rule: known.rule.to_string(),
                object: text(&known.object),
                container: text(&known.container),
                content: known.content.to_string(),
                count: *count,
            };
            serde_json::to_string(&row).unwrap_or_default()
        });
        let rows: Vec<String> = rows.collect();
        let findings = if rows.is_empty() { String::new() } else { format!("\n{}\n", rows.join(",\n")) };
        format!("{{\"schema\":{BASELINE_SCHEMA},\"findings\":[{findings}]}}\n")
    }

    /// Takes in a finding of a file. The path is as the settings name it, the text the file's.
    pub fn record_finding(&mut self, path: &str, finding: &Finding, text: &str) {
        let known = BaselineKey::from_finding(finding, text);
        self.add_findings(path.into(), known, 1);
    }

    fn add_findings(&mut self, path: Box<str>, key: BaselineKey, count: usize) {
        let known = self.counts_by_file.entry(path).or_default();
        match find_count(known, &key) {
            Ok(at) => known[at].1 = known[at].1.saturating_add(count),
            // What is written down in order comes at the end.
            Err(at) => known.insert(at, (key, count)),
        }
    }

    /// The same with fewer findings: `count` returns how many stay of those of a file and a rule, given how many this
    /// holds and how many `now` does.
    #[must_use]
    pub fn shrink(&self, now: &Self, count: impl Fn(&str, &str, usize, usize) -> usize) -> Self {
        let mut left = Self::default();
        for (path, known) in &self.counts_by_file {
            let now = now.counts_by_file.get(path).map(Vec::as_slice).unwrap_or_default();
            for (known, held) in known {
                let standing = find_count(now, known).map_or(0, |at| now[at].1);
                let count = count(path, &known.rule, *held, standing);
                if count > 0 {
                    left.counts_by_file.entry(path.clone()).or_default().push((known.clone(), count));
                }
            }
        }
        left
    }

    /// Forgets the findings of these files.
    pub fn forget_files(&mut self, paths: impl Iterator<Item = String>) {
        paths.for_each(|path| drop(self.counts_by_file.remove(path.as_str())));
    }

    /// Adds the findings of `other` in files that were not scanned this time.
    pub fn merge_unscanned(&mut self, other: &Self, looked_at: impl Fn(&str) -> bool) {
        let kept = other.counts_by_file.iter().filter(|(path, _)| !looked_at(path));
        self.counts_by_file.extend(kept.map(|(path, known)| (path.clone(), known.clone())));
    }

    /// The number of findings it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.counts_by_file.values().flatten().map(|(_, count)| count).sum()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The findings of one file that remain to be matched.
    pub fn remaining_for_file(&self, path: &str) -> RemainingCounts {
        let known = self.counts_by_file.get(path).into_iter().flatten();
        RemainingCounts { counts: known.cloned().collect() }
    }
}

/// The place of a finding among those of a file, or where it belongs.
fn find_count(known: &[(BaselineKey, usize)], key: &BaselineKey) -> Result<usize, usize> {
    known.binary_search_by(|(own, _)| own.cmp(key))
}

/// The names of rules, objects and containers, each in memory once.
#[derive(Default)]
struct SharedNames {
    names: HashSet<Arc<str>>,
}

impl SharedNames {
    fn share_name(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = name.into();
        self.names.insert(Arc::clone(&shared));
        shared
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
