//! Finds what belongs to an account in a Dockerfile, for the fixes of its user: its name, its files, its folders.

use std::collections::BTreeSet;

use super::DockerfileContext;
use super::identity_words::{self, IdentityRole};
use super::renumber_account::known_value;
use crate::dockerfile::{BuildStage, Instruction, SpannedWord, shell, working_directory};
use crate::project::{DockerfileFacts, RunAs, image_accounts};
use crate::text::Splice;

/// The folders that all programs share: nobody's own.
const SHARED_FOLDERS: [&str; 6] = ["/tmp", "/var/tmp", "/run", "/var/run", "/dev", "/dev/shm"];

/// True where the file gives the name or the number to an account or a group of its own.
pub(super) fn is_account_used(
    case: DockerfileContext<'_>,
    stage: &BuildStage,
    name: &str,
    who: RunAs,
) -> bool {
    image_accounts::run_instructions(case.file, stage).any(|run| {
        case.script_of(run).commands.iter().any(|command| {
            let call = command.effective_invocation().filter(|call| {
                matches!(
                    call.name(),
                    "useradd" | "adduser" | "groupadd" | "addgroup" | "usermod" | "groupmod"
                )
            });
            call.is_some_and(|call| {
                let words = call.arguments().iter();
                words.map(|word| word.text.as_str()).any(|word| {
                    let number = word.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u32>();
                    word == name || number.is_ok_and(|number| number == who.uid || number == who.gid)
                })
            })
        })
    })
}

/// The folders that the program is known to write, which its account is to own.
pub(super) fn paths_to_own(case: DockerfileContext<'_>) -> Vec<String> {
    let mut paths = DockerfileFacts::from_dockerfile(case.text, case.file).written_paths;
    paths.retain(|path| is_plain_path(path) && !SHARED_FOLDERS.contains(&path.as_str()));
    paths
}

/// The name that the base image gives to a number.
pub(super) fn base_account_name(case: DockerfileContext<'_>, stage: &BuildStage, uid: u32) -> Option<String> {
    let known = image_accounts::stage_base_image(case.file, stage).known_image?;
    known.accounts.iter().find(|account| account.uid == uid).map(|account| account.name.to_owned())
}

/// True where files are given to group 0, which a number without an account is in.
pub(super) fn relies_on_group_zero(case: DockerfileContext<'_>, stage: &BuildStage) -> bool {
    let instructions = case.file.stage_chain(stage).flat_map(|stage| case.file.instructions_of(stage));
    let copies = instructions.flat_map(|instruction| instruction.flag_values("chown"));
    let gives_away = |owner: &str| {
        owner
            .split_once(':')
            .is_some_and(|(user, group)| matches!(group, "0" | "root") && !matches!(user, "0" | "root" | ""))
    };
    if copies.into_iter().any(gives_away) {
        return true;
    }
    image_accounts::run_instructions(case.file, stage).any(|run| {
        case.script_of(run).commands.iter().filter_map(shell::SimpleCommand::effective_invocation).any(
            |call| {
                let first = call.operands(&[]).next().map(|word| word.text.as_str());
                match call.name() {
                    "chgrp" => matches!(first, Some("0" | "root")),
                    "chown" => first.is_some_and(gives_away),
                    _ => false,
                }
            },
        )
    })
}

/// `--chown=name` as `--chown=number`.
pub(super) fn renumber_chown_flags(
    case: DockerfileContext<'_>,
    stage: &BuildStage,
    name: &str,
    number: &str,
) -> Vec<Splice> {
    let own = case.file.stage_chain(stage).flat_map(|stage| case.file.instructions_of(stage));
    own.flat_map(|instruction| &instruction.flags)
        .filter(|flag| flag.name == "chown")
        .filter(|flag| flag.value.as_deref().and_then(|owner| owner.split(':').next()) == Some(name))
        .filter_map(|flag| flag.value_span)
        .map(|span| Splice::replace(span, number))
        .collect()
}

/// `install -o name -g name` as `install -o uid -g gid`.
///
/// # Errors
/// Where one of them cannot be edited.
pub(super) fn renumber_install_owners(
    case: DockerfileContext<'_>,
    stage: &BuildStage,
    name: &str,
    who: RunAs,
) -> Result<Vec<Splice>, String> {
    let mut splices = Vec::new();
    for run in image_accounts::run_instructions(case.file, stage) {
        for command in &case.script_of(run).commands {
            let Some(call) = command.effective_invocation().filter(|call| call.name() == "install") else {
                continue;
            };
            for word in identity_words::command_words(call) {
                let number = if word.role == IdentityRole::Group { who.gid } else { who.uid };
                if word.span.slice(case.text) == name && number != 0 {
                    splices.push(Splice::replace(word.span, number.to_string()));
                }
            }
        }
        let in_heredoc =
            |splice: &Splice| run.heredocs.iter().any(|heredoc| heredoc.body.contains(splice.span.start));
        if splices.iter().any(in_heredoc) {
            return Err(format!("`install` gives files to `{name}` in a heredoc"));
        }
    }
    Ok(splices)
}

/// The folders that the stage gives to a name.
///
/// # Errors
/// Where some of them cannot be known.
pub(super) fn paths_owned_by(
    case: DockerfileContext<'_>,
    stage: &BuildStage,
    name: &str,
) -> Result<Vec<String>, String> {
    let mut paths = BTreeSet::new();
    for run in image_accounts::run_instructions(case.file, stage) {
        for command in &case.script_of(run).commands {
            let Some(call) = command.effective_invocation().filter(|call| call.name() == "chown") else {
                continue;
            };
            let mut operands = call.operands(&[]);
            let owner = operands.next().and_then(|word| known_value(case, run, word)).unwrap_or_default();
            if owner.split([':', '.']).next() != Some(name) {
                continue;
            }
            for word in operands {
                paths.insert(owned_path(case, run, word).ok_or_else(|| {
                    format!("which files belong to `{name}` depends on where its `chown` runs")
                })?);
            }
        }
    }
    let home = format!("/home/{name}");
    if working_directory(case.text, case.file, stage)
        .is_some_and(|at| at == home || at.starts_with(&format!("{home}/")))
    {
        paths.insert(home);
    }
    let all: Vec<String> = paths.into_iter().collect();
    let below = |path: &str, other: &str| path.strip_prefix(other).is_some_and(|rest| rest.starts_with('/'));
    Ok(all.iter().filter(|path| !all.iter().any(|other| below(path, other))).cloned().collect())
}

fn owned_path(case: DockerfileContext<'_>, run: &Instruction, word: &SpannedWord) -> Option<String> {
    let path = known_value(case, run, word)?;
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { &path };
    is_plain_path(path).then(|| path.to_owned())
}

/// An absolute path without anything that a shell would read otherwise.
fn is_plain_path(path: &str) -> bool {
    path.len() > 1
        && path.starts_with('/')
        && !path.contains("..")
        && path.chars().all(|c| c.is_ascii_alphanumeric() || "_./+-".contains(c))
}
