//! Takes the screen for the app and gives it back as a whole, after a panic too.

use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};

use ratatui::Terminal;
use ratatui::buffer::Buffer;
use ratatui::crossterm::queue;
use ratatui::crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, disable_raw_mode, enable_raw_mode,
};

use super::capped_backend::CappedBackend;
use super::screen_sequences::{write_entry, write_exit, write_title};
#[cfg(unix)]
use super::terminal_guard::{self, GuardNote};

/// True while the terminal is ours. The code that clears it gives the terminal back, once.
static TERMINAL_TAKEN: AtomicBool = AtomicBool::new(false);

/// The screen, ours until it is dropped.
pub(super) struct TerminalScreen {
    /// Never dropped: its end would show the cursor once more, and panic where the terminal is closed.
    terminal: ManuallyDrop<Terminal<CappedBackend>>,
    mouse: bool,
    /// The title as it was set last.
    title: String,
}

impl TerminalScreen {
    pub(super) fn open(mouse: bool, broken: impl Fn() + Send + Sync + 'static) -> io::Result<Self> {
        restore_on_panic(broken);
        // The guard is made before the terminal is touched, so that a failure half-way is undone as well.
        let terminal = ManuallyDrop::new(Terminal::new(CappedBackend::new())?);
        let screen = Self { terminal, mouse, title: String::new() };
        screen.enter_screen()?;
        Ok(screen)
    }

    fn enter_screen(&self) -> io::Result<()> {
        TERMINAL_TAKEN.store(true, Ordering::SeqCst);
        #[cfg(unix)]
        terminal_guard::tell_guard(GuardNote::Taken);
        enable_raw_mode()?;
        write_entry(&mut io::stdout(), self.mouse)
    }

    /// Gives the terminal back while `meanwhile` runs.
    pub(super) fn suspend_while<T>(&mut self, meanwhile: impl FnOnce() -> T) -> io::Result<T> {
        leave_screen();
        let result = meanwhile();
        self.enter_screen()?;
        self.title.clear();
        self.force_redraw()?;
        Ok(result)
    }

    /// Makes the next drawing write every cell. `Terminal::clear` would ask the terminal where its cursor is, and wait
    /// for an answer that may never come.
    pub(super) fn force_redraw(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    pub(super) fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Sets the window's title, where it is another one now.
    pub(super) fn set_title(&mut self, title: &str) -> io::Result<()> {
        if self.title != title && TERMINAL_TAKEN.load(Ordering::SeqCst) {
            title.clone_into(&mut self.title);
            write_title(&mut io::stdout(), title)?;
        }
        Ok(())
    }

    /// Draws one frame; the terminal shows it whole or not at all.
    pub(super) fn draw_frame(&mut self, view: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        // A panic elsewhere may have given the terminal back already.
        if !TERMINAL_TAKEN.load(Ordering::SeqCst) {
            return Ok(());
        }
        queue!(io::stdout(), BeginSynchronizedUpdate)?;
        let drawn = self.terminal.draw(|frame| view(frame.buffer_mut())).map(drop);
        queue!(io::stdout(), EndSynchronizedUpdate)?;
        io::stdout().flush()?;
        if !TERMINAL_TAKEN.load(Ordering::SeqCst) {
            // It was given back while this was drawn, which among others hid the cursor.
            write_exit(&mut io::stdout())?;
        }
        drawn
    }
}

impl Drop for TerminalScreen {
    fn drop(&mut self) {
        leave_screen();
    }
}

/// Gives the terminal back, when it is ours. A failure here could be reported nowhere.
fn leave_screen() {
    if !TERMINAL_TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = write_exit(&mut io::stdout());
    let _ = disable_raw_mode();
    #[cfg(unix)]
    terminal_guard::tell_guard(GuardNote::GivenBack);
}

/// Shows a panic's message on the terminal as it was, and tells the program, whichever thread panicked.
fn restore_on_panic(broken: impl Fn() + Send + Sync + 'static) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        leave_screen();
        before(info);
        broken();
    }));
}
