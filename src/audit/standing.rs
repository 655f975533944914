//! What stands about a file: what was found in it, or while it does not parse, what was found before.

use std::sync::Arc;

use super::entry::Entry;
use super::judge::Judged;
use super::{FileReport, Listed, WorkloadReport};
use crate::finding::Finding;
use crate::rules;
use crate::rules::RuleTheme;

impl Entry {
    /// The entry whose findings stand: itself, or while it does not parse what it was before.
    pub(super) fn standing(&self) -> &Self {
        self.last.as_deref().unwrap_or(self)
    }

    pub(super) fn standing_mut(&mut self) -> &mut Self {
        if self.last.is_none() {
            return self;
        }
        self.last.as_mut().expect("it was just seen to be there")
    }

    /// Takes the place of what was known of the file.
    pub(super) fn succeed(mut self, old: Self) -> Self {
        if self.broken {
            self.last = if old.broken { old.last } else { Some(Box::new(old)) };
        }
        self
    }

    /// Whether the text is the beginning of what it was before, as when a save is cut short.
    pub(super) fn is_cut_off(&self, old: &Self) -> bool {
        self.source.is_some() && old.standing().text().starts_with(self.text().trim_end())
    }

    /// Whether nothing about the file is other than before.
    pub(super) fn is_like(&self, old: &Self) -> bool {
        self.source == old.source
            && self.status == old.status
            && self.kind == old.kind
            && self.role == old.role
            && self.is_context == old.is_context
            && self.has_ignore_file == old.has_ignore_file
    }

    /// All findings about it, each with what keeps it quiet.
    pub(super) fn listed(&self) -> Vec<Listed> {
        let mut all = listed(&self.own);
        all.extend(listed(&self.wide));
        all
    }

    /// All findings about it, each with whether it is open.
    pub(super) fn all(&self) -> Vec<(&Finding, bool)> {
        let open = |judged: &Judged, at| judged.quiet.get(at).is_none_or(Option::is_none);
        let judged = [&self.own, &self.wide].into_iter();
        let all = judged.flat_map(|judged| {
            judged.findings.iter().enumerate().map(move |(at, finding)| (finding.as_ref(), open(judged, at)))
        });
        all.collect()
    }

    /// The workloads that stand in the file.
    pub(super) fn workloads(&self) -> Vec<WorkloadReport> {
        self.standing().rows.iter().map(|row| row.report.clone()).collect()
    }

    pub(super) fn report(&self) -> FileReport {
        FileReport {
            path: self.path.clone(),
            kind: self.kind,
            role: self.role,
            status: self.status.clone(),
            documents: self.documents,
            source: self.source.clone().or_else(|| self.standing().source.clone()),
            findings: self.listed_own(),
            stale: self.last.is_some(),
        }
    }

    /// What the file alone decides: of one that does not parse, what is wrong with it, and what was found before.
    fn listed_own(&self) -> Vec<Listed> {
        let Some(last) = &self.last else { return listed(&self.own) };
        let about_file = |listed: &Listed| {
            rules::find_rule(listed.finding.rule).is_some_and(|rule| rule.theme == RuleTheme::File)
        };
        let now = listed(&self.own).into_iter().filter(about_file);
        let before = listed(&last.own).into_iter().filter(|listed| !about_file(listed));
        now.chain(before.map(|listed| self.moved(listed))).collect()
    }

    /// What the repository decides about the file.
    pub(super) fn listed_wide(&self) -> Vec<Listed> {
        let list = listed(&self.standing().wide);
        if self.last.is_some() { list.into_iter().map(|listed| self.moved(listed)).collect() } else { list }
    }

    /// A finding of the text before, where it stands in the text now.
    fn moved(&self, mut listed: Listed) -> Listed {
        if let (Some(last), Some(source)) = (&self.last, &self.source) {
            let span = listed.finding.span.moved(last.text(), source.text());
            Arc::make_mut(&mut listed.finding).span = span;
        }
        listed
    }
}

/// The findings with what keeps each of them quiet.
pub(super) fn listed(judged: &Judged) -> Vec<Listed> {
    let quiet = judged.quiet.iter().cloned().chain(std::iter::repeat(None));
    let findings = judged.findings.iter().cloned().zip(quiet);
    findings.map(|(finding, suppressed)| Listed { finding, suppressed }).collect()
}
