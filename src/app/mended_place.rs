//! Keeps the place of what was just written in view, until a person moves: so nothing is written twice unseen, and what
//! was written can be looked at.

use super::findings_list::{FindingGroup, ListNode};
use super::patched_file::PatchedFile;
use crate::finding::Severity;

/// What was just mended, and where it stood in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct MendedPlace {
    pub node: ListNode,
    pub title: String,
    pub label: String,
    pub severity: Severity,
    /// The depth of its row.
    pub depth: u16,
    /// The head under which it stood.
    pub(super) head: Option<ListNode>,
    /// What that head said, where it went with its last row: nothing else tells then where it stood.
    pub lost_head: Option<String>,
    /// The row before which it stands, where it is in the list no more.
    pub row: Option<usize>,
    /// The files as they are now, the lines that were written marked.
    pub files: Vec<PatchedFile>,
    /// The rows after it, by which its place is found again; where all of them are gone too, it is the last.
    pub(super) followers: Vec<ListNode>,
}

/// The words for a row of the list.
pub(super) fn node_label(node: &ListNode) -> String {
    let group_label = |group: &FindingGroup| match group {
        FindingGroup::Object(_, object) => object.to_string(),
        FindingGroup::File(path) => path.to_string(),
        FindingGroup::Rule(rule) => (*rule).to_owned(),
    };
    match node {
        ListNode::Finding(key) => key.rule.to_owned(),
        ListNode::Theme(_, theme) => theme.map_or("other", crate::rules::RuleTheme::name).to_owned(),
        ListNode::Group(group) => group_label(group),
        ListNode::Suppressed(kind) => kind.name().to_owned(),
    }
}
