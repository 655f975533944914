//! Runs the app's loop: all events come through one channel; those that wait are handled together, then the screen is
//! drawn once. Without events, nothing wakes up.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::due_events::DueEvents;
use super::input::InputPermit;
use super::loop_input::LoopInput;
use super::terminal_screen::TerminalScreen;
use super::{alert_command, clipboard, editor, input, terminal_features, user_alert};
use crate::app::{
    AppBackend, AppEffect, AppEvent, AppState, BackendMessage, KeyPress, start_app, update_state,
};
use crate::finding::Severity;
use crate::theme::{ColourTheme, TerminalFeatures};
use crate::{theme, ui};

use crate::service::{ServiceHandle, start_service};

/// A key that comes again within this time is held down: few terminals tell it otherwise, and no person is that fast.
const REPEAT_GAP: Duration = Duration::from_millis(80);

/// The options of the terminal side of the program.
#[derive(Clone, Debug)]
pub struct TerminalOptions {
    /// The folder that paths are relative to.
    pub root: PathBuf,
    /// The theme, where the command line names one.
    pub theme: Option<String>,
    /// True to draw with ASCII alone.
    pub ascii: bool,
    /// Whether there are colours, where the command line says so.
    pub colour: Option<bool>,
    /// The program that gives the terminal back where this one cannot any more: one that begins with `run_guard`.
    pub guard_program: Option<PathBuf>,
}

/// True where there is a terminal to run in.
#[must_use]
pub fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Runs the program until the user quits it. `make` builds the backend, and gets a handle to the program for threads of
/// its own.
///
/// # Errors
/// When the terminal cannot be used, or the backend failed.
pub fn run_terminal<B: AppBackend + 'static>(
    state: AppState,
    options: TerminalOptions,
    make: impl FnOnce(&ServiceHandle) -> B + Send + 'static,
) -> anyhow::Result<()> {
    if !is_interactive() {
        bail!("this is no terminal: `seaworthy check` prints a report");
    }
    match run_program(state, options, make) {
        // The window was closed: there is nobody to tell, and nothing is amiss.
        Err(_) if is_terminal_gone() => Ok(()),
        ended => ended,
    }
}

#[cfg(unix)]
fn is_terminal_gone() -> bool {
    use rustix::termios::tcgetattr;
    tcgetattr(io::stdin()).is_err() || tcgetattr(io::stdout()).is_err()
}

#[cfg(not(unix))]
fn is_terminal_gone() -> bool {
    !is_interactive()
}

fn run_program<B: AppBackend + 'static>(
    mut state: AppState,
    options: TerminalOptions,
    make: impl FnOnce(&ServiceHandle) -> B + Send + 'static,
) -> anyhow::Result<()> {
    let (inputs, waiting) = mpsc::channel();
    let messages = inputs.clone();
    let screen = move |message| drop(messages.send(LoopInput::Event(AppEvent::Message(message))));
    let remote = start_service(screen, make).context("the backend could not be started")?;
    choose_theme(&mut state, &options);
    #[cfg(unix)]
    super::signals::start_signals(inputs.clone())?;
    #[cfg(unix)]
    options.guard_program.as_deref().inspect(|program| super::terminal_guard::start_guard(program));
    let broken = inputs.clone();
    let screen =
        TerminalScreen::open(state.config.mouse, move || drop(broken.send(LoopInput::ThreadPanicked)))
            .context("this terminal cannot be used")?;
    let abilities = terminal_features::detect_features(options.ascii || state.config.ascii, options.colour);
    state.size = screen.size()?;
    let theme = ColourTheme::by_name(state.theme_name(), abilities);
    let effects = start_app(&mut state);
    let gate = input::start_input(inputs)?;
    let mut program = TerminalProgram {
        state,
        options,
        screen,
        features: abilities,
        theme,
        highlighter: ui::Highlighter::default(),
        service: remote,
        should_quit: false,
        is_stopped: false,
        due: DueEvents::default(),
        last_key: None,
    };
    program.run_effects(effects)?;
    program.run_loop(&waiting, &gate)
}

fn choose_theme(state: &mut AppState, options: &TerminalOptions) {
    state.themes = theme::theme_names().map(str::to_owned).collect();
    let named = options.theme.as_ref();
    state.theme = match named.and_then(|name| state.themes.iter().position(|theme| theme == name)) {
        Some(theme) => theme,
        None => state.config.choose_theme(&state.themes),
    };
}

struct TerminalProgram {
    state: AppState,
    options: TerminalOptions,
    screen: TerminalScreen,
    features: TerminalFeatures,
    theme: ColourTheme,
    highlighter: ui::Highlighter,
    service: ServiceHandle,
    should_quit: bool,
    /// True while we stopped ourselves, and know how to go on.
    is_stopped: bool,
    due: DueEvents,
    /// The key pressed last, and when it came.
    last_key: Option<(KeyPress, Instant)>,
}

impl TerminalProgram {
    fn run_loop(&mut self, waiting: &Receiver<LoopInput>, gate: &InputPermit) -> anyhow::Result<()> {
        while !self.should_quit {
            self.draw_frame()?;
            let Some(first) = self.next_input(waiting) else { return Ok(()) };
            let mut parked = false;
            for input in std::iter::once(first).chain(waiting.try_iter()) {
                parked |= matches!(input, LoopInput::EventBatch(_));
                self.on_input(input)?;
                if self.should_quit {
                    return Ok(());
                }
            }
            if parked {
                gate.grant_next();
            }
        }
        Ok(())
    }

    /// Waits for the next input, or for what is due before it. None when no input can come any more.
    fn next_input(&mut self, waiting: &Receiver<LoopInput>) -> Option<LoopInput> {
        loop {
            let Some(time) = self.due.next_time() else { return waiting.recv().ok() };
            match waiting.recv_timeout(time.saturating_duration_since(Instant::now())) {
                Ok(input) => return Some(input),
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(event) = self.due.take_due(Instant::now()) {
                        return Some(LoopInput::Event(event));
                    }
                }
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    fn on_input(&mut self, input: LoopInput) -> anyhow::Result<()> {
        match input {
            LoopInput::Event(event) => self.on_event(event),
            LoopInput::EventBatch(events) => {
                for event in events.context("the terminal cannot be read")? {
                    self.on_event(event)?;
                    if self.should_quit {
                        break;
                    }
                }
                Ok(())
            }
            LoopInput::Suspend => self.suspend_self(),
            LoopInput::Resumed if std::mem::take(&mut self.is_stopped) => Ok(()),
            // Another program may have changed the terminal meanwhile.
            LoopInput::Resumed => Ok(self.screen.suspend_while(|| ())?),
            LoopInput::Resized => self.take_new_size(),
            LoopInput::ThreadPanicked => bail!("no more can be done here: start it again"),
        }
    }

    fn on_event(&mut self, event: AppEvent) -> anyhow::Result<()> {
        if matches!(event, AppEvent::Resize(..)) {
            self.screen.force_redraw()?;
        }
        let event = self.mark_repeat(event);
        let effects = update_state(&mut self.state, event);
        self.run_effects(effects)
    }

    /// Tells a key that is held down from one that is pressed again.
    fn mark_repeat(&mut self, event: AppEvent) -> AppEvent {
        let AppEvent::Key(key) = event else { return event };
        let now = Instant::now();
        let before = self.last_key.replace((key, now));
        let is_held = before.is_some_and(|(other, at)| other == key && now.duration_since(at) < REPEAT_GAP);
        if is_held { AppEvent::KeyRepeat(key) } else { AppEvent::Key(key) }
    }

    fn draw_frame(&mut self) -> io::Result<()> {
        let Self { state, theme, highlighter, screen, .. } = self;
        let mut measured = state.scroll_limits;
        screen.draw_frame(|buffer| measured = ui::draw_screen(buffer, state, theme, highlighter))?;
        state.scroll_limits = measured;
        if state.config.title {
            screen.set_title(&ui::terminal_title(state))?;
        }
        Ok(())
    }

    fn run_effects(&mut self, effects: Vec<AppEffect>) -> anyhow::Result<()> {
        for effect in effects {
            match effect {
                AppEffect::Ask(request) => self.service.send_request(request),
                AppEffect::OpenEditor { path, line } => {
                    self.open_editor(&path.to_absolute(&self.options.root), line)?;
                }
                AppEffect::Copy(text) => clipboard::copy_to_clipboard(&text)?,
                AppEffect::Redraw => {
                    self.theme = ColourTheme::by_name(self.state.theme_name(), self.features);
                    self.screen.force_redraw()?;
                }
                AppEffect::Remind => self.due.await_reminder(Instant::now()),
                AppEffect::AwaitQuiet => self.due.await_quiet(Instant::now()),
                AppEffect::AwaitToastEnd => self.due.await_toast_end(Instant::now()),
                AppEffect::Alert { severity, text } => self.alert_user(severity, &text)?,
                AppEffect::Suspend => suspend_group(),
                AppEffect::Quit => self.should_quit = true,
            }
        }
        Ok(())
    }

    fn alert_user(&mut self, severity: Severity, text: &str) -> anyhow::Result<()> {
        user_alert::alert_user(self.state.config.alert, severity)?;
        let command = self.state.config.alert_command.as_ref().filter(|_| user_alert::is_alerting(severity));
        match command.map(|command| alert_command::run_alert_command(command, text)) {
            Some(Err(reason)) => self.on_event(AppEvent::Message(BackendMessage::Notice(reason))),
            _ => Ok(()),
        }
    }

    fn open_editor(&mut self, path: &Path, line: usize) -> anyhow::Result<()> {
        let result = match editor::choose_editor(self.state.config.editor.as_deref(), path, line) {
            Err(reason) => Err(reason),
            Ok(launch) if launch.has_window => launch.run_editor(),
            Ok(launch) => self.screen.suspend_while(|| launch.run_editor())?,
        };
        self.state.size = self.screen.size()?;
        self.on_event(AppEvent::EditorClosed(result))
    }

    /// Gives the terminal back, stops, and takes it again when the program goes on.
    fn suspend_self(&mut self) -> anyhow::Result<()> {
        self.is_stopped = true;
        #[cfg(unix)]
        self.screen.suspend_while(super::signals::stop_self)?;
        self.take_new_size()
    }

    fn take_new_size(&mut self) -> anyhow::Result<()> {
        let (width, height) = self.screen.size()?;
        self.on_event(AppEvent::Resize(width, height))
    }
}

#[cfg(unix)]
fn suspend_group() {
    super::signals::stop_group();
}

#[cfg(not(unix))]
const fn suspend_group() {}
