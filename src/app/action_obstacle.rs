//! Lists why an action may do nothing, for the answer to its key and for the palette.

/// Why an action does nothing here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionObstacle {
    /// The walk has the screen, and keys of its own.
    InWalk,
    /// The stage of a wide fix has the screen, and keys of its own.
    InStage,
    /// What lies over the panes has the keys, and keys of its own.
    InDialog,
    /// No wide fix is being staged.
    NoStage,
    NoFinding,
    /// Several findings are selected, and it is for one.
    SeveralFindings,
    /// No file is in view.
    NoFile,
    FileGone,
    /// A folder is selected, and it is for a file.
    FolderSelected,
    /// The file does not parse as it was saved last.
    HalfSaved,
    NoFindingInFile,
    NoFindingOnLine,
    /// The last finding that way.
    LastFinding,
    NoLinkedFile,
    /// The file is no part of a chart that was rendered, or of an overlay that was built.
    NoUnit,
    OneUnit,
    /// What is rendered there stands in no file that can be shown.
    NoOrigin,
    /// No jump was made that could be gone back on.
    NoJump,
    NoMarks,
    /// Every file was read whole.
    NoUnreadFile,
    NoMarkLetter,
    NothingToFold,
    /// Every folder is open.
    AllOpen,
    /// What has the whole screen covers the lists, which would change unseen.
    ListsCovered,
    /// Long lines wrap: there is nothing to scroll to.
    NothingAtSide,
    /// Nothing is open that could be closed.
    NothingOpen,
    /// What stands behind a row of the first screen is shown whole, whatever its severity.
    ShownWhole,
    /// A search shows all that it finds, whatever is folded.
    SearchOpensFolds,
    NoWorkload,
    /// No pairs of a workload and its Dockerfile are in view.
    NoPairs,
    /// The fix in view writes no value that could be another.
    NoValue,
    /// No values are being typed.
    NoTypedValue,
    /// No chapter of the walk is open: an app is to be chosen first.
    NoChapter,
    NothingToWrite,
    /// The chapter has no change that could be opened.
    NoChange,
    /// The change has no page after the one in view.
    LastPage,
    NothingToAsk,
    NothingToSkip,
    /// The last chapter of the last app.
    LastChapter,
    /// The chapter quotes no line.
    NoCitedLine,
    NoCheck,
}
