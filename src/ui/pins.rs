//! What has become of pinned images: a line each, and the patch that renews what has moved.

use std::collections::BTreeSet;

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::lookup::{asking, cells, during, named, on_behalf, with_patch, wrapped};
use super::text;
use crate::app::{Outcome, Pins, Stage, State};
use crate::fix::Checked;
use crate::image::registry::DigestStatus;
use crate::theme::Slot;

/// Draws it, and gives how far the patch can be scrolled.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, pins: &Pins) -> usize {
    let title = format!("Check {}", text::count(pins.checked.len(), "pinned image"));
    match &pins.stage {
        Stage::Before => {
            let subject = "Whether these digests still stand, and where their tags point now.";
            let mut said = vec![(subject.to_owned(), Slot::Base)];
            said.extend(named(state, &pins.hosts()));
            asking(canvas, &title, said, "Ask? Enter asks, Esc leaves");
            0
        }
        Stage::Asking(progress) => {
            let hosts: Vec<&str> = pins.hosts().into_keys().collect();
            asking(canvas, &title, during(&hosts, progress), "Esc stops at once");
            0
        }
        Stage::Answered { others } => answered(canvas, state, pins, others, &title),
    }
}

fn answered(
    canvas: &mut Canvas<'_>,
    state: &State,
    pins: &Pins,
    others: &BTreeSet<String>,
    title: &str,
) -> usize {
    let cells = cells(canvas);
    let height = usize::from(canvas.buffer.area.height / 3).max(3).min(pins.checked.len());
    let top = (pins.at + 1).saturating_sub(height.div_ceil(2)).min(pins.checked.len() - height);
    let mut head = Vec::new();
    for (at, checked) in pins.checked.iter().enumerate().skip(top).take(height) {
        let mark = if at == pins.at { canvas.glyphs().closed } else { " " };
        let (state, slot, _) = said(checked);
        let pin = &checked.pin;
        let words = format!("{mark} {state:<7} {}:{}  {}", pin.path, pin.line, pin.image.text());
        let slot = if at == pins.at { Slot::Focus } else { slot };
        head.push(Line::from(Span::styled(words, canvas.style(slot))));
    }
    if let Some((_, slot, words)) = pins.checked.get(pins.at).map(said) {
        head.extend(wrapped(canvas, vec![(words, slot)], cells));
    }
    head.extend(wrapped(canvas, on_behalf(others).into_iter().collect(), cells));
    with_patch(canvas, state, title, &head, &question(state, pins), pins.scroll)
}

/// The state in a word, how it is shown, and what it means.
fn said(checked: &Checked) -> (&'static str, Slot, String) {
    let tag = checked.pin.image.tag().unwrap_or_default();
    match &checked.standing {
        Err(reason) => ("unknown", Slot::Bad, crate::text::capitalised(reason)),
        Ok(DigestStatus { exists: false, moved_to: Some(now), .. }) => {
            ("gone", Slot::Bad, format!("The registry has this digest no more; {tag} is {now} now."))
        }
        Ok(DigestStatus { exists: false, .. }) => (
            "gone",
            Slot::Bad,
            "The registry has this digest no more: nothing new can start from it.".to_owned(),
        ),
        Ok(DigestStatus { moved_to: Some(now), .. }) => {
            ("moved", Slot::Caution, format!("The digest is still there; {tag} is {now} now."))
        }
        Ok(DigestStatus { tag_gone: true, .. }) => {
            ("stands", Slot::Base, format!("The digest is still there; the tag {tag} is gone."))
        }
        Ok(_) if tag.is_empty() => ("stands", Slot::Base, "The digest is still there.".to_owned()),
        Ok(_) => ("stands", Slot::Base, format!("The digest is still there, and {tag} points to it.")),
    }
}

fn question(state: &State, pins: &Pins) -> String {
    let moved = text::count(pins.moved().len(), "image");
    match &state.preview.outcome {
        _ if pins.moved().is_empty() => "Nothing has moved: there is nothing to write".to_owned(),
        Outcome::Ready(_) => format!("Write what the tags are now, for {moved}? y/N"),
        Outcome::Waiting => "The patch is being made …".to_owned(),
        Outcome::Failed(reason) => format!("Withheld: {reason}"),
        Outcome::None => String::new(),
    }
}
