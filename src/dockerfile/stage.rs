//! Stages: what each is built on, and what is in effect at its end.

use std::collections::HashMap;

use super::scope::Scope;
use super::{Base, Dockerfile, Fault, InEffect, Keyword, Kind, Problem, Stage};
use crate::text::Span;

/// Finds the stages, and what each instruction belongs to.
pub(super) fn stages(text: &str, file: &mut Dockerfile) {
    let global = Scope::global(text, file);
    let mut named: HashMap<String, usize> = HashMap::new();
    for index in 0..file.instructions.len() {
        let begins = matches!(file.instructions[index].kind, Kind::From { .. });
        if begins {
            if let Some(previous) = file.stages.last() {
                named.extend(previous.name.clone().map(|name| (name, previous.index)));
            }
            let stage = stage(text, file, index, &global, &named);
            file.stages.push(stage);
        }
        enter(file, index);
    }
    if file.stages.is_empty() {
        let fault = Fault::NoStage;
        file.problems.push(Problem { span: Span::at(0), fault });
    }
    file.problems.sort_by_key(|problem| problem.span);
}

fn stage(
    text: &str,
    file: &Dockerfile,
    from: usize,
    global: &Scope,
    named: &HashMap<String, usize>,
) -> Stage {
    let instruction = &file.instructions[from];
    let index = file.stages.len();
    let mut stage = Stage {
        index,
        from,
        instructions: from..from,
        name: None,
        base: Base::Scratch,
        platform: None,
        default: None,
        in_effect: InEffect::default(),
    };
    let Kind::From { image, alias } = &instruction.kind else { return stage };
    stage.name = alias.as_ref().map(|alias| alias.text.to_lowercase());
    stage.default = global.default_of(image);
    let platform = instruction.flags.iter().find(|flag| flag.name == "platform");
    stage.platform = platform.map(|flag| global.expand_flag(text, flag).text);
    let reference = global.expand(text, image);
    let base = named.get(&reference.text.to_lowercase()).copied();
    stage.base = match base {
        Some(base) => Base::Stage(base),
        None if reference.open => Base::Open(reference.text),
        // A default that is empty is there to be given a value.
        None if reference.text.is_empty() => Base::Open(image.text.clone()),
        None if reference.text == "scratch" => Base::Scratch,
        None => Base::Image(reference.text),
    };
    stage.in_effect = InEffect::inherited(file, &stage.base, index);
    stage
}

/// Makes the instruction at `index` part of the stage that is open.
fn enter(file: &mut Dockerfile, index: usize) {
    let instruction = &mut file.instructions[index];
    let Some(stage) = file.stages.last_mut() else {
        if !matches!(instruction.keyword, Keyword::Arg | Keyword::Unknown | Keyword::From) {
            let fault = Fault::BeforeFrom(instruction.keyword.name());
            file.problems.push(Problem { span: instruction.keyword_span, fault });
        }
        return;
    };
    stage.instructions.end = index + 1;
    instruction.stage = Some(stage.index);
    if let Kind::Onbuild(inner) = &mut instruction.kind {
        (inner.index, inner.stage) = (index, Some(stage.index));
    }
    stage.in_effect.take(instruction, stage.from);
}
