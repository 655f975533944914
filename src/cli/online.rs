//! Asking registries, from the command line: who is asked is said first.

use std::collections::BTreeSet;
use std::io::IsTerminal;

use super::{murmur, say};
use crate::fix::Answers;
use crate::image::Reference;
use crate::image::registry::{Options, Registries};
use crate::terminal;

/// What the registries of these references say. Names them before, and whoever else they had us ask afterwards.
pub(super) fn ask(references: &[Reference]) -> Answers {
    if references.is_empty() {
        return Answers::default();
    }
    let hosts: BTreeSet<&str> = references.iter().map(Reference::host).collect();
    let images = if references.len() == 1 { "1 image" } else { &format!("{} images", references.len()) };
    let named = hosts.iter().copied().collect::<Vec<_>>().join(", ");
    say(&format!("asking {named} about {images}"));
    let plain = terminal::read_config().plain_registries.into_iter().collect();
    let registries = Registries::new(Options { plain, ..Options::default() });
    let watched = std::io::stderr().is_terminal();
    let answers = Answers::ask(&registries, references, &|done, total| {
        if watched {
            murmur(&format!("{done} of {total} answered"));
        }
    });
    if watched {
        murmur("");
    }
    registries.keep();
    let said = references.iter().filter_map(|reference| answers.get(reference)?.as_ref().ok());
    let others: BTreeSet<&str> = said.flat_map(|answer| &answer.hosts).map(String::as_str).collect();
    if !others.is_empty() {
        let others = others.into_iter().collect::<Vec<_>>().join(", ");
        say(&format!("on their behalf, asked too: {others}"));
    }
    answers
}
