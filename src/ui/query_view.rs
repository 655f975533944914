//! Draws the line in which a search is typed, with what it comes to, and words why nothing is found.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{safe_text, text_field_view};
use crate::app::{AppState, QueryFault, QueryField, ScreenArea, SearchMiss, TextField};
use crate::theme::StyleToken;

pub(super) fn draw_query_prompt(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    field: &TextField,
    area: ScreenArea,
) {
    canvas.clear_area(ScreenArea { height: area.height.min(2), ..area });
    let count = Line::from(Span::styled(count_text(state), canvas.token_style(StyleToken::Title)));
    let end = canvas.draw_right(area.x, area.y, area.width.saturating_sub(1), &count);
    let room = end.saturating_sub(area.x + SIGN.len() as u16 + 1);
    let x = canvas.draw_text(area.x, area.y, area.width, SIGN, canvas.token_style(StyleToken::Focus));
    let typed = text_field_view::shown_field(canvas, field, usize::from(room));
    canvas.draw_text(x, area.y, room, &typed, canvas.token_style(StyleToken::Base));
    if area.height < 2 {
        return;
    }
    let (y, cells) = (area.y + 1, area.width.saturating_sub(2));
    let weighing = weighing_text(state);
    let keys = weighing.unwrap_or_else(|| prompt_keys(canvas, state));
    let keys = Line::from(Span::styled(keys, canvas.token_style(StyleToken::Muted)));
    let line = note_line(canvas, state).unwrap_or_else(|| candidate_line(canvas, state, usize::from(cells)));
    let fits = line.width() + keys.width() + 2 <= usize::from(cells);
    let end = if fits { canvas.draw_right(area.x, y, cells + 1, &keys) } else { area.x + cells + 1 };
    canvas.draw_line(area.x + 1, y, end.saturating_sub(area.x + 2), &line);
}

const SIGN: &str = " / ";

/// The number of findings that the search finds: `65 of 688`.
pub(super) fn count_text(state: &AppState) -> String {
    let list = &state.findings_list;
    let suppressed = list.suppressed_len();
    let mut text = format!("{} of {}", list.len(), state.index.entries.len());
    if suppressed > 0 && state.filter.query.seeks_suppressed() {
        text.push_str(&format!(", {suppressed} allowed"));
    }
    text
}

/// What is wrong with the search, or why it finds nothing.
fn note_line(canvas: &Canvas<'_>, state: &AppState) -> Option<Line<'static>> {
    if let Some(fault) = state.filter.query.faults().first() {
        let caution = canvas.token_style(StyleToken::Caution);
        return Some(Line::from(Span::styled(fault_text(fault), caution)));
    }
    if let Some(words) = revision_text(state) {
        return Some(Line::from(Span::styled(words, canvas.token_style(StyleToken::Caution))));
    }
    let miss = state.facts.search_miss.as_ref()?;
    let mut spans = vec![Span::styled(miss_text(miss, state), canvas.token_style(StyleToken::Caution))];
    if let Some(candidate) = state.query_prompt.candidates.first() {
        spans.push(Span::styled("  Tab", canvas.token_style(StyleToken::Focus)));
        spans.push(Span::styled(format!(" {}", candidate.text), canvas.token_style(StyleToken::Base)));
    }
    Some(Line::from(spans))
}

/// The candidates that fit; the one that Tab has taken is marked, and in view.
fn candidate_line(canvas: &Canvas<'_>, state: &AppState, cells: usize) -> Line<'static> {
    let prompt = &state.query_prompt;
    let mut first = 0;
    let width = |range: std::ops::RangeInclusive<usize>| -> usize {
        range.map(|at| safe_text::text_width(&prompt.candidates[at].text) + 2).sum()
    };
    if let Some(taken) = prompt.taken.filter(|taken| *taken < prompt.candidates.len()) {
        while first < taken && width(first..=taken) > cells {
            first += 1;
        }
    }
    let mut spans = Vec::new();
    for (at, candidate) in prompt.candidates.iter().enumerate().skip(first) {
        let token = if prompt.taken == Some(at) { StyleToken::Selection } else { StyleToken::Base };
        spans.push(Span::styled(candidate.text.clone(), canvas.token_style(token)));
        spans.push(Span::raw("  "));
    }
    Line::from(spans)
}

fn prompt_keys(canvas: &Canvas<'_>, state: &AppState) -> String {
    let (upward, between) = (canvas.glyphs().upward, canvas.glyphs().separator);
    if state.query_prompt.candidates.is_empty() {
        format!("{upward} history")
    } else {
        format!("Tab takes {between} {upward} history")
    }
}

/// How far the risks are known that the search asks about.
fn weighing_text(state: &AppState) -> Option<String> {
    let (known, all) = (state.facts.risk_classes.known_count(), state.index.file_count_with_findings());
    let is_asked = state.filter.query.needs_risk();
    (is_asked && known < all).then(|| format!("fixes weighed in {known} of {all} files"))
}

/// What counts as changed where git has told nothing.
fn no_git_text(state: &AppState) -> Option<String> {
    let words = "Git tells nothing of this folder: a file counts as changed once it changes while this runs.";
    let is_told = state.facts.uncommitted_files.is_some();
    (state.filter.query.seeks_changed() && !is_told).then(|| words.to_owned())
}

/// What is said where the search asks for a revision that git has not told of.
fn revision_text(state: &AppState) -> Option<String> {
    let revision = state.filter.query.revision()?;
    let known = state.facts.compared_revision.as_ref();
    if known.is_some_and(|(name, files)| name == revision && files.is_some()) {
        return None;
    }
    let revision = safe_text::clean_text(revision, " ");
    Some(match state.filter_field {
        Some(_) => format!("Enter asks git what changed since {revision}"),
        None => format!("Git has not said what changed since {revision}"),
    })
}

fn fault_text(fault: &QueryFault) -> String {
    let perhaps = |nearest: &Option<&str>, sign: &str| match nearest {
        Some(nearest) => format!("; perhaps {nearest}{sign}"),
        None => String::new(),
    };
    match fault {
        QueryFault::UnknownField { name, nearest } => {
            format!("No field is named {name}: looked for as text{}", perhaps(nearest, ":"))
        }
        QueryFault::UnknownValue { field, value, nearest } => {
            let values = field.values().unwrap_or_default().join(" ");
            let name = field.name();
            format!("{name}: has no value {value}{}; it takes {values}", perhaps(nearest, ""))
        }
        QueryFault::WrongOperator { field, operator } => {
            let name = field.name();
            format!("{name}{operator} compares nothing: {name}: holds, {name}= is")
        }
    }
}

pub(super) fn miss_text(miss: &SearchMiss, state: &AppState) -> String {
    let all = state.index.entries.len();
    match miss {
        SearchMiss::Term { text, .. } => match text.strip_prefix('!') {
            Some(text) => format!("Every finding has {text}: 0 of {all}"),
            None => format!("No finding has {text}: 0 of {all}"),
        },
        SearchMiss::Together => format!("Each word finds something, but nothing has all of them: 0 of {all}"),
        SearchMiss::BelowMinimum(count) => {
            let severity = state.filter.shown_floor();
            format!("Nothing at {severity} or above; {count} below (s shows them)")
        }
    }
}

/// The reasons why nothing is found, for the empty list.
pub(super) fn explain_nothing(state: &AppState) -> Vec<String> {
    let mut lines: Vec<String> = state.filter.query.faults().iter().map(fault_text).collect();
    lines.extend(revision_text(state).filter(|_| lines.is_empty()).map(|words| format!("{words}.")));
    if let Some(miss) = state.facts.search_miss.as_ref().filter(|_| lines.is_empty()) {
        lines.push(miss_text(miss, state));
        if let SearchMiss::Term { suggestion: Some(term), .. } = miss {
            lines.push(format!("{term} is a field's value: / and Tab look for that."));
        }
    }
    lines.extend(weighing_text(state));
    lines.extend(no_git_text(state));
    lines
}

/// The fields with an example each, for the help.
pub(super) fn field_rows() -> Vec<(String, String)> {
    let rows = QueryField::ALL.into_iter().map(QueryField::example);
    let rows = rows.map(|(example, meaning)| (example.to_owned(), meaning.to_owned()));
    let words = [
        ("root user", "both words, in rule, theme, object, path or message"),
        ("\"run as root\"", "words as they stand"),
        ("!path:test", "not so; ! goes before any term"),
        ("sev:high,critical", "one of several values"),
    ];
    rows.chain(words.map(|(example, meaning)| (example.to_owned(), meaning.to_owned()))).collect()
}
