//! Resolves the folder a stage works in: relative WORKDIRs on the last absolute one, through all that it is built on.

use super::{BuildStage, Dockerfile, InstructionKind, StageBase, VariableScope};

/// The longest path that is followed; the kernel's own bound.
const MAX_PATH_BYTES: usize = 4096;

/// The absolute folder at the end of a stage. None where it is the base image's, or depends on a variable that is not
/// known.
#[must_use]
pub fn working_directory(text: &str, file: &Dockerfile, stage: &BuildStage) -> Option<String> {
    working_directory_before(text, file, stage, stage.instructions.end)
}

/// The absolute folder in which a stage's instruction of that index works, likewise.
#[must_use]
pub fn working_directory_before(
    text: &str,
    file: &Dockerfile,
    stage: &BuildStage,
    instruction: usize,
) -> Option<String> {
    let root = file.stages.get(stage.environment.root_stage)?;
    let mut folder = matches!(root.base, StageBase::Scratch).then(String::new);
    VariableScope::walk_stages(text, file, stage, instruction, |scope, instruction| {
        let InstructionKind::Workdir(word) = &instruction.kind else { return };
        let path = scope.expand_word(text, word);
        let path = path.resolved_text();
        folder = match (path, folder.take()) {
            (Some(path), _) if path.starts_with('/') => Some(join_path("", path)),
            (Some(path), Some(folder)) => Some(join_path(&folder, path)),
            _ => None,
        }
        .filter(|folder| folder.len() <= MAX_PATH_BYTES);
    });
    folder.map(|folder| if folder.is_empty() { "/".to_owned() } else { folder })
}

/// `path` below `folder`, without empty steps, `.` and `..`.
#[must_use]
pub fn join_path(folder: &str, path: &str) -> String {
    let mut out = folder.to_owned();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => out.truncate(out.rfind('/').unwrap_or(0)),
            step => {
                out.push('/');
                out.push_str(step);
            }
        }
    }
    out
}
