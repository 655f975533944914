//! The rule of the selected finding, explained, with the fix under it.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{chrome, empty, fix, markdown, text};
use crate::app::{Area, Entry, Group, Leaf, Node, Pane, Shape, State, Wide};
use crate::theme::Slot;

/// The pane: explanation above, fix below. Gives how far the explanation can be scrolled.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, area: Area) -> usize {
    let Some(entry) = state.finding() else {
        super::title(canvas, area, "Rule", state.focus == Pane::Rule);
        empty::nothing_selected(canvas, state, inside(area));
        return 0;
    };
    draw_title(canvas, state, entry, area);
    if state.layout().shape == Shape::Single {
        return one_column(canvas, state, entry, inside(area));
    }
    let wanted = fix::height(canvas, state, area.width).min(usize::from(area.height) * 3 / 5);
    let below = u16::try_from(wanted).unwrap_or(0);
    let above = Area { height: area.height.saturating_sub(below + 2), ..inside(area) };
    fix::draw(canvas, state, Area { y: area.bottom() - below, height: below, ..area });
    let divider = area.bottom().saturating_sub(below + 1);
    chrome::divide(canvas, Area { y: area.y, height: divider - area.y, ..area }, canvas.style(Slot::Border));
    let last = scroll(canvas, state, above, &explanation(canvas, state, entry, above.width));
    if state.page_scroll < last {
        let more = Line::from(Span::styled(" more ", canvas.style(Slot::Muted)));
        canvas.right(area.x, divider, area.width.saturating_sub(1), &more);
    }
    last
}

/// Fix and explanation under each other, where there is no room for two.
fn one_column(canvas: &mut Canvas<'_>, state: &State, entry: &Entry, area: Area) -> usize {
    let mut lines = fix::lines(canvas, state, usize::from(area.width));
    lines.push(Line::default());
    lines.extend(explanation(canvas, state, entry, area.width));
    scroll(canvas, state, area, &lines)
}

/// The explanation in full width.
pub(super) fn page(canvas: &mut Canvas<'_>, state: &State, area: Area) -> usize {
    let Some(entry) = state.finding() else { return 0 };
    draw_title(canvas, state, entry, area);
    // Longer lines than this are hard to read.
    let area = Area { width: inside(area).width.min(90), ..inside(area) };
    scroll(canvas, state, area, &explanation(canvas, state, entry, area.width))
}

/// What lies under the title, a cell away from the borders.
const fn inside(area: Area) -> Area {
    Area::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(1))
}

fn scroll(canvas: &mut Canvas<'_>, state: &State, area: Area, lines: &[Line<'static>]) -> usize {
    let last = lines.len().saturating_sub(usize::from(area.height));
    canvas.lines(area, lines.iter().skip(state.page_scroll.min(last)));
    last
}

fn draw_title(canvas: &mut Canvas<'_>, state: &State, entry: &Entry, area: Area) {
    let severity = Line::from(Span::styled(entry.severity.name(), canvas.theme.severity(entry.severity)));
    let end = if state.is_single() {
        canvas.right(area.x, area.y, area.width.saturating_sub(1), &severity)
    } else {
        area.right()
    };
    let title = if state.is_single() { entry.key.rule.to_owned() } else { several(state) };
    let area = Area { width: end.saturating_sub(area.x + 1), ..area };
    let title = text::tail(&title, usize::from(area.width.saturating_sub(1)), canvas.glyphs().cut);
    super::title(canvas, area, &title, state.focus == Pane::Rule);
}

/// What is selected, when it is more than one finding.
fn several(state: &State) -> String {
    if state.list == Pane::Files {
        return match &state.leaf {
            Some(Leaf::Folder(path)) => path.clone(),
            Some(Leaf::File(path)) => path.to_string(),
            None => String::new(),
        };
    }
    let group = |group: &Group| match group {
        Group::Object(_, object) => object.to_string(),
        Group::File(path) => path.to_string(),
        Group::Rule(rule) => (*rule).to_owned(),
    };
    match state.row_node() {
        Some(Node::Group(g)) => group(&g),
        Some(Node::Theme(g, theme)) => {
            format!("{} {}", group(&g), theme.map_or("other", crate::rules::RuleTheme::name))
        }
        Some(Node::Quiet(hush)) => hush.name().to_owned(),
        _ => String::new(),
    }
}

fn explanation(canvas: &Canvas<'_>, state: &State, entry: &Entry, cells: u16) -> Vec<Line<'static>> {
    let cells = usize::from(cells);
    if state.is_single() { of_one(canvas, state, entry, cells) } else { of_several(canvas, state, cells) }
}

fn of_one(canvas: &Canvas<'_>, state: &State, entry: &Entry, cells: usize) -> Vec<Line<'static>> {
    let message = crate::text::capitalised(&text::clean(&entry.message, canvas.glyphs().control));
    let mut lines = markdown::sentence(&message, cells, canvas.theme, Slot::Title);
    let subject = &entry.key.subject;
    let muted = |words: String| Line::from(Span::styled(words, canvas.style(Slot::Muted)));
    let place = format!("{}:{}", entry.key.path, entry.line);
    let mut about: Vec<String> = subject.object.iter().map(std::string::ToString::to_string).collect();
    about.extend(subject.container.iter().map(|container| format!("container {container}")));
    let about = about.join(&format!(" {} ", canvas.glyphs().separator));
    lines.push(muted(text::tail(&place, cells, canvas.glyphs().cut).into_owned()));
    lines.extend(text::wrap(&about, cells).into_iter().map(muted));
    if let Some(quiet) = &entry.quiet {
        let quiet = quiet.to_string();
        let quiet = text::clean(&quiet, canvas.glyphs().control);
        lines.push(Line::default());
        lines.extend(markdown::sentence(
            &crate::text::capitalised(&quiet),
            cells,
            canvas.theme,
            Slot::Caution,
        ));
    }
    if let Some(rule) = (state.rules)(entry.key.rule) {
        lines.push(Line::default());
        let body = rule.text.trim_start().split_once('\n').map_or("", |(_, body)| body);
        // The summary says of any finding what the message has said of this one.
        let whole = state.wide == Some(Wide::Page);
        let body = body.find("\n## ").filter(|_| !whole).map_or(body, |at| &body[at..]);
        lines.extend(markdown::lines(body.trim_start(), cells, canvas.theme));
    }
    lines
}

/// The rules that fire in what is selected, each with its summary.
fn of_several(canvas: &Canvas<'_>, state: &State, cells: usize) -> Vec<Line<'static>> {
    let selection = state.selection();
    let mut rules: Vec<(&Entry, usize)> = Vec::new();
    for entry in &selection {
        match rules.iter_mut().find(|(other, _)| other.key.rule == entry.key.rule) {
            Some((_, count)) => *count += 1,
            None => rules.push((entry, 1)),
        }
    }
    rules.sort_by_key(|(entry, _)| std::cmp::Reverse(entry.severity));
    let mut lines =
        vec![Line::from(Span::styled(text::count(selection.len(), "finding"), canvas.style(Slot::Title)))];
    lines.extend(standing(canvas, state));
    for (entry, count) in rules {
        let severity =
            Span::styled(entry.severity.letter().to_string(), canvas.theme.severity(entry.severity));
        let times = if count > 1 { format!(" ({count})") } else { String::new() };
        lines.push(Line::default());
        lines.push(Line::from(vec![
            severity,
            Span::raw(" "),
            Span::styled(format!("{}{times}", entry.key.rule), canvas.style(Slot::Heading)),
        ]));
        let summary = (state.rules)(entry.key.rule).map(|rule| rule.parse_page().summary.to_owned());
        lines.extend(markdown::lines(summary.as_deref().unwrap_or(&entry.message), cells, canvas.theme));
    }
    lines
}

/// How the selected object stands: its score, and the Pod Security Standard that it meets.
fn standing(canvas: &Canvas<'_>, state: &State) -> Option<Line<'static>> {
    let Some(Node::Group(Group::Object(path, object))) = state.row_node() else { return None };
    let workload = state.store.workloads_in(&path).iter().find(|w| w.object == object)?;
    let mut words = Vec::new();
    words.extend(workload.score.map(|score| format!("score {score}")));
    words.extend(workload.pod_security.map(|level| format!("Pod Security: {}", level.name())));
    let words = words.join(&format!(" {} ", canvas.glyphs().separator));
    Some(Line::from(Span::styled(words, canvas.style(Slot::Muted))))
}
