//! Finds the evidence that answers every need which an edit could go against, so that nothing speaks against it.

use super::PodCase;
use crate::audit::{AuditEngine, FileContent};
use crate::finding::PodEdit;
use crate::needs::NeedEvidence;
use crate::project::ImageUser;

/// The evidence that the program runs with these edits already: the Dockerfile of its image ends as the very user that
/// they set, or what they drop is dropped in other letters, so that they change nothing for it.
pub(in crate::fix) fn find_answers(
    engine: &AuditEngine,
    case: PodCase<'_>,
    edits: &[&PodEdit],
) -> Option<Vec<NeedEvidence>> {
    let mut answers = Vec::new();
    for edit in edits {
        let answer = match edit {
            PodEdit::RunAsNonRoot { container } => answer_user(engine, case, *container, false)?,
            PodEdit::RunAsUser { container } | PodEdit::RunAsImageUser { container } => {
                answer_user(engine, case, *container, true)?
            }
            PodEdit::DropAllCapabilities { container } => answer_drop(case, *container)?,
            _ => return None,
        };
        if !answers.contains(&answer) {
            answers.push(answer);
        }
    }
    (!answers.is_empty()).then_some(answers)
}

/// The `USER` of the linked Dockerfile, where the container runs as it today and it is a number that is not root's, and
/// with `is_same` the one that is written.
fn answer_user(
    engine: &AuditEngine,
    case: PodCase<'_>,
    container: usize,
    is_same: bool,
) -> Option<NeedEvidence> {
    let view = case.container(container)?;
    if !view.pod.pod.run_as_user(view.container).value.is_absent() {
        return None;
    }
    let link = case.repository.link_of_key(&view.key())?;
    let ImageUser::Number { uid, .. } = case.repository.dockerfile_facts(link)?.user else { return None };
    // What a trial saw it need is what is written.
    let is_seen = || case.needs_of(container).any(|need| need.observed_uid() == Some(i64::from(uid)));
    let is_written = || case.repository.run_as(&link.dockerfile).is_some_and(|user| user.uid == uid);
    if uid == 0 || is_same && !is_written() && !is_seen() {
        return None;
    }
    let (_, FileContent::Dockerfile(file)) = engine.file(&link.dockerfile)? else { return None };
    let instruction = file.instructions.get(file.stages.last()?.environment.user?)?;
    let text = format!("the image ends as user {uid}").into();
    Some(NeedEvidence { text, path: link.dockerfile.clone(), span: instruction.span })
}

/// Runtimes take the word in any letters; the Pod Security Standards alone do not (containerd, CRI's `InStringSlice`).
fn answer_drop(case: PodCase<'_>, container: usize) -> Option<NeedEvidence> {
    let view = case.container(container)?;
    let span = view.field_span(&["securityContext", "capabilities", "drop"])?;
    let path = view.pod.path.clone();
    let text = "runtimes take `all` for `ALL`: they are dropped already".into();
    view.container.drops_all_capabilities().then_some(NeedEvidence { text, path, span })
}
