//! Lists the actions of the walk with their keys: what it does, its help and its palette are made from this table.

use super::action::Action;
use super::key_press::KeyPress;
use super::keymap::Keymap;

/// An action that a key can do in a chapter of the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkAction {
    Write,
    OpenChange,
    NextPage,
    Values,
    AskRegistry,
    Trial,
    SkipChapter,
    NextChapter,
    PreviousChapter,
    EditLine,
    CopyCheck,
    SaveResults,
    /// From 0.
    GoToChapter(usize),
}

/// One row of the table of the walk's keys.
#[derive(Debug)]
pub struct WalkBinding {
    pub action: WalkAction,
    /// The action's name in the palette.
    pub name: &'static str,
    /// The keys that are the walk's own, whatever they do in the panes.
    pub own_keys: &'static [char],
    /// The actions of the panes whose keys do this in the walk.
    pub pane_actions: &'static [Action],
    pub description: &'static str,
}

const fn walk_binding(
    action: WalkAction,
    name: &'static str,
    own_keys: &'static [char],
    pane_actions: &'static [Action],
    description: &'static str,
) -> WalkBinding {
    WalkBinding { action, name, own_keys, pane_actions, description }
}

/// The table, in the order of the help.
pub const WALK_BINDINGS: &[WalkBinding] = &[
    walk_binding(
        WalkAction::Write,
        "write",
        &[],
        &[Action::Fix],
        "Write the change in view; before its last page, show the next",
    ),
    walk_binding(
        WalkAction::OpenChange,
        "change",
        &[],
        &[Action::Open, Action::Diff],
        "The change in full width, and back: they never write",
    ),
    walk_binding(WalkAction::NextPage, "next-page", &[' '], &[], "The next page of the change"),
    walk_binding(
        WalkAction::Values,
        "values",
        &[],
        &[Action::Values],
        "Change the values that would be written",
    ),
    walk_binding(
        WalkAction::AskRegistry,
        "ask-registry",
        &['o'],
        &[],
        "Ask the registries for versions and digests; who is asked is said first",
    ),
    walk_binding(
        WalkAction::Trial,
        "trial",
        &[],
        &[Action::Trial],
        "Try the app in a container engine; what will run is shown first",
    ),
    walk_binding(
        WalkAction::SkipChapter,
        "skip",
        &['s'],
        &[],
        "Skip the chapter with a reason, or take it up again",
    ),
    walk_binding(
        WalkAction::NextChapter,
        "next-chapter",
        &[],
        &[Action::Next, Action::Right],
        "Next chapter; after the last, the next app",
    ),
    walk_binding(
        WalkAction::PreviousChapter,
        "previous-chapter",
        &['b'],
        &[Action::Previous, Action::Left],
        "The chapter before; before the first, the choice of an app",
    ),
    walk_binding(WalkAction::EditLine, "edit", &[], &[Action::Edit], "Open the cited line in the editor"),
    walk_binding(
        WalkAction::CopyCheck,
        "copy-check",
        &[],
        &[Action::Copy],
        "Copy the check; of the results, all of them as Markdown",
    ),
    walk_binding(WalkAction::SaveResults, "save-results", &['x'], &[], "Save the results as Markdown"),
    chapter_binding(0, "chapter-1", &['1']),
    chapter_binding(1, "chapter-2", &['2']),
    chapter_binding(2, "chapter-3", &['3']),
    chapter_binding(3, "chapter-4", &['4']),
    chapter_binding(4, "chapter-5", &['5']),
    chapter_binding(5, "chapter-6", &['6']),
    chapter_binding(6, "chapter-7", &['7']),
    chapter_binding(7, "chapter-8", &['8']),
    chapter_binding(8, "chapter-9", &['9']),
];

const fn chapter_binding(at: usize, name: &'static str, keys: &'static [char]) -> WalkBinding {
    walk_binding(WalkAction::GoToChapter(at), name, keys, &[], "Go to chapter")
}

impl WalkBinding {
    /// All keys that do this in the walk, as they are shown.
    #[must_use]
    pub fn keys_as_text(&self, keymap: &Keymap) -> String {
        let bound = self.pane_actions.iter().flat_map(|action| keymap.keys_for(*action));
        let is_free = |keys: &String| find_own_key(keys).is_none();
        let bound = bound.map(ToString::to_string).filter(is_free);
        let own = self.own_keys.iter().map(|key| KeyPress::from_char(*key).to_string());
        let shown: Vec<String> = own.chain(bound).collect();
        shown.join(if shown.iter().any(|keys| keys.contains(' ')) { ", " } else { " " })
    }
}

/// The walk's own key that is shown so.
fn find_own_key(keys: &str) -> Option<WalkAction> {
    let mut characters = keys.chars();
    let only = characters.next().filter(|_| characters.next().is_none());
    only.and_then(|key| find_walk_action(Some(key), None))
}

/// What a key does in a chapter: its own keys come first.
#[must_use]
pub(super) fn find_walk_action(key: Option<char>, action: Option<Action>) -> Option<WalkAction> {
    let own = key.and_then(|key| WALK_BINDINGS.iter().find(|binding| binding.own_keys.contains(&key)));
    let bound = || {
        let action = action?;
        WALK_BINDINGS.iter().find(|binding| binding.pane_actions.contains(&action))
    };
    own.or_else(bound).map(|binding| binding.action)
}
