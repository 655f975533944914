//! Lists the actions of the user, with the one table of their keys.

use super::screen_layout::Pane;

/// An action that a key can do in the panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    Down,
    Up,
    Left,
    Right,
    Top,
    Bottom,
    HalfDown,
    HalfUp,
    NextPane,
    PreviousPane,
    Files,
    Findings,
    Source,
    Rule,
    Open,
    Back,
    Fix,
    FixAll,
    Undo,
    Redo,
    Diff,
    Page,
    Filter,
    Walk,
    Next,
    Previous,
    NextInList,
    PreviousInList,
    GoToLinked,
    JumpBack,
    SetMark,
    GoToMark,
    FoldAll,
    UnfoldAll,
    ToggleFold,
    Palette,
    MinSeverity,
    Group,
    Ignore,
    Edit,
    Copy,
    Pause,
    Rescan,
    CheckPins,
    Theme,
    Redraw,
    Help,
    Suspend,
    Quit,
}

/// The heading under which the help shows an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ActionGroup {
    Move,
    Fix,
    View,
    Program,
}

impl ActionGroup {
    /// All groups, in the order of the help.
    pub const ALL: [Self; 4] = [Self::Fix, Self::View, Self::Move, Self::Program];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Fix => "Fix",
            Self::View => "Look",
            Self::Program => "Program",
        }
    }
}

/// One row of the table: dispatch, footer, help, documentation and the user's keymap are all made from it.
#[derive(Debug)]
pub struct KeyBinding {
    pub action: Action,
    /// The action's name in the user's keymap.
    pub name: &'static str,
    /// The keys it has by default, in the form that [`KeyPress`](super::KeyPress) reads.
    pub keys: &'static [&'static str],
    pub group: ActionGroup,
    /// One or two words for the footer; none where it is not shown there.
    pub hint: Option<&'static str>,
    pub description: &'static str,
}

const fn key_binding(
    action: Action,
    name: &'static str,
    keys: &'static [&'static str],
    context: ActionGroup,
    hint: Option<&'static str>,
    description: &'static str,
) -> KeyBinding {
    KeyBinding { action, name, keys, group: context, hint, description }
}

/// The actions that the footer names while a pane has the keys, in their order, with a word where it is another than
/// the table's.
#[must_use]
pub const fn pane_hints(pane: Pane) -> &'static [(Action, Option<&'static str>)] {
    match pane {
        Pane::Files => &[
            (Action::Open, Some("its findings")),
            (Action::Fix, Some("fix file")),
            (Action::FixAll, None),
            (Action::Undo, None),
            (Action::Filter, None),
            (Action::Walk, None),
            (Action::Palette, None),
            (Action::Help, None),
            (Action::NextPane, Some("pane")),
            (Action::GoToLinked, None),
            (Action::Edit, None),
            (Action::Quit, None),
        ],
        Pane::Findings => &[
            (Action::Fix, None),
            (Action::Open, Some("open")),
            (Action::FixAll, None),
            (Action::Undo, None),
            (Action::Filter, None),
            (Action::Walk, None),
            (Action::Palette, None),
            (Action::Help, None),
            (Action::Diff, None),
            (Action::MinSeverity, None),
            (Action::Group, None),
            (Action::Edit, None),
            (Action::Ignore, None),
            (Action::Quit, None),
        ],
        Pane::Source => &[
            (Action::Fix, None),
            (Action::Open, Some("its rule")),
            (Action::Undo, None),
            (Action::Diff, None),
            (Action::GoToLinked, None),
            (Action::Edit, None),
            (Action::Palette, None),
            (Action::Help, None),
            (Action::Next, Some("next here")),
            (Action::NextInList, Some("next")),
            (Action::Filter, None),
            (Action::Back, Some("back")),
            (Action::Quit, None),
        ],
        Pane::Rule => &[
            (Action::Fix, None),
            (Action::Open, Some("full width")),
            (Action::Undo, None),
            (Action::HalfDown, Some("scroll")),
            (Action::Ignore, None),
            (Action::Palette, None),
            (Action::Help, None),
            (Action::Copy, Some("copy")),
            (Action::Filter, None),
            (Action::Back, Some("back")),
            (Action::Quit, None),
        ],
    }
}

/// The actions that the footer always names, however narrow it is.
pub const LASTING_HINTS: [Action; 4] = [Action::Fix, Action::Open, Action::Palette, Action::Help];

/// The table. Footer hints are shown in this order, as far as they fit.
pub const KEY_BINDINGS: &[KeyBinding] = &[
    key_binding(Action::Fix, "fix", &["f"], ActionGroup::Fix, Some("fix"), "Write the diff in view"),
    key_binding(
        Action::FixAll,
        "fix-all",
        &["F"],
        ActionGroup::Fix,
        Some("fix all"),
        "Choose a wider fix, see its whole patch",
    ),
    key_binding(Action::Undo, "undo", &["u"], ActionGroup::Fix, Some("undo"), "Take the last fix back"),
    key_binding(
        Action::Redo,
        "redo",
        &["Ctrl-r"],
        ActionGroup::Fix,
        None,
        "Make the fix again that was taken back",
    ),
    key_binding(
        Action::Filter,
        "filter",
        &["/"],
        ActionGroup::View,
        Some("search"),
        "Search by words and fields, such as sev:high",
    ),
    key_binding(
        Action::Walk,
        "walk",
        &["w"],
        ActionGroup::Fix,
        Some("walk"),
        "Harden an app step by step, or leave the walk",
    ),
    key_binding(
        Action::Diff,
        "diff",
        &["d"],
        ActionGroup::View,
        Some("as is"),
        "The file as it is, as it will be, or both in one",
    ),
    key_binding(
        Action::Page,
        "page",
        &["K"],
        ActionGroup::View,
        None,
        "The explanation in full width, or the panes again",
    ),
    key_binding(
        Action::MinSeverity,
        "severity",
        &["s"],
        ActionGroup::View,
        Some("severity"),
        "Hide findings below a severity",
    ),
    key_binding(
        Action::Group,
        "group",
        &["o"],
        ActionGroup::View,
        Some("group"),
        "Group findings by app, file or rule",
    ),
    key_binding(Action::Edit, "edit", &["e"], ActionGroup::Fix, Some("edit"), "Open the line in your editor"),
    key_binding(
        Action::Ignore,
        "ignore",
        &["i"],
        ActionGroup::Fix,
        Some("ignore"),
        "Allow the finding, with a reason, in a comment",
    ),
    key_binding(Action::Copy, "copy", &["y"], ActionGroup::View, None, "Copy the finding and its diff"),
    key_binding(
        Action::Palette,
        "palette",
        &[":"],
        ActionGroup::Program,
        Some("keys"),
        "Every action with its key, and whether it does something here",
    ),
    key_binding(Action::Help, "help", &["?"], ActionGroup::Program, Some("help"), "All keys"),
    key_binding(Action::Quit, "quit", &["q", "Ctrl-c"], ActionGroup::Program, Some("quit"), "Quit"),
    key_binding(Action::Down, "down", &["j", "Down"], ActionGroup::Move, None, "Down"),
    key_binding(Action::Up, "up", &["k", "Up"], ActionGroup::Move, None, "Up"),
    key_binding(Action::Left, "left", &["h", "Left"], ActionGroup::Move, None, "Fold, or scroll to the left"),
    key_binding(
        Action::Right,
        "right",
        &["l", "Right"],
        ActionGroup::Move,
        None,
        "Unfold, or scroll to the right",
    ),
    key_binding(Action::Top, "top", &["g g", "Home"], ActionGroup::Move, None, "First line"),
    key_binding(Action::Bottom, "bottom", &["G", "End"], ActionGroup::Move, None, "Last line"),
    key_binding(
        Action::HalfDown,
        "half-down",
        &["Ctrl-d", "PageDown"],
        ActionGroup::Move,
        None,
        "Half a page down",
    ),
    key_binding(Action::HalfUp, "half-up", &["Ctrl-u", "PageUp"], ActionGroup::Move, None, "Half a page up"),
    key_binding(Action::Next, "next", &["n"], ActionGroup::Move, None, "Next finding of the file"),
    key_binding(
        Action::Previous,
        "previous",
        &["N"],
        ActionGroup::Move,
        None,
        "Previous finding of the file",
    ),
    key_binding(
        Action::NextInList,
        "next-in-list",
        &["]"],
        ActionGroup::Move,
        None,
        "Next finding, in whatever file",
    ),
    key_binding(
        Action::PreviousInList,
        "previous-in-list",
        &["["],
        ActionGroup::Move,
        None,
        "Previous finding, in whatever file",
    ),
    key_binding(
        Action::GoToLinked,
        "linked-file",
        &["g d"],
        ActionGroup::Move,
        Some("linked file"),
        "The linked Dockerfile or manifest, and back",
    ),
    key_binding(
        Action::JumpBack,
        "jump-back",
        &["Ctrl-o"],
        ActionGroup::Move,
        None,
        "Back to where the last jump began",
    ),
    key_binding(
        Action::SetMark,
        "mark",
        &["m"],
        ActionGroup::Move,
        None,
        "Keep this place under the letter that follows",
    ),
    key_binding(
        Action::GoToMark,
        "go-to-mark",
        &["'"],
        ActionGroup::Move,
        None,
        "Go to the place under the letter that follows",
    ),
    key_binding(
        Action::ToggleFold,
        "fold",
        &["z a"],
        ActionGroup::View,
        None,
        "Fold what the selection stands in, or open it",
    ),
    key_binding(Action::FoldAll, "fold-all", &["z M"], ActionGroup::View, None, "Fold the whole list"),
    key_binding(Action::UnfoldAll, "unfold-all", &["z R"], ActionGroup::View, None, "Open the whole list"),
    key_binding(Action::NextPane, "next-pane", &["Tab"], ActionGroup::Move, None, "Next pane"),
    key_binding(
        Action::PreviousPane,
        "previous-pane",
        &["Shift-Tab"],
        ActionGroup::Move,
        None,
        "Previous pane",
    ),
    key_binding(Action::Files, "files", &["1"], ActionGroup::Move, None, "The files"),
    key_binding(Action::Findings, "findings", &["2"], ActionGroup::Move, None, "The findings"),
    key_binding(Action::Source, "source", &["3"], ActionGroup::Move, None, "The source"),
    key_binding(Action::Rule, "rule", &["4"], ActionGroup::Move, None, "The rule and its fix"),
    key_binding(Action::Open, "open", &["Enter"], ActionGroup::Move, None, "Unfold, or go to the source"),
    key_binding(
        Action::Back,
        "back",
        &["Esc"],
        ActionGroup::Move,
        None,
        "Close what is open, clear the filter; never quits",
    ),
    key_binding(
        Action::CheckPins,
        "check-digests",
        &["c"],
        ActionGroup::View,
        None,
        "Ask registries whether pinned digests still stand",
    ),
    key_binding(Action::Pause, "pause", &["p"], ActionGroup::Program, None, "Stop watching, or go on"),
    key_binding(Action::Rescan, "rescan", &["r"], ActionGroup::Program, None, "Read everything again"),
    key_binding(Action::Theme, "theme", &["T"], ActionGroup::Program, None, "Next colour theme"),
    key_binding(Action::Redraw, "redraw", &["Ctrl-l"], ActionGroup::Program, None, "Draw the screen anew"),
    key_binding(
        Action::Suspend,
        "suspend",
        &["Ctrl-z"],
        ActionGroup::Program,
        None,
        "Back to the shell, until `fg`",
    ),
];
