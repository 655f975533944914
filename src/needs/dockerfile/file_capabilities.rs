//! Finds the capabilities that a build puts on program files, in the image's own stages and in those that they are copied
//! from.
//!
//! Sources: capabilities(7), "File capabilities" (with the effective bit, exec fails where one is not in the bounding set);
//! setcap(8), cap_from_text(3).

use super::ImageBuild;
use super::image_files::below_folder;
use super::start_commands::StartCommand;
use crate::dockerfile::shell::{Invocation, SimpleCommand};
use crate::dockerfile::{BuildStage, Instruction, InstructionKind, join_path};
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::text::Span;

/// The most stages that a file is followed through.
const MAX_HOPS: usize = 6;

/// `setcap` of a file.
#[derive(Clone)]
struct SetCapability {
    /// The path; of a substitution, its last word.
    file: String,
    /// By Kubernetes' names; none where they are taken away.
    names: Vec<String>,
    is_effective: bool,
    span: Span,
}

pub(super) fn add_file_capabilities(
    build: ImageBuild<'_>,
    stage: &BuildStage,
    start: &[StartCommand],
    needs: &mut Vec<ProgramNeed>,
) {
    let found = capabilities_in(build, stage.index, 0);
    for (at, set) in found.iter().enumerate() {
        let is_taken = found[at + 1..].iter().any(|later| later.file == set.file && later.names.is_empty());
        let is_started = start.iter().any(|line| starts_file(line, &set.file));
        let certainty = match set.is_effective && is_started {
            true => NeedCertainty::Shown,
            false => NeedCertainty::Likely,
        };
        for name in set.names.iter().filter(|_| !is_taken) {
            let kind = NeedKind::FileCapability(name.clone());
            if needs.iter().any(|need| need.kind == kind && need.certainty >= certainty) {
                continue;
            }
            let fact = format!("`setcap` gives {} the capability {name}", set.file);
            let reason = format!("{fact}: without it the program cannot be started");
            let evidence = vec![build.evidence_at(fact, set.span)];
            needs.retain(|need| need.kind != kind);
            needs.push(ProgramNeed { kind, certainty, reason: reason.into(), evidence });
        }
    }
}

/// True where a line of the start runs that file, by its path or under a name that one of both begins with, as `python` is
/// `python3.12`.
fn starts_file(line: &StartCommand, file: &str) -> bool {
    let own = file.rsplit('/').next().unwrap_or(file);
    line.command.wrapped_invocations().any(|call| {
        let name = call.name();
        !own.is_empty() && (name == own || own.starts_with(name) || name.starts_with(own))
    })
}

/// All that a stage sets, or copies from a stage that does.
fn capabilities_in(build: ImageBuild<'_>, stage: usize, hops: usize) -> Vec<SetCapability> {
    let Some(stage) = build.file().stages.get(stage).filter(|_| hops < MAX_HOPS) else { return Vec::new() };
    let mut instructions: Vec<&Instruction> = build.instructions_back(stage).collect();
    instructions.reverse();
    let mut found = Vec::new();
    for instruction in instructions {
        match &instruction.kind {
            InstructionKind::Run(_) => {
                let calls = build.scripts.script_of(instruction).commands.iter();
                let calls = calls.filter_map(SimpleCommand::effective_invocation);
                found.extend(calls.flat_map(|call| read_setcap(build, (stage, instruction), call)));
            }
            InstructionKind::Copy { sources, destination } => {
                let from = instruction.flag_values("from").next();
                let from = from.and_then(|from| build.file().find_stage(from, instruction.stage?));
                let Some((from, to)) = from.zip(build.image_path(stage, instruction, destination)) else {
                    continue;
                };
                for set in capabilities_in(build, from.index, hops + 1) {
                    let sources = sources.iter().filter_map(|source| build.known_word(instruction, source));
                    let moved =
                        sources.filter_map(|source| moved_path(&set.file, &join_path("", &source), &to));
                    found.extend(moved.map(|file| SetCapability { file, ..set.clone() }));
                }
            }
            _ => {}
        }
    }
    found
}

/// The path of a file after a copy of the source, where the source holds it.
fn moved_path(file: &str, source: &str, to: &str) -> Option<String> {
    let name = file.rsplit('/').next().unwrap_or(file);
    if file == source {
        // Whether the destination is a folder, its last name tells well enough.
        return Some(if to.ends_with(name) { to.to_owned() } else { join_path(to, name) });
    }
    let below = if source.is_empty() { file.strip_prefix('/') } else { below_folder(file, source) };
    below.map(|below| join_path(to, below))
}

/// `setcap [-qv] CAPABILITIES FILE …`, `setcap -r FILE`.
fn read_setcap(
    build: ImageBuild<'_>,
    (stage, instruction): (&BuildStage, &Instruction),
    call: Invocation<'_>,
) -> Vec<SetCapability> {
    if call.name() != "setcap" || call.find_flag(Some('v'), "").is_some() {
        return Vec::new();
    }
    let words: Vec<_> = call.operands(&["-n"]).collect();
    let is_removal = call.find_flag(Some('r'), "").is_some();
    let (clause, files) = match words.as_slice() {
        files if is_removal => ("", files),
        [clause, files @ ..] => (clause.text.as_str(), files),
        [] => return Vec::new(),
    };
    let (names, is_effective) = if is_removal { (Vec::new(), false) } else { read_clause(clause) };
    let path = |word: &str| match word.contains(['$', '`']) {
        true => word.trim_matches(['"', ')', '`']).rsplit([' ', '(']).next().unwrap_or(word).to_owned(),
        false => build.absolute_path(stage, instruction.index, word),
    };
    let span = call.program_word().span;
    let set = |word: &&crate::dockerfile::SpannedWord| SetCapability {
        file: path(&word.text),
        names: names.clone(),
        is_effective,
        span,
    };
    files.iter().map(set).collect()
}

/// `cap_net_bind_service,cap_net_raw=+ep`: the names, and whether they are effective.
fn read_clause(text: &str) -> (Vec<String>, bool) {
    let end = text.find(['=', '+']).unwrap_or(text.len());
    let (names, flags) = text.split_at(end);
    let names = names.split(',').filter_map(|name| {
        let name = name.trim().to_ascii_uppercase();
        name.strip_prefix("CAP_").map(str::to_owned)
    });
    (names.collect(), flags.contains('e'))
}
