//! Keeps what the rules say of a file as it is written, where what is listed is what they say of it as built.

use std::collections::BTreeSet;

use crate::audit::file_record::FileRecord;
use crate::audit::runner::RuleOutput;
use crate::finding::{Finding, Subject};

/// A file of kustomizations: its results as it is written, and what of them is not so in any build.
#[derive(Clone, Debug, Default)]
pub(in crate::audit) struct BuiltVerdicts {
    pub own: RuleOutput,
    pub wide: RuleOutput,
    /// What stands in no build, by rule and subject.
    pub untrue: BTreeSet<(&'static str, Subject)>,
    /// How many of these every build mends.
    pub mended_count: usize,
}

impl BuiltVerdicts {
    /// True for a finding of the file as it is written that no build has.
    pub(in crate::audit) fn is_untrue(&self, finding: &Finding) -> bool {
        !self.untrue.is_empty() && self.untrue.contains(&(finding.rule, finding.subject.clone()))
    }
}

impl FileRecord {
    /// Puts the results of the file as it is written in the place of those as built; true where there were such.
    pub(in crate::audit) fn restore_written(&mut self) -> bool {
        let Some(written) = self.built_verdicts.take() else { return false };
        (self.file_output, self.repo_output) = (written.own, written.wide);
        true
    }
}
