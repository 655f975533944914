//! A chapter's text: where it stands, what would be seen, what the change may break and how to check it.

use ratatui::text::{Line, Span};

use super::heading;
use crate::app::{Outcome, State};
use crate::theme::Slot;
use crate::ui::canvas::Canvas;
use crate::ui::{markdown, text};
use crate::walkthrough::{self, AFTER, Journey, Page, Standing};

/// More cited lines than these are counted, not shown.
const CITED: usize = 4;

const UNKNOWN: &str = "Nothing is found, but the files do not tell enough to call it done.";

/// Why, where it stands, and what would be seen.
pub(super) fn lines(
    canvas: &Canvas<'_>,
    state: &State,
    page: &Page,
    cells: u16,
    narrow: bool,
) -> Vec<Line<'static>> {
    let cells = usize::from(cells);
    let mut lines = vec![Line::from(vec![
        Span::styled(format!("{}  ", page.chapter.number()), canvas.style(Slot::Muted)),
        Span::styled(page.chapter.title(), canvas.style(Slot::Title)),
    ])];
    let say = |words: &str, slot| {
        let words = text::clean(words, canvas.glyphs().control);
        markdown::sentence(&words, cells, canvas.theme, slot)
    };
    let standing = match (&page.standing, &page.skipped) {
        (Standing::Met(why), _) => Some((format!("Done. {why}"), Slot::Good)),
        (Standing::NotApplicable(why), _) => Some((format!("Nothing to do here. {why}"), Slot::Muted)),
        (Standing::Unknown, _) => Some((UNKNOWN.to_owned(), Slot::Caution)),
        (Standing::Open, Some(reason)) => Some((format!("Skipped: {reason}"), Slot::Caution)),
        (Standing::Open, None) => None,
    };
    if let Some((words, slot)) = standing {
        lines.extend(say(&words, slot));
    }
    let why = say(page.chapter.text().why, Slot::Base);
    // Where there is little room, what the files show comes first.
    if !narrow {
        lines.push(Line::default());
        lines.extend(why.iter().cloned());
    }
    if !page.cited.is_empty() {
        if !narrow {
            lines.push(Line::default());
        }
        lines.push(heading(canvas, "Where you stand"));
        cited(canvas, page, cells, &mut lines);
    }
    if !page.seen.is_empty() {
        if !narrow {
            lines.push(Line::default());
        }
        lines.push(Line::from(vec![
            Span::styled("What would be seen", canvas.style(Slot::Heading)),
            Span::styled("  computed from these files, not observed", canvas.style(Slot::Muted)),
        ]));
        lines.extend(shown(state, page).flat_map(|line| seen(canvas, line, cells)));
    }
    if narrow {
        lines.push(heading(canvas, "Why"));
        lines.extend(why);
    }
    lines
}

/// What would be seen; of what is after the change nothing where it cannot be made, and with a caveat where only a part
/// of it can.
fn shown<'p>(state: &State, page: &'p Page) -> impl Iterator<Item = &'p walkthrough::Line> {
    const IN_PART: &walkthrough::Line = &walkthrough::Line::When("If all of it could be changed");
    let open = page.standing == Standing::Open && state.preview.keys == page.keys;
    let fails = open && matches!(state.preview.outcome, Outcome::Failed(_));
    let in_part = open && state.preview.plan().is_some_and(|plan| !plan.withheld.is_empty());
    let is_after = |line: &walkthrough::Line| *line == walkthrough::Line::When(AFTER);
    let lines = page.seen.iter().take_while(move |line| !(fails && is_after(line)));
    lines.map(move |line| if in_part && is_after(line) { IN_PART } else { line })
}

/// Each line once, with what is said of it.
fn cited(canvas: &Canvas<'_>, page: &Page, cells: usize, lines: &mut Vec<Line<'static>>) {
    let clean = |words: &str| text::clean(words, canvas.glyphs().control).into_owned();
    let mut last = None;
    for (i, cited) in page.cited.iter().enumerate() {
        if i >= CITED {
            let more = text::count(page.cited.len() - CITED, "more");
            let more = more.trim_end_matches('s');
            lines.push(Line::from(Span::styled(format!("  and {more}"), canvas.style(Slot::Muted))));
            break;
        }
        let place = (cited.path.clone(), cited.line);
        if last.as_ref() != Some(&place) {
            lines.push(Line::from(vec![
                Span::styled(format!("{}:{}  ", cited.path, cited.line), canvas.style(Slot::Muted)),
                Span::styled(clean(&cited.text), canvas.style(Slot::Code)),
            ]));
            last = Some(place);
        }
        if !cited.message.is_empty() {
            let words = markdown::sentence(
                &clean(&cited.message),
                cells.saturating_sub(2),
                canvas.theme,
                Slot::Caution,
            );
            lines.extend(words.into_iter().map(indented));
        }
    }
}

fn indented(mut line: Line<'static>) -> Line<'static> {
    line.spans.insert(0, Span::raw("  "));
    line
}

fn seen(canvas: &Canvas<'_>, line: &walkthrough::Line, cells: usize) -> Vec<Line<'static>> {
    let clean = |words: &str| text::clean(words, canvas.glyphs().control).into_owned();
    let one = |words: String, slot| vec![Line::from(Span::styled(words, canvas.style(slot)))];
    let wrapped = |words: &str, slot| {
        let room = cells.saturating_sub(4);
        if text::width(words) <= room + 2 {
            return one(format!("  {words}"), slot);
        }
        let lines = text::wrap(words, room);
        let indent = |i: usize| if i == 0 { "  " } else { "    " };
        let line = |(i, line): (usize, &String)| one(format!("{}{line}", indent(i)), slot);
        lines.iter().enumerate().flat_map(line).collect()
    };
    match line {
        walkthrough::Line::When(words) => one((*words).to_owned(), Slot::Focus),
        walkthrough::Line::Typed(command) => wrapped(&clean(command), Slot::Code),
        walkthrough::Line::Printed(words) => wrapped(&clean(words), Slot::Base),
        walkthrough::Line::Note(words) => {
            let lines = markdown::sentence(&clean(words), cells.saturating_sub(2), canvas.theme, Slot::Muted);
            lines.into_iter().map(indented).collect()
        }
    }
}

/// What may break, and how to check; of a chapter with nothing to do, only how to check.
pub(super) fn afterwards(
    canvas: &Canvas<'_>,
    page: &Page,
    journey: &Journey,
    cells: u16,
) -> Vec<Line<'static>> {
    let words = page.chapter.text();
    let cells = usize::from(cells);
    let mut lines = Vec::new();
    if matches!(page.standing, Standing::NotApplicable(_)) {
        return lines;
    }
    lines.push(Line::default());
    if page.standing == Standing::Open {
        lines.push(heading(canvas, "What it may break"));
        lines.extend(markdown::sentence(words.breaks, cells, canvas.theme, Slot::Base));
        lines.push(Line::default());
    }
    lines.push(heading(canvas, "How to check"));
    let command = text::clean(
        &words.check.replace("{workload}", &journey.target).replace("{namespace}", &journey.namespace),
        canvas.glyphs().control,
    )
    .into_owned();
    for line in text::wrap(&command, cells.saturating_sub(2)) {
        lines.push(Line::from(Span::styled(format!("  {line}"), canvas.style(Slot::Code))));
    }
    lines
}
