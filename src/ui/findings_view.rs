//! Draws the list of findings, folded under their objects.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{empty_states, file_tree_view, group_label, query_view, safe_text};
use crate::app::{
    AppState, FindingGroup, FindingGrouping, FindingsRow, ListNode, ListOrder, Pane, ScreenArea,
    SeverityCounts,
};
use crate::audit::ListedFinding;
use crate::finding::Severity;
use crate::theme::StyleToken;

pub(super) fn draw_findings(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) {
    let focused = state.has_keys(Pane::Findings);
    draw_findings_title(canvas, state, area, focused);
    if state.findings_list.rows.is_empty() && state.mended_row().is_none() {
        if focused {
            super::mark_pane_without_row(canvas, area);
        }
        empty_states::draw_empty_list(
            canvas,
            state,
            ScreenArea { y: area.y + 1, height: area.height.saturating_sub(1), ..area },
        );
        return;
    }
    let mended = state.mended_row();
    for (shown, y) in (state.findings_cursor.top..).zip(area.y + 1..area.bottom()) {
        let place = ScreenArea::new(area.x, y, area.width, 1);
        if mended == Some(shown) {
            draw_mended_row(canvas, state, place, focused);
            continue;
        }
        let at = shown - usize::from(mended.is_some_and(|mended| mended < shown));
        let Some(row) = state.findings_list.rows.get(at) else { break };
        draw_findings_row(canvas, state, (at, row), place);
        if at == state.findings_cursor.row && mended.is_none() {
            super::mark_selected_row(canvas, place, focused);
        }
    }
}

/// Draws the row of what was written just now, struck, until a person moves.
fn draw_mended_row(canvas: &mut Canvas<'_>, state: &AppState, place: ScreenArea, focused: bool) {
    let Some(mended) = &state.mended else { return };
    let x = place.x + 1 + (mended.depth * 2).min(place.width);
    let struck = canvas.token_style(StyleToken::Base).add_modifier(ratatui::style::Modifier::CROSSED_OUT);
    let mut end = canvas.draw_text(x, place.y, place.right().saturating_sub(x), &mended.label, struck);
    if let Some(head) = &mended.lost_head {
        let room = usize::from(place.right().saturating_sub(end + 2)).saturating_sub(" fixed ".len());
        let head = safe_text::clean_text(head, canvas.glyphs().control_char);
        let head = safe_text::fit_middle(&head, room, canvas.glyphs().ellipsis);
        end = canvas.draw_text(
            end + 1,
            place.y,
            place.right() - end,
            &head,
            canvas.token_style(StyleToken::Muted),
        );
    }
    let undo = state.config.keymap.keys_for(crate::app::Action::Undo).first();
    let undo = undo.map(|keys| format!(" {} {keys} takes it back", canvas.glyphs().separator));
    for words in [format!("fixed{}", undo.unwrap_or_default()), "fixed".to_owned()] {
        let line = Line::from(Span::styled(words, canvas.token_style(StyleToken::Good)));
        if line.width() + 1 < usize::from(place.right().saturating_sub(end)) {
            canvas.draw_right(end + 1, place.y, place.right().saturating_sub(end + 1), &line);
            break;
        }
    }
    super::mark_selected_row(canvas, place, focused);
}

fn draw_findings_title(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea, focused: bool) {
    let filter = &state.filter;
    if filter.is_active() {
        return draw_search_title(canvas, state, area, focused);
    }
    // The first scan tells of its findings in parts.
    let part = if state.is_scanned { "" } else { " so far" };
    let text = match (state.findings_list.len(), state.index.entries.len()) {
        (shown, all) if shown < all => format!("Findings {shown}/{all}{part}"),
        (_, 0) if !state.is_scanned => "Findings".to_owned(),
        (_, all) => format!("Findings {all}{part}"),
    };
    let x = super::draw_pane_title(canvas, area, &text, focused);
    let mut words = Vec::new();
    let floor = filter.shown_floor();
    if floor > Severity::Info {
        let word = format!("{floor} {} ", canvas.glyphs().upward);
        words.push(Span::styled(word, canvas.theme.severity_style(floor)));
    }
    let order = match state.order {
        ListOrder::Weight => String::new(),
        order => format!(", {}", order.name()),
    };
    let grouping = format!("by {}{order}", state.grouping.name());
    words.push(Span::styled(grouping, canvas.token_style(StyleToken::Muted)));
    let room = area.right().saturating_sub(x + 2);
    canvas.draw_right(x + 1, area.y, room, &Line::from(words));
}

/// Draws the title with the words of the search, cut in their middle where they are long, and what it finds.
fn draw_search_title(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea, focused: bool) {
    let mut counts = vec![Span::styled(query_view::count_text(state), canvas.token_style(StyleToken::Base))];
    let floor = state.filter.shown_floor();
    if floor > Severity::Info {
        let word = format!(" {}{}", floor.letter(), canvas.glyphs().upward);
        counts.push(Span::styled(word, canvas.theme.severity_style(floor)));
    }
    let end = canvas.draw_right(area.x, area.y, area.width.saturating_sub(1), &Line::from(counts));
    let room = usize::from(end.saturating_sub(area.x + 2));
    if state.filter_field.is_some() {
        super::draw_pane_title(canvas, area, "Findings", focused);
        return;
    }
    let (sign, words) = state.search_words();
    let words = safe_text::clean_text(words, canvas.glyphs().control_char).into_owned();
    let is_roomy = !sign.is_empty() && safe_text::text_width(&words) + "Findings /".len() <= room;
    let name = if is_roomy { "Findings /" } else { sign };
    let room = room.saturating_sub(name.len());
    let words = match sign.is_empty() {
        true => safe_text::fit_object_title(&words, room, canvas.glyphs().ellipsis),
        false => safe_text::fit_middle(&words, room, canvas.glyphs().ellipsis).into_owned(),
    };
    super::draw_pane_title(
        canvas,
        ScreenArea { width: end.saturating_sub(area.x), ..area },
        &format!("{name}{words}"),
        focused,
    );
}

fn draw_findings_row(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    (at, row): (usize, &FindingsRow),
    place: ScreenArea,
) {
    let x = place.x + 1 + (row.depth * 2).min(place.width);
    let room = place.right().saturating_sub(x + 1);
    let node = state.findings_list.node_of_row(&state.index, row);
    let (left, right) = match (&node, row.expanded) {
        (ListNode::Finding(_), _) => {
            let Some(entry) = state.findings_list.entries_under(&state.index, row).next() else { return };
            finding_sides(canvas, state, (at, row, entry), usize::from(room))
        }
        (node, open) => fold_sides(canvas, state, (at, row), (node, open == Some(true)), usize::from(room)),
    };
    let left = match &node {
        ListNode::Group(FindingGroup::File(_)) => {
            let cells = usize::from(room).saturating_sub(right.width() + 1);
            fit_path(canvas, left, cells, || group_label::paths_beside(state, at))
        }
        _ => left,
    };
    let end = match right.width() {
        0 => place.right(),
        _ => canvas.draw_right(x, place.y, room, &right),
    };
    canvas.draw_line(x, place.y, end.saturating_sub(x + 1), &left);
}

/// Cuts the last part of a line, which is a path, so that it is told from those beside it: at its beginning where that
/// does.
fn fit_path(
    canvas: &Canvas<'_>,
    mut line: Line<'static>,
    cells: usize,
    beside: impl FnOnce() -> [Option<String>; 2],
) -> Line<'static> {
    let surplus = line.width().saturating_sub(cells);
    if let Some(path) = line.spans.last_mut().filter(|_| surplus > 0) {
        let mark = canvas.glyphs().ellipsis;
        let room = safe_text::text_width(&path.content).saturating_sub(surplus);
        let tail = safe_text::fitting_tail(&path.content, room, mark);
        let reads_as = |other: &String| safe_text::fitting_tail(other, room, mark) == tail;
        path.content = if beside().iter().flatten().any(reads_as) {
            // The name of the file is the same in all of them.
            let folder = path.content.rsplit_once('/').map_or("", |(folder, _)| folder);
            safe_text::fit_middle(&format!("{folder}/{mark}"), room, mark).into_owned().into()
        } else {
            tail.into_owned().into()
        };
    }
    line
}

type RowSides = (Line<'static>, Line<'static>);

/// The two sides of a fold: its name, and the number of its findings by severity.
fn fold_sides(
    canvas: &Canvas<'_>,
    state: &AppState,
    (at, row): (usize, &FindingsRow),
    (node, open): (&ListNode, bool),
    cells: usize,
) -> RowSides {
    let glyphs = canvas.glyphs();
    let sign = Span::styled(
        format!("{} ", if open { glyphs.expanded } else { glyphs.collapsed }),
        canvas.token_style(StyleToken::Muted),
    );
    let mut spans = vec![sign];
    match node {
        ListNode::Theme(_, theme) => {
            let name = theme.map_or("other", crate::rules::RuleTheme::name);
            spans.push(Span::styled(name.to_owned(), canvas.token_style(StyleToken::Base)));
        }
        ListNode::Group(FindingGroup::Object(path, object)) => {
            let room = cells.saturating_sub(COUNT_CELLS);
            let roomy = cells.saturating_sub(count_cells(canvas, state, row) + 4);
            let label = group_label::label_object(canvas, state, at, (path, object), (room, roomy));
            spans.extend(mark_matches(canvas, state, &label.name, canvas.token_style(StyleToken::Title)));
            let place = label.place.map(|place| format!(" {place}"));
            spans.extend(place.map(|place| Span::styled(place, canvas.token_style(StyleToken::Muted))));
        }
        ListNode::Group(FindingGroup::File(path)) => {
            spans.push(Span::styled(path.to_string(), canvas.token_style(StyleToken::Title)));
        }
        ListNode::Group(FindingGroup::Rule(rule)) => {
            spans.extend(mark_matches(canvas, state, rule, canvas.token_style(StyleToken::Title)));
        }
        ListNode::Suppressed(hush) => {
            spans.push(Span::styled(hush.name(), canvas.token_style(StyleToken::Muted)));
        }
        ListNode::Finding(_) => {}
    }
    let fresh = state
        .findings_list
        .entries_under(&state.index, row)
        .filter(|entry| state.new_keys.contains(&entry.key))
        .count();
    let mut right = Vec::new();
    if fresh > 0 {
        let words = format!("{}{fresh}", canvas.glyphs().new_mark);
        right.push(Span::styled(words, canvas.token_style(StyleToken::New)));
        right.push(Span::raw(" "));
    }
    let severities = state.findings_list.entries_under(&state.index, row).map(|entry| entry.severity);
    let left = Line::from(spans);
    let room = cells.saturating_sub(left.width() + Line::from(right.clone()).width() + 1);
    right.extend(
        file_tree_view::severity_counts(canvas, SeverityCounts::from_severities(severities), room).spans,
    );
    (left, Line::from(right))
}

/// The cells of the number of a row's findings of each severity, where all of them are named.
fn count_cells(canvas: &Canvas<'_>, state: &AppState, row: &FindingsRow) -> usize {
    let severities = state.findings_list.entries_under(&state.index, row).map(|entry| entry.severity);
    let counts = SeverityCounts::from_severities(severities);
    file_tree_view::severity_counts(canvas, counts, usize::MAX).width()
}

/// The cells that the sign before a fold's name and the number of its findings take at least.
const COUNT_CELLS: usize = 9;

/// The two sides of a finding in so many cells: its severity, its rule, and the part of its place that its fold does not
/// name.
fn finding_sides(
    canvas: &Canvas<'_>,
    state: &AppState,
    (at, row, entry): (usize, &FindingsRow, &ListedFinding),
    cells: usize,
) -> RowSides {
    let file = state.store.file(&entry.key.path);
    let stale = file.is_some_and(|file| file.is_stale);
    let plain = canvas.token_style(if stale || entry.suppression.is_some() {
        StyleToken::Muted
    } else {
        StyleToken::Base
    });
    let mut spans = vec![severity_letter(canvas, row.worst_severity), Span::raw(" ")];
    if state.new_keys.contains(&entry.key) {
        spans.push(Span::styled(canvas.glyphs().new_mark, canvas.token_style(StyleToken::New)));
        spans.push(Span::raw(" "));
    }
    let cells = cells.saturating_sub(Line::from(spans.clone()).width());
    let (name, place) = match &entry.suppression {
        Some(quiet) => {
            let by = if quiet.is_baselined() { entry.key.path.file_name() } else { &quiet.source };
            fit_sides(canvas, (entry.key.rule, by), cells, false)
        }
        None if state.grouping == FindingGrouping::Rule => {
            let line = entry.line.to_string();
            let room = cells.saturating_sub(safe_text::text_width(&line) + 1);
            (subject_label(canvas, entry, room), line)
        }
        None => {
            let place = match (state.grouping, &entry.key.subject.container) {
                (_, Some(container)) => container.to_string(),
                (FindingGrouping::App, None) => part_of_app(state, entry),
                (_, None) => String::new(),
            };
            fit_sides(canvas, (entry.key.rule, &place), cells, has_twin(state, at, entry))
        }
    };
    spans.extend(mark_matches(canvas, state, &name, plain));
    (Line::from(spans), Line::from(Span::styled(place, canvas.token_style(StyleToken::Muted))))
}

/// A rule's name and a place beside it, in so many cells. The name is worth more than the place, which the source shows
/// as well, but where another row has the same name.
fn fit_sides(
    canvas: &Canvas<'_>,
    (name, place): (&str, &str),
    cells: usize,
    is_twin: bool,
) -> (String, String) {
    let mark = canvas.glyphs().ellipsis;
    let [own, wanted] = [name, place].map(safe_text::text_width);
    let left = cells.saturating_sub(own + 1);
    let least = if is_twin { (cells / 2).min(wanted) } else { 0 };
    match wanted {
        0 => (name.to_owned(), String::new()),
        _ if wanted <= left => (name.to_owned(), place.to_owned()),
        _ if is_twin && left < least => {
            let place = safe_text::fit_object_title(place, least, mark);
            let room = cells.saturating_sub(safe_text::text_width(&place) + 1);
            (safe_text::fit_middle(name, room, mark).into_owned(), place)
        }
        _ if is_twin => (name.to_owned(), safe_text::fit_object_title(place, left, mark)),
        _ => (name.to_owned(), String::new()),
    }
}

/// True where the row before or after it is of the same rule.
fn has_twin(state: &AppState, at: usize, entry: &ListedFinding) -> bool {
    let rows = &state.findings_list.rows;
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| rows.get(at));
    let mut beside = beside.filter(|row| row.expanded.is_none());
    beside.any(|row| {
        let mut entries = state.findings_list.entries_under(&state.index, row);
        entries.next().is_some_and(|other| other.key.rule == entry.key.rule)
    })
}

/// What a finding under its app is about, where that is not the workload: the Dockerfile, or the object.
fn part_of_app(state: &AppState, entry: &ListedFinding) -> String {
    let own = &entry.key.subject.object;
    match (state.index.app_of_finding(&entry.key), own) {
        (Some((_, workload)), Some(own)) if own != workload => own.to_string(),
        (Some(_), None) => entry.key.path.file_name().to_owned(),
        _ => String::new(),
    }
}

/// A name with the letters marked that the filter matches.
fn mark_matches(canvas: &Canvas<'_>, state: &AppState, name: &str, style: Style) -> Vec<Span<'static>> {
    let matched = state.filter.query.matched_letters(name);
    if matched.is_empty() {
        return vec![Span::styled(name.to_owned(), style)];
    }
    let letters: Vec<(usize, char)> = name.chars().enumerate().collect();
    let is_match = |(at, _): &(usize, char)| matched.binary_search(at).is_ok();
    let runs = letters.chunk_by(|a, b| is_match(a) == is_match(b));
    runs.map(|run| {
        let style =
            if is_match(&run[0]) { style.patch(canvas.token_style(StyleToken::Match)) } else { style };
        Span::styled(run.iter().map(|(_, letter)| letter).collect::<String>(), style)
    })
    .collect()
}

/// The object and the file of a finding, in so many cells: first the path goes without its middle.
fn subject_label(canvas: &Canvas<'_>, entry: &ListedFinding, cells: usize) -> String {
    let mark = canvas.glyphs().ellipsis;
    let path = entry.key.path.as_str();
    let Some(object) = &entry.key.subject.object else {
        return safe_text::fit_middle(path, cells, mark).into_owned();
    };
    let least = safe_text::text_width(path).min(cells / 2);
    let object = safe_text::fit_object_title(object, cells.saturating_sub(least + 1), mark);
    let room = cells.saturating_sub(safe_text::text_width(&object) + 1);
    format!("{object} {}", safe_text::fit_middle(path, room, mark))
}

fn severity_letter(canvas: &Canvas<'_>, severity: Severity) -> Span<'static> {
    Span::styled(severity.letter().to_string(), canvas.theme.severity_style(severity))
}
