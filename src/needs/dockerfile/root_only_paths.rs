//! Finds what the start uses that only root may enter or execute: in root's home, or closed by the build.
//!
//! Sources: the base images of Debian, Ubuntu, Alpine and Fedora, whose `/root` has mode 0700 (Fedora 0550); chmod(1),
//! install(1); the Dockerfile reference, "COPY --chmod".

use super::ImageBuild;
use super::image_files::below_folder;
use super::start_commands::StartCommand;
use crate::dockerfile::shell::Invocation;
use crate::dockerfile::{BuildStage, Instruction, InstructionKind, join_path};
use crate::needs::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed};
use crate::text::Span;

const ROOT_HOME: &str = "/root";

/// A path that others may not enter, and where that is said; root's home is known.
struct ClosedPath {
    path: String,
    cause: Option<(String, Span)>,
}

pub(super) fn add_root_only_paths(
    build: ImageBuild<'_>,
    stage: &BuildStage,
    start: &[StartCommand],
    needs: &mut Vec<ProgramNeed>,
) {
    let Some(stage) = build.file().stages.get(stage.index) else { return };
    if build.starts_as_root(stage) == Some(false) {
        return;
    }
    let closed = closed_paths(build, stage);
    let folder = build.scripts.folder_before(stage, stage.instructions.end);
    let workdir = build.file().instruction_at(stage.environment.workdir);
    if let Some((folder, instruction)) = folder.zip(workdir) {
        let text = format!("`WORKDIR` is {folder}");
        add_use(&closed, folder, build.evidence_at(text, instruction.span), needs);
    }
    for line in start {
        for word in line.command.words.iter().filter(|word| word.text.contains('/')) {
            let text = word.text.rsplit_once('=').map_or(word.text.as_str(), |(_, value)| value);
            if text.contains("://") || !text.starts_with(['/', '.']) {
                continue;
            }
            let path = build.absolute_path(stage, stage.instructions.end, text);
            let fact = format!("`{}` uses {path}", line.runner);
            add_use(
                &closed,
                &path,
                NeedEvidence { text: fact.into(), path: line.path.clone(), span: word.span },
                needs,
            );
        }
    }
    add_programs_on_path(build, stage, &closed, needs);
}

/// A folder of programs in root's home that PATH names, and that the build fills.
fn add_programs_on_path(
    build: ImageBuild<'_>,
    stage: &BuildStage,
    closed: &[ClosedPath],
    needs: &mut Vec<ProgramNeed>,
) {
    for instruction in build.instructions_back(stage) {
        let InstructionKind::Env(pairs) = &instruction.kind else { continue };
        for (_, value) in pairs.iter().filter(|(name, _)| name.text == "PATH") {
            // What is inherited stays open, what is added is written out.
            let folders = value.text.split(':').filter(|folder| below_folder(folder, ROOT_HOME).is_some());
            for folder in folders.map(str::to_owned).collect::<Vec<_>>() {
                let text = format!("`PATH` holds {folder}");
                add_use(closed, &folder, build.evidence_at(text, value.span), needs);
            }
        }
    }
}

fn add_use(closed: &[ClosedPath], path: &str, evidence: NeedEvidence, needs: &mut Vec<ProgramNeed>) {
    let covers = |closed: &&ClosedPath| path == closed.path || below_folder(path, &closed.path).is_some();
    let Some(found) = closed.iter().find(covers) else { return };
    let kind = NeedKind::RootOnlyPath(found.path.clone());
    if needs.iter().any(|need| need.kind == kind) {
        return;
    }
    let why = found.cause.as_ref().map_or("which is root's home", |(cause, _)| cause.as_str());
    let reason = format!("{}, and only root may enter {}: {why}", evidence.text, found.path);
    needs.push(ProgramNeed {
        kind,
        certainty: NeedCertainty::Shown,
        reason: reason.into(),
        evidence: vec![evidence],
    });
}

/// In the order of the build, the last word on a path counts.
fn closed_paths(build: ImageBuild<'_>, stage: &BuildStage) -> Vec<ClosedPath> {
    let mut instructions: Vec<&Instruction> = build.instructions_back(stage).collect();
    instructions.reverse();
    let mut closed = vec![ClosedPath { path: ROOT_HOME.to_owned(), cause: None }];
    for instruction in instructions {
        match &instruction.kind {
            InstructionKind::Run(_) => {
                let mut umask: Option<(String, Span)> = None;
                for command in &build.scripts.script_of(instruction).commands {
                    let Some(call) = command.effective_invocation() else { continue };
                    if call.name() == "umask" {
                        let mask = call.operands(&[]).next().filter(|mask| closes_by_mask(&mask.text));
                        umask = mask.map(|mask| (format!("`umask {}`", mask.text), call.program_word().span));
                    }
                    if let Some(cause) = &umask {
                        let made = made_paths(build, (stage, instruction), call);
                        closed.extend(made.map(|path| ClosedPath { path, cause: Some(cause.clone()) }));
                    }
                    apply_call(build, (stage, instruction), call, &mut closed);
                }
            }
            InstructionKind::Copy { sources, destination } => {
                let is_given = instruction
                    .flag_values("chown")
                    .any(|owner| !matches!(owner, "0" | "root" | "0:0" | "root:root"));
                let Some(mode) =
                    instruction.flag_values("chmod").next().filter(|mode| closes(mode) && !is_given)
                else {
                    continue;
                };
                let Some(to) = build.image_path(stage, instruction, destination) else { continue };
                let is_folder = destination.text.ends_with('/') || sources.len() > 1;
                let cause = format!("`--chmod={mode}`");
                let paths = sources.iter().map(|source| {
                    let name = source.text.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                    if is_folder { join_path(&to, name) } else { to.clone() }
                });
                let cause = Some((cause, instruction.span));
                closed.extend(paths.map(|path| ClosedPath { path, cause: cause.clone() }));
            }
            _ => {}
        }
    }
    closed
}

/// The folders and files that a command makes under the mask in effect.
fn made_paths<'a>(
    build: ImageBuild<'a>,
    (stage, instruction): (&'a BuildStage, &'a Instruction),
    call: Invocation<'_>,
) -> impl Iterator<Item = String> {
    let at = move |path: &str| build.absolute_path(stage, instruction.index, path);
    let words = call.operands(&["-m", "--mode"]).filter_map(|word| build.known_word(instruction, word));
    let operands: Vec<String> = words.collect();
    let has_mode = call.option_value(&["-m", "--mode"]).is_some();
    let made: Vec<String> = match call.name() {
        "mkdir" if !has_mode => operands.iter().map(|path| at(path)).collect(),
        "python" | "python3" | "virtualenv" if call.arguments().iter().any(|word| word.text == "venv") => {
            operands.last().map(|path| at(path)).into_iter().collect()
        }
        // What lands in a folder that stands is closed by itself, and the folder is not.
        "cp" if operands.len() > 1 && !has_mode => {
            let (to, from) =
                operands.split_last().map_or(("", &operands[..0]), |(to, from)| (to.as_str(), from));
            let name = |path: &String| path.trim_end_matches('/').rsplit('/').next().unwrap_or("").to_owned();
            match to.strip_suffix('/') {
                Some(folder) => from.iter().map(|path| join_path(&at(folder), &name(path))).collect(),
                None => vec![at(to)],
            }
        }
        "git" if operands.first().is_some_and(|verb| verb == "clone") => {
            operands.get(2).map(|path| at(path)).into_iter().collect()
        }
        "curl" => call.option_value(&["-o", "--output"]).map(at).into_iter().collect(),
        "wget" => call.option_value(&["-O", "--output-document"]).map(at).into_iter().collect(),
        _ => Vec::new(),
    };
    made.into_iter()
}

/// A mask that leaves others nothing: `077`, `0077`, `u=rwx,go=`.
fn closes_by_mask(mask: &str) -> bool {
    match u32::from_str_radix(mask, 8) {
        Ok(bits) => bits & 0o077 == 0o077,
        Err(_) => mask.split(',').any(|part| matches!(part, "go=" | "og=")),
    }
}

/// `chmod 0700 /app`, `install -m 700`, and what opens a path again.
fn apply_call(
    build: ImageBuild<'_>,
    (stage, instruction): (&BuildStage, &Instruction),
    call: Invocation<'_>,
    closed: &mut Vec<ClosedPath>,
) {
    if !matches!(call.name(), "chmod" | "chown" | "install") {
        return;
    }
    let at = |path: &str| build.absolute_path(stage, instruction.index, path);
    let operands: Vec<String> = call
        .operands(&["-m", "-o", "-g", "--mode"])
        .filter_map(|word| build.known_word(instruction, word))
        .collect();
    let cause = |mode: &str| Some((format!("`{} {mode}`", call.name()), call.program_word().span));
    match (call.name(), operands.as_slice()) {
        ("chmod", [mode, paths @ ..]) if closes(mode) => {
            closed.extend(paths.iter().map(|path| ClosedPath { path: at(path), cause: cause(mode) }));
        }
        ("chmod", [mode, paths @ ..]) if opens(mode) => {
            closed.retain(|closed| !paths.iter().any(|path| at(path) == closed.path));
        }
        ("chown", [owner, paths @ ..]) if !matches!(owner.as_str(), "0" | "root" | "0:0" | "root:root") => {
            closed.retain(|closed| {
                !paths
                    .iter()
                    .map(|path| at(path))
                    .any(|path| path == closed.path || below_folder(&closed.path, &path).is_some())
            });
        }
        ("install", [.., to]) if call.find_flag(Some('o'), "owner").is_none() => {
            let mode = call.option_value(&["-m", "--mode"]).filter(|mode| closes(mode));
            closed.extend(mode.map(|mode| ClosedPath { path: at(to), cause: cause(mode) }));
        }
        _ => {}
    }
}

/// A mode that leaves others nothing: `700`, `0500`, `go-rwx`, `go=`, `o-rwx`.
fn closes(mode: &str) -> bool {
    if let Some(bits) = octal_mode(mode) {
        return bits & 0o077 == 0;
    }
    mode.split(',').any(|part| matches!(part, "go-rwx" | "og-rwx" | "go=" | "og=" | "g-rwx,o-rwx"))
}

/// A mode by which others may enter.
fn opens(mode: &str) -> bool {
    if let Some(bits) = octal_mode(mode) {
        return bits & 0o001 != 0;
    }
    mode.split(',').any(|part| {
        let Some((who, what)) = part.split_once(['+', '=']) else { return false };
        (who.is_empty() || who.contains(['o', 'a'])) && what.contains(['x', 'X'])
    })
}

fn octal_mode(mode: &str) -> Option<u32> {
    u32::from_str_radix(mode, 8).ok().filter(|_| mode.len() >= 3)
}
