//! Holds the fix in view, which `f` writes: requested whenever the selection changes.

use super::patched_file::PatchedFile;
use super::redact::SecretRedactor;
use crate::finding::FindingKey;
use crate::fix::{FixPlan, NoPlan, PlanValue, PlanValueKind, RequiredValue, ValueSheet};
use crate::repo::RelPath;
use crate::store::Store;
use crate::text::diff::{self, LineChange};

/// The state of the fix that was requested last.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PreviewState {
    /// Nothing was requested.
    #[default]
    None,
    Pending,
    Ready(FixPlan),
    /// It cannot be made; the reason.
    Failed(NoPlan),
}

/// One line of a patch, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatchLine {
    File(RelPath),
    /// Unchanged lines that are left out.
    Gap,
    Line(diff::DiffLine),
}

/// The fix in view.
#[derive(Clone, Debug, Default)]
pub struct FixPreview {
    /// The number of requests: an answer to an older one is dropped.
    pub generation: u64,
    pub keys: Vec<FindingKey>,
    pub state: PreviewState,
    /// The plan's patch, laid out once.
    pub lines: Vec<PatchLine>,
    /// The patch for where there is little room.
    pub short_lines: Vec<PatchLine>,
    /// The files that the plan writes, with its lines at their places.
    pub files: Vec<PatchedFile>,
    /// The fix in view before. It stays there for a moment while an answer is pending, so that nothing flickers.
    previous: Option<Box<Self>>,
    /// True once that moment has passed.
    shows_pending: bool,
}

impl FixPreview {
    /// Begins a new request.
    pub(super) fn begin_request(&mut self, keys: Vec<FindingKey>) {
        let mut before = std::mem::take(self);
        self.generation = before.generation + 1;
        if !keys.is_empty() {
            self.state = PreviewState::Pending;
            (self.previous, self.shows_pending) = if before.state == PreviewState::Pending {
                (before.previous.take(), before.shows_pending)
            } else {
                before.previous = None;
                (Some(Box::new(before)), false)
            };
        }
        self.keys = keys;
    }

    /// Shows that an answer is pending: the moment has passed.
    pub(super) fn show_pending(&mut self) {
        self.shows_pending = self.state == PreviewState::Pending;
    }

    /// Drops the fix in view before, when it turned out to be stale.
    pub(super) fn drop_stale(&mut self) {
        self.previous = None;
    }

    /// The fix to show: this one; or, for a moment, the one before, which cannot be written any more.
    #[must_use]
    pub fn visible(&self) -> &Self {
        let before = self.previous.as_deref().filter(|before| !before.lines.is_empty());
        before.filter(|_| self.is_pending_briefly()).unwrap_or(self)
    }

    /// True while an answer is pending, and not for long yet.
    #[must_use]
    pub fn is_pending_briefly(&self) -> bool {
        self.state == PreviewState::Pending && !self.shows_pending
    }

    /// Begins a request without a finding.
    pub(super) fn begin_keyless_request(&mut self) {
        self.begin_request(Vec::new());
        self.state = PreviewState::Pending;
    }

    /// Marks the plan as being written: until its files are audited again, it is stale.
    pub(super) fn mark_writing(&mut self) {
        let keys = std::mem::take(&mut self.keys);
        self.begin_request(keys);
    }

    /// Takes the answer to the last request; false for one to an older request, which is dropped.
    pub(super) fn receive_plan(
        &mut self,
        generation: u64,
        plan: Result<FixPlan, NoPlan>,
        store: &Store,
    ) -> bool {
        if generation != self.generation || self.state != PreviewState::Pending {
            return false;
        }
        self.previous = None;
        self.state = match plan {
            Ok(plan) => {
                self.lines = lay_out_patch(&plan, store);
                self.short_lines = keep_near_changes(&self.lines);
                self.files = plan.patches.iter().map(PatchedFile::new).collect();
                PreviewState::Ready(plan)
            }
            Err(no_plan) => PreviewState::Failed(no_plan),
        };
        true
    }

    /// The value that a person must give before the fix can be made.
    #[must_use]
    pub const fn required_value(&self) -> Option<&RequiredValue> {
        match &self.state {
            PreviewState::Failed(NoPlan::NeedsValue { user, .. }) => user.as_ref(),
            _ => None,
        }
    }

    /// The values that the fix writes or lacks.
    #[must_use]
    pub fn values(&self) -> Option<&ValueSheet> {
        match &self.state {
            PreviewState::Ready(plan) => Some(&plan.values),
            PreviewState::Failed(NoPlan::NeedsValue { values, .. }) => Some(values),
            _ => None,
        }
    }

    /// True where a person, not a registry, gave the references that the fix writes.
    pub(super) fn has_typed_image(&self) -> bool {
        let is_of_image = |value: &PlanValue| {
            value.is_chosen && matches!(value.kind, PlanValueKind::Tag | PlanValueKind::Digest)
        };
        self.writable_plan().is_some_and(|plan| plan.values.values.iter().any(is_of_image))
    }

    /// The plan that may be written, when there is one and it changes something.
    #[must_use]
    pub fn writable_plan(&self) -> Option<&FixPlan> {
        match &self.state {
            PreviewState::Ready(plan) if !plan.patches.is_empty() => Some(plan),
            _ => None,
        }
    }

    /// Lines added and lines removed.
    #[must_use]
    pub fn count_changes(&self) -> (usize, usize) {
        let count = |change| {
            self.lines.iter().filter(|line| matches!(line, PatchLine::Line(l) if l.change == change)).count()
        };
        (count(diff::LineChange::Added), count(diff::LineChange::Removed))
    }
}

fn lay_out_patch(plan: &FixPlan, store: &Store) -> Vec<PatchLine> {
    let mut lines = Vec::new();
    for patch in &plan.patches {
        lines.push(PatchLine::File(patch.path.clone()));
        let veil = SecretRedactor::for_file(store, &patch.path);
        for (i, hunk) in diff::diff_hunks(patch.before.text(), patch.after.text()).into_iter().enumerate() {
            if i > 0 {
                lines.push(PatchLine::Gap);
            }
            lines.extend(hunk.lines.into_iter().map(|mut line| {
                veil.redact_line(&mut line);
                PatchLine::Line(line)
            }));
        }
    }
    lines
}

/// The lines of a patch near its changes: a pane is small, and the changes come first.
fn keep_near_changes(lines: &[PatchLine]) -> Vec<PatchLine> {
    // More than this fits no pane.
    let lines = &lines[..lines.len().min(1_000)];
    let changes = |line: Option<&PatchLine>| matches!(line, Some(PatchLine::Line(l)) if l.change != LineChange::Unchanged);
    let near = |at: usize| {
        [at.checked_sub(1), Some(at), Some(at + 1)].into_iter().flatten().any(|i| changes(lines.get(i)))
    };
    let mut kept: Vec<PatchLine> = Vec::new();
    let mut skipped = false;
    for (at, line) in lines.iter().enumerate() {
        if matches!(line, PatchLine::Line(_)) && !near(at) {
            skipped = true;
            continue;
        }
        let between = matches!((kept.last(), line), (Some(PatchLine::Line(_)), PatchLine::Line(_)));
        if std::mem::take(&mut skipped) && between {
            kept.push(PatchLine::Gap);
        }
        kept.push(line.clone());
    }
    kept
}
