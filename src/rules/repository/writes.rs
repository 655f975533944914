//! Which paths a Dockerfile says its program writes.

use std::collections::BTreeSet;

use super::accounts;
use crate::dockerfile::shell::Scripts;
use crate::dockerfile::{Kind, Scope, Stage};

/// Variables that name a folder to be written.
const VARIABLES: [&str; 4] = ["TMPDIR", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME"];
/// What a folder is called that a build makes for its program to write.
const FOLDERS: [&str; 7] = ["cache", ".cache", "tmp", "logs", "sessions", "uploads", "spool"];

/// The paths that the final stage's program writes, as far as the file says: its volumes, the folders that variables
/// name for it, and those that the build makes under a name for such. A path that the build puts files at is left out,
/// since an empty volume would hide them.
pub(super) fn writes(scripts: &Scripts<'_>, stage: &Stage) -> Vec<String> {
    let (text, file) = (scripts.text(), scripts.file());
    let mut paths = BTreeSet::new();
    let mut filled = Vec::new();
    for instruction in file.chain(stage).flat_map(|stage| file.instructions_of(stage)) {
        let scope = || Scope::at(text, file, instruction.index);
        match &instruction.kind {
            Kind::Volume(words) => {
                paths.extend(words.iter().filter_map(|word| known(scope().expand(text, word))));
            }
            Kind::Env(pairs) => {
                let named = pairs.iter().filter(|(name, _)| {
                    let name = name.text.as_str();
                    VARIABLES.contains(&name) || name.ends_with("_CACHE_DIR") || name.ends_with("_CACHE_HOME")
                });
                paths.extend(named.filter_map(|(_, value)| known(scope().expand(text, value))));
            }
            Kind::Run(_) => {
                for command in &scripts.of(instruction).commands {
                    let Some(call) = command.effective().filter(|call| call.name() == "mkdir") else {
                        continue;
                    };
                    let made = call.operands(&["-m"]).filter(|word| is_for_writing(&word.text));
                    paths.extend(made.filter_map(|word| known(scope().expand(text, word))));
                }
            }
            Kind::Copy { destination, .. } => filled.extend(known(scope().expand(text, destination))),
            _ => {}
        }
    }
    let base = accounts::base(file, stage);
    paths.extend(
        base.known.into_iter().flat_map(crate::image::Known::writable_paths).map(|path| (*path).to_owned()),
    );
    let holds = |path: &str| filled.iter().any(|copied| at_or_below(copied, path));
    paths.into_iter().filter(|path| !holds(path)).collect()
}

/// An absolute path, without a trailing slash; none where it is open, relative, or the root itself.
fn known(value: crate::dockerfile::Value) -> Option<String> {
    let path = value.text.trim_end_matches('/');
    (!value.open && path.starts_with('/') && !path.contains(['$', '*', '?', ':'])).then(|| path.to_owned())
}

fn is_for_writing(path: &str) -> bool {
    path.trim_end_matches('/').rsplit('/').next().is_some_and(|name| FOLDERS.contains(&name))
}

/// Whether `path` is `folder` or lies below it.
pub(crate) fn at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
