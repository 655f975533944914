//! The loop: whatever happens comes through one channel; all that waits is taken in, then the screen is drawn once.
//! When nothing happens, nothing wakes up.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::input::{self, Gate};
use super::message::Input;
use super::screen::Screen;
use super::{ability, clipboard, editor, worker};
use crate::app::{AppBackend, AppEffect, AppEvent, AppState, start_app, update_state};
use crate::theme;
use crate::theme::{ColourTheme, TerminalFeatures};
use crate::ui;

use super::worker::Remote;

/// What takes longer than this is said to be awaited; what is quicker would only flicker.
const MOMENT: Duration = Duration::from_millis(150);

/// What the terminal side of the program needs to know.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder that paths are relative to.
    pub root: PathBuf,
    /// The theme, where the command line names one.
    pub theme: Option<String>,
    /// Whether to draw with ASCII alone.
    pub ascii: bool,
}

/// Whether there is a terminal to run in.
#[must_use]
pub fn usable() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Runs the program until the user quits it. `make` builds the backend; it is given a way to the program for threads
/// of its own.
///
/// # Errors
/// When the terminal cannot be used, or the backend broke.
pub fn run<B: AppBackend + 'static>(
    mut state: AppState,
    options: Options,
    make: impl FnOnce(&Remote) -> B + Send + 'static,
) -> anyhow::Result<()> {
    if !usable() {
        bail!("this is no terminal: `seaworthy check` prints a report");
    }
    let (inputs, waiting) = mpsc::channel();
    let remote = worker::start(inputs.clone(), make).context("the backend could not be started")?;
    choose_theme(&mut state, &options);
    let broken = inputs.clone();
    let screen = Screen::open(state.config.mouse, move || drop(broken.send(Input::Broken)))
        .context("this terminal cannot be used")?;
    let abilities = ability::find(options.ascii || state.config.ascii);
    #[cfg(unix)]
    super::signals::start(inputs.clone())?;
    state.size = screen.size()?;
    let theme = ColourTheme::by_name(state.theme_name(), abilities);
    let effects = start_app(&mut state);
    let gate = input::start(inputs)?;
    let mut program = Program {
        state,
        options,
        screen,
        abilities,
        theme,
        highlighter: ui::Highlighter::default(),
        remote,
        quits: false,
        stopped: false,
        reminder: None,
    };
    program.carry_out(effects)?;
    program.go(&waiting, &gate)
}

fn choose_theme(state: &mut AppState, options: &Options) {
    state.themes = theme::theme_names().map(str::to_owned).collect();
    let named = options.theme.as_ref();
    state.theme = match named.and_then(|name| state.themes.iter().position(|theme| theme == name)) {
        Some(theme) => theme,
        None => state.config.choose_theme(&state.themes),
    };
}

struct Program {
    state: AppState,
    options: Options,
    screen: Screen,
    abilities: TerminalFeatures,
    theme: ColourTheme,
    highlighter: ui::Highlighter,
    remote: Remote,
    quits: bool,
    /// Whether we stopped ourselves, and know how to go on.
    stopped: bool,
    /// When `Event::Late` is due.
    reminder: Option<Instant>,
}

impl Program {
    fn go(&mut self, waiting: &Receiver<Input>, gate: &Gate) -> anyhow::Result<()> {
        while !self.quits {
            self.draw()?;
            let Some(first) = self.next(waiting) else { return Ok(()) };
            let mut parked = false;
            for input in std::iter::once(first).chain(waiting.try_iter()) {
                parked |= matches!(input, Input::Terminal(_));
                self.take(input)?;
                if self.quits {
                    return Ok(());
                }
            }
            if parked {
                gate.open();
            }
        }
        Ok(())
    }

    /// Waits for whatever comes next, or for the reminder where there is one. None when nothing can come any more.
    fn next(&mut self, waiting: &Receiver<Input>) -> Option<Input> {
        let Some(due) = self.reminder else { return waiting.recv().ok() };
        match waiting.recv_timeout(due.saturating_duration_since(Instant::now())) {
            Ok(input) => Some(input),
            Err(RecvTimeoutError::Timeout) => {
                self.reminder = None;
                Some(Input::Event(AppEvent::ReminderDue))
            }
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    fn take(&mut self, input: Input) -> anyhow::Result<()> {
        match input {
            Input::Event(event) => self.happen(event),
            Input::Terminal(events) => {
                for event in events.context("the terminal cannot be read")? {
                    self.happen(event)?;
                    if self.quits {
                        break;
                    }
                }
                Ok(())
            }
            Input::Stop => self.stop(),
            Input::Continued if std::mem::take(&mut self.stopped) => Ok(()),
            // Whoever had the terminal meanwhile may have changed it.
            Input::Continued => Ok(self.screen.lend(|| ())?),
            Input::Broken => bail!("no more can be done here: start it again"),
        }
    }

    fn happen(&mut self, event: AppEvent) -> anyhow::Result<()> {
        if matches!(event, AppEvent::Resize(..)) {
            self.screen.redraw()?;
        }
        let effects = update_state(&mut self.state, event);
        self.carry_out(effects)
    }

    fn draw(&mut self) -> io::Result<()> {
        let Self { state, theme, highlighter, screen, .. } = self;
        let mut measured = state.scroll_limits;
        screen.draw(|buffer| measured = ui::draw_screen(buffer, state, theme, highlighter))?;
        state.scroll_limits = measured;
        Ok(())
    }

    fn carry_out(&mut self, effects: Vec<AppEffect>) -> anyhow::Result<()> {
        for effect in effects {
            match effect {
                AppEffect::Ask(request) => self.remote.ask(request),
                AppEffect::OpenEditor { path, line } => self.edit(&path.under(&self.options.root), line)?,
                AppEffect::Copy(text) => clipboard::copy(&text)?,
                AppEffect::Redraw => {
                    self.theme = ColourTheme::by_name(self.state.theme_name(), self.abilities);
                    self.screen.redraw()?;
                }
                AppEffect::Remind => self.reminder = self.reminder.or_else(|| Some(Instant::now() + MOMENT)),
                AppEffect::Suspend => suspend(),
                AppEffect::Quit => self.quits = true,
            }
        }
        Ok(())
    }

    fn edit(&mut self, path: &Path, line: usize) -> anyhow::Result<()> {
        let result = match editor::chosen(self.state.config.editor.as_deref(), path, line) {
            None => Err("$EDITOR names no program".to_owned()),
            Some(launch) if launch.window => launch.start(),
            Some(launch) => self.screen.lend(|| launch.start())?,
        };
        self.state.size = self.screen.size()?;
        self.happen(AppEvent::EditorClosed(result))
    }

    /// Gives the terminal back, stops, and takes it again when it goes on.
    fn stop(&mut self) -> anyhow::Result<()> {
        self.stopped = true;
        #[cfg(unix)]
        self.screen.lend(super::signals::stop)?;
        let size = self.screen.size()?;
        self.happen(AppEvent::Resize(size.0, size.1))
    }
}

#[cfg(unix)]
fn suspend() {
    super::signals::stop_all();
}

#[cfg(not(unix))]
const fn suspend() {}
