//! Lists the actions of the user, and the groups in which the help shows them.

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
    StageSafe,
    StageRule,
    StageFile,
    StageFolder,
    StageApp,
    StageSeverity,
    FixAll,
    PinFile,
    PinAll,
    Take,
    TakeAll,
    WriteStage,
    Values,
    KeepValues,
    Undo,
    UndoList,
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
    Rendered,
    Pairs,
    ChooseLink,
    ValueSet,
    JumpBack,
    SetMark,
    GoToMark,
    FoldAll,
    UnfoldAll,
    ToggleFold,
    Palette,
    MinSeverity,
    Group,
    Order,
    FirstScreen,
    Ignore,
    Edit,
    Copy,
    Pause,
    Rescan,
    NextNew,
    PreviousNew,
    MarkSeen,
    NextUnread,
    ChangeLog,
    CheckPins,
    Trial,
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

impl Action {
    /// True for the actions that move within what is shown, or among the rows of a list.
    pub(super) const fn scrolls_page(self) -> bool {
        matches!(self, Self::Down | Self::Up | Self::HalfDown | Self::HalfUp | Self::Top | Self::Bottom)
    }
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
