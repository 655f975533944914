//! A chapter on a small screen, whole: every part in its order, named at the left. Where there are too few lines, what
//! would be seen is folded first, then the diff; both say how much is folded.

use ratatui::text::{Line, Span};

use super::{chapter, inset, scrolled, seen};
use crate::app::{Area, PatchLine, State};
use crate::text::diff::Change;
use crate::theme::Slot;
use crate::ui::canvas::Canvas;
use crate::ui::{fix, text};
use crate::walkthrough::{AppWalk, ChapterPage, ChapterStatus};

/// The columns of the parts' names.
const NAMES: usize = 11;
/// More findings than these are counted, not shown.
const CITED: usize = 2;
/// So many lines of what would be seen, and of the diff, are kept where there are more: as many as there is room for.
const KEPT: [(usize, usize); 3] = [(8, 5), (6, 4), (4, 3)];

/// One part: its name, a word below that, and its lines.
struct Part {
    name: &'static str,
    also: Span<'static>,
    lines: Vec<Line<'static>>,
}

impl Part {
    /// So many lines can be left out where so many of what would be seen, and of the diff, are kept.
    fn folds(&self, seen: usize, change: usize) -> usize {
        match self.name {
            SEEN_PART => self.lines.len().saturating_sub(seen),
            // Only a diff: a sentence is read to its end.
            CHANGE_PART if !self.also.content.is_empty() => self.lines.len().saturating_sub(change),
            _ => 0,
        }
    }
}

/// Draws it, and says how far what would be seen can be scrolled.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    state: &State,
    (journey, page): (&AppWalk, &ChapterPage),
    area: Area,
    scroll: usize,
) -> usize {
    let rows = usize::from(area.height);
    let whole = usize::from(area.width.saturating_sub(2));
    let cells = whole.saturating_sub(NAMES);
    let mut head = vec![chapter::title(canvas, page)];
    head.extend(chapter::standing(canvas, page, whole));
    let mut parts = parts(canvas, state, page, journey, cells);
    let used = |parts: &[Part], head: &[Line<'_>]| {
        head.len() + parts.iter().map(|part| part.lines.len()).sum::<usize>()
    };
    let mut spare = rows.saturating_sub(used(&parts, &head));
    // What explains is shown where there is room for it.
    let then = chapter::breaks(canvas, state, page, cells, true);
    if let Some(breaks) = parts.iter_mut().find(|part| part.name == BREAKS)
        && then.len() <= breaks.lines.len() + spare
    {
        spare -= then.len() - breaks.lines.len();
        breaks.lines = then;
    }
    let why = chapter::why(canvas, page, whole);
    if why.len() <= spare {
        spare -= why.len();
        head.extend(why);
    }
    let mut over = used(&parts, &head).saturating_sub(rows);
    let room = |(seen, change)| parts.iter().map(|part| part.folds(seen, change)).sum::<usize>() >= over;
    let Some((seen, change)) = KEPT.into_iter().find(|kept| room(*kept)) else {
        // Not even the least of each has room: all of it is one text that scrolls.
        return scrolled(canvas, &laid_out(canvas, head, parts, 0), inset(area), scroll);
    };
    let mut last = 0;
    for part in &mut parts {
        let folded = over.min(part.folds(seen, change));
        if folded > 0 {
            over -= folded;
            let room = part.lines.len() - folded;
            last += fold(canvas, part, room, scroll);
        }
    }
    let lines = laid_out(canvas, head, parts, spare);
    canvas.lines(inset(area), &lines);
    last
}

const SEEN_PART: &str = "Seen";
const CHANGE_PART: &str = "Change";
const BREAKS: &str = "May break";

fn parts(
    canvas: &Canvas<'_>,
    state: &State,
    page: &ChapterPage,
    journey: &AppWalk,
    cells: usize,
) -> Vec<Part> {
    let part = |name, lines: Vec<Line<'static>>| Part { name, also: Span::raw(""), lines };
    let computed = Span::styled("(computed)", canvas.style(Slot::Muted));
    let seen = Part { also: computed, ..part(SEEN_PART, seen::lines(canvas, state, page, cells, true)) };
    let mut parts = vec![part("You have", chapter::stand(canvas, page, cells, CITED, cells / 2)), seen];
    if page.status == ChapterStatus::ToDo {
        let mut change = part(CHANGE_PART, change(canvas, state, cells));
        if let Some(plan) = state.preview.plan() {
            change.also = Span::styled(plan.safety.name(), canvas.style(fix::slot_of(plan.safety)));
        }
        parts.push(change);
        parts.push(part(BREAKS, chapter::breaks(canvas, state, page, cells, false)));
    }
    if !matches!(page.status, ChapterStatus::NotApplicable(_)) {
        parts.push(part("Check", chapter::check(canvas, page, journey, cells)));
    }
    parts.retain(|part| !part.lines.is_empty());
    parts
}

/// What is to be said of the change besides its title, and its lines.
fn change(canvas: &Canvas<'_>, state: &State, cells: usize) -> Vec<Line<'static>> {
    let whole = state.preview.plan().is_some_and(|plan| {
        plan.withheld.is_empty() && state.preview.keys.iter().all(|key| plan.resolves.contains(key))
    });
    let said =
        fix::said(canvas, state, None).into_iter().filter(|(_, slot)| !(whole && *slot == Slot::Title));
    let mut lines = Vec::new();
    for (words, slot) in said {
        let words = text::clean(&words, canvas.glyphs().control);
        lines.extend(crate::ui::markdown::sentence(&words, cells, canvas.theme, slot));
    }
    let files = state.preview.plan().map_or(0, |plan| plan.patches.len());
    let shown: Vec<PatchLine> = state
        .preview
        .brief
        .iter()
        .filter(|line| match line {
            // A single file is cited above.
            PatchLine::File(_) => files > 1,
            PatchLine::Gap => false,
            PatchLine::Line(line) => line.change != Change::Same,
        })
        .cloned()
        .collect();
    let indent = fix::common_indent(&shown);
    lines.extend(shown.iter().map(|line| fix::patch_line(canvas, line, Some(indent))));
    lines
}

/// Leaves so many lines of a part from a row on, the last of which counts the rest. Gives how far it can be scrolled.
fn fold(canvas: &Canvas<'_>, part: &mut Part, room: usize, from: usize) -> usize {
    let key = if part.name == SEEN_PART { "j shows them" } else { "d shows all" };
    let last = (part.lines.len() + 1).saturating_sub(room);
    let from = from.min(last);
    let below = part.lines.len().saturating_sub(from + room.saturating_sub(1));
    part.lines.drain(..from);
    if below > 1 || from == 0 {
        part.lines.truncate(room.saturating_sub(1));
        let more = format!("{} {}; {key}", canvas.glyphs().cut, text::count(below, "more line"));
        part.lines.push(Line::from(Span::styled(more, canvas.style(Slot::Muted))));
    }
    if part.name == SEEN_PART { last } else { 0 }
}

/// The parts under each other with their names, and an empty line before each as long as some are to spare.
fn laid_out(
    canvas: &Canvas<'_>,
    head: Vec<Line<'static>>,
    parts: Vec<Part>,
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
                0 => Span::styled(part.name, canvas.style(Slot::Heading)),
                1 => part.also.clone(),
                _ => Span::raw(""),
            };
            let room = NAMES.saturating_sub(name.width());
            line.spans.insert(0, Span::raw(" ".repeat(room)));
            line.spans.insert(0, name);
            lines.push(line);
        }
    }
    lines
}
