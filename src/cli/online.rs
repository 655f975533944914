//! Asking registries, from the command line: who is asked is said first.

use std::collections::BTreeSet;
use std::io::IsTerminal;

use super::lookups;
use crate::fix::Answers;
use crate::image::Reference;
use crate::text::printable;

/// What the registries of these references say. Names them before, and whoever else they had us ask afterwards.
#[allow(clippy::print_stderr, reason = "the command line's own edge")]
pub(super) fn ask(references: &[Reference]) -> Answers {
    if references.is_empty() {
        return Answers::default();
    }
    let hosts: BTreeSet<&str> = references.iter().map(Reference::host).collect();
    let images = if references.len() == 1 { "1 image" } else { &format!("{} images", references.len()) };
    let named = hosts.iter().copied().collect::<Vec<_>>().join(", ");
    eprintln!("{}", printable(&format!("asking {named} about {images}")));
    let registries = lookups::registries();
    let watched = std::io::stderr().is_terminal();
    let answers = Answers::ask(&registries, references, &|done, total| {
        if watched {
            eprint!("\r\u{1b}[K{done} of {total} answered");
        }
    });
    if watched {
        eprint!("\r\u{1b}[K");
    }
    registries.keep();
    let said = references.iter().filter_map(|reference| answers.get(reference)?.as_ref().ok());
    let others: BTreeSet<&str> = said.flat_map(|answer| &answer.hosts).map(String::as_str).collect();
    if !others.is_empty() {
        let others = others.into_iter().collect::<Vec<_>>().join(", ");
        eprintln!("{}", printable(&format!("on their behalf, asked too: {others}")));
    }
    answers
}
