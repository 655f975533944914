//! Writes the links between workloads and Dockerfiles as lines of the text report, each with its evidence.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::TextPaint;
use crate::audit::{ContainerLink, WorkloadReport};
use crate::project::LinkAnswer;
use crate::text::{count_of, make_printable};

/// The most lines of each sort: the JSON report has all.
const MAX_LINES: usize = 40;
/// The most lines on containers for which several Dockerfiles are as likely: where there are many, they are alike.
const MAX_UNDECIDED: usize = 3;

/// The links of the files so far: for each Dockerfile and evidence the first workload, and how many there are.
#[derive(Default)]
pub(super) struct LinkLines {
    linked: BTreeMap<(String, String), (String, usize)>,
    unlinked: Vec<String>,
    undecided: Vec<String>,
}

impl LinkLines {
    pub(super) fn add_workload(&mut self, workload: &WorkloadReport) {
        for ContainerLink { container, answer, .. } in &workload.links {
            let LinkAnswer::Linked(link) = answer else {
                let reason = answer.reason().unwrap_or_default();
                let line = format!("{} {} {container}: {reason}", workload.path, workload.object);
                match answer {
                    LinkAnswer::Undecided(_) => self.undecided.push(line),
                    _ => self.unlinked.push(line),
                }
                continue;
            };
            let stage = link.stage.as_ref().map(|stage| format!(", stage {stage},")).unwrap_or_default();
            let key = (format!("{}{stage}", link.dockerfile), link.evidence_text());
            let first = || (format!("{} {}", workload.path, workload.object), 0);
            self.linked.entry(key).or_insert_with(first).1 += 1;
        }
    }

    /// Adds those of the next files.
    pub(super) fn append_lines(&mut self, next: &Self) {
        for (key, (first, count)) in &next.linked {
            self.linked.entry(key.clone()).or_insert_with(|| (first.clone(), 0)).1 += count;
        }
        self.unlinked.extend(next.unlinked.iter().cloned());
        self.undecided.extend(next.undecided.iter().cloned());
    }

    /// The lines, with a blank one after them; nothing where there are none.
    pub(super) fn to_text(&self, paint: TextPaint) -> String {
        let mut out = String::new();
        for ((dockerfile, evidence), (first, count)) in self.linked.iter().take(MAX_LINES) {
            let more = if *count > 1 { format!(" and {} more", count - 1) } else { String::new() };
            let line = format!("{dockerfile} builds what {first}{more} runs: {evidence}");
            let _ = writeln!(out, "{} {}", paint.bold("linked"), make_printable(&line));
        }
        let undecided = self.undecided.iter().take(MAX_UNDECIDED);
        for line in self.unlinked.iter().take(MAX_LINES).chain(undecided) {
            let _ = writeln!(out, "{} {}", paint.bold("not linked"), make_printable(line));
        }
        let alike = self.undecided.len().saturating_sub(MAX_UNDECIDED);
        if alike > 0 {
            let containers = count_of(alike, "more container");
            let _ = writeln!(
                out,
                "{} {containers}, for each of which several Dockerfiles are as likely: `--format json` lists them",
                paint.bold("not linked")
            );
        }
        let left =
            self.linked.len().saturating_sub(MAX_LINES) + self.unlinked.len().saturating_sub(MAX_LINES);
        if left > 0 {
            let _ = writeln!(out, "{} more: `--format json` lists them", count_of(left, "link"));
        }
        if !out.is_empty() {
            out.push('\n');
        }
        out
    }
}
