//! The list of findings, folded.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{empty, files, text};
use crate::app::{Area, Counts, Entry, Group, Grouping, Node, Pane, Row, State};
use crate::finding::Severity;
use crate::theme::Slot;

pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, area: Area) {
    let focused = state.focus == Pane::Findings;
    draw_title(canvas, state, area, focused);
    if state.outline.rows.is_empty() {
        empty::no_findings(
            canvas,
            state,
            Area { y: area.y + 1, height: area.height.saturating_sub(1), ..area },
        );
        return;
    }
    let rows = state.outline.rows.iter().enumerate().skip(state.findings.top).take(area.lines());
    for ((at, row), y) in rows.zip(area.y + 1..) {
        let place = Area::new(area.x, y, area.width, 1);
        draw_row(canvas, state, row, place);
        if at == state.findings.row {
            canvas.sign(place.x, y, canvas.glyphs().bar, canvas.style(Slot::Base));
            canvas.wash(place, canvas.style(if focused { Slot::Selection } else { Slot::SelectionAway }));
        }
    }
}

fn draw_title(canvas: &mut Canvas<'_>, state: &State, area: Area, focused: bool) {
    let filter = &state.filter;
    let text = if state.typing || !filter.text.is_empty() {
        format!("Findings /{}{}", filter.text, if state.typing { "_" } else { "" })
    } else {
        match (state.outline.len(), state.index.entries.len()) {
            (shown, all) if shown < all => format!("Findings {shown}/{all}"),
            (_, 0) if !state.scanned => "Findings".to_owned(),
            (_, all) => format!("Findings {all}"),
        }
    };
    let x = super::title(canvas, area, &text, focused);
    let mut words = Vec::new();
    let shown = state.outline.len();
    if shown < state.index.entries.len() && !filter.text.is_empty() {
        words.push(Span::styled(format!("{shown} "), canvas.style(Slot::Base)));
    }
    if filter.floor > Severity::Info {
        let word = format!("{} {} ", filter.floor, canvas.glyphs().raised);
        words.push(Span::styled(word, canvas.theme.severity(filter.floor)));
    }
    words.push(Span::styled(format!("by {}", state.grouping.name()), canvas.style(Slot::Muted)));
    let room = area.right().saturating_sub(x + 2);
    canvas.right(x + 1, area.y, room, &Line::from(words));
}

fn draw_row(canvas: &mut Canvas<'_>, state: &State, row: &Row, place: Area) {
    let x = place.x + 1 + (row.depth * 2).min(place.width);
    let room = place.right().saturating_sub(x + 1);
    let node = state.outline.node(&state.index, row);
    let (left, right) = match (&node, row.open) {
        (Node::Finding(_), _) => {
            let Some(entry) = state.outline.entries(&state.index, row).next() else { return };
            finding(canvas, state, row, entry)
        }
        (node, open) => fold(canvas, state, row, node, open == Some(true), usize::from(room)),
    };
    let left = match &node {
        Node::Group(Group::File(_)) => {
            keep_end(canvas, left, usize::from(room).saturating_sub(right.width() + 1))
        }
        _ => left,
    };
    // A rule's name is worth more than where it stands, which the source shows as well.
    let whole = row.open.is_some() || left.width() + right.width() < usize::from(room);
    let end = if whole { canvas.right(x, place.y, room, &right) } else { place.right() };
    canvas.line(x, place.y, end.saturating_sub(x + 1), &left);
}

/// Cuts the last part of a line, which is a path, at its beginning.
fn keep_end(canvas: &Canvas<'_>, mut line: Line<'static>, cells: usize) -> Line<'static> {
    let surplus = line.width().saturating_sub(cells);
    if let Some(path) = line.spans.last_mut() {
        let room = text::width(&path.content).saturating_sub(surplus);
        path.content = text::tail(&path.content, room, canvas.glyphs().cut).into_owned().into();
    }
    line
}

type Sides = (Line<'static>, Line<'static>);

/// A fold: its name, and how many findings of which severity it holds.
fn fold(canvas: &Canvas<'_>, state: &State, row: &Row, node: &Node, open: bool, cells: usize) -> Sides {
    let glyphs = canvas.glyphs();
    let sign = Span::styled(
        format!("{} ", if open { glyphs.open } else { glyphs.closed }),
        canvas.style(Slot::Muted),
    );
    let mut spans = vec![sign];
    match node {
        Node::Theme(_, theme) => {
            let name = theme.map_or("other", crate::rules::RuleTheme::name);
            spans.push(Span::styled(name.to_owned(), canvas.style(Slot::Base)));
        }
        Node::Group(Group::Object(_, object)) => {
            spans.extend(marked(canvas, state, object, canvas.style(Slot::Title)));
        }
        Node::Group(Group::File(path)) => {
            spans.push(Span::styled(path.to_string(), canvas.style(Slot::Title)));
        }
        Node::Group(Group::Rule(rule)) => {
            spans.extend(marked(canvas, state, rule, canvas.style(Slot::Title)));
        }
        Node::Quiet(hush) => spans.push(Span::styled(hush.name(), canvas.style(Slot::Muted))),
        Node::Finding(_) => {}
    }
    let fresh =
        state.outline.entries(&state.index, row).filter(|entry| state.fresh.contains(&entry.key)).count();
    let mut right = Vec::new();
    if fresh > 0 {
        right.push(Span::styled(format!("{fresh} new "), canvas.style(Slot::New)));
    }
    let severities = state.outline.entries(&state.index, row).map(|entry| entry.severity);
    let left = Line::from(spans);
    let room = cells.saturating_sub(left.width() + Line::from(right.clone()).width() + 1);
    right.extend(files::counts(canvas, Counts::of(severities), room).spans);
    (left, Line::from(right))
}

/// A finding: its severity, its rule, and where it stands as far as what it is folded under does not say.
fn finding(canvas: &Canvas<'_>, state: &State, row: &Row, entry: &Entry) -> Sides {
    let file = state.store.file(&entry.key.path);
    let stale = file.is_some_and(|file| file.stale);
    let plain = canvas.style(if stale || entry.quiet.is_some() { Slot::Muted } else { Slot::Base });
    let by_rule = state.grouping == Grouping::Rule && entry.quiet.is_none();
    let name = if by_rule { subject(entry) } else { entry.key.rule.to_owned() };
    let mut spans = vec![letter(canvas, row.worst), Span::raw(" ")];
    spans.extend(marked(canvas, state, &name, plain));
    if state.fresh.contains(&entry.key) {
        spans.insert(2, Span::styled("+ ", canvas.style(Slot::New)));
    }
    if let Some(quiet) = &entry.quiet {
        let by = if quiet.is_known() { entry.key.path.name() } else { &quiet.by };
        return (Line::from(spans), Line::from(Span::styled(by.to_owned(), canvas.style(Slot::Muted))));
    }
    let place = match (state.grouping, &entry.key.subject.container) {
        (Grouping::Rule, _) => entry.line.to_string(),
        (_, Some(container)) => container.to_string(),
        (Grouping::App, None) if state.index.owner(&entry.key.path).is_some() => {
            entry.key.path.name().to_owned()
        }
        (_, None) => String::new(),
    };
    (Line::from(spans), Line::from(Span::styled(place, canvas.style(Slot::Muted))))
}

/// A name with the letters that the filter matches told apart.
fn marked(canvas: &Canvas<'_>, state: &State, name: &str, style: Style) -> Vec<Span<'static>> {
    let matched = state.filter.matched(name);
    if matched.is_empty() {
        return vec![Span::styled(name.to_owned(), style)];
    }
    let letters: Vec<(usize, char)> = name.chars().enumerate().collect();
    let is_match = |(at, _): &(usize, char)| matched.binary_search(at).is_ok();
    let runs = letters.chunk_by(|a, b| is_match(a) == is_match(b));
    runs.map(|run| {
        let style = if is_match(&run[0]) { style.patch(canvas.style(Slot::Match)) } else { style };
        Span::styled(run.iter().map(|(_, letter)| letter).collect::<String>(), style)
    })
    .collect()
}

fn subject(entry: &Entry) -> String {
    match &entry.key.subject.object {
        Some(object) => format!("{object} {}", entry.key.path),
        None => entry.key.path.to_string(),
    }
}

fn letter(canvas: &Canvas<'_>, severity: Severity) -> Span<'static> {
    Span::styled(severity.letter().to_string(), canvas.theme.severity(severity))
}
