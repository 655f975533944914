//! Holds how the lists of one repository are shown, to be kept from one start of the program to the next.

use std::collections::{BTreeSet, HashSet};

use super::findings_list::{FindingGrouping, ListNode};
use super::view_order::ListOrder;
use crate::finding::Severity;

/// How a repository is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptView {
    pub grouping: FindingGrouping,
    pub order: ListOrder,
    pub min_severity: Severity,
    /// The folders that are folded in the tree.
    pub folded_folders: BTreeSet<String>,
    /// The rows that are open or folded contrary to their default.
    pub toggled: HashSet<ListNode>,
    /// The scores so far, the latest last.
    pub scores: Vec<u8>,
    /// The searches so far, the latest last.
    pub searches: Vec<String>,
}
