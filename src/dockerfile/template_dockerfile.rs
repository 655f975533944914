//! Detects Dockerfiles that must be rendered before a build can read them.

use super::{Dockerfile, Instruction};
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
    let holds_any = |signs: &[&str]| signs.iter().any(|sign| arguments.contains(sign));
    // No shell and no build expands this.
    let is_expression = |(at, _)| arguments[..at].matches('\'').count().is_multiple_of(2);
    arguments.match_indices("${{").any(is_expression)
        || begins(instruction.keyword_span.slice(text))
        || match instruction.keyword_span.slice(text).to_ascii_uppercase().as_str() {
            "ARG" | "ENV" => holds_any(&["{%", "<%="]) || holds_bare_action(arguments),
            "FROM" | "COPY" | "USER" | "WORKDIR" | "EXPOSE" | "VOLUME" => holds_any(&["{{", "{%", "<%="]),
            _ => begins(arguments),
        }
}

/// True for an action with blanks outside of quotes: as a value it would end at the first of them, and in quotes it may
/// be a format, as in `ENV FORMAT="{{.Names}}"`.
fn holds_bare_action(arguments: &str) -> bool {
    arguments.match_indices("{{").any(|(at, _)| {
        let is_quoted = arguments[..at].matches(['"', '\'']).count() % 2 == 1;
        !is_quoted && arguments[at + 2..].trim_start_matches('-').starts_with([' ', '\t'])
    })
}
