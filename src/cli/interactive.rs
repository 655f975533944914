//! The app; a plain report where stdout is no terminal.

use std::path::Path;

use super::args::{Check, Floor, Format, Look};
use super::check;

pub(super) fn run(path: &Path, _look: &Look) -> anyhow::Result<u8> {
    check::run(&Check {
        paths: vec![path.to_path_buf()],
        format: Format::Text,
        fail_on: Floor(Some(crate::finding::Severity::Medium)),
        rules: Vec::new(),
    })
}
