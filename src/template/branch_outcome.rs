//! Which sides of the branches in templates were taken, in all their runs, for who shows a template as it was run.

use std::collections::BTreeMap;
use std::ops::Range;

use super::origin_table::{ActionSite, FileId};
use super::template_tree::{BranchNode, TemplateNode};

/// What came of an `if`, `with` or `range`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchOutcome {
    pub is_loop: bool,
    /// The bytes of its body in the file, and of what stands behind `else`.
    pub body: Range<usize>,
    pub otherwise: Option<Range<usize>>,
    /// True where the body was run in some run, and where it was passed over in some.
    pub is_taken: bool,
    pub is_passed: bool,
}

/// The outcomes by the places of their opening actions.
pub type BranchOutcomes = BTreeMap<(FileId, u32), BranchOutcome>;

/// Notes one run of a branch that opens at `site`.
pub(super) fn note_branch(
    outcomes: &mut BranchOutcomes,
    site: ActionSite,
    (branch, is_loop): (&BranchNode, bool),
    is_taken: bool,
) {
    if site.length == 0 {
        // A text that `tpl` was given stands in no file as it is.
        return;
    }
    let outcome = outcomes.entry((site.file, site.offset)).or_insert_with(|| {
        let shift = |at: usize| (site.offset as usize + at).saturating_sub(branch.open.span.start);
        let middle = branch.middle.as_ref();
        let body_end = middle.map_or(branch.end.span.start, |middle| middle.span.start);
        let otherwise = middle.map(|middle| {
            // Of an `else if` the action itself belongs to what is passed over.
            let start = if is_chained(branch) { middle.span.start } else { middle.span.end };
            shift(start)..shift(branch.end.span.start.max(start))
        });
        let body = shift(branch.open.span.end)..shift(body_end);
        BranchOutcome { is_loop, body, otherwise, is_taken: false, is_passed: false }
    });
    outcome.is_taken |= is_taken;
    outcome.is_passed |= !is_taken;
}

/// True where `else if` follows, whose action opens a branch of its own.
fn is_chained(branch: &BranchNode) -> bool {
    let start = branch.middle.as_ref().map(|middle| middle.span.start);
    let inner = match branch.otherwise.as_slice() {
        [TemplateNode::If(inner) | TemplateNode::With(inner)] => Some(inner.open.span.start),
        _ => None,
    };
    inner.is_some() && inner == start
}
