//! What lies over the panes: the menu of wider fixes, and questions.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{fix, text};
use crate::app::{Area, Outcome, Reach, State};
use crate::fix::FindingKey;
use crate::theme::Slot;

/// A frame in the middle, of at most this size, and what lies within it.
pub(super) fn open(canvas: &mut Canvas<'_>, title: &str, width: u16, height: usize) -> Area {
    let screen = canvas.buffer.area;
    let width = width.min(screen.width);
    let height = u16::try_from(height).unwrap_or(u16::MAX).min(screen.height.saturating_sub(2)).max(3);
    let area = Area::new((screen.width - width) / 2, screen.height.saturating_sub(height) / 2, width, height);
    canvas.clear(area);
    canvas.frame(area, canvas.style(Slot::Focus));
    canvas.text(
        area.x + 2,
        area.y,
        width.saturating_sub(4),
        &format!(" {title} "),
        canvas.style(Slot::Title),
    );
    Area::new(area.x + 2, area.y + 1, width.saturating_sub(4), height - 2)
}

/// The wider fixes, with how many findings each reaches.
pub(super) fn menu(canvas: &mut Canvas<'_>, state: &State, choice: usize) {
    let area = open(canvas, "Fix", 64, Reach::MENU.len() + 2);
    for ((i, reach), y) in Reach::MENU.into_iter().enumerate().zip(area.y..area.bottom()) {
        let count = reach.keys(state).len();
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
    let area = open(
        canvas,
        &words(reach, state),
        screen.width.saturating_sub(4).min(110),
        usize::from(screen.height) - 2,
    );
    let below = Area { y: area.bottom().saturating_sub(1), height: 1, ..area };
    let mut patch = Area { height: area.height.saturating_sub(2), ..area };
    let question = match (&state.preview.outcome, state.preview.plan()) {
        (_, Some(plan)) => {
            let (added, removed) = state.preview.size();
            let head = format!(
                "{} in {}, {}: +{added} -{removed}",
                text::count(plan.resolves.len(), "finding"),
                text::count(plan.patches.len(), "file"),
                plan.safety
            );
            canvas.text(patch.x, patch.y, patch.width, &head, canvas.style(Slot::Title));
            patch.y += 1;
            patch.height = patch.height.saturating_sub(1);
            for caution in plan.cautions.iter().take(usize::from(patch.height / 3)) {
                let caution = text::capitalised(caution);
                canvas.text(patch.x, patch.y, patch.width, &caution, canvas.style(Slot::Caution));
                patch.y += 1;
                patch.height -= 1;
            }
            if !plan.withheld.is_empty() {
                let words = format!("{} of {asked} withheld: {}", plan.withheld.len(), plan.withheld[0].1);
                canvas.text(patch.x, patch.y, patch.width, &words, canvas.style(Slot::Caution));
                patch.y += 1;
                patch.height = patch.height.saturating_sub(1);
            }
            "Write all of this? y/N"
        }
        (Outcome::Waiting, None) => "The patch is being made …",
        (Outcome::Failed(reason), None) => reason,
        _ => "Nothing of this can be written.",
    };
    canvas.text(below.x, below.y, below.width, question, canvas.style(Slot::Focus));
    let last = state.preview.lines.len().saturating_sub(usize::from(patch.height));
    fix::patch(canvas, &state.preview.lines, patch, scroll.min(last), None);
    last
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
