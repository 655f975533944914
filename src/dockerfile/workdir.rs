//! Resolves the folder a stage works in: relative WORKDIRs on the last absolute one, through all that it is built on.

use super::{BuildStage, Dockerfile, InstructionKind, StageBase, VariableScope};

/// The longest path that is followed; the kernel's own bound.
const MAX_PATH_BYTES: usize = 4096;

/// The absolute folder at the end of a stage. None where it is the base image's, or depends on a variable that is not
/// known.
#[must_use]
pub fn working_directory(text: &str, file: &Dockerfile, stage: &BuildStage) -> Option<String> {
    let folders = StageFolders::of_stage(text, file, stage);
    folders.folder_before(stage.instructions.end).map(str::to_owned)
}

/// The folders in which the instructions of a stage, and of those it is built on, work: each is resolved once.
#[derive(Clone, Debug)]
pub struct StageFolders {
    /// The folder of the root stage's first instructions.
    first: Option<String>,
    /// The index of each WORKDIR with the folder after it, in their order.
    changes: Vec<(usize, Option<String>)>,
}

impl StageFolders {
    #[must_use]
    pub fn of_stage(text: &str, file: &Dockerfile, stage: &BuildStage) -> Self {
        let root = file.stages.get(stage.environment.root_stage);
        let is_scratch = root.is_some_and(|root| matches!(root.base, StageBase::Scratch));
        let first = is_scratch.then(String::new);
        let (mut folder, mut changes) = (first.clone(), Vec::new());
        let chain: Vec<_> = file.stage_chain(stage).collect();
        for instruction in chain.into_iter().rev().flat_map(|stage| file.instructions_of(stage)) {
            let InstructionKind::Workdir(word) = &instruction.kind else { continue };
            let path = VariableScope::at_instruction(text, file, instruction.index).expand_word(text, word);
            let path = path.resolved_text();
            folder = match (path, folder.take()) {
                (Some(path), _) if path.starts_with('/') => Some(join_path("", path)),
                (Some(path), Some(folder)) => Some(join_path(&folder, path)),
                _ => None,
            }
            .filter(|folder| folder.len() <= MAX_PATH_BYTES);
            changes.push((instruction.index, folder.clone()));
        }
        Self { first, changes }
    }

    /// The absolute folder in which the instruction of that index works, likewise.
    #[must_use]
    pub fn folder_before(&self, instruction: usize) -> Option<&str> {
        let count = self.changes.partition_point(|(at, _)| *at < instruction);
        let folder = match count.checked_sub(1) {
            Some(last) => &self.changes[last].1,
            None => &self.first,
        };
        folder.as_deref().map(|folder| if folder.is_empty() { "/" } else { folder })
    }
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
