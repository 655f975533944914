//! Writes what makes the terminal a screen for the app, and what gives it back.

use std::io::{self, Write};

use ratatui::crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
};
use ratatui::crossterm::terminal::{EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen};
use ratatui::crossterm::{cursor, queue};

pub(super) fn write_entry(out: &mut impl Write, mouse: bool) -> io::Result<()> {
    queue!(out, EnterAlternateScreen, EnableFocusChange, EnableBracketedPaste, cursor::Hide)?;
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
