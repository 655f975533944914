//! Finds the comments that give the reason of an instruction, for fixes that would change it.

use crate::dockerfile::{Dockerfile, Instruction, InstructionKind};
use crate::needs::comment_reasons::{CommentReason, find_reason};
use crate::needs::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed};
use crate::repo::RelPath;
use crate::text::{Span, line_start};

/// The reasons beside the words at these spans, in their own line or above their instruction. `is_identity`: the words
/// say who runs the program, and whatever is said of that counts; of others, only what argues.
#[must_use]
pub fn find_instruction_reasons(
    (path, text): (&RelPath, &str),
    file: &Dockerfile,
    changed: &[Span],
    is_identity: bool,
) -> Vec<ProgramNeed> {
    let mut needs: Vec<ProgramNeed> = Vec::new();
    for span in changed {
        let Some(instruction) = file.instructions.iter().find(|own| own.span.contains(span.start)) else {
            continue;
        };
        let says_who = is_identity && !matches!(instruction.kind, InstructionKind::Run(_));
        let starts = [span.start, instruction.span.start].map(|at| line_start(text, at));
        let found = starts.into_iter().find_map(|start| find_reason(text, &file.comments, start));
        if let Some(reason) = found.filter(|reason| says_who || reason.argues) {
            push_reason(path, instruction, reason, &mut needs);
        }
    }
    if is_identity && changed.is_empty() {
        add_root_reasons(path, text, file, &mut needs);
    }
    needs
}

/// Where no user is set, a comment in the final stage may say why it is root.
fn add_root_reasons(path: &RelPath, text: &str, file: &Dockerfile, needs: &mut Vec<ProgramNeed>) {
    let Some(stage) = file.final_stage() else { return };
    let from = file.instructions.get(stage.from_index);
    for instruction in from.into_iter().chain(file.instructions_of(stage)) {
        if matches!(instruction.kind, InstructionKind::Run(_)) {
            continue;
        }
        let reason = find_reason(text, &file.comments, line_start(text, instruction.span.start));
        if let Some(reason) = reason.filter(|reason| reason.mentions("root")) {
            push_reason(path, instruction, reason, needs);
        }
    }
}

fn push_reason(
    path: &RelPath,
    instruction: &Instruction,
    reason: CommentReason,
    needs: &mut Vec<ProgramNeed>,
) {
    let keyword = instruction.keyword.name();
    let need = ProgramNeed {
        kind: NeedKind::Decision(keyword.to_owned()),
        certainty: NeedCertainty::Likely,
        reason: format!("the comment at `{keyword}` says {}", reason.quoted).into(),
        evidence: vec![NeedEvidence { text: reason.quoted.into(), path: path.clone(), span: reason.span }],
    };
    if !needs.contains(&need) {
        needs.push(need);
    }
}
