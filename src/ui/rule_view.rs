//! Draws what is to be read of the selected finding: why it stands here, the risk of its fix, and its rule's page.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{empty_states, finding_page, fix_view, markdown, risk_lines, safe_text};
use crate::app::{
    Action, AppState, FileTreeNode, FindingGroup, FullscreenView, ListNode, Pane, PatchSide, PreviewState,
    ScreenArea,
};
use crate::audit::ListedFinding;
use crate::theme::StyleToken;

/// The most files that are named where something was written.
const MOST_FILES: usize = 6;

/// Draws the pane. Gives how far it can be scrolled.
pub(super) fn draw_rule(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) -> usize {
    if state.mended_row().is_some() {
        return draw_mended(canvas, state, area);
    }
    let Some(entry) = state.current_finding() else {
        draw_title(canvas, state, area, "Rule");
        empty_states::draw_nothing_selected(canvas, state, inside_title(area));
        return 0;
    };
    draw_rule_title(canvas, state, entry, area);
    let inside = inside_title(area);
    draw_explanation(canvas, state, inside, &explanation_lines(canvas, state, entry, inside.width))
}

/// Draws what was written just now, and what a person can do next.
fn draw_mended(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) -> usize {
    draw_title(canvas, state, area, "Fixed");
    let inside = inside_title(area);
    canvas.draw_lines(inside, &mended_lines(canvas, state, usize::from(inside.width)));
    0
}

/// What was written just now, and the keys that go on or take it back.
pub(super) fn mended_lines(canvas: &Canvas<'_>, state: &AppState, cells: usize) -> Vec<Line<'static>> {
    let Some(mended) = &state.mended else { return Vec::new() };
    let [safe, ..] = canvas.glyphs().risk_signs;
    let files: Vec<String> = mended.files.iter().map(|file| file.path.to_string()).collect();
    let key =
        |action| state.config.keymap.keys_for(action).first().map(ToString::to_string).unwrap_or_default();
    let next = format!("{} goes on, {} takes it back.", key(Action::Down), key(Action::Undo));
    // Of many files the change log names all.
    let named = if files.len() > MOST_FILES + 1 { MOST_FILES } else { files.len() };
    let more = match files.len() - named {
        0 => String::new(),
        more => format!(" and {more} more files"),
    };
    let written = format!("Written to {}{more}.", files[..named].join(", "));
    let mut lines = risk_lines::signed_lines(canvas, Some(safe), &mended.title, cells, StyleToken::Good);
    for words in [written, next] {
        lines.extend(risk_lines::signed_lines(canvas, None, &words, cells, StyleToken::Base));
    }
    lines
}

/// Draws the explanation in full width.
pub(super) fn draw_rule_fullscreen(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea) -> usize {
    // Longer lines than this are hard to read.
    let inside = ScreenArea { width: inside_title(area).width.min(90), ..inside_title(area) };
    let Some(entry) = state.current_finding() else {
        draw_title(canvas, state, area, "Rule");
        empty_states::draw_nothing_selected(canvas, state, inside);
        return 0;
    };
    draw_rule_title(canvas, state, entry, area);
    let area = inside;
    draw_explanation(canvas, state, area, &explanation_lines(canvas, state, entry, area.width))
}

/// The area under the title, a cell away from the borders.
const fn inside_title(area: ScreenArea) -> ScreenArea {
    ScreenArea::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(1))
}

fn draw_explanation(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    area: ScreenArea,
    lines: &[Line<'static>],
) -> usize {
    let last = lines.len().saturating_sub(usize::from(area.height));
    canvas.draw_lines(area, lines.iter().skip(state.page_scroll.min(last)));
    last
}

fn draw_rule_title(canvas: &mut Canvas<'_>, state: &AppState, entry: &ListedFinding, area: ScreenArea) {
    let severity =
        Line::from(Span::styled(entry.severity.name(), canvas.theme.severity_style(entry.severity)));
    let end = if state.is_single_finding() {
        canvas.draw_right(area.x, area.y, area.width.saturating_sub(1), &severity)
    } else {
        area.right()
    };
    let title = if state.is_single_finding() { entry.key.rule.to_owned() } else { selection_title(state) };
    let area = ScreenArea { width: end.saturating_sub(area.x + 1), ..area };
    let title =
        safe_text::fitting_tail(&title, usize::from(area.width.saturating_sub(1)), canvas.glyphs().ellipsis);
    draw_title(canvas, state, area, &title);
}

fn draw_title(canvas: &mut Canvas<'_>, state: &AppState, area: ScreenArea, title: &str) {
    let focused = state.has_keys(Pane::Rule);
    super::draw_pane_title(canvas, area, title, focused || state.fullscreen == Some(FullscreenView::Page));
    if focused {
        super::mark_pane_without_row(canvas, area);
    }
}

/// The name of the selection, when it is more than one finding.
fn selection_title(state: &AppState) -> String {
    if state.active_list == Pane::Files {
        return match &state.selected_path {
            Some(FileTreeNode::Folder(path)) => path.clone(),
            Some(FileTreeNode::File(path)) => path.to_string(),
            None => String::new(),
        };
    }
    let group = |group: &FindingGroup| match group {
        FindingGroup::Object(_, object) => object.to_string(),
        FindingGroup::File(path) => path.to_string(),
        FindingGroup::Rule(rule) => (*rule).to_owned(),
    };
    match state.selected_row_node() {
        Some(ListNode::Group(g)) => group(&g),
        Some(ListNode::Theme(g, theme)) => {
            format!("{} {}", group(&g), theme.map_or("other", crate::rules::RuleTheme::name))
        }
        Some(ListNode::Suppressed(hush)) => hush.name().to_owned(),
        _ => String::new(),
    }
}

/// What stands under a list where there is no fix to draw: what is found and where, what there is to do, and as much of
/// the page as there is room for.
pub(super) fn lines_without_fix(canvas: &Canvas<'_>, state: &AppState, cells: u16) -> Vec<Line<'static>> {
    // While a fix is being made its diff is awaited, and nothing else flashes up in its place.
    let is_decided = !matches!(state.preview.visible().state, PreviewState::Pending);
    match state.current_finding().filter(|_| is_decided && state.is_single_finding()) {
        Some(entry) => explanation_lines(canvas, state, entry, cells),
        None => risk_lines::fix_lines(canvas, state, usize::from(cells)),
    }
}

fn explanation_lines(
    canvas: &Canvas<'_>,
    state: &AppState,
    entry: &ListedFinding,
    cells: u16,
) -> Vec<Line<'static>> {
    let cells = usize::from(cells);
    if state.is_single_finding() {
        finding_explanation(canvas, state, entry, cells)
    } else {
        selection_explanation(canvas, state, cells)
    }
}

/// The number that the finding's line has beside the lines of the fix, where it is drawn among these and is another.
fn line_with_fix(state: &AppState, entry: &ListedFinding) -> String {
    let panes = if state.fullscreen.is_none() { state.file_panes() } else { Vec::new() };
    let pane =
        panes.iter().find(|pane| pane.file.path == entry.key.path && pane.file.side == PatchSide::Both);
    let line = pane.map(|pane| pane.file.line_at(pane.file.place_of_line(entry.line.saturating_sub(1))));
    let other = line.and_then(|line| line.after).filter(|after| *after != entry.line);
    other.map(|after| format!(", {after} with the fix")).unwrap_or_default()
}

fn finding_explanation(
    canvas: &Canvas<'_>,
    state: &AppState,
    entry: &ListedFinding,
    cells: usize,
) -> Vec<Line<'static>> {
    let message = crate::text::capitalise_text(&safe_text::clean_text(
        &entry.finding.message,
        canvas.glyphs().control_char,
    ));
    let mut lines = markdown::sentence_lines(&message, cells, canvas.theme, StyleToken::Title);
    let subject = &entry.key.subject;
    let muted = |words: String| Line::from(Span::styled(words, canvas.token_style(StyleToken::Muted)));
    let place = format!("{}:{}{}", entry.key.path, entry.line, line_with_fix(state, entry));
    let mut about: Vec<String> = subject.object.iter().map(std::string::ToString::to_string).collect();
    about.extend(subject.container.iter().map(|container| format!("container {container}")));
    let about = about.join(&format!(" {} ", canvas.glyphs().separator));
    lines.push(muted(safe_text::fitting_tail(&place, cells, canvas.glyphs().ellipsis).into_owned()));
    lines.extend(safe_text::wrap_words(&about, cells).into_iter().map(muted));
    lines.extend(risk_lines::fix_lines(canvas, state, cells));
    if let Some(quiet) = &entry.suppression {
        let quiet = quiet.to_string();
        let quiet = safe_text::clean_text(&quiet, canvas.glyphs().control_char);
        lines.push(Line::default());
        lines.extend(markdown::sentence_lines(
            &crate::text::capitalise_text(&quiet),
            cells,
            canvas.theme,
            StyleToken::Caution,
        ));
    }
    if let Some(rule) = (state.rules)(entry.key.rule) {
        lines.push(Line::default());
        let body = rule.text.trim_start().split_once('\n').map_or("", |(_, body)| body);
        // The summary is left out in the pane: the message says the same of this finding.
        let whole = state.fullscreen == Some(FullscreenView::Page);
        let body = body.find("\n## ").filter(|_| !whole).map_or(body, |at| &body[at..]);
        let page = finding_page::page_for_finding(state, entry, body.trim_start());
        let page: Vec<_> =
            page.lines().map(|line| safe_text::clean_text(line, canvas.glyphs().control_char)).collect();
        lines.extend(markdown::markdown_lines(&page.join("\n"), cells, canvas.theme));
    }
    lines
}

/// The rules that fire in the selection, each with its summary.
fn selection_explanation(canvas: &Canvas<'_>, state: &AppState, cells: usize) -> Vec<Line<'static>> {
    let selection = state.selected_entries();
    let mut rules: Vec<(&ListedFinding, usize)> = Vec::new();
    for entry in &selection {
        match rules.iter_mut().find(|(other, _)| other.key.rule == entry.key.rule) {
            Some((_, count)) => *count += 1,
            None => rules.push((entry, 1)),
        }
    }
    rules.sort_by_key(|(entry, _)| std::cmp::Reverse(entry.severity));
    let mut lines = vec![Line::from(Span::styled(
        safe_text::count_of(selection.len(), "finding"),
        canvas.token_style(StyleToken::Title),
    ))];
    lines.extend(workload_score_line(canvas, state));
    if let Some((words, slot)) = fix_view::unread_text(state) {
        lines.extend(risk_lines::signed_lines(canvas, None, &words, cells, slot));
    }
    lines.extend(risk_lines::fix_lines(canvas, state, cells));
    for (entry, count) in rules {
        let severity =
            Span::styled(entry.severity.letter().to_string(), canvas.theme.severity_style(entry.severity));
        let times = if count > 1 { format!(" ({count})") } else { String::new() };
        lines.push(Line::default());
        lines.push(Line::from(vec![
            severity,
            Span::raw(" "),
            Span::styled(format!("{}{times}", entry.key.rule), canvas.token_style(StyleToken::Heading)),
        ]));
        let summary = (state.rules)(entry.key.rule).map(|rule| rule.parse_page().summary.to_owned());
        lines.extend(markdown::markdown_lines(
            summary.as_deref().unwrap_or(&entry.finding.message),
            cells,
            canvas.theme,
        ));
    }
    lines
}

/// The selected object's score, and the Pod Security Standard that it meets.
fn workload_score_line(canvas: &Canvas<'_>, state: &AppState) -> Option<Line<'static>> {
    // Of a file it is the findings that are selected, whatever row of theirs was last.
    let node = state.selected_row_node().filter(|_| state.active_list == Pane::Findings);
    let Some(ListNode::Group(FindingGroup::Object(path, object))) = node else { return None };
    let workload = state.store.workloads_in(&path).iter().find(|w| w.object == object)?;
    let mut words = Vec::new();
    words.extend(workload.score.map(|score| format!("score {score}")));
    words.extend(workload.pod_security.map(|level| format!("Pod Security: {}", level.name())));
    let words = words.join(&format!(" {} ", canvas.glyphs().separator));
    Some(Line::from(Span::styled(words, canvas.token_style(StyleToken::Muted))))
}
