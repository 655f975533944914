//! Keeps how each repository is shown, in a small file of the user's folder for state.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::app::{FindingGroup, FindingGrouping, KeptView, ListNode, ListOrder};
use crate::base::{replace_private_file, state_folder};
use crate::finding::SuppressionKind;
use crate::rules::{RuleTheme, find_rule};
use crate::text::stable_hash;

/// The file of one repository.
pub(crate) struct ViewStateFile {
    path: PathBuf,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct SavedView {
    grouping: String,
    order: String,
    min_severity: String,
    folded_folders: Vec<String>,
    toggled: Vec<SavedNode>,
    scores: Vec<u8>,
    searches: Vec<String>,
}

/// A row of the list, by what it stands for.
#[derive(Serialize, Deserialize)]
struct SavedNode {
    file: Option<String>,
    object: Option<String>,
    rule: Option<String>,
    /// The theme, for a row of one; empty for the findings without.
    theme: Option<String>,
    suppressed: Option<String>,
}

impl ViewStateFile {
    pub(crate) fn new(root: &Path) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let hash = stable_hash(root.as_os_str().as_encoded_bytes());
        Self { path: state_folder().join(format!("view-{hash:016x}.json")) }
    }

    /// The view as it was kept; none where none was, or where it cannot be read.
    pub(crate) fn read_view(&self) -> Option<KeptView> {
        let bytes = std::fs::read(&self.path).ok()?;
        Some(serde_json::from_slice::<SavedView>(&bytes).ok()?.to_view())
    }

    /// Keeps a view for the next time.
    pub(crate) fn save_view(&self, view: &KeptView) -> io::Result<()> {
        replace_private_file(&self.path, &serde_json::to_vec(&SavedView::from_view(view))?)
    }
}

impl SavedView {
    fn from_view(view: &KeptView) -> Self {
        Self {
            grouping: view.grouping.name().to_owned(),
            order: view.order.name().to_owned(),
            min_severity: view.min_severity.name().to_owned(),
            folded_folders: view.folded_folders.iter().cloned().collect(),
            toggled: view.toggled.iter().filter_map(SavedNode::from_node).collect(),
            scores: view.scores.clone(),
            searches: view.searches.clone(),
        }
    }

    /// What is written there is the user's own, and may still be anything.
    fn to_view(&self) -> KeptView {
        let grouping = FindingGrouping::ALL.into_iter().find(|grouping| grouping.name() == self.grouping);
        let order = ListOrder::ALL.into_iter().find(|order| order.name() == self.order);
        KeptView {
            grouping: grouping.unwrap_or_default(),
            order: order.unwrap_or_default(),
            min_severity: self.min_severity.parse().unwrap_or(crate::finding::Severity::Info),
            folded_folders: self.folded_folders.iter().cloned().collect(),
            toggled: self.toggled.iter().filter_map(SavedNode::to_node).collect(),
            scores: self.scores.iter().copied().filter(|score| *score <= 100).collect(),
            searches: self.searches.clone(),
        }
    }
}

impl SavedNode {
    fn from_node(node: &ListNode) -> Option<Self> {
        let of_group = |group: &FindingGroup, theme| {
            let (file, object, rule) = match group {
                FindingGroup::Object(path, object) => {
                    (Some(path.to_string()), Some(object.to_string()), None)
                }
                FindingGroup::File(path) => (Some(path.to_string()), None, None),
                FindingGroup::Rule(rule) => (None, None, Some((*rule).to_owned())),
            };
            Self { file, object, rule, theme, suppressed: None }
        };
        match node {
            ListNode::Group(group) => Some(of_group(group, None)),
            ListNode::Theme(group, theme) => {
                Some(of_group(group, Some(theme.map_or("", RuleTheme::name).to_owned())))
            }
            ListNode::Suppressed(kind) => Some(Self {
                file: None,
                object: None,
                rule: None,
                theme: None,
                suppressed: Some(kind.name().to_owned()),
            }),
            ListNode::Finding(_) => None,
        }
    }

    fn to_node(&self) -> Option<ListNode> {
        if let Some(name) = &self.suppressed {
            let kind = SuppressionKind::ALL.into_iter().find(|kind| kind.name() == name)?;
            return Some(ListNode::Suppressed(kind));
        }
        let group = match (&self.file, &self.object, &self.rule) {
            (Some(path), Some(object), _) => {
                FindingGroup::Object(path.as_str().into(), object.as_str().into())
            }
            (Some(path), None, _) => FindingGroup::File(path.as_str().into()),
            (None, _, Some(rule)) => FindingGroup::Rule(find_rule(rule)?.id),
            (None, _, None) => return None,
        };
        Some(match &self.theme {
            Some(name) => {
                ListNode::Theme(group, RuleTheme::ALL.into_iter().find(|theme| theme.name() == name))
            }
            None => ListNode::Group(group),
        })
    }
}
