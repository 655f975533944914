//! Lays out the files in view with the fix at its place in them, for the views and for the question what a frame shows.

use super::app_state::AppState;
use super::ghost_view::{
    GhostAnchor, GhostRoom, GhostView, compose_view, gutter_cells, number_digits, top_showing_line,
};
use super::patched_file::{PatchSide, PatchedFile, PatchedLine};
use super::screen_layout::{LayoutShape, Pane, ScreenArea};
use crate::repo::RelPath;

/// The cells beside the number of findings at the right of a line: two brackets and a blank.
const MARK_CELLS: usize = 3;

/// A file in view, with the rows of it that are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct FilePane {
    pub file: PatchedFile,
    pub view: GhostView,
    /// Its first row is the title.
    pub area: ScreenArea,
    /// The digits of its line numbers.
    pub digits: usize,
    /// The place of the cursor's line, where the cursor is in this file.
    pub cursor: Option<usize>,
}

impl FilePane {
    /// True where everything that the fix changes in this file is shown.
    #[must_use]
    pub fn shows_whole_fix(&self) -> bool {
        self.file.has_changes() && self.view.is_whole()
    }
}

impl AppState {
    /// The files in view, the selected finding's first.
    #[must_use]
    pub fn file_panes(&self) -> Vec<FilePane> {
        let layout = self.layout();
        let (own, linked) = self.source_areas();
        let mut panes = Vec::new();
        if let Some(fix) = layout.fix.filter(|_| self.focus != Pane::Source) {
            // Under a list, the fix alone is shown: its first file's, where it is in several.
            let written = self.preview.visible().files.first().map(|file| file.path.clone());
            let path = written.as_ref().filter(|_| !self.writes_file(self.current_path()));
            let area = ScreenArea { y: fix.y + 1, height: fix.height.saturating_sub(1), ..fix };
            panes.extend(path.or(self.current_path()).and_then(|path| self.lay_out_file(path, area, true)));
            return panes;
        }
        if own.width == 0 || own.height < 2 {
            return panes;
        }
        panes.extend(self.current_path().and_then(|path| self.lay_out_file(path, own, true)));
        if let Some((area, (path, _))) = linked.zip(self.linked_file()) {
            panes.extend(self.lay_out_file(path, area, false));
        }
        panes
    }

    /// A file that was written just now, while its place is kept.
    fn written_file(&self, path: &RelPath) -> Option<&PatchedFile> {
        let mended = self.mended.as_ref().filter(|mended| mended.row.is_some())?;
        mended.files.iter().find(|file| file.path == *path)
    }

    fn writes_file(&self, path: Option<&RelPath>) -> bool {
        self.preview.visible().files.iter().any(|file| Some(&file.path) == path)
    }

    fn lay_out_file(&self, path: &RelPath, area: ScreenArea, is_own: bool) -> Option<FilePane> {
        let file = self.patched_file(path)?;
        let digits = number_digits(&file);
        let is_current = is_own && self.current_path() == Some(path);
        let cursor = is_current.then(|| file.place_of_line(self.source.cursor.row));
        let reserved = |line: PatchedLine| self.mark_cells(&file, line);
        let room = pane_room(area, digits, &reserved);
        let view = compose_view(&file, self.file_anchor(&file, cursor), &room);
        Some(FilePane { view, area, digits, cursor, file })
    }

    /// The file with the fix in view at its place, where the fix is of the text in view.
    pub(super) fn patched_file(&self, path: &RelPath) -> Option<PatchedFile> {
        let source = self.store.file(path)?.source.as_ref()?;
        if let Some(written) = self.written_file(path).filter(|file| file.after.hash() == source.hash()) {
            return Some(written.clone());
        }
        let files = &self.preview.visible().files;
        let patched = files.iter().find(|file| file.path == *path && file.before.hash() == source.hash());
        Some(match patched {
            Some(file) => file.clone().with_side(self.source.side),
            None => PatchedFile::unchanged(path.clone(), source),
        })
    }

    /// The part of a file that is shown: what the user scrolled to; else the fix, and the finding where there is room.
    fn file_anchor(&self, file: &PatchedFile, cursor: Option<usize>) -> GhostAnchor {
        let place = |line: usize| if line == 0 { 0 } else { file.place_of_line(line) };
        match cursor {
            Some(_) if self.focus == Pane::Source || self.source.is_scrolled => {
                GhostAnchor::Lines(place(self.source.cursor.top))
            }
            Some(line) => GhostAnchor::Changes { line, top: place(self.source.cursor.top) },
            None if self.source.linked_top.is_some() || !file.has_changes() => {
                GhostAnchor::Lines(place(self.linked_view().map_or(0, |(top, _)| top)))
            }
            None => {
                let line = file.changed_lines().next().map_or(0, |lines| lines.start);
                GhostAnchor::Changes { line, top: place(self.linked_view().map_or(0, |(top, _)| top)) }
            }
        }
    }

    /// The cells that the number of a line's findings takes, where there are several.
    fn mark_cells(&self, file: &PatchedFile, line: PatchedLine) -> usize {
        let Some(number) = file.finding_line(line) else { return 0 };
        match self.index.entries_at_line(&file.path, number).len() {
            0 | 1 => 0,
            count => count.to_string().len() + MARK_CELLS,
        }
    }

    /// The first line of the file in view, from which on the cursor's line is in view although lines wrap.
    pub(super) fn top_with_cursor(&self, top: usize) -> usize {
        let Some(file) = self.current_path().and_then(|path| self.patched_file(path)) else { return top };
        let area = self.source_areas().0;
        if area.width == 0 {
            return top;
        }
        let reserved = |line: PatchedLine| self.mark_cells(&file, line);
        let room = pane_room(area, number_digits(&file), &reserved);
        top_showing_line(&file, top, self.source.cursor.row, &room)
    }

    /// True where a pane of the source can show a fix at its place.
    #[must_use]
    pub fn shows_source(&self) -> bool {
        let layout = self.layout();
        layout.shape == LayoutShape::Panes || self.focus == Pane::Source
    }
}

fn pane_room<'a>(
    area: ScreenArea,
    digits: usize,
    reserved: &'a dyn Fn(PatchedLine) -> usize,
) -> GhostRoom<'a> {
    let cells = usize::from(area.width).saturating_sub(gutter_cells(digits));
    GhostRoom { cells, rows: area.content_lines(), reserved }
}

impl PatchedFile {
    /// The number of a line in the text that was audited; findings stand at these.
    #[must_use]
    pub fn finding_line(&self, line: PatchedLine) -> Option<usize> {
        match self.side {
            PatchSide::After => line.after.filter(|_| !self.has_changes()),
            PatchSide::Written => line.after,
            PatchSide::Both | PatchSide::Before => line.before,
        }
    }
}
