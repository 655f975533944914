//! Finds the ports that a Dockerfile names, for links, accounts and whoever shows them.

use crate::dockerfile::{BuildStage, Dockerfile, Instruction, InstructionKind, VariableScope};

/// The ports of a stage and of those that it is built on, each with its instruction; what cannot be told is left out.
pub fn exposed_ports<'f>(
    text: &str,
    file: &'f Dockerfile,
    stage: &BuildStage,
) -> Vec<(&'f Instruction, u16)> {
    let mut ports = Vec::new();
    for instruction in file.stage_chain(stage).flat_map(|stage| file.instructions_of(stage)) {
        let InstructionKind::Expose(words) = &instruction.kind else { continue };
        let scope = VariableScope::at_instruction(text, file, instruction.index);
        let values = words.iter().map(|word| scope.expand_word(text, word));
        let numbers = values.filter(|value| !value.unresolved);
        let numbers = numbers.filter_map(|value| value.text.split('/').next()?.parse().ok());
        ports.extend(numbers.map(|port| (instruction, port)));
    }
    ports
}
