//! `walk`: the app, opened on the guided hardening.

use std::path::Path;

use anyhow::bail;

use super::args::Look;
use super::interactive;
use crate::app::WalkScreen;
use crate::terminal;

pub(super) fn run(path: &Path, look: &Look) -> anyhow::Result<u8> {
    if !terminal::usable() {
        bail!("the walk needs a terminal; `seaworthy fix --review --diff` prints what it would write");
    }
    interactive::open(path, look, |state| state.walk = Some(WalkScreen::default()))
}
