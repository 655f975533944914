//! Finds the ports that a Dockerfile names, for links, rules, accounts and whoever shows them.

use std::ops::RangeInclusive;

use crate::dockerfile::shell::ScriptCache;
use crate::dockerfile::{BuildStage, Instruction, InstructionKind};

/// The most ports of one range that are told one by one.
const MAX_RANGE_PORTS: u16 = 100;

/// The ports of a stage and of those that it is built on.
#[derive(Default)]
pub struct ExposedPorts<'f> {
    /// Each with its instruction.
    pub ports: Vec<(&'f Instruction, u16)>,
    /// True where there are others, which cannot be told.
    pub has_untold: bool,
}

impl<'f> ExposedPorts<'f> {
    #[must_use]
    pub fn of_stage(scripts: &ScriptCache<'f>, stage: &BuildStage) -> Self {
        let (file, mut found) = (scripts.file(), Self::default());
        for instruction in file.stage_chain(stage).flat_map(|stage| file.instructions_of(stage)) {
            let InstructionKind::Expose(words) = &instruction.kind else { continue };
            for value in words.iter().map(|word| scripts.expand_word(instruction, word)) {
                match parse_ports(&value.text).filter(|_| !value.unresolved) {
                    Some(range) => found.ports.extend(range.map(|port| (instruction, port))),
                    None => found.has_untold = true,
                }
            }
        }
        found
    }
}

/// The ports of `80`, `53/udp` and `8000-8010` (Docker, Dockerfile reference, EXPOSE).
fn parse_ports(text: &str) -> Option<RangeInclusive<u16>> {
    let numbers = text.split('/').next()?;
    let (first, last) = numbers.split_once('-').unwrap_or((numbers, numbers));
    let (first, last): (u16, u16) = (first.parse().ok()?, last.parse().ok()?);
    (last.checked_sub(first)? < MAX_RANGE_PORTS).then_some(first..=last)
}
