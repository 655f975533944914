//! Finds the ports that a Dockerfile names, for links and accounts.

use crate::dockerfile::{BuildStage, Dockerfile, InstructionKind, VariableScope};

pub(super) fn exposed_ports(text: &str, file: &Dockerfile, stage: &BuildStage) -> Vec<u16> {
    let instructions = file.stage_chain(stage).flat_map(|stage| file.instructions_of(stage));
    instructions
        .filter_map(|i| if let InstructionKind::Expose(words) = &i.kind { Some((i, words)) } else { None })
        .flat_map(|(i, words)| {
            words
                .iter()
                .map(move |word| VariableScope::at_instruction(text, file, i.index).expand_word(text, word))
        })
        .filter(|value| !value.unresolved)
        .filter_map(|value| value.text.split('/').next()?.parse().ok())
        .collect()
}
