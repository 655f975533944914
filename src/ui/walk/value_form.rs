//! Draws the questions of the walk: a reason, or values.

use ratatui::text::{Line, Span};

use crate::app::{FormField, ValueForm, WalkPrompt};
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::{dialog_view, markdown, safe_text, text_field_view};
use crate::walkthrough::Chapter;
use crate::walkthrough::typed_values::ValueRemark;

/// The columns of the values' names.
const VALUE_NAME_COLUMNS: usize = 16;
const FORM_WIDTH: u16 = 76;

pub(super) fn draw_prompt(canvas: &mut Canvas<'_>, asking: &WalkPrompt, chapter: Option<Chapter>) {
    match asking {
        WalkPrompt::SkipReason(typed) => {
            let area = dialog_view::open_frame(canvas, "Skip this chapter", FORM_WIDTH, 5);
            let words = "Why? It is kept, and stands in the results:";
            canvas.draw_text(area.x, area.y, area.width, words, canvas.token_style(StyleToken::Muted));
            let room = usize::from(area.width).saturating_sub(2);
            let shown = format!("> {}", text_field_view::shown_field(canvas, typed, room));
            canvas.draw_text(area.x, area.y + 2, area.width, &shown, canvas.token_style(StyleToken::Base));
        }
        WalkPrompt::EditValues(form) => draw_values(canvas, form, chapter),
    }
}

/// Draws the values, and below them the remarks on the one that has the keys.
pub(in crate::ui) fn draw_values(canvas: &mut Canvas<'_>, form: &ValueForm, chapter: Option<Chapter>) {
    let cells = usize::from(FORM_WIDTH.min(canvas.buffer.area.width)).saturating_sub(4);
    let (lines, at) = field_lines(canvas, form, cells);
    let words = remark_lines(canvas, form, chapter, cells);
    let area =
        dialog_view::open_frame(canvas, "Values of your own", FORM_WIDTH, lines.len() + words.len() + 3);
    let below = u16::try_from(words.len() + 1).unwrap_or(u16::MAX).min(area.height.saturating_sub(1));
    let upper = crate::app::ScreenArea { height: area.height - below, ..area };
    // The value that has the keys stays in view.
    let from = (at + 1).saturating_sub(usize::from(upper.height));
    canvas.draw_lines(upper, lines.iter().skip(from));
    let lower = crate::app::ScreenArea { y: upper.bottom() + 1, height: below.saturating_sub(1), ..area };
    canvas.draw_lines(lower, &words);
}

/// A line for each value, under the name of its container or image; and the index of the line that has the keys.
fn field_lines(canvas: &Canvas<'_>, form: &ValueForm, cells: usize) -> (Vec<Line<'static>>, usize) {
    let (mut lines, mut at, mut of) = (Vec::new(), 0, "");
    for (i, field) in form.fields.iter().enumerate() {
        if field.subject != of {
            of = &field.subject;
            lines.push(Line::from(Span::styled(
                clean_words(canvas, of),
                canvas.token_style(StyleToken::Heading),
            )));
        }
        let chosen = i == form.focused;
        if chosen {
            at = lines.len();
        }
        let (mark, slot) = match &field.remark {
            Some(ValueRemark::Refused(_)) => ("!", StyleToken::Bad),
            Some(ValueRemark::Doubt(_)) => ("?", StyleToken::Caution),
            Some(ValueRemark::Good(_)) => (canvas.glyphs().check_mark, StyleToken::Good),
            None => (" ", StyleToken::Base),
        };
        let room = cells.saturating_sub(VALUE_NAME_COLUMNS + 2);
        let typed = if chosen {
            text_field_view::shown_field(canvas, &field.text, room)
        } else {
            clean_words(canvas, text_field_view::fitting_end(field.text.text(), room.saturating_sub(1)))
        };
        let style = canvas.token_style(if chosen { StyleToken::Focus } else { StyleToken::Base });
        lines.push(Line::from(vec![
            Span::styled(format!("{mark} "), canvas.token_style(slot)),
            Span::styled(format!("{:<VALUE_NAME_COLUMNS$}", field.name), style),
            Span::styled(typed, style),
        ]));
    }
    (lines, at)
}

/// The use of the value, the evidence for it here, and a remark on the typed text; or why it is refused.
fn remark_lines(
    canvas: &Canvas<'_>,
    form: &ValueForm,
    chapter: Option<Chapter>,
    cells: usize,
) -> Vec<Line<'static>> {
    let field = form.fields.get(form.focused);
    let about = chapter.zip(field).map(|(chapter, field)| chapter.value_help(field.name)).unwrap_or_default();
    let here = field.map(|field| field.hint.as_str()).unwrap_or_default();
    let mut said = vec![(about.to_owned(), StyleToken::Muted), (here.to_owned(), StyleToken::Base)];
    said.push(match (&form.error, field.and_then(|field: &FormField| field.remark.as_ref())) {
        (Some(error), _) => (end_sentence(error), StyleToken::Bad),
        (None, Some(ValueRemark::Refused(words))) => (end_sentence(words), StyleToken::Bad),
        (None, Some(ValueRemark::Doubt(words))) => (end_sentence(words), StyleToken::Caution),
        (None, Some(ValueRemark::Good(words))) => (end_sentence(words), StyleToken::Good),
        (None, None) => (String::new(), StyleToken::Base),
    });
    said.retain(|(words, _)| !words.is_empty());
    let lines = said.into_iter();
    lines
        .flat_map(|(words, slot)| {
            markdown::sentence_lines(&clean_words(canvas, &words), cells, canvas.theme, slot)
        })
        .collect()
}

fn end_sentence(words: &str) -> String {
    let words = crate::text::capitalise_text(words);
    if words.ends_with(['.', '?']) { words } else { format!("{words}.") }
}

fn clean_words(canvas: &Canvas<'_>, words: &str) -> String {
    safe_text::clean_text(words, canvas.glyphs().control_char).into_owned()
}
