//! What is asked in the walk: a reason, or values.

use ratatui::text::{Line, Span};

use crate::app::{Asking, Field, Form};
use crate::theme::Slot;
use crate::ui::canvas::Canvas;
use crate::ui::{dialog, markdown, text};
use crate::walkthrough::Chapter;
use crate::walkthrough::typed_values::ValueRemark;

/// The columns of the values' names.
const NAMES: usize = 16;
const WIDTH: u16 = 76;

pub(super) fn draw(canvas: &mut Canvas<'_>, asking: &Asking, chapter: Option<Chapter>) {
    match asking {
        Asking::Skip(typed) => {
            let area = dialog::open(canvas, "Skip this chapter", WIDTH, 5);
            let words = "Why? It is kept, and stands in the results:";
            canvas.text(area.x, area.y, area.width, words, canvas.style(Slot::Muted));
            let shown = format!("> {}_", end(typed, usize::from(area.width).saturating_sub(3)));
            canvas.text(area.x, area.y + 2, area.width, &shown, canvas.style(Slot::Base));
        }
        Asking::Values(form) => values(canvas, form, chapter),
    }
}

/// The values, and below them what is to be said of the one that has the keys.
pub(in crate::ui) fn values(canvas: &mut Canvas<'_>, form: &Form, chapter: Option<Chapter>) {
    let cells = usize::from(WIDTH.min(canvas.buffer.area.width)).saturating_sub(4);
    let (lines, at) = fields(canvas, form, cells);
    let words = words(canvas, form, chapter, cells);
    let area = dialog::open(canvas, "Values of your own", WIDTH, lines.len() + words.len() + 3);
    let below = u16::try_from(words.len() + 1).unwrap_or(u16::MAX).min(area.height.saturating_sub(1));
    let upper = crate::app::Area { height: area.height - below, ..area };
    // The one that has the keys stays in view.
    let from = (at + 1).saturating_sub(usize::from(upper.height));
    canvas.lines(upper, lines.iter().skip(from));
    let lower = crate::app::Area { y: upper.bottom() + 1, height: below.saturating_sub(1), ..area };
    canvas.lines(lower, &words);
}

/// A line for each value, under the name of what it is of; and which of them has the keys.
fn fields(canvas: &Canvas<'_>, form: &Form, cells: usize) -> (Vec<Line<'static>>, usize) {
    let (mut lines, mut at, mut of) = (Vec::new(), 0, "");
    for (i, field) in form.fields.iter().enumerate() {
        if field.of != of {
            of = &field.of;
            lines.push(Line::from(Span::styled(clean(canvas, of), canvas.style(Slot::Heading))));
        }
        let chosen = i == form.at;
        if chosen {
            at = lines.len();
        }
        let (mark, slot) = match &field.remark {
            Some(ValueRemark::Refused(_)) => ("!", Slot::Bad),
            Some(ValueRemark::Doubt(_)) => ("?", Slot::Caution),
            Some(ValueRemark::Good(_)) => (canvas.glyphs().done, Slot::Good),
            None => (" ", Slot::Base),
        };
        let typed = end(&field.text, cells.saturating_sub(NAMES + 3));
        let typed = if chosen { format!("{typed}_") } else { typed.to_owned() };
        let style = canvas.style(if chosen { Slot::Focus } else { Slot::Base });
        lines.push(Line::from(vec![
            Span::styled(format!("{mark} "), canvas.style(slot)),
            Span::styled(format!("{:<NAMES$}", field.name), style),
            Span::styled(clean(canvas, &typed), style),
        ]));
    }
    (lines, at)
}

/// What the value is for, what speaks for it here, what is to be said of what is typed; or why nothing is taken.
fn words(canvas: &Canvas<'_>, form: &Form, chapter: Option<Chapter>, cells: usize) -> Vec<Line<'static>> {
    let field = form.fields.get(form.at);
    let about = chapter.zip(field).map(|(chapter, field)| chapter.value_help(field.name)).unwrap_or_default();
    let here = field.map(|field| field.here.as_str()).unwrap_or_default();
    let mut said = vec![(about.to_owned(), Slot::Muted), (here.to_owned(), Slot::Base)];
    said.push(match (&form.error, field.and_then(|field: &Field| field.remark.as_ref())) {
        (Some(error), _) => (sentence(error), Slot::Bad),
        (None, Some(ValueRemark::Refused(words))) => (sentence(words), Slot::Bad),
        (None, Some(ValueRemark::Doubt(words))) => (sentence(words), Slot::Caution),
        (None, Some(ValueRemark::Good(words))) => (sentence(words), Slot::Good),
        (None, None) => (String::new(), Slot::Base),
    });
    said.retain(|(words, _)| !words.is_empty());
    let lines = said.into_iter();
    lines
        .flat_map(|(words, slot)| markdown::sentence(&clean(canvas, &words), cells, canvas.theme, slot))
        .collect()
}

fn sentence(words: &str) -> String {
    let words = crate::text::capitalised(words);
    if words.ends_with(['.', '?']) { words } else { format!("{words}.") }
}

fn clean(canvas: &Canvas<'_>, words: &str) -> String {
    text::clean(words, canvas.glyphs().control).into_owned()
}

/// The end of what is typed, which is what is looked at.
fn end(typed: &str, cells: usize) -> &str {
    let mut shown = typed;
    while text::width(shown) > cells {
        shown = &shown[shown.chars().next().map_or(shown.len(), char::len_utf8)..];
    }
    shown
}
