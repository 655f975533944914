//! Holds where a chart's files lie, for the audit of charts.

use std::path::Path;

use crate::repo::RelPath;

/// The places of a chart's files.
#[derive(Clone, Copy)]
pub(in crate::audit) struct ChartPlace<'a> {
    pub folder: &'a Path,
    /// The folder that paths are relative to.
    pub root: &'a Path,
    /// The root of the repository, outside of which nothing is read.
    pub top: &'a Path,
}

impl ChartPlace<'_> {
    /// The path of a file that is named from the chart's folder.
    pub(in crate::audit) fn path_of(&self, name: &str) -> Option<RelPath> {
        let mut at = self.folder.to_path_buf();
        for part in name.split('/').filter(|part| !part.is_empty() && *part != ".") {
            if part == ".." {
                at.pop();
            } else {
                at.push(part);
            }
        }
        RelPath::relative_to(self.root, &at)
    }
}
