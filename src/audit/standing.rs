//! What stands about a file: what was found in it, or while it does not parse, what was found before.

use super::entry::{Entry, Parsed};
use super::{FileReport, Listed};
use crate::finding::Finding;
use crate::rules::{self, Theme};

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
            && self.has_ignore_file == old.has_ignore_file
    }

    pub(super) fn report(&self) -> FileReport {
        FileReport {
            path: self.path.clone(),
            kind: self.kind,
            status: self.status.clone(),
            documents: match &self.parsed {
                Parsed::Manifest(manifest) => Some(manifest.documents.len()),
                _ => None,
            },
            source: self.source.clone().or_else(|| self.standing().source.clone()),
            findings: self.listed_own(),
            stale: self.last.is_some(),
        }
    }

    /// What the file alone decides: of one that does not parse, what is wrong with it, and what was found before.
    fn listed_own(&self) -> Vec<Listed> {
        let Some(last) = &self.last else { return listed(&self.own.findings) };
        let about_file =
            |finding: &&Finding| rules::find(finding.rule).is_some_and(|rule| rule.theme == Theme::File);
        let now = self.own.findings.iter().filter(about_file);
        let before = last.own.findings.iter().filter(|finding| !about_file(finding));
        let mut list = listed(now);
        list.extend(listed(before).into_iter().map(|listed| self.moved(listed)));
        list
    }

    /// What the repository decides about the file.
    pub(super) fn listed_wide(&self) -> Vec<Listed> {
        let list = listed(&self.standing().wide.findings);
        if self.last.is_some() { list.into_iter().map(|listed| self.moved(listed)).collect() } else { list }
    }

    /// A finding of the text before, where it stands in the text now.
    fn moved(&self, mut listed: Listed) -> Listed {
        if let (Some(last), Some(source)) = (&self.last, &self.source) {
            listed.finding.span = listed.finding.span.moved(last.text(), source.text());
        }
        listed
    }
}

fn listed<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Listed> {
    findings.into_iter().map(|finding| Listed { finding: finding.clone(), suppressed: None }).collect()
}
