//! Lays out what a chart renders of a file, or an overlay builds of it, for the page that shows it with the origin of each
//! line.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::line_origin::{LineOrigin, origins_of_line};
use super::rendered_files::{all_renders, name_in_chart};
use super::secret_lines::{hide_value, lines_of_secrets};
use crate::app::list_cursor::ListCursor;
use crate::app::redact::SecretRedactor;
use crate::audit::{FileReport, RenderReport};
use crate::helm::{OriginSegment, SegmentKind};
use crate::repo::{FileRole, RelPath};
use crate::store::Store;
use crate::text::Span;
use crate::unit::{UnitKey, UnitKind};

/// What is rendered of a file: of a template its objects, of any other file those that it has a part in.
#[derive(Debug)]
pub struct RenderedPage {
    /// The file for which it was asked.
    pub subject: RelPath,
    pub unit: Arc<UnitKey>,
    pub parts: Vec<RenderedPart>,
    pub cursor: ListCursor,
    /// The origin of the selected line that is named and gone to, of several.
    pub choice: usize,
    secrets: Vec<SecretRedactor>,
}

/// One template, rendered.
#[derive(Clone, Debug)]
pub struct RenderedPart {
    pub template: RelPath,
    pub render: RenderReport,
    /// The lines with values of a Secret, from 1.
    secret_lines: BTreeSet<usize>,
}

/// A row of the page.
#[derive(Clone, Copy, Debug)]
pub enum RenderedRow<'a> {
    /// The name of a template, where several are shown.
    Template(&'a RelPath),
    /// A line, by its number from 1.
    Line(&'a RenderedPart, usize),
}

impl RenderedPage {
    /// The rows above and below those of the page: its title, and the origin of the selected line.
    pub const FRAME_ROWS: u16 = 2;

    /// What is rendered of a file with a value set; the cursor is where that line of the file, from 1, is rendered.
    pub(in crate::app) fn of_file(store: &Store, unit: Arc<UnitKey>, subject: &RelPath, line: usize) -> Self {
        let own = all_renders(store).filter(|(_, render)| render.unit == unit);
        let renders: Vec<(&RelPath, &RenderReport)> = own.collect();
        let bytes =
            store.file(subject).and_then(|file| file.source.as_ref()).map(|source| source.line_span(line));
        let name = name_in_chart(&unit.path, subject).unwrap_or_default();
        let reaches = |render: &RenderReport, bytes: Option<Span>| {
            render.origin.iter().any(|segment| is_from(segment, &name, bytes))
        };
        let holds_objects = |file: &FileReport| {
            file.role != FileRole::Kustomization && file.renders.iter().any(|render| render.unit == unit)
        };
        let is_template = store.file(subject).is_some_and(holds_objects);
        let mut chosen = renders.clone();
        if is_template {
            chosen.retain(|(template, _)| *template == subject);
        } else {
            chosen.retain(|(_, render)| reaches(render, bytes));
            if chosen.is_empty() {
                chosen = renders;
                chosen.retain(|(_, render)| reaches(render, None));
            }
        }
        // What an overlay only names has a part in all that it builds.
        if chosen.is_empty() && unit.kind == UnitKind::Kustomization {
            chosen = all_renders(store).filter(|(_, render)| render.unit == unit).collect();
        }
        let parts = chosen.into_iter().map(|(template, render)| RenderedPart {
            template: (*template).clone(),
            render: (*render).clone(),
            secret_lines: lines_of_secrets(render.text.text()),
        });
        let parts: Vec<RenderedPart> = parts.collect();
        let mut page = Self {
            subject: subject.clone(),
            secrets: secrets_of_unit(store, &unit, &parts),
            unit,
            parts,
            cursor: ListCursor::default(),
            choice: 0,
        };
        page.cursor.row = bytes.and_then(|bytes| page.find_row(bytes)).unwrap_or_default();
        page
    }

    /// The number of rows.
    #[must_use]
    pub fn row_count(&self) -> usize {
        self.parts.iter().map(|part| self.rows_of(part)).sum()
    }

    #[must_use]
    pub fn row_at(&self, mut row: usize) -> Option<RenderedRow<'_>> {
        let titles = self.title_rows();
        for part in &self.parts {
            let rows = self.rows_of(part);
            if row < titles {
                return Some(RenderedRow::Template(&part.template));
            }
            if row < rows {
                return Some(RenderedRow::Line(part, row - titles + 1));
            }
            row -= rows;
        }
        None
    }

    /// The places where a row was written.
    #[must_use]
    pub fn origins_at(&self, store: &Store, row: usize) -> Vec<LineOrigin> {
        match self.row_at(row) {
            Some(RenderedRow::Line(part, line)) => origins_of_line(store, &part.template, &part.render, line),
            _ => Vec::new(),
        }
    }

    /// The chosen one of the places where the selected row was written, its number from 1, and how many there are.
    #[must_use]
    pub fn selected_origin(&self, store: &Store) -> Option<(LineOrigin, usize, usize)> {
        let mut origins = self.origins_at(store, self.cursor.row);
        let count = origins.len();
        let at = self.choice.min(count.checked_sub(1)?);
        Some((origins.swap_remove(at), at + 1, count))
    }

    /// A line as it may be shown: without secrets.
    #[must_use]
    pub fn text_of_line(&self, part: &RenderedPart, line: usize) -> String {
        let text = part.render.text.line_span(line).slice(part.render.text.text());
        let text = if part.secret_lines.contains(&line) { hide_value(text) } else { text.to_owned() };
        self.secrets.iter().fold(text, |text, secrets| secrets.redact_text(&text))
    }

    fn title_rows(&self) -> usize {
        usize::from(self.parts.len() > 1)
    }

    fn rows_of(&self, part: &RenderedPart) -> usize {
        part.render.text.line_count() + self.title_rows()
    }

    /// The row in which the first of these bytes of the page's own file is rendered.
    fn find_row(&self, bytes: Span) -> Option<usize> {
        let name = name_in_chart(&self.unit.path, &self.subject)?;
        let mut before = self.title_rows();
        for part in &self.parts {
            let found = part.render.origin.iter().find_map(|segment| {
                let at = is_from(segment, &name, Some(bytes)).then(|| first_byte(segment, &name, bytes))?;
                let text = part.render.text.text().get(at..segment.end)?;
                let blanks = text.len() - text.trim_start().len();
                (blanks < text.len()).then_some(at + blanks)
            });
            if let Some(at) = found {
                return Some(before + part.render.text.line_number_at(at) - 1);
            }
            before += self.rows_of(part);
        }
        None
    }
}

/// True where bytes come from these bytes of a file, or went through an action there; from any of it, where none are
/// given.
fn is_from(segment: &OriginSegment, name: &str, bytes: Option<Span>) -> bool {
    let holds = |offset: usize| bytes.is_none_or(|bytes| (bytes.start..bytes.end).contains(&offset));
    let is_included = segment.via.iter().any(|site| &*site.path == name && holds(site.offset));
    is_included || &*segment.place.path == name && bytes.is_none_or(|bytes| shares_bytes(segment, bytes))
}

fn shares_bytes(segment: &OriginSegment, bytes: Span) -> bool {
    let start = segment.place.offset;
    let length = match segment.kind {
        SegmentKind::Computed { .. } => 1,
        _ => segment.end - segment.start,
    };
    start < bytes.end && bytes.start < start + length
}

/// The first byte of a segment that comes from these bytes of a file.
fn first_byte(segment: &OriginSegment, name: &str, bytes: Span) -> usize {
    let is_copy = &*segment.place.path == name && !matches!(segment.kind, SegmentKind::Computed { .. });
    let within = if is_copy { bytes.start.saturating_sub(segment.place.offset) } else { 0 };
    segment.start + within.min(segment.end - segment.start)
}

/// The secrets of all files of a chart, or of an overlay and of the files that it builds on.
fn secrets_of_unit(store: &Store, unit: &UnitKey, parts: &[RenderedPart]) -> Vec<SecretRedactor> {
    let segments = || parts.iter().flat_map(|part| part.render.origin.iter());
    let named: BTreeSet<&str> = segments().map(|segment| &*segment.place.path).collect();
    let is_own = |name: &str| !name.starts_with("../") || named.contains(name);
    let own =
        store.files().filter(|file| name_in_chart(&unit.path, &file.path).is_some_and(|name| is_own(&name)));
    let secrets = own.map(|file| SecretRedactor::for_file(store, &file.path));
    secrets.filter(|secrets| !secrets.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::helm::OriginPlace;

    fn segment(start: usize, end: usize, kind: SegmentKind, file: &str, offset: usize) -> OriginSegment {
        let place = OriginPlace { path: file.into(), offset };
        OriginSegment { start, end, kind, place, via: Arc::default() }
    }

    #[test]
    fn bytes_come_from_a_line_when_they_share_one_with_it_or_went_through_an_action_in_it() {
        let text = segment(10, 20, SegmentKind::Text, "a", 100);
        assert!(is_from(&text, "a", Some(Span::new(105, 130))) && is_from(&text, "a", None));
        assert!(!is_from(&text, "a", Some(Span::new(110, 130))) && !is_from(&text, "b", None));
        assert_eq!(first_byte(&text, "a", Span::new(105, 130)), 15);
        let mut value = segment(10, 20, SegmentKind::Value { key: "x".into() }, "b", 4);
        value.via = [OriginPlace { path: "a".into(), offset: 50 }].into();
        assert!(
            is_from(&value, "a", Some(Span::new(40, 60))) && !is_from(&value, "a", Some(Span::new(51, 60)))
        );
        assert_eq!(first_byte(&value, "a", Span::new(40, 60)), 10);
    }
}
