//! Writes what makes the terminal a screen for the app, and what gives it back.

use std::io::{self, Write};

use ratatui::crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
};
use ratatui::crossterm::terminal::{EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen};
use ratatui::crossterm::{cursor, queue};

/// Keeps the window's title, and gives it back (xterm, XTWINOPS 22 and 23).
const SAVE_TITLE: &[u8] = b"\x1b[22;2t";
const RESTORE_TITLE: &[u8] = b"\x1b[23;2t";

/// Sets the window's title (OSC 2). The text holds no control characters.
pub(super) fn write_title(out: &mut impl Write, title: &str) -> io::Result<()> {
    write!(out, "\x1b]2;{title}\x07")
}

pub(super) fn write_entry(out: &mut impl Write, mouse: bool) -> io::Result<()> {
    queue!(out, EnterAlternateScreen, EnableFocusChange, EnableBracketedPaste, cursor::Hide)?;
    out.write_all(SAVE_TITLE)?;
    if mouse {
        write_mouse_modes(out)?;
    }
    out.flush()
}

pub(super) fn write_exit(out: &mut impl Write) -> io::Result<()> {
    queue!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    )?;
    out.write_all(RESTORE_TITLE)?;
    out.flush()
}

/// Asks for presses, releases and the wheel, and for motion only while a button is held, which moves borders. A
/// terminal that told every motion would flood its input for nothing.
#[cfg(unix)]
fn write_mouse_modes(out: &mut impl Write) -> io::Result<()> {
    out.write_all(b"\x1b[?1000h\x1b[?1002h\x1b[?1006h")
}

#[cfg(not(unix))]
fn write_mouse_modes(out: &mut impl Write) -> io::Result<()> {
    queue!(out, ratatui::crossterm::event::EnableMouseCapture)
}
