//! Lists the rows of a stage: changes with their places, or files with their fixes, and what is left out.

use super::fix_stage::FixStage;
use super::stage_row::{StageRow, StageView};
use crate::finding::FindingKey;

impl FixStage {
    /// Lists the rows anew; the cursor stays on the row of that name where it is still there.
    pub(super) fn rebuild_rows(&mut self, before: Option<String>) {
        let mut rows = Vec::new();
        match self.view {
            StageView::Changes => self.list_changes(&mut rows),
            StageView::Files => self.list_files(&mut rows),
        }
        for (head, reasons) in
            [(StageRow::LeftOut, &self.left_out), (StageRow::Breaking, &self.breaking_reasons)]
        {
            if reasons.is_empty() {
                continue;
            }
            rows.push(head);
            if self.is_unfolded(head) {
                let row = |at| match head {
                    StageRow::LeftOut => StageRow::LeftReason(at),
                    _ => StageRow::BreakingReason(at),
                };
                rows.extend((0..reasons.len()).map(row));
            }
        }
        self.rows = rows;
        let is_same = |row: &StageRow| Some(self.name_of_row(*row)) == before;
        // Most often it is where it was.
        let here = self.rows.get(self.cursor.row).filter(|row| is_same(row)).map(|_| self.cursor.row);
        let at = here.or_else(|| before.as_ref().and_then(|_| self.rows.iter().position(is_same)));
        self.cursor.move_to(at.unwrap_or(self.cursor.row), self.rows.len());
        if at.is_none() {
            self.show_selected();
        }
    }

    /// What a row is about, whatever its number.
    fn name_of_row(&self, row: StageRow) -> String {
        match row {
            StageRow::Change(at) => {
                let change = &self.changes.changes[at];
                format!("change {} {}", change.is_safe, change.text)
            }
            StageRow::Place { change, place } => {
                let own = self.changes.changes[change].places[place];
                let (path, line) = self.position_of(own);
                format!("{} {path}:{line}", self.name_of_row(StageRow::Change(change)))
            }
            StageRow::File(at) => format!("file {}", self.files.files[at].path),
            StageRow::Fix { file, fix } => {
                format!("fix {} {}", self.files.files[file].path, self.files.files[file].fixes[fix].title)
            }
            StageRow::LeftOut => "left out".to_owned(),
            StageRow::Breaking => "breaking".to_owned(),
            StageRow::LeftReason(at) => format!("left out: {}", self.left_out[at].reason),
            StageRow::BreakingReason(at) => format!("breaking: {}", self.breaking_reasons[at].reason),
        }
    }

    /// The name of the row that has the cursor.
    pub(super) fn selected_name(&self) -> Option<String> {
        self.selected_row().map(|row| self.name_of_row(row))
    }

    /// Selects the change of the finding that was planned anew, once it is there.
    pub(super) fn select_followed(&mut self) {
        let Some(key) = &self.followed_key else { return };
        if let Some(at) = self.rows.iter().position(|row| self.is_row_of(*row, key)) {
            self.followed_key = None;
            self.cursor.row = at;
            self.show_selected();
        }
    }

    /// Why the finding that was planned anew has no change any more; it is followed no further.
    pub(in crate::app) fn reason_of_followed(&mut self) -> Option<String> {
        let key = self.followed_key.as_ref()?;
        let mut withheld = self.groups.iter().flat_map(|group| &group.full.withheld);
        let reason = withheld.find(|(other, _)| other == key).map(|(_, reason)| reason.clone());
        if reason.is_some() {
            self.followed_key = None;
        }
        reason
    }

    fn is_row_of(&self, row: StageRow, key: &FindingKey) -> bool {
        match row {
            StageRow::Change(at) => self.changes.changes[at].places.iter().any(|place| {
                let group = self.groups[place.group].side(place.is_taken);
                let fixes = &group.patches[place.patch].blocks[place.block].fixes;
                fixes.iter().any(|at| group.fixes[*at].key == *key)
            }),
            StageRow::File(at) => self.files.files[at].path == key.path,
            _ => false,
        }
    }

    /// True for a row that is open.
    #[must_use]
    pub fn is_unfolded(&self, row: StageRow) -> bool {
        !self.unfolded.is_empty() && self.unfolded.contains(&self.name_of_row(row))
    }

    /// Shows the rows of the other view.
    pub(in crate::app) fn turn_view(&mut self) {
        self.view = match self.view {
            StageView::Changes => StageView::Files,
            StageView::Files => StageView::Changes,
        };
        self.cursor = super::super::list_cursor::ListCursor::default();
        self.rebuild_rows(None);
    }

    /// Shows the rows that hold these words.
    pub(in crate::app) fn search_words(&mut self, words: &str) {
        let before = self.selected_name();
        self.words = words.to_owned();
        self.rebuild_rows(before);
        self.revision += 1;
    }

    fn list_changes(&self, rows: &mut Vec<StageRow>) {
        for (at, change) in self.changes.changes.iter().enumerate() {
            let stands_at = |word: &str| {
                change.places.iter().any(|place| {
                    let (path, line) = self.position_of(*place);
                    format!("{path}:{line}").to_lowercase().contains(word)
                })
            };
            if !self.is_found(|word| {
                change.title.to_lowercase().contains(word)
                    || change.text.to_lowercase().contains(word)
                    || stands_at(word)
            }) {
                continue;
            }
            let row = StageRow::Change(at);
            rows.push(row);
            if self.is_unfolded(row) {
                rows.extend((0..change.places.len()).map(|place| StageRow::Place { change: at, place }));
            }
        }
    }

    fn list_files(&self, rows: &mut Vec<StageRow>) {
        for (at, file) in self.files.files.iter().enumerate() {
            let has = |word: &str| {
                file.path.as_str().to_lowercase().contains(word)
                    || file.fixes.iter().any(|fix| fix.title.to_lowercase().contains(word))
            };
            if !self.is_found(has) {
                continue;
            }
            let row = StageRow::File(at);
            rows.push(row);
            if self.is_unfolded(row) {
                rows.extend((0..file.fixes.len()).map(|fix| StageRow::Fix { file: at, fix }));
            }
        }
    }

    /// The lines of the list that the search takes, above the rows.
    #[must_use]
    pub fn search_lines(&self) -> usize {
        usize::from(self.search.is_some() || !self.words.is_empty())
    }

    /// The changes or files that are listed, and all that there are.
    #[must_use]
    pub fn count_found(&self) -> (usize, usize) {
        let is_head = |row: &&StageRow| matches!(row, StageRow::Change(_) | StageRow::File(_));
        let all = match self.view {
            StageView::Changes => self.changes.changes.len(),
            StageView::Files => self.files.files.len(),
        };
        (self.rows.iter().filter(is_head).count(), all)
    }

    /// True where every word of the search occurs.
    fn is_found(&self, occurs: impl Fn(&str) -> bool) -> bool {
        self.words.split_whitespace().all(|word| occurs(&word.to_lowercase()))
    }

    /// The row that has the cursor.
    #[must_use]
    pub fn selected_row(&self) -> Option<StageRow> {
        self.rows.get(self.cursor.row).copied()
    }

    /// Unfolds a row, or folds it; from a row that has none under it, the one that it stands under.
    pub(in crate::app) fn fold_selected(&mut self, unfold: Option<bool>) {
        let head = match self.selected_row() {
            Some(StageRow::Place { change, .. }) => StageRow::Change(change),
            Some(StageRow::Fix { file, .. }) => StageRow::File(file),
            Some(StageRow::LeftReason(_)) => StageRow::LeftOut,
            Some(StageRow::BreakingReason(_)) => StageRow::Breaking,
            Some(row) => row,
            None => return,
        };
        let (name, before) = (self.name_of_row(head), self.selected_name());
        if unfold.unwrap_or_else(|| !self.unfolded.contains(&name)) {
            self.unfolded.insert(name);
            self.rebuild_rows(before);
        } else if self.unfolded.remove(&name) {
            self.rebuild_rows(Some(name));
        }
        self.show_selected();
    }

    /// Shows what is selected from its beginning.
    pub(in crate::app) const fn show_selected(&mut self) {
        self.detail_scroll = 0;
        self.notes_scroll = 0;
        self.passed_rows = 0;
        self.revision += 1;
    }
}
