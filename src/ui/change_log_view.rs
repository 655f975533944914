//! Draws the log of what happened to the repository: the time, the word, the files, and what came of it.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{dialog_view, safe_text};
use crate::app::{AppState, ChangeKind, LoggedChange, ScreenArea};
use crate::finding::FindingKey;
use crate::theme::StyleToken;

/// The columns of the longest word.
const WORD_COLUMNS: usize = 10;
/// The most new findings that are named.
const MAX_NAMED: usize = 3;

pub(super) fn draw_log(canvas: &mut Canvas<'_>, state: &AppState, row: usize) {
    let screen = canvas.buffer.area;
    let entries = &state.change_log.entries;
    let height = entries.len().max(1) + 2;
    let area = dialog_view::open_frame(canvas, "What happened", screen.width.saturating_sub(4), height + 1);
    if entries.is_empty() {
        let words = "Nothing has changed since the program began.";
        canvas.draw_text(area.x, area.y, area.width, words, canvas.token_style(StyleToken::Muted));
        return;
    }
    let rows = usize::from(area.height.saturating_sub(1));
    let first = (row + 1).saturating_sub(rows);
    for ((at, change), y) in
        entries.iter().enumerate().skip(first).zip(area.y..area.bottom().saturating_sub(1))
    {
        let cells = area.width.saturating_sub(1);
        canvas.draw_line(area.x + 1, y, cells, &change_line(canvas, state, change, usize::from(cells)));
        if at == row {
            let line = ScreenArea::new(area.x, y, area.width, 1);
            canvas.overlay_style(line, canvas.token_style(StyleToken::Selection));
            canvas.draw_sign(area.x, y, canvas.glyphs().bar, canvas.token_style(StyleToken::Focus));
        }
    }
    let list = ScreenArea { height: area.height - 1, ..area };
    let below = ScreenArea { y: area.y + 1, ..list };
    dialog_view::mark_place(canvas, below, (first, entries.len()), Some(row));
    // What has no room in its row stands whole below.
    if let Some(change) = entries.get(row) {
        let words = described_change(state, change);
        let words = safe_text::clean_text(&words, canvas.glyphs().control_char);
        let y = area.bottom().saturating_sub(1);
        canvas.draw_text(area.x, y, area.width, &words, canvas.token_style(StyleToken::Muted));
    }
}

/// One change: `14:12  saved  deploy.yaml  ◆ H privilege-escalation 37`.
fn change_line(canvas: &Canvas<'_>, state: &AppState, change: &LoggedChange, cells: usize) -> Line<'static> {
    let word = change.kind.word();
    let fixed = 7 + WORD_COLUMNS + 1;
    let half = cells.saturating_sub(fixed + 2) / 2;
    let place = safe_text::clean_text(&place_words(change), canvas.glyphs().control_char).into_owned();
    let place = safe_text::fitting_tail(&place, half, canvas.glyphs().ellipsis).into_owned();
    let room = half.saturating_sub(safe_text::text_width(&place));
    let mut spans = vec![
        Span::styled(format!("{}  ", change.at), canvas.token_style(StyleToken::Muted)),
        Span::styled(format!("{word:<WORD_COLUMNS$} "), canvas.token_style(StyleToken::Heading)),
        Span::styled(place, canvas.token_style(StyleToken::Base)),
        Span::raw(" ".repeat(room + 2)),
    ];
    spans.extend(outcome_spans(canvas, state, change));
    Line::from(spans)
}

/// The file, or how many; of a checkout the branches.
fn place_words(change: &LoggedChange) -> String {
    let mut files = change.files.iter();
    match (&change.kind, files.next(), change.files.len()) {
        (ChangeKind::Checkout(from, to), _, _) => format!("{from} to {to}"),
        (_, Some(one), 1) => one.to_string(),
        (ChangeKind::Mended(title), _, count) => format!("{title}, {}", safe_text::count_of(count, "file")),
        (_, _, count) => format!("{} at once", safe_text::count_of(count, "file")),
    }
}

fn outcome_spans(canvas: &Canvas<'_>, state: &AppState, change: &LoggedChange) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    let mut news: Vec<_> = change.news().filter_map(|key| state.index.find_entry(key)).collect();
    news.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.key.cmp(&b.key)));
    for entry in news.iter().take(MAX_NAMED) {
        let is_new = state.new_keys.contains(&entry.key);
        let mark = if is_new { canvas.glyphs().new_mark } else { " " };
        spans.push(Span::styled(mark, canvas.token_style(StyleToken::New)));
        spans.push(Span::styled(
            format!(" {} {} {}  ", entry.severity.letter(), entry.key.rule, entry.line),
            canvas.token_style(StyleToken::Base),
        ));
    }
    if !news.is_empty() && news.len() <= MAX_NAMED {
        return spans;
    }
    spans.push(Span::styled(count_words(change), canvas.token_style(StyleToken::Muted)));
    spans
}

/// `−3 +1`, `5 findings kept`.
fn count_words(change: &LoggedChange) -> String {
    let kept = change.kind == ChangeKind::HalfSaved;
    let mut words: Vec<String> = Vec::new();
    if kept {
        words.push("its findings are kept".to_owned());
    }
    if change.closed > 0 {
        words.push(format!("-{}", change.closed));
    }
    match (&change.kind, change.opened.len()) {
        (_, 0) => {}
        (ChangeKind::TakenBack, count) => words.push(format!("{count} open again")),
        (_, count) => words.push(format!("+{count}")),
    }
    if let Some((before, after)) = change.scores {
        words.push(format!("score {before} to {after}"));
    }
    if words.is_empty() { "no finding changed".to_owned() } else { words.join(" ") }
}

/// The selected change in a sentence.
fn described_change(state: &AppState, change: &LoggedChange) -> String {
    let named = |key: &FindingKey| {
        state.index.find_entry(key).map(|entry| format!("{} {}:{}", key.rule, key.path, entry.line))
    };
    let mut opened: Vec<String> = change.opened.iter().filter_map(named).take(MAX_NAMED).collect();
    if opened.is_empty() {
        let gone = |key: &FindingKey| format!("{} {}", key.rule, key.path.file_name());
        opened.extend(change.gone.iter().map(gone));
    }
    let title = match &change.kind {
        ChangeKind::Mended(title) => format!("{title}. "),
        _ => String::new(),
    };
    let counts = count_words(change);
    if opened.is_empty() {
        format!("{title}{counts}")
    } else {
        format!("{title}{counts}: {}", opened.join(", "))
    }
}
