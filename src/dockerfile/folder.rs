//! The folder a stage works in: relative WORKDIRs on the last absolute one, through all that it is built on.

use super::{Base, Dockerfile, Kind, Scope, Stage};

/// The longest path that is followed; the kernel's own bound.
const LONGEST: usize = 4096;

/// The absolute folder at the end of a stage. None where it is the base image's, or depends on a variable that is not
/// known.
#[must_use]
pub fn working_directory(text: &str, file: &Dockerfile, stage: &Stage) -> Option<String> {
    let root = file.stages.get(stage.in_effect.root)?;
    let mut folder = matches!(root.base, Base::Scratch).then(String::new);
    Scope::walk(text, file, stage, stage.instructions.end, |scope, instruction| {
        let Kind::Workdir(word) = &instruction.kind else { return };
        let path = scope.expand(text, word);
        let path = path.known();
        folder = match (path, folder.take()) {
            (Some(path), _) if path.starts_with('/') => Some(cleaned("", path)),
            (Some(path), Some(folder)) => Some(cleaned(&folder, path)),
            _ => None,
        }
        .filter(|folder| folder.len() <= LONGEST);
    });
    folder.map(|folder| if folder.is_empty() { "/".to_owned() } else { folder })
}

/// `path` below `folder`, without empty steps, `.` and `..`.
fn cleaned(folder: &str, path: &str) -> String {
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
