//! Detects Dockerfiles that must be rendered before a build can read them.

use super::{Dockerfile, Instruction, InstructionKind};
use crate::text::TemplateEngine;

/// The beginnings of a template's statements where an instruction is expected.
const STATEMENT_STARTS: [&str; 5] = ["{{", "{%", "{#", "<%", "%{"];

/// The engine of a Dockerfile that is a template: a statement stands where an instruction should, or a value in a word
/// that a build would take as it is. In a command double braces may be text, as in `docker inspect -f '{{.Id}}'`.
#[must_use]
pub fn find_template_engine(text: &str, file: &Dockerfile) -> Option<TemplateEngine> {
    let is_template = file.instructions.iter().any(|instruction| holds_action(text, instruction));
    is_template.then(|| TemplateEngine::of_template(text)).flatten()
}

fn holds_action(text: &str, instruction: &Instruction) -> bool {
    let arguments = instruction.arguments.slice(text).trim_start();
    let begins = |part: &str| STATEMENT_STARTS.iter().any(|start| part.starts_with(start));
    begins(instruction.keyword_span.slice(text))
        || match instruction.kind {
            InstructionKind::From { .. }
            | InstructionKind::Arg(_)
            | InstructionKind::Env(_)
            | InstructionKind::Copy { .. }
            | InstructionKind::User(_)
            | InstructionKind::Workdir(_)
            | InstructionKind::Expose(_)
            | InstructionKind::Volume(_) => ["{{", "{%", "<%="].iter().any(|sign| arguments.contains(sign)),
            _ => begins(arguments),
        }
}
