//! Writes the state of pinned images, a line each, for commands.

use std::fmt::Write;

use super::TextPaint;
use crate::audit::PinCheck;
use crate::image::registry::DigestStatus;
use crate::text::make_printable;

/// The section; a sentence where no image is pinned.
#[must_use]
pub fn render_pinned_images(images: &[PinCheck], paint: TextPaint) -> String {
    if images.is_empty() {
        return "No image here is pinned by a digest: nobody was asked.\n".to_owned();
    }
    let mut out = format!("{}\n", paint.bold("Pinned images, as their registries have them now"));
    let mut counts = [0; 4];
    for PinCheck { pin, status: standing } in images {
        let (at, words) = describe_status(standing);
        counts[at] += 1;
        let state = format!("{:<7}", PIN_STATES[at]);
        let state = if at == 0 { paint.faint(&state) } else { paint.bold(&state) };
        let line = format!("{}:{}  {}{words}", pin.path, pin.line, pin.image.text());
        let _ = writeln!(out, "  {state}  {}", make_printable(&line));
    }
    let counts = PIN_STATES.iter().zip(counts).filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(state, count)| format!("{count} {state}")).collect();
    let s = if images.len() == 1 { "" } else { "s" };
    let _ = writeln!(out, "{} pinned image{s}: {}", images.len(), counts.join(", "));
    out
}

const PIN_STATES: [&str; 4] = ["stands", "moved", "gone", "unknown"];

/// The rank of the state, and the words for it.
fn describe_status(standing: &Result<DigestStatus, String>) -> (usize, String) {
    match standing {
        Err(reason) => (3, format!(": {reason}")),
        Ok(DigestStatus { exists: false, moved_to: Some(now), .. }) => {
            (2, format!(": the registry has it no more; its tag is {now} now"))
        }
        Ok(DigestStatus { exists: false, .. }) => {
            (2, ": the registry has it no more: nothing new can start from it".to_owned())
        }
        Ok(DigestStatus { moved_to: Some(now), .. }) => (1, format!(": its tag is {now} now")),
        Ok(DigestStatus { tag_gone: true, .. }) => (0, ": its tag is gone from the registry".to_owned()),
        Ok(_) => (0, String::new()),
    }
}
