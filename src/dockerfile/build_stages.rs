//! Reads a Dockerfile's stages and what each inherits, for rules and links.

use std::collections::HashMap;

use super::declared_variables::resolve_globals;
use super::variable_scope::VariableScope;
use super::{
    BuildStage, Dockerfile, DockerfileFault, DockerfileProblem, InstructionKind, Keyword, StageBase,
    StageEnvironment,
};
use crate::text::Span;

/// Finds the stages, and what each instruction belongs to.
pub(super) fn find_stages(text: &str, file: &mut Dockerfile) {
    let globals = resolve_globals(text, file);
    let global = VariableScope::of_globals(&globals, file.escape);
    let mut named: HashMap<String, usize> = HashMap::new();
    for index in 0..file.instructions.len() {
        let begins = matches!(file.instructions[index].kind, InstructionKind::From { .. });
        if begins {
            if let Some(previous) = file.stages.last() {
                named.extend(previous.name.clone().map(|name| (name, previous.index)));
            }
            let stage = begin_stage(text, file, index, &global, &named);
            file.stages.push(stage);
        }
        add_to_stage(file, index);
    }
    if file.stages.is_empty() {
        let fault = DockerfileFault::NoStage;
        file.problems.push(DockerfileProblem { span: Span::empty_at(0), fault });
    }
    file.problems.sort_by_key(|problem| problem.span);
}

fn begin_stage(
    text: &str,
    file: &Dockerfile,
    from: usize,
    global: &VariableScope<'_>,
    named: &HashMap<String, usize>,
) -> BuildStage {
    let instruction = &file.instructions[from];
    let index = file.stages.len();
    let mut stage = BuildStage {
        index,
        from_index: from,
        instructions: from..from,
        name: None,
        base: StageBase::Scratch,
        platform: None,
        argument_default: None,
        environment: StageEnvironment::default(),
    };
    let InstructionKind::From { image, alias } = &instruction.kind else { return stage };
    stage.name = alias.as_ref().map(|alias| alias.text.to_lowercase());
    stage.argument_default = global.plain_default_span(image);
    let platform = instruction.flags.iter().find(|flag| flag.name == "platform");
    stage.platform = platform.map(|flag| global.expand_flag(text, flag).text);
    let reference = global.expand_word(text, image);
    let base = named.get(&reference.text.to_lowercase()).copied();
    stage.base = match base {
        Some(base) => StageBase::Stage(base),
        None if reference.unresolved => StageBase::Unresolved(reference.text),
        // A default that is empty is there to be given a value.
        None if reference.text.is_empty() => StageBase::Unresolved(image.text.clone()),
        None if reference.text == "scratch" => StageBase::Scratch,
        None => StageBase::Image(reference.text),
    };
    stage.environment = StageEnvironment::inherit_from(file, &stage.base, index);
    stage
}

/// Makes the instruction at `index` part of the stage that is open.
fn add_to_stage(file: &mut Dockerfile, index: usize) {
    let instruction = &mut file.instructions[index];
    let Some(stage) = file.stages.last_mut() else {
        if !matches!(instruction.keyword, Keyword::Arg | Keyword::Unknown | Keyword::From) {
            let fault = DockerfileFault::BeforeFrom(instruction.keyword.name());
            file.problems.push(DockerfileProblem { span: instruction.keyword_span, fault });
        }
        return;
    };
    stage.instructions.end = index + 1;
    instruction.stage = Some(stage.index);
    if let InstructionKind::Onbuild(inner) = &mut instruction.kind {
        (inner.index, inner.stage) = (index, Some(stage.index));
        inner.span.end = instruction.span.end;
        inner.heredocs.clone_from(&instruction.heredocs);
    }
    stage.environment.apply_instruction(instruction, stage.from_index);
}
