//! Finds the paths that a Dockerfile's program writes, for rules and fixes.

use std::collections::BTreeSet;

use super::image_accounts;
use crate::base::at_or_below;
use crate::dockerfile::shell::ScriptCache;
use crate::dockerfile::{BuildStage, CommandForm, InstructionKind};
use crate::needs::{written_by_option, written_by_variable};

/// Names of folders that a build makes for its program to write.
const WRITABLE_FOLDER_NAMES: [&str; 7] = ["cache", ".cache", "tmp", "logs", "sessions", "uploads", "spool"];

/// The paths that the final stage's program writes, as far as the file shows: its volumes, the folders that variables
/// name for it, and those that the build makes under a name for such. A path that the build puts files at is left out,
/// since an empty volume would hide them.
pub(super) fn find_written_paths(scripts: &ScriptCache<'_>, stage: &BuildStage) -> Vec<String> {
    let file = scripts.file();
    let mut paths = BTreeSet::new();
    let mut filled = Vec::new();
    for instruction in file.stage_chain(stage).flat_map(|stage| file.instructions_of(stage)) {
        let expand = |word| scripts.expand_word(instruction, word);
        match &instruction.kind {
            InstructionKind::Volume(words) => {
                paths.extend(words.iter().filter_map(|word| absolute_path(expand(word))));
            }
            InstructionKind::Env(pairs) => {
                let values = pairs.iter().filter_map(|(name, value)| {
                    let value = absolute_path(expand(value))?;
                    Some(written_by_variable(&name.text, &value)?.folder().to_owned())
                });
                paths.extend(values.filter(|path| !path.is_empty()));
            }
            InstructionKind::Run(_) => {
                for command in &scripts.script_of(instruction).commands {
                    let Some(call) = command.effective_invocation().filter(|call| call.name() == "mkdir")
                    else {
                        continue;
                    };
                    let made = call.operands(&["-m"]).filter(|word| is_writable_folder_name(&word.text));
                    paths.extend(made.filter_map(|word| absolute_path(expand(word))));
                }
            }
            InstructionKind::Copy { destination, .. } => {
                filled.extend(absolute_path(expand(destination)));
            }
            _ => {}
        }
    }
    for index in [stage.environment.entrypoint, stage.environment.cmd].into_iter().flatten() {
        let Some(CommandForm::Exec(words)) =
            file.instruction_at(Some(index)).and_then(|own| own.command_form())
        else {
            continue;
        };
        let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let written = (0..words.len()).filter_map(|at| written_by_option(&words, at));
        let folders = written.map(|(_, written)| written.folder().to_owned());
        paths.extend(folders.filter(|path| !path.is_empty()));
    }
    let base = image_accounts::stage_base_image(file, stage);
    paths.extend(
        base.known_image
            .into_iter()
            .flat_map(crate::image::KnownImage::writable_paths)
            .map(|path| (*path).to_owned()),
    );
    let holds = |path: &str| filled.iter().any(|copied| at_or_below(copied, path));
    paths.into_iter().filter(|path| !holds(path)).collect()
}

/// An absolute path, without a trailing slash; none where it is open, relative, or the root itself.
fn absolute_path(value: crate::dockerfile::ExpandedText) -> Option<String> {
    let path = value.text.trim_end_matches('/');
    (!value.unresolved && path.starts_with('/') && !path.contains(['$', '*', '?', ':']))
        .then(|| path.to_owned())
}

fn is_writable_folder_name(path: &str) -> bool {
    path.trim_end_matches('/').rsplit('/').next().is_some_and(|name| WRITABLE_FOLDER_NAMES.contains(&name))
}
