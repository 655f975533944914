//! What comes in, and what goes out.

use super::backend_protocol::{BackendMessage, BackendRequest};
use super::key_press::KeyPress;
use crate::repo::RelPath;

/// What can happen to the program.
#[derive(Clone, Debug)]
pub enum AppEvent {
    Key(KeyPress),
    Mouse(MouseEvent),
    /// Text that was pasted.
    Paste(String),
    /// Columns and rows.
    Resize(u16, u16),
    /// The terminal's window was come back to.
    FocusGained,
    /// The terminal's window was left.
    FocusLost,
    Message(BackendMessage),
    /// An editor that `Effect::Edit` opened is closed; the reason where it could not be opened.
    EditorClosed(Result<(), String>),
    /// The moment that `Effect::Remind` asked for has passed.
    ReminderDue,
    /// The system asks the program to end.
    Terminate,
}

/// What the mouse did, and in which cell, counted from the top left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MouseEvent {
    pub kind: MouseKind,
    pub column: u16,
    pub row: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    Press,
    Drag,
    Release,
    WheelUp,
    WheelDown,
}

/// What the program wants done outside itself.
#[derive(Clone, Debug, PartialEq)]
pub enum AppEffect {
    /// Ask the backend.
    Ask(BackendRequest),
    /// Open the user's editor at this line, counted from 1.
    OpenEditor {
        path: RelPath,
        line: usize,
    },
    /// Put this on the clipboard.
    Copy(String),
    /// Come back with `Event::Late` in a moment, so that what is awaited by then can be said to be.
    Remind,
    /// Draw every cell anew.
    Redraw,
    /// Stop, as Ctrl-Z does in a shell.
    Suspend,
    Quit,
}
