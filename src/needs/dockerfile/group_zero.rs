//! Finds files that a build opens to group 0, so that any uid in it may use them.
//!
//! Source: OpenShift, "Creating images", "Support arbitrary user ids" (`chgrp -R 0`, `chmod -R g=u`).

use super::ImageBuild;
use crate::dockerfile::shell::{Invocation, SimpleCommand};
use crate::dockerfile::{BuildStage, InstructionKind};
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::text::Span;

pub(super) fn add_group_zero(build: ImageBuild<'_>, stage: &BuildStage, needs: &mut Vec<ProgramNeed>) {
    let Some((fact, span)) = find_group_zero(build, stage) else { return };
    let evidence = vec![build.evidence_at(fact.clone(), span)];
    let reason = format!("the image keeps files open to group 0: {fact}").into();
    let certainty = NeedCertainty::Shown;
    needs.push(ProgramNeed { kind: NeedKind::GroupZero, certainty, reason, evidence });
}

/// The first sign of it. Files of root's own, `0:0`, are none.
fn find_group_zero(build: ImageBuild<'_>, stage: &BuildStage) -> Option<(String, Span)> {
    let stage = build.file().stages.get(stage.index)?;
    build.instructions_back(stage).find_map(|instruction| match &instruction.kind {
        InstructionKind::Run(_) => {
            let commands = &build.scripts.script_of(instruction).commands;
            let calls = commands.iter().filter_map(SimpleCommand::effective_invocation);
            calls.into_iter().find_map(|call| {
                let owner = call.operands(&[]).next()?;
                let gives = gives_to_group_zero(call, &build.known_word(instruction, owner)?);
                gives.then(|| (format!("`{} {}`", call.name(), owner.text), call.program_word().span))
            })
        }
        InstructionKind::Copy { .. } => {
            let flag = instruction.flags.iter().find(|flag| flag.name == "chown")?;
            let owner = flag.value.as_deref()?;
            owns_group_zero(owner).then(|| (format!("`--chown={owner}`"), flag.span))
        }
        InstructionKind::User(word) => {
            let user = build.known_word(instruction, word)?;
            owns_group_zero(&user).then(|| (format!("`USER {user}`"), word.span))
        }
        _ => None,
    })
}

fn gives_to_group_zero(call: Invocation<'_>, first: &str) -> bool {
    match call.name() {
        "chgrp" => matches!(first, "0" | "root"),
        "chown" => owns_group_zero(first) || matches!(first, ":0" | ":root"),
        _ => false,
    }
}

/// `1001:0`.
fn owns_group_zero(owner: &str) -> bool {
    owner
        .split_once(':')
        .is_some_and(|(user, group)| matches!(group, "0" | "root") && !matches!(user, "0" | "root" | ""))
}
