//! Asks registries for the commands, and names the hosts first.

use std::collections::BTreeSet;
use std::io::IsTerminal;

use super::{print_note, show_progress};
use crate::audit::{PinCheck, PinnedImage};
use crate::fix::RegistryAnswers;
use crate::image::Reference;
use crate::image::registry::{RegistryClient, check_all_digests};
use crate::service::registry_worker;

/// The registries' answers on these references, with a note on each digest that is of one platform alone.
pub(super) fn ask_registries(references: &[Reference]) -> RegistryAnswers {
    let said = with_registries(references, |registries, progress| {
        RegistryAnswers::ask_registries(registries, references, progress)
    });
    let answers = said.unwrap_or_default();
    for reference in references {
        if matches!(answers.get(reference), Some(Ok(resolution)) if resolution.is_single_platform) {
            let words = "is built for one platform, and its digest runs on that platform alone";
            print_note(&format!("note: {reference} {words}"));
        }
    }
    answers
}

/// The state of each pinned image.
pub(super) fn check_pins(pins: Vec<PinnedImage>) -> Vec<PinCheck> {
    let references: Vec<Reference> = pins.iter().map(|pin| pin.image.clone()).collect();
    let said = with_registries(&references, |registries, progress| {
        check_all_digests(registries, &references, progress)
    });
    let said = said.unwrap_or_default().into_iter();
    let checked = |(pin, said): (PinnedImage, Result<_, _>)| PinCheck {
        pin,
        status: said.map_err(|error: crate::image::registry::RegistryError| error.to_string()),
    };
    pins.into_iter().zip(said).map(checked).collect()
}

/// Names the registries, asks them with the progress on a terminal, and names the other hosts that they sent us to.
/// None where there is nothing to ask.
fn with_registries<T>(
    references: &[Reference],
    ask: impl FnOnce(&RegistryClient, &(dyn Fn(usize, usize) + Sync)) -> T,
) -> Option<T> {
    if references.is_empty() {
        return None;
    }
    let hosts: BTreeSet<&str> = references.iter().map(Reference::host).collect();
    let unlike = references.iter().map(Reference::text).collect::<BTreeSet<_>>().len();
    let images = if unlike == 1 { "1 image".to_owned() } else { format!("{unlike} images") };
    let named = hosts.iter().copied().collect::<Vec<_>>().join(", ");
    print_note(&format!("asking {named} about {images}"));
    let registries = registry_worker::user_registries();
    let watched = std::io::stderr().is_terminal();
    let said = ask(&registries, &|done, total| {
        if watched {
            show_progress(&format!("{done} of {total} answered"));
        }
    });
    if watched {
        show_progress("");
    }
    registries.save_cache();
    let others = registries.other_hosts(&hosts);
    if !others.is_empty() {
        let others = others.into_iter().collect::<Vec<_>>().join(", ");
        print_note(&format!("on their behalf, asked too: {others}"));
    }
    Some(said)
}
