//! Reads a chart's files, and none that a link brings in from outside the repository, for the charts and their stand-ins.

use std::path::Path;

use crate::helm::{SourceFile, read_chart_files};
use crate::repo::is_really_inside;

/// The files of the chart at `at`, a folder or an archive; the reason, where they cannot be read or one is not in `top`.
pub(super) fn read_files_inside(at: &Path, top: &Path) -> Result<Vec<SourceFile>, String> {
    let leads_out = |name: &str| format!("{name}: a link that leads outside the repository");
    if !is_really_inside(at, top) {
        return Err(leads_out(&at.display().to_string()));
    }
    let files = read_chart_files(at).map_err(|error| error.to_string())?;
    if at.is_dir() {
        let top = top.canonicalize().map_err(|error| error.to_string())?;
        let is_outside = |file: &&SourceFile| {
            at.join(&file.disk_path).canonicalize().is_ok_and(|real| !real.starts_with(&top))
        };
        if let Some(file) = files.iter().find(is_outside) {
            return Err(leads_out(&file.disk_path));
        }
    }
    Ok(files)
}
