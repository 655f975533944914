//! Divides the findings of a file for the reports, which make and write a few at a time.

use std::slice::Chunks;
use std::sync::Arc;

use crate::audit::{FileReport, ListedFinding};
use crate::repo::FileKind;

/// The findings of a manifest whose fixes are made at a time: of all they would take many times the findings' memory.
pub(super) const PAGE_FINDINGS: usize = 256;

/// The findings of a file, a few at a time: all at once where its fixes depend on each other, as a Dockerfile's do.
pub(super) fn findings_at_a_time<'l>(
    file: &FileReport,
    listed: &'l [Arc<ListedFinding>],
) -> Chunks<'l, Arc<ListedFinding>> {
    listed.chunks(if file.kind == FileKind::Manifest { PAGE_FINDINGS } else { listed.len().max(1) })
}
