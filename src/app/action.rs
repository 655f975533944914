//! What the user can ask for, and the one table that says with which keys.

/// Everything that a key can do in the panes.
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
    Filter,
    Walk,
    Next,
    Previous,
    Floor,
    Group,
    Ignore,
    Edit,
    Copy,
    Pause,
    Rescan,
    Check,
    Theme,
    Redraw,
    Help,
    Suspend,
    Quit,
}

/// Under which heading the help shows an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Context {
    Move,
    Mend,
    Look,
    Program,
}

impl Context {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 4] = [Self::Mend, Self::Look, Self::Move, Self::Program];

    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Mend => "Mend",
            Self::Look => "Look",
            Self::Program => "Program",
        }
    }
}

/// One row of the table: dispatch, footer, help, documentation and the user's keymap are all made from it.
#[derive(Debug)]
pub struct Binding {
    pub action: Action,
    /// The action's name in the user's keymap.
    pub name: &'static str,
    /// The keys it has by default, in the form that [`Key`](super::Key) reads.
    pub keys: &'static [&'static str],
    pub context: Context,
    /// One or two words for the footer; none where it is not shown there.
    pub hint: Option<&'static str>,
    pub description: &'static str,
}

const fn row(
    action: Action,
    name: &'static str,
    keys: &'static [&'static str],
    context: Context,
    hint: Option<&'static str>,
    description: &'static str,
) -> Binding {
    Binding { action, name, keys, context, hint, description }
}

/// The table. Footer hints are shown in this order, as far as they fit.
pub const TABLE: &[Binding] = &[
    row(Action::Fix, "fix", &["f"], Context::Mend, Some("fix"), "Write the diff in view"),
    row(
        Action::FixAll,
        "fix-all",
        &["F"],
        Context::Mend,
        Some("fix all"),
        "Choose a wider fix, see its whole patch",
    ),
    row(Action::Undo, "undo", &["u"], Context::Mend, Some("undo"), "Take the last fix back"),
    row(Action::Redo, "redo", &["Ctrl-r"], Context::Mend, None, "Make the fix again that was taken back"),
    row(
        Action::Filter,
        "filter",
        &["/"],
        Context::Look,
        Some("filter"),
        "Show findings that match what is typed",
    ),
    row(
        Action::Walk,
        "walk",
        &["w"],
        Context::Mend,
        Some("walk"),
        "Harden an app step by step, or leave the walk",
    ),
    row(
        Action::Diff,
        "diff",
        &["d"],
        Context::Look,
        Some("diff"),
        "The diff or the explanation in full width",
    ),
    row(Action::Floor, "severity", &["s"], Context::Look, Some("severity"), "Hide findings below a severity"),
    row(Action::Group, "group", &["o"], Context::Look, Some("group"), "Group findings by app, file or rule"),
    row(Action::Edit, "edit", &["e"], Context::Mend, Some("edit"), "Open the line in your editor"),
    row(
        Action::Ignore,
        "ignore",
        &["i"],
        Context::Mend,
        Some("ignore"),
        "Allow the finding, with a reason, in a comment",
    ),
    row(Action::Copy, "copy", &["y"], Context::Look, None, "Copy the finding and its diff"),
    row(Action::Help, "help", &["?"], Context::Program, Some("help"), "All keys"),
    row(Action::Quit, "quit", &["q", "Ctrl-c"], Context::Program, Some("quit"), "Quit"),
    row(Action::Down, "down", &["j", "Down"], Context::Move, None, "Down"),
    row(Action::Up, "up", &["k", "Up"], Context::Move, None, "Up"),
    row(Action::Left, "left", &["h", "Left"], Context::Move, None, "Fold, or scroll to the left"),
    row(Action::Right, "right", &["l", "Right"], Context::Move, None, "Unfold, or scroll to the right"),
    row(Action::Top, "top", &["g", "Home"], Context::Move, None, "First line"),
    row(Action::Bottom, "bottom", &["G", "End"], Context::Move, None, "Last line"),
    row(Action::HalfDown, "half-down", &["Ctrl-d", "PageDown"], Context::Move, None, "Half a page down"),
    row(Action::HalfUp, "half-up", &["Ctrl-u", "PageUp"], Context::Move, None, "Half a page up"),
    row(Action::Next, "next", &["n"], Context::Move, None, "Next finding of the file"),
    row(Action::Previous, "previous", &["N"], Context::Move, None, "Previous finding of the file"),
    row(Action::NextPane, "next-pane", &["Tab"], Context::Move, None, "Next pane"),
    row(Action::PreviousPane, "previous-pane", &["Shift-Tab"], Context::Move, None, "Previous pane"),
    row(Action::Files, "files", &["1"], Context::Move, None, "The files"),
    row(Action::Findings, "findings", &["2"], Context::Move, None, "The findings"),
    row(Action::Source, "source", &["3"], Context::Move, None, "The source"),
    row(Action::Rule, "rule", &["4"], Context::Move, None, "The rule and its fix"),
    row(Action::Open, "open", &["Enter"], Context::Move, None, "Unfold, or go to the source"),
    row(
        Action::Back,
        "back",
        &["Esc"],
        Context::Move,
        None,
        "Close what is open, clear the filter; never quits",
    ),
    row(
        Action::Check,
        "check-digests",
        &["c"],
        Context::Look,
        None,
        "Ask registries whether pinned digests still stand",
    ),
    row(Action::Pause, "pause", &["p"], Context::Program, None, "Stop watching, or go on"),
    row(Action::Rescan, "rescan", &["r"], Context::Program, None, "Read everything again"),
    row(Action::Theme, "theme", &["T"], Context::Program, None, "Next colour theme"),
    row(Action::Redraw, "redraw", &["Ctrl-l"], Context::Program, None, "Draw the screen anew"),
    row(Action::Suspend, "suspend", &["Ctrl-z"], Context::Program, None, "Back to the shell, until `fg`"),
];
