//! The ports that a Dockerfile names, for links and accounts.

use crate::dockerfile::{Dockerfile, Kind, Scope, Stage};

pub(super) fn exposes(text: &str, file: &Dockerfile, stage: &Stage) -> Vec<u16> {
    let instructions = file.chain(stage).flat_map(|stage| file.instructions_of(stage));
    instructions
        .filter_map(|i| if let Kind::Expose(words) = &i.kind { Some((i, words)) } else { None })
        .flat_map(|(i, words)| {
            words.iter().map(move |word| Scope::at(text, file, i.index).expand(text, word))
        })
        .filter(|value| !value.open)
        .filter_map(|value| value.text.split('/').next()?.parse().ok())
        .collect()
}
