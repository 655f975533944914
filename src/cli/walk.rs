//! Runs `walk`: opens the app on the guided hardening.

use std::path::Path;

use anyhow::bail;

use super::app;
use super::args::AppearanceArgs;
use crate::app::WalkScreen;
use crate::terminal;

pub(super) fn run(path: &Path, look: &AppearanceArgs) -> anyhow::Result<u8> {
    if !terminal::is_interactive() {
        bail!("the walk needs a terminal; `seaworthy fix --review --diff` prints what it would write");
    }
    app::open_app(path, look, |state| state.walk = Some(WalkScreen::default()))
}
