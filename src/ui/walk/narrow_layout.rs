//! Draws a chapter on a small screen, whole: every part in its order, named at the left. Where there are too few lines,
//! the evidence is folded first, then the diff; both say how many lines are folded.

use ratatui::text::{Line, Span};

use super::{chapter_parts, draw_scrolling, evidence_view, inset_area};
use crate::app::{AppState, PatchLine, ScreenArea};
use crate::text::diff::LineChange;
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::{fix_view, safe_text};
use crate::walkthrough::{AppWalk, ChapterPage, ChapterStatus};

/// The columns of the parts' names.
const NAME_COLUMNS: usize = 11;
/// The most findings that are quoted; the others are counted.
const MAX_QUOTED_FINDINGS: usize = 2;
/// The lines of the evidence and of the diff that a fold leaves; the first pair that fits is taken.
const FOLD_LIMITS: [(usize, usize); 3] = [(8, 5), (6, 4), (4, 3)];

/// One part: its name, a note below that, and its lines.
struct ChapterPart {
    name: &'static str,
    note: Span<'static>,
    lines: Vec<Line<'static>>,
}

impl ChapterPart {
    /// The number of lines that can be folded where so many of the evidence, and of the diff, are kept.
    fn foldable_lines(&self, seen: usize, change: usize) -> usize {
        match self.name {
            SEEN_PART => self.lines.len().saturating_sub(seen),
            // Only a diff is folded: a sentence is shown to its end.
            CHANGE_PART if !self.note.content.is_empty() => self.lines.len().saturating_sub(change),
            _ => 0,
        }
    }
}

/// Draws the chapter, and gives how far the evidence can be scrolled.
pub(super) fn draw_narrow(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    (journey, page): (&AppWalk, &ChapterPage),
    area: ScreenArea,
    scroll: usize,
) -> usize {
    let rows = usize::from(area.height);
    let whole = usize::from(area.width.saturating_sub(2));
    let cells = whole.saturating_sub(NAME_COLUMNS);
    let mut head = vec![chapter_parts::title_line(canvas, page)];
    head.extend(chapter_parts::status_lines(canvas, page, whole));
    let mut parts = chapter_parts(canvas, state, page, journey, cells);
    let used = |parts: &[ChapterPart], head: &[Line<'_>]| {
        head.len() + parts.iter().map(|part| part.lines.len()).sum::<usize>()
    };
    let mut spare = rows.saturating_sub(used(&parts, &head));
    // The explanation is shown where there is room for it.
    let then = chapter_parts::breakage_lines(canvas, state, page, cells, true);
    if let Some(breaks) = parts.iter_mut().find(|part| part.name == BREAKS_PART)
        && then.len() <= breaks.lines.len() + spare
    {
        spare -= then.len() - breaks.lines.len();
        breaks.lines = then;
    }
    let why = chapter_parts::reason_lines(canvas, page, whole);
    if why.len() <= spare {
        spare -= why.len();
        head.extend(why);
    }
    let mut over = used(&parts, &head).saturating_sub(rows);
    let room =
        |(seen, change)| parts.iter().map(|part| part.foldable_lines(seen, change)).sum::<usize>() >= over;
    let Some((seen, change)) = FOLD_LIMITS.into_iter().find(|kept| room(*kept)) else {
        // Not even the least of each has room: all of it is one text that scrolls.
        return draw_scrolling(canvas, &lay_out_parts(canvas, head, parts, 0), inset_area(area), scroll);
    };
    let mut last = 0;
    for part in &mut parts {
        let folded = over.min(part.foldable_lines(seen, change));
        if folded > 0 {
            over -= folded;
            let room = part.lines.len() - folded;
            last += fold_part(canvas, part, room, scroll);
        }
    }
    let lines = lay_out_parts(canvas, head, parts, spare);
    canvas.draw_lines(inset_area(area), &lines);
    last
}

const SEEN_PART: &str = "Seen";
const CHANGE_PART: &str = "Change";
const BREAKS_PART: &str = "May break";

fn chapter_parts(
    canvas: &Canvas<'_>,
    state: &AppState,
    page: &ChapterPage,
    journey: &AppWalk,
    cells: usize,
) -> Vec<ChapterPart> {
    let part = |name, lines: Vec<Line<'static>>| ChapterPart { name, note: Span::raw(""), lines };
    let computed = Span::styled("(computed)", canvas.token_style(StyleToken::Muted));
    let seen = ChapterPart {
        note: computed,
        ..part(SEEN_PART, evidence_view::evidence_lines(canvas, state, page, cells, true))
    };
    let mut parts = vec![
        part("You have", chapter_parts::quote_lines(canvas, page, cells, MAX_QUOTED_FINDINGS, cells / 2)),
        seen,
    ];
    if page.status == ChapterStatus::ToDo {
        let mut change = part(CHANGE_PART, change_lines(canvas, state, cells));
        if let Some(plan) = state.preview.writable_plan() {
            change.note =
                Span::styled(plan.safety.name(), canvas.token_style(fix_view::safety_token(plan.safety)));
        }
        parts.push(change);
        parts.push(part(BREAKS_PART, chapter_parts::breakage_lines(canvas, state, page, cells, false)));
    }
    if !matches!(page.status, ChapterStatus::NotApplicable(_)) {
        parts.push(part("Check", chapter_parts::check_lines(canvas, page, journey, cells)));
    }
    parts.retain(|part| !part.lines.is_empty());
    parts
}

/// The words on the change besides its title, and its lines.
fn change_lines(canvas: &Canvas<'_>, state: &AppState, cells: usize) -> Vec<Line<'static>> {
    let whole = state.preview.writable_plan().is_some_and(|plan| {
        plan.withheld.is_empty() && state.preview.keys.iter().all(|key| plan.resolves.contains(key))
    });
    let said = fix_view::fix_texts(canvas, state, None)
        .into_iter()
        .filter(|(_, slot)| !(whole && *slot == StyleToken::Title));
    let mut lines = Vec::new();
    for (words, slot) in said {
        let words = safe_text::clean_text(&words, canvas.glyphs().control_char);
        lines.extend(crate::ui::markdown::sentence_lines(&words, cells, canvas.theme, slot));
    }
    let files = state.preview.writable_plan().map_or(0, |plan| plan.patches.len());
    let shown: Vec<PatchLine> = state
        .preview
        .short_lines
        .iter()
        .filter(|line| match line {
            // A single file is named in the quotes above.
            PatchLine::File(_) => files > 1,
            PatchLine::Gap => false,
            PatchLine::Line(line) => line.change != LineChange::Unchanged,
        })
        .cloned()
        .collect();
    let indent = fix_view::common_indent(&shown);
    lines.extend(shown.iter().map(|line| fix_view::patch_line(canvas, line, Some(indent))));
    lines
}

/// Folds a part to so many lines from a row on, the last of which counts the rest. Gives how far it can be scrolled.
fn fold_part(canvas: &Canvas<'_>, part: &mut ChapterPart, room: usize, from: usize) -> usize {
    let key = if part.name == SEEN_PART { "j shows them" } else { "d shows all" };
    let last = (part.lines.len() + 1).saturating_sub(room);
    let from = from.min(last);
    let below = part.lines.len().saturating_sub(from + room.saturating_sub(1));
    part.lines.drain(..from);
    if below > 1 || from == 0 {
        part.lines.truncate(room.saturating_sub(1));
        let more = format!("{} {}; {key}", canvas.glyphs().ellipsis, safe_text::count_of(below, "more line"));
        part.lines.push(Line::from(Span::styled(more, canvas.token_style(StyleToken::Muted))));
    }
    if part.name == SEEN_PART { last } else { 0 }
}

/// The parts under each other with their names, and an empty line before each as long as some are to spare.
fn lay_out_parts(
    canvas: &Canvas<'_>,
    head: Vec<Line<'static>>,
    parts: Vec<ChapterPart>,
    mut spare: usize,
) -> Vec<Line<'static>> {
    let mut lines = head;
    for part in parts {
        if spare > 0 {
            spare -= 1;
            lines.push(Line::default());
        }
        for (at, mut line) in part.lines.into_iter().enumerate() {
            let name = match at {
                0 => Span::styled(part.name, canvas.token_style(StyleToken::Heading)),
                1 => part.note.clone(),
                _ => Span::raw(""),
            };
            let room = NAME_COLUMNS.saturating_sub(name.width());
            line.spans.insert(0, Span::raw(" ".repeat(room)));
            line.spans.insert(0, name);
            lines.push(line);
        }
    }
    lines
}
