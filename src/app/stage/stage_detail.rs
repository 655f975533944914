//! Lays out what the selected row of a stage would change, for its pane: the lines with those around them.

use std::collections::HashMap;
use std::ops::Range;

use super::super::fix_preview::PatchLine;
use super::super::patch_pages::PatchPages;
use super::super::redact::SecretRedactor;
use super::fix_stage::FixStage;
use super::stage_row::StageRow;
use super::staged_change::{ChangeText, StagedPlace, text_of_change};
use crate::fix::StagedFix;
use crate::repo::RelPath;
use crate::store::Store;
use crate::text::SourceText;
use crate::text::diff::{ChangedBlock, DiffLine, LineChange};

/// The unchanged lines around a change.
const CONTEXT_LINES: usize = 3;

/// A sentence on the risk of what a row shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageRemark<'s> {
    /// True where it speaks against the change.
    pub is_caution: bool,
    pub words: &'s str,
    /// The places that it is about; none where it is about all.
    pub places: Vec<StagedPlace>,
}

/// What a row shows beside the list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StageDetail {
    pub path: Option<RelPath>,
    pub lines: Vec<PatchLine>,
    /// The lines of each change, and its text.
    pub hunks: Vec<(Range<usize>, ChangeText)>,
}

impl StageDetail {
    /// The rows that each change takes in so many cells.
    pub(super) fn hunk_rows(&self, pages: &PatchPages<'_>) -> Vec<Range<usize>> {
        let mut first_rows = vec![pages.rows.len(); self.lines.len() + 1];
        let mut line = 0;
        for (at, row) in pages.rows.iter().enumerate().filter(|(_, row)| row.part == 0) {
            first_rows[line] = at.min(first_rows[line]);
            line += usize::from(row.part == 0);
        }
        self.hunks.iter().map(|(lines, _)| first_rows[lines.start]..first_rows[lines.end]).collect()
    }

    fn add_block(&mut self, (before, after): (&SourceText, &SourceText), block: &ChangedBlock, from: usize) {
        let shift = block.before.start as isize - block.after.start as isize;
        let start = block.after.start.saturating_sub(CONTEXT_LINES).max(from.min(block.after.start));
        self.add_context(after, start..block.after.start, shift);
        let first = self.lines.len();
        let text = |source: &SourceText, at: usize| line_text(source, at);
        let removed = block.before.clone().map(|at| DiffLine {
            change: LineChange::Removed,
            before: Some(at + 1),
            after: None,
            text: text(before, at),
        });
        let added = block.after.clone().map(|at| DiffLine {
            change: LineChange::Added,
            before: None,
            after: Some(at + 1),
            text: text(after, at),
        });
        self.lines.extend(removed.chain(added).map(PatchLine::Line));
        self.hunks.push((first..self.lines.len(), text_of_change(before, after, block)));
    }

    fn add_context(&mut self, after: &SourceText, lines: Range<usize>, shift: isize) {
        let context = lines.map(|at| DiffLine {
            change: LineChange::Unchanged,
            before: at.checked_add_signed(shift).map(|at| at + 1),
            after: Some(at + 1),
            text: line_text(after, at),
        });
        self.lines.extend(context.map(PatchLine::Line));
    }
}

fn line_text(source: &SourceText, at: usize) -> String {
    source.line_span(at + 1).slice(source.text()).trim_end_matches(['\n', '\r']).to_owned()
}

impl FixStage {
    /// What the selected row shows, without secrets.
    #[must_use]
    pub fn selected_detail(&self, store: &Store) -> StageDetail {
        let mut detail = StageDetail::default();
        let places = self.selected_places();
        let Some(first) = places.first() else { return detail };
        let patch = &self.groups[first.group].side(first.is_taken).patches[first.patch];
        let (before, after) = (&patch.patch.before, &patch.patch.after);
        detail.path = Some(patch.patch.path.clone());
        let line_count = after.text().lines().count();
        let mut shown = 0;
        for (at, place) in places.iter().enumerate() {
            let block = &patch.blocks[place.block].block;
            if at > 0 && block.after.start.saturating_sub(CONTEXT_LINES) > shown {
                detail.lines.push(PatchLine::Gap);
            }
            detail.add_block((before, after), block, shown);
            let next =
                places.get(at + 1).map_or(line_count, |next| patch.blocks[next.block].block.after.start);
            shown = (block.after.end + CONTEXT_LINES).min(next).min(line_count).max(block.after.end);
            let shift = block.before.end as isize - block.after.end as isize;
            detail.add_context(after, block.after.end..shown, shift);
        }
        let redactor = SecretRedactor::for_texts(store, &patch.patch.path, [before, after]);
        for line in &mut detail.lines {
            if let PatchLine::Line(line) = line {
                redactor.redact_line(line);
            }
        }
        detail
    }

    /// The places in one file that the selected row shows.
    #[must_use]
    pub fn selected_places(&self) -> Vec<StagedPlace> {
        match self.selected_row() {
            Some(StageRow::Change(at)) => {
                let places = &self.changes.changes[at].places;
                places.get(self.place.min(places.len().saturating_sub(1))).copied().into_iter().collect()
            }
            Some(StageRow::Place { change, place }) => vec![self.changes.changes[change].places[place]],
            Some(StageRow::File(at)) => self.files.files[at].places.clone(),
            Some(StageRow::Fix { file, fix }) => self.places_of_fix(file, fix),
            _ => Vec::new(),
        }
    }

    fn places_of_fix(&self, file: usize, fix: usize) -> Vec<StagedPlace> {
        let file = &self.files.files[file];
        let keys = &file.fixes[fix].keys;
        let is_left = keys.iter().all(|key| self.left_keys.contains(key));
        let group = self.groups[file.group].side(!is_left);
        let mut places = Vec::new();
        for (number, patch) in
            group.patches.iter().enumerate().filter(|(_, patch)| patch.patch.path == file.path)
        {
            for (block, staged) in patch.blocks.iter().enumerate() {
                if staged.fixes.iter().any(|at| keys.contains(&group.fixes[*at].key)) {
                    places.push(StagedPlace { group: file.group, patch: number, block, is_taken: !is_left });
                }
            }
        }
        places
    }

    /// The path and the line, from 1, of a place.
    #[must_use]
    pub fn position_of(&self, place: StagedPlace) -> (&RelPath, usize) {
        let patch = &self.groups[place.group].side(place.is_taken).patches[place.patch];
        (&patch.patch.path, patch.blocks[place.block].block.after.start + 1)
    }

    /// True where what the selected row shows writes a value that could be another.
    #[must_use]
    pub fn has_selected_value(&self) -> bool {
        self.selected_places().iter().any(|place| {
            let patch = &self.groups[place.group].side(place.is_taken).patches[place.patch];
            patch.blocks[place.block].has_value
        })
    }

    /// What is known of the selected row's risk: what speaks against a change first. Of a change with several places it is
    /// all that is known of any of them, and where not all have it, which do.
    #[must_use]
    pub fn selected_remarks(&self) -> Vec<StageRemark<'_>> {
        let all = match self.selected_row() {
            Some(StageRow::Change(at)) => self.changes.changes[at].places.clone(),
            _ => self.selected_places(),
        };
        let is_change = matches!(self.selected_row(), Some(StageRow::Change(_)));
        let mut remarks: Vec<StageRemark<'_>> = Vec::new();
        let mut known: HashMap<(bool, &str), usize> = HashMap::new();
        for place in &all {
            let group = self.groups[place.group].side(place.is_taken);
            for at in &group.patches[place.patch].blocks[place.block].fixes {
                let fix = &group.fixes[*at];
                let against = fix.cautions.iter().map(|words| (true, words.as_str()));
                let evidence = fix.evidence.iter().filter(|_| fix.is_safe);
                for (is_caution, words) in against.chain(evidence.map(|words| (false, words.as_str()))) {
                    let next = remarks.len();
                    let at = *known.entry((is_caution, words)).or_insert(next);
                    if at == next {
                        remarks.push(StageRemark { is_caution, words, places: Vec::new() });
                    }
                    if remarks[at].places.last() != Some(place) {
                        remarks[at].places.push(*place);
                    }
                }
            }
        }
        for remark in remarks.iter_mut().filter(|remark| !is_change || remark.places.len() == all.len()) {
            remark.places.clear();
        }
        remarks.sort_by_key(|remark| !remark.is_caution);
        remarks
    }

    /// The fixes that make what the selected row shows.
    #[must_use]
    pub fn selected_fixes(&self) -> Vec<&StagedFix> {
        let mut fixes: Vec<&StagedFix> = Vec::new();
        for place in self.selected_places() {
            let group = self.groups[place.group].side(place.is_taken);
            for at in &group.patches[place.patch].blocks[place.block].fixes {
                if !fixes.iter().any(|known| known.key == group.fixes[*at].key) {
                    fixes.push(&group.fixes[*at]);
                }
            }
        }
        fixes
    }
}
