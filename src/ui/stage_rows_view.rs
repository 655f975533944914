//! Draws the rows of a stage: a tick, what it is, its risk, and how much it changes.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{safe_text, scroll_marks, text_field_view};
use crate::app::{AppState, FixStage, ScreenArea, StageRow, TickState};
use crate::finding::FindingKey;
use crate::theme::StyleToken;

/// The cells that a title keeps beside what tells its row from others, and the fewest that it has.
const TITLE_CELLS: usize = 12;
const MIN_TITLE_CELLS: usize = 4;
/// The fewest beside a path, which the pane beside the list names whole.
const MIN_TITLE_CELLS_BESIDE_PATH: usize = 16;
/// Of a title in so few cells the beginning tells more than both ends.
const SHORT_TITLE_CELLS: usize = 18;
/// The cells of the sign for what was not seen, with a blank around it.
const UNSEEN_CELLS: usize = 3;

pub(super) fn draw_rows(canvas: &mut Canvas<'_>, state: &AppState, stage: &FixStage, area: ScreenArea) {
    if stage.search_lines() > 0 {
        draw_search(canvas, stage, area);
    }
    let searched = u16::try_from(stage.search_lines()).unwrap_or(0);
    let area = ScreenArea { y: area.y + searched, height: area.height.saturating_sub(searched), ..area };
    let top = stage.cursor.top.max((stage.cursor.row + 1).saturating_sub(usize::from(area.height)));
    let shared = SharedParts::of_changes(stage);
    for ((at, row), y) in stage.rows.iter().enumerate().skip(top).zip(area.y..area.bottom()) {
        let place = ScreenArea { y, height: 1, ..area };
        draw_row(canvas, stage, (*row, shared), (at == stage.cursor.row, place));
    }
    let (found, all) = stage.count_found();
    if found == 0 && all > 0 && stage.rows.len() < usize::from(area.height) {
        let words = "Nothing here holds all of these words; Esc clears them.";
        let y = area.y + u16::try_from(stage.rows.len()).unwrap_or(0);
        let style = canvas.token_style(StyleToken::Caution);
        canvas.draw_text(area.x + 1, y, area.width.saturating_sub(1), words, style);
    }
    if stage.rows.len() <= 1 && stage.changes.changes.is_empty() && area.height > 1 {
        let words = match stage.is_planned {
            false => "The fixes are being made and proven.",
            true => "Nothing here can be written.",
        };
        let style = canvas.token_style(StyleToken::Muted);
        canvas.draw_text(area.x + 1, area.y + 1, area.width.saturating_sub(1), words, style);
    }
    scroll_marks::draw_thumb(canvas, area, (top, stage.rows.len()));
    let place = format!(" {}/{} ", (stage.cursor.row + 1).min(stage.rows.len()), stage.rows.len());
    let (width, y) = (u16::try_from(place.len()).unwrap_or(0), state.size.1.saturating_sub(1));
    if let Some(x) = state.size.0.checked_sub(width + 2) {
        canvas.draw_text(x, y, width, &place, canvas.token_style(StyleToken::Base));
    }
}

fn draw_search(canvas: &mut Canvas<'_>, stage: &FixStage, area: ScreenArea) {
    let (found, all) = stage.count_found();
    let count = Line::from(Span::styled(format!("{found} of {all} "), canvas.token_style(StyleToken::Title)));
    let end = canvas.draw_right(area.x, area.y, area.width, &count);
    let cells = usize::from(end.saturating_sub(area.x + 3));
    let words = match &stage.search {
        Some(field) => text_field_view::shown_field(canvas, field, cells),
        None => safe_text::clean_text(&stage.words, canvas.glyphs().control_char).into_owned(),
    };
    canvas.draw_text(
        area.x + 1,
        area.y,
        end.saturating_sub(area.x + 1),
        &format!("/{words}"),
        canvas.token_style(StyleToken::Focus),
    );
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    stage: &FixStage,
    (row, shared): (StageRow, SharedParts<'_>),
    (is_selected, area): (bool, ScreenArea),
) {
    let mut parts = row_parts(canvas, stage, row);
    if let StageRow::Change(at) = row {
        let taken = 1 + parts.depth + 4 + 2 + UNSEEN_CELLS;
        let room = usize::from(area.width).saturating_sub(taken);
        parts.right = places_words(canvas, stage, (at, shared), room);
    }
    let mut right = vec![Span::styled(format!("{} ", parts.right), canvas.token_style(StyleToken::Muted))];
    if matches!(row, StageRow::Change(_) | StageRow::File(_)) {
        let sign = if parts.is_unseen { canvas.glyphs().unseen_mark } else { " " };
        right.push(Span::styled(format!("{sign} "), canvas.token_style(StyleToken::New)));
    }
    let end = canvas.draw_right(area.x, area.y, area.width, &Line::from(right));
    let bar = if is_selected { canvas.glyphs().bar } else { " " };
    let sign = if parts.sign.is_empty() { String::new() } else { format!("{} ", parts.sign) };
    let tick = match stage.tick_of(row) {
        Some(TickState::All) => "[x] ",
        Some(TickState::Some) => "[~] ",
        Some(TickState::None) => "[ ] ",
        None => "",
    };
    let lead = format!("{}{tick}{sign}", " ".repeat(parts.depth));
    let room = usize::from(end.saturating_sub(area.x + 2)).saturating_sub(safe_text::text_width(&lead));
    let label = safe_text::clean_text(&parts.label, canvas.glyphs().control_char).into_owned();
    let label = match row {
        // Of a sentence the beginning tells most.
        StageRow::LeftReason(_) | StageRow::BreakingReason(_) => {
            safe_text::fitting_head(&label, room, canvas.glyphs().ellipsis)
        }
        StageRow::Change(_) if room < SHORT_TITLE_CELLS => {
            safe_text::fitting_head(&label, room, canvas.glyphs().ellipsis)
        }
        _ => safe_text::fit_middle(&label, room, canvas.glyphs().ellipsis),
    };
    let token = if is_selected { StyleToken::Title } else { StyleToken::Base };
    let line = Line::from(vec![
        Span::styled(bar, canvas.token_style(StyleToken::Focus)),
        Span::styled(lead, canvas.token_style(StyleToken::Base)),
        Span::styled(label.into_owned(), canvas.token_style(token)),
    ]);
    canvas.draw_line(area.x, area.y, end.saturating_sub(area.x), &line);
    if is_selected {
        canvas.overlay_style(area, canvas.token_style(StyleToken::Selection));
    }
}

/// Where a change stands: the place, where it is one, else how many there are, and the line that tells it from others of
/// its title. What tells it apart is cut last, after the title.
fn places_words(
    canvas: &Canvas<'_>,
    stage: &FixStage,
    (change, shared): (usize, SharedParts<'_>),
    cells: usize,
) -> String {
    let glyphs = canvas.glyphs();
    let change = &stage.changes.changes[change];
    let title = safe_text::text_width(&change.title);
    let (room, most) =
        (cells.saturating_sub(title.min(TITLE_CELLS)), cells.saturating_sub(title.min(MIN_TITLE_CELLS)));
    if let [place] = change.places.as_slice() {
        let (path, line) = stage.position_of(*place);
        let whole = format!("{path}:{line}");
        let shorter = shared.without(path.as_str(), glyphs.ellipsis);
        let forms = [whole, format!("{}:{line}", shorter[0]), format!("{}:{line}", shorter[1])];
        let forms = forms.map(|form| safe_text::clean_text(&form, glyphs.control_char).into_owned());
        let fitting = forms.iter().find(|form| safe_text::text_width(form) <= room);
        let most = cells.saturating_sub(title.min(MIN_TITLE_CELLS_BESIDE_PATH)).max(cells / 3);
        let last = || safe_text::fit_middle(&forms[2], most, glyphs.ellipsis).into_owned();
        return fitting.cloned().unwrap_or_else(last);
    }
    let count = change.places.len();
    let places = safe_text::count_of(count, "place");
    let Some(line) = &change.apart else { return places };
    let line = safe_text::clean_text(line, glyphs.control_char);
    let whole = format!("{line} {} {places}", glyphs.separator);
    if safe_text::text_width(&whole) <= room {
        return whole;
    }
    let count = format!(" {}{count}", glyphs.times);
    let line =
        safe_text::fit_middle(&line, most.saturating_sub(safe_text::text_width(&count)), glyphs.ellipsis);
    format!("{line}{count}")
}

/// What the paths of all changes of one place have in common, which tells none of them from another.
#[derive(Clone, Copy)]
struct SharedParts<'s> {
    /// The folders that all stand in, with the slash at their end.
    folder: &'s str,
    /// The name that all files have.
    name: Option<&'s str>,
}

impl<'s> SharedParts<'s> {
    fn of_changes(stage: &'s FixStage) -> Self {
        let mut shared: Option<(Self, &'s str)> = None;
        let mut is_one = true;
        for change in &stage.changes.changes {
            let [place] = change.places.as_slice() else { continue };
            let path = stage.position_of(*place).0.as_str();
            let (folder, name) = path.split_at(path.rfind('/').map_or(0, |at| at + 1));
            shared = Some(match shared {
                None => (Self { folder, name: Some(name) }, folder),
                Some((before, first)) => {
                    is_one &= first == folder;
                    let pairs = before.folder.bytes().zip(folder.bytes());
                    let same = pairs.take_while(|(a, b)| a == b).count();
                    let end = before.folder.as_bytes()[..same].iter().rposition(|byte| *byte == b'/');
                    let folder = &before.folder[..end.map_or(0, |at| at + 1)];
                    (Self { folder, name: before.name.filter(|own| *own == name) }, first)
                }
            });
            if !is_one && shared.is_some_and(|(it, _)| it.folder.is_empty() && it.name.is_none()) {
                break;
            }
        }
        // Where there is but one folder, nothing else tells the row apart.
        let shared = shared.map(|(shared, _)| shared).filter(|_| !is_one);
        shared.unwrap_or(Self { folder: "", name: None })
    }

    /// A path without the folders that all stand in, and then without the name that all have.
    fn without(&self, path: &str, mark: &str) -> [String; 2] {
        let own = path.strip_prefix(self.folder).filter(|_| !self.folder.is_empty());
        let own = own.map_or_else(|| path.to_owned(), |own| format!("{mark}{own}"));
        let bare = self.name.and_then(|name| own.strip_suffix(name)).map(|own| format!("{own}{mark}"));
        let bare = bare.unwrap_or_else(|| own.clone());
        [own, bare]
    }
}

/// The words of a row.
struct RowParts {
    depth: usize,
    sign: &'static str,
    label: String,
    right: String,
    is_unseen: bool,
}

fn row_parts(canvas: &Canvas<'_>, stage: &FixStage, row: StageRow) -> RowParts {
    let [safe, may, _] = canvas.glyphs().risk_signs;
    let sign = |is_safe: bool| if is_safe { safe } else { may };
    let fold =
        |row| if stage.is_unfolded(row) { canvas.glyphs().expanded } else { canvas.glyphs().collapsed };
    let parts = |depth, sign, label, right| RowParts { depth, sign, label, right, is_unseen: false };
    match row {
        StageRow::Change(at) => {
            let change = &stage.changes.changes[at];
            let is_unseen = stage.is_unseen(at);
            RowParts { is_unseen, ..parts(0, sign(change.is_safe), change.title.clone(), String::new()) }
        }
        StageRow::Place { change, place } => {
            let own = stage.changes.changes[change].places[place];
            let (path, line) = stage.position_of(own);
            parts(2, "", format!("{path}:{line}"), String::new())
        }
        StageRow::File(at) => {
            let file = &stage.files.files[at];
            let safe_count = file.fixes.iter().filter(|fix| fix.is_safe).count();
            let count =
                |sign: &str, count: usize| if count > 0 { format!("{sign}{count} ") } else { String::new() };
            let risks = format!("{}{}", count(safe, safe_count), count(may, file.fixes.len() - safe_count));
            let right = format!("{risks} +{} -{}", file.added, file.removed);
            let is_unseen = stage.is_row_unseen(row);
            RowParts { is_unseen, ..parts(0, "", file.path.to_string(), right) }
        }
        StageRow::Fix { file, fix } => {
            let fix = &stage.files.files[file].fixes[fix];
            let count = if fix.keys.len() > 1 { format!("{} times", fix.keys.len()) } else { String::new() };
            parts(2, sign(fix.is_safe), fix.title.clone(), count)
        }
        StageRow::LeftOut => {
            let count: usize = stage.left_out.iter().map(|left| left.keys.len()).sum();
            parts(0, fold(row), format!("Left out {count}: why"), String::new())
        }
        StageRow::Breaking => {
            let count: usize = stage.breaking_reasons.iter().map(|left| left.keys.len()).sum();
            parts(0, fold(row), format!("Will break {count}: never in a stage"), String::new())
        }
        StageRow::LeftReason(at) => {
            let left = &stage.left_out[at];
            parts(2, "", left.reason.clone(), left.keys.len().to_string())
        }
        StageRow::BreakingReason(at) => {
            let left = &stage.breaking_reasons[at];
            let label = format!("{}: {}", name_subject(&left.keys), left.reason);
            parts(2, "", label, left.keys.len().to_string())
        }
    }
}

/// What fixes are about that would break their programs: the rule and the object, as far as they share them.
fn name_subject(keys: &[FindingKey]) -> String {
    let Some(first) = keys.first() else { return String::new() };
    let is_same_rule = keys.iter().all(|key| key.rule == first.rule);
    let is_same_object = keys.iter().all(|key| key.subject.object == first.subject.object);
    let rule = if is_same_rule { first.rule } else { "several rules" };
    let object = first.subject.object.as_deref().filter(|_| is_same_object);
    let name = object.map(|object| object.split_once('/').map_or(object, |(_, name)| name));
    name.map_or_else(|| rule.to_owned(), |name| format!("{rule} {name}"))
}
