//! What lies over the panes: the menu of wider fixes, and questions.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{fix, markdown, text};
use crate::app::{Area, Outcome, Reach, State};
use crate::finding::FindingKey;
use crate::finding::FixRisk;
use crate::fix::Plan;
use crate::theme::Slot;

/// A frame in the middle, of at most this size, and what lies within it.
pub(super) fn open(canvas: &mut Canvas<'_>, title: &str, width: u16, height: usize) -> Area {
    let screen = canvas.buffer.area;
    let width = width.min(screen.width);
    let height = u16::try_from(height).unwrap_or(u16::MAX).min(screen.height.saturating_sub(2)).max(3);
    let area = Area::new((screen.width - width) / 2, screen.height.saturating_sub(height) / 2, width, height);
    framed(canvas, title, area)
}

fn framed(canvas: &mut Canvas<'_>, title: &str, area: Area) -> Area {
    canvas.clear(area);
    canvas.frame(area, canvas.style(Slot::Focus));
    let cells = area.width.saturating_sub(4);
    canvas.text(area.x + 2, area.y, cells, &format!(" {title} "), canvas.style(Slot::Title));
    Area::new(area.x + 2, area.y + 1, cells, area.height.saturating_sub(2))
}

/// Says in the frame's lower border that there is more than fits.
pub(super) fn more(canvas: &mut Canvas<'_>, area: Area) {
    let words = Line::from(Span::styled(" more ", canvas.style(Slot::Muted)));
    canvas.right(area.x, area.bottom(), area.width, &words);
}

/// The wider fixes, with how many findings each reaches.
pub(super) fn menu(canvas: &mut Canvas<'_>, state: &State, choice: usize) {
    let area = open(canvas, "Fix", 64, Reach::MENU.len() + 2);
    let first = (choice + 1).saturating_sub(usize::from(area.height));
    for ((i, reach), y) in Reach::MENU.into_iter().enumerate().skip(first).zip(area.y..area.bottom()) {
        let count = state.count_within(reach);
        let slot = if count == 0 { Slot::Muted } else { Slot::Base };
        let line = Line::from(vec![
            Span::styled(format!("{} ", i + 1), canvas.style(Slot::Focus)),
            Span::styled(words(reach, state), canvas.style(slot)),
        ]);
        let number = Line::from(Span::styled(count.to_string(), canvas.style(slot)));
        let end = canvas.right(area.x, y, area.width, &number);
        canvas.line(area.x, y, end.saturating_sub(area.x + 1), &line);
        if i == choice {
            canvas.wash(Area::new(area.x, y, area.width, 1), canvas.style(Slot::Selection));
        }
    }
}

fn words(reach: Reach, state: &State) -> String {
    let rule = state.finding().map_or("this rule", |entry| entry.key.rule);
    let file = state.path().map_or("this file", |path| path.name());
    match reach {
        Reach::Selected => "Everything selected".to_owned(),
        Reach::Breaking => "This fix would break the program".to_owned(),
        Reach::RuleInFile => format!("{rule} in {file}"),
        Reach::RuleEverywhere => format!("{rule} everywhere"),
        Reach::SafeInFile => format!("Everything safe in {file}"),
        Reach::Safe => "Everything safe".to_owned(),
        Reach::Review => "Everything, with review".to_owned(),
        Reach::ImagesInFile => format!("Pin the images in {file} (asks registries)"),
        Reach::Images => "Pin every image (asks registries)".to_owned(),
    }
}

/// The whole patch, and the question. Gives how far the patch can be scrolled.
pub(super) fn confirm(
    canvas: &mut Canvas<'_>,
    state: &State,
    reach: Reach,
    asked: usize,
    scroll: usize,
) -> usize {
    let screen = canvas.buffer.area;
    // Where there is little room, what lies under it gives all of its own.
    let top = u16::from(screen.height >= 15);
    let width = if screen.width < 140 { screen.width } else { 120 };
    let place = Area::new((screen.width - width) / 2, top, width, screen.height.saturating_sub(top + 1));
    let area = framed(canvas, &words(reach, state), place);
    let mark = canvas.glyphs().cut;
    let (said, question) = match (&state.preview.outcome, state.preview.plan()) {
        (_, Some(plan)) if plan.risk == FixRisk::WillBreak => {
            (summary(state, plan, asked), "Write it all the same? y/N".to_owned())
        }
        (_, Some(plan)) => (summary(state, plan, asked), "Write all of this? y/N".to_owned()),
        (Outcome::Waiting, None) if state.preview.is_young() => (Vec::new(), String::new()),
        (Outcome::Waiting, None) => (Vec::new(), format!("The patch is being made {mark}")),
        (Outcome::Failed(reason), None) => (Vec::new(), crate::text::capitalised(reason)),
        _ => (Vec::new(), "Nothing of this can be written.".to_owned()),
    };
    let mut head = Vec::new();
    for (words, slot) in said {
        let words = text::clean(&words, canvas.glyphs().control);
        head.extend(markdown::sentence(&words, usize::from(area.width), canvas.theme, slot));
    }
    let gap = u16::from(area.height > 8);
    let body = Area { height: area.height.saturating_sub(1 + gap), ..area };
    let last = fix::scrolled(canvas, &head, &state.preview.lines, body, scroll);
    let y = area.bottom().saturating_sub(1);
    let x = canvas.text(area.x, y, area.width, &question, canvas.style(Slot::Focus));
    if last > 0 {
        let (from, shown) = (scroll.min(last), usize::from(body.height));
        let seen = format!("lines {} to {} of {}", from + 1, from + shown, last + shown);
        let seen = Line::from(Span::styled(seen, canvas.style(Slot::Muted)));
        canvas.right(x + 1, y, area.right().saturating_sub(x + 1), &seen);
    }
    last
}

/// What the patch comes to, what it may break, and what it leaves out.
fn summary(state: &State, plan: &Plan, asked: usize) -> Vec<(String, Slot)> {
    let (added, removed) = state.preview.size();
    let findings = text::count(plan.resolves.len(), "finding");
    let files = text::count(plan.patches.len(), "file");
    let mut said =
        vec![(format!("{findings} in {files}, {}: +{added} -{removed}", plan.safety), Slot::Title)];
    said.extend(fix::evidence_against(plan));
    said.extend(plan.cautions.iter().map(|caution| (crate::text::sentence(caution), Slot::Caution)));
    said.extend(fix::left_out(plan));
    if let Some((_, reason)) = plan.withheld.first() {
        let withheld = format!("{} of {asked} withheld: {reason}.", plan.withheld.len());
        said.push((withheld, Slot::Caution));
    }
    said
}

/// Why a finding is to be allowed.
pub(super) fn reason(canvas: &mut Canvas<'_>, key: &FindingKey, typed: &str) {
    let area = open(canvas, &format!("Allow {} here", key.rule), 72, 5);
    canvas.text(
        area.x,
        area.y,
        area.width,
        "The reason goes into a comment beside it:",
        canvas.style(Slot::Muted),
    );
    // The end of what is typed is what is looked at.
    let room = usize::from(area.width).saturating_sub(3);
    let mut shown = typed;
    while text::width(shown) > room {
        shown = &shown[shown.chars().next().map_or(shown.len(), char::len_utf8)..];
    }
    canvas.text(area.x, area.y + 2, area.width, &format!("> {shown}_"), canvas.style(Slot::Base));
}
