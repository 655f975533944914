//! Opens the app for the user, or prints a plain report where stdout is no terminal.

use std::path::Path;
use std::time::Duration;

use super::args::{AppearanceArgs, CheckArgs, CheckFormat};
use super::named_paths::{PathAccess, resolve_path};
use super::{EXIT_CLEAN, check};
use crate::app::AppState;
use crate::service::{ServiceWorker, workspace};
use crate::terminal::TerminalOptions;
use crate::trial::RunningTrial;
use crate::{repo, rules, terminal};

/// The time that a trial has for cleaning up when the app is left.
const TRIAL_PATIENCE: Duration = Duration::from_secs(15);

pub(super) fn run(path: &Path, look: &AppearanceArgs) -> anyhow::Result<u8> {
    open_app(path, look, |_| {})
}

/// Opens the app, after `prepare` has changed its first state.
pub(super) fn open_app(
    path: &Path,
    look: &AppearanceArgs,
    prepare: impl FnOnce(&mut AppState),
) -> anyhow::Result<u8> {
    if !terminal::is_interactive() {
        let report = CheckArgs {
            paths: vec![path.to_path_buf()],
            format: CheckFormat::Text,
            fail_on: None,
            online: false,
            stdin_filename: None,
            rules: Vec::new(),
            only_open: false,
            ignore_repository_settings: false,
        };
        return check::run(&report, look.color);
    }
    let target = resolve_path(path, PathAccess::Write)?;
    let root = repo::common_root(std::slice::from_ref(&target));
    let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // Errors in the settings are printed before the app takes the screen.
    let engine = workspace::open_engine(root.clone(), workspace::RepositorySettings::InEffect)?;
    let mut state = AppState::new(name, crate::service::read_config(), rules::find_rule);
    prepare(&mut state);
    let options = TerminalOptions {
        root: root.clone(),
        theme: look.theme.clone(),
        ascii: look.ascii,
        colour: look.color.explicit(),
        guard_program: std::env::current_exe().ok(),
    };
    let ended = terminal::run_terminal(state, options, move |remote| {
        ServiceWorker::new(engine, vec![target], remote)
    });
    // A trial that goes on removes what it made before the program is gone.
    RunningTrial::end_all(TRIAL_PATIENCE);
    ended?;
    Ok(EXIT_CLEAN)
}
