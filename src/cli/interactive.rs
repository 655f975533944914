//! The app; a plain report where stdout is no terminal.

use std::path::Path;

use super::args::{Check, Look, Output};
use super::backend::Worker;
use super::{CLEAN, audit, check, home};
use crate::app::AppState;
use crate::repo;
use crate::rules;
use crate::terminal::{self, Options};

pub(super) fn run(path: &Path, look: &Look) -> anyhow::Result<u8> {
    open(path, look, |_| {})
}

/// The app, after `prepare` has had its way with it.
pub(super) fn open(path: &Path, look: &Look, prepare: impl FnOnce(&mut AppState)) -> anyhow::Result<u8> {
    if !terminal::usable() {
        return check::run(&Check {
            paths: vec![path.to_path_buf()],
            format: Output::Text,
            fail_on: None,
            online: false,
            rules: Vec::new(),
            only_open: false,
        });
    }
    let target = audit::resolve(path)?;
    let root = repo::common_root(std::slice::from_ref(&target));
    let name = root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // What is wrong with the settings is said before the screen is taken.
    let engine = home::engine(root.clone())?;
    let mut state = AppState::new(name, terminal::read_config(), rules::find_rule);
    prepare(&mut state);
    let options = Options { root: root.clone(), theme: look.theme.clone(), ascii: look.ascii };
    terminal::run(state, options, move |remote| Worker::new(engine, vec![target], remote))?;
    Ok(CLEAN)
}
