//! Draws the state of pinned images: a line each, and the patch that renews the outdated ones.

use std::collections::BTreeSet;

use super::canvas::Canvas;
use super::highlight::Highlighter;
use super::lookup_view::{
    dialog_cells, draw_question, draw_with_patch, host_texts, list_rows, other_hosts_text, progress_texts,
    wrap_texts,
};
use super::safe_text;
use crate::app::{AppState, LookupStage, PinCheckState, PreviewState};
use crate::audit::PinCheck;
use crate::image::registry::DigestStatus;
use crate::theme::StyleToken;

/// Draws the check, and gives how far the patch can be scrolled.
pub(super) fn draw_pin_check(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    pins: &PinCheckState,
) -> usize {
    let title = format!("Check {}", safe_text::count_of(pins.checks.len(), "pinned image"));
    match &pins.stage {
        LookupStage::NotStarted => {
            let subject = "Whether these digests still stand, and where their tags point now.";
            let mut said = vec![(subject.to_owned(), StyleToken::Base)];
            said.extend(host_texts(state, &pins.count_by_host()));
            draw_question(canvas, &title, said, "Ask? Enter asks, Esc leaves");
            0
        }
        LookupStage::Running(progress) => {
            let hosts: Vec<&str> = pins.count_by_host().into_keys().collect();
            draw_question(canvas, &title, progress_texts(&hosts, progress), "Esc stops at once");
            0
        }
        LookupStage::Finished { other_hosts: others } => {
            let title = match pins.checks.len() {
                0 | 1 => title,
                count => format!("{title}  {}/{count}", pins.selected + 1),
            };
            draw_pin_results(canvas, state, highlighter, (pins, others), &title)
        }
    }
}

fn draw_pin_results(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    (pins, others): (&PinCheckState, &BTreeSet<String>),
    title: &str,
) -> usize {
    let cells = dialog_cells(canvas);
    let height = usize::from(canvas.buffer.area.height / 3).max(3);
    let row = |checked: &PinCheck| {
        let (state, slot, _) = pin_status(checked);
        let pin = &checked.pin;
        (format!("{state:<7} {}:{}  {}", pin.path, pin.line, pin.image.text()), slot)
    };
    let mut head = list_rows(canvas, pins.checks.iter().map(row).collect(), (pins.selected, height), cells);
    if let Some((_, slot, words)) = pins.checks.get(pins.selected).map(pin_status) {
        head.extend(wrap_texts(canvas, vec![(words, slot)], cells));
    }
    head.extend(wrap_texts(canvas, other_hosts_text(others).into_iter().collect(), cells));
    let question = repin_question(state, pins);
    draw_with_patch(canvas, state, highlighter, (title, &head), (pins.scroll, &question))
}

/// The state in a word, its style, and its meaning.
fn pin_status(checked: &PinCheck) -> (&'static str, StyleToken, String) {
    let tag = checked.pin.image.tag().unwrap_or_default();
    match &checked.status {
        Err(reason) => ("unknown", StyleToken::Bad, crate::text::capitalise_text(reason)),
        Ok(DigestStatus { exists: false, moved_to: Some(now), .. }) => {
            ("gone", StyleToken::Bad, format!("The registry has this digest no more; {tag} is {now} now."))
        }
        Ok(DigestStatus { exists: false, .. }) => (
            "gone",
            StyleToken::Bad,
            "The registry has this digest no more: nothing new can start from it.".to_owned(),
        ),
        Ok(DigestStatus { moved_to: Some(now), .. }) => {
            ("moved", StyleToken::Caution, format!("The digest is still there; {tag} is {now} now."))
        }
        Ok(DigestStatus { tag_gone: true, .. }) => {
            ("stands", StyleToken::Base, format!("The digest is still there; the tag {tag} is gone."))
        }
        Ok(_) if tag.is_empty() => ("stands", StyleToken::Base, "The digest is still there.".to_owned()),
        Ok(_) => ("stands", StyleToken::Base, format!("The digest is still there, and {tag} points to it.")),
    }
}

fn repin_question(state: &AppState, pins: &PinCheckState) -> String {
    let moved = safe_text::count_of(pins.moved_digests().len(), "image");
    match &state.preview.state {
        _ if pins.moved_digests().is_empty() => "Nothing has moved: there is nothing to write".to_owned(),
        PreviewState::Ready(_) => format!("Write what the tags are now, for {moved}? y/N"),
        PreviewState::Pending => "The patch is being made …".to_owned(),
        PreviewState::Failed(no_plan) => format!("Withheld: {no_plan}"),
        PreviewState::None => String::new(),
    }
}
