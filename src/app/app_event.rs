//! Defines the events that the program receives, and the effects that it asks for.

use super::backend_protocol::{BackendMessage, BackendRequest};
use super::key_press::KeyPress;
use crate::finding::Severity;
use crate::repo::RelPath;

/// An event that the program handles.
#[derive(Clone, Debug)]
pub enum AppEvent {
    Key(KeyPress),
    /// A key that is held down, or came again faster than a person presses.
    KeyRepeat(KeyPress),
    Mouse(MouseEvent),
    /// Text that was pasted.
    Paste(String),
    /// Columns and rows.
    Resize(u16, u16),
    /// The focus came back to the terminal's window.
    FocusGained,
    /// The terminal's window lost the focus.
    FocusLost,
    Message(BackendMessage),
    /// An editor that `AppEffect::OpenEditor` opened is closed; the reason where it could not be opened.
    EditorClosed(Result<(), String>),
    /// The delay that `AppEffect::Remind` asked for has passed.
    ReminderDue,
    /// Nothing came for the time that `AppEffect::AwaitQuiet` asked for.
    QuietReached,
    /// The time is over that `AppEffect::AwaitToastEnd` asked for.
    ToastOver,
    /// The system asks the program to end.
    Terminate,
}

/// The action of the mouse, and its cell, counted from the top left.
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

/// An effect outside the program, for the terminal to carry out.
#[derive(Clone, Debug, PartialEq)]
pub enum AppEffect {
    /// Send a request to the backend.
    Ask(BackendRequest),
    /// Open the user's editor at this line, counted from 1.
    OpenEditor {
        path: RelPath,
        line: usize,
    },
    /// Put this text on the clipboard.
    Copy(String),
    /// Send `AppEvent::ReminderDue` in a moment, so that the screen can show what is still pending.
    Remind,
    /// Send `AppEvent::QuietReached` once nothing has come for a while; the last one asked counts.
    AwaitQuiet,
    /// Send `AppEvent::ToastOver` once a person had time to read the toast; the last one asked counts.
    AwaitToastEnd,
    /// Alert the user to a new finding, in the way that the user's file names.
    Alert {
        severity: Severity,
        /// The worst finding, its place, and how many more there are.
        text: String,
    },
    /// Draw every cell anew.
    Redraw,
    /// Stop, as Ctrl-Z does in a shell.
    Suspend,
    Quit,
}
