//! Finds the paths that a container writes by its own words, variables and commands, for a read-only root filesystem.

use super::PodPlace;
use super::container_commands::{ContainerCommand, read_commands};
use super::container_facts::ContainerCase;
use crate::kubernetes::Container;
use crate::needs::written_words::{
    DeclaredWrite, changed_folder, written_by_command, written_by_option, written_by_variable,
    written_where_it_runs,
};
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::text::Span;
use crate::yaml::path;

/// The variable that names the folder of a Postgres server.
const POSTGRES_FOLDER: &str = "PGDATA";

/// A path that a container writes, and where that is said.
struct ContainerWrite {
    written: DeclaredWrite,
    /// What says so, as it is written.
    cause: String,
    span: Span,
}

/// The folders that a container writes by its own words; the root's is empty.
#[must_use]
pub fn find_written_folders(place: PodPlace<'_>, container: &Container) -> Vec<String> {
    let commands = read_commands(place, container);
    let mut folders: Vec<String> = Vec::new();
    for write in find_writes(container, &commands) {
        let folder = write.written.folder().to_owned();
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// The same as needs, each folder once; and that the folder of a Postgres server belongs to it.
pub(super) fn find_container_writes(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    commands: &[ContainerCommand],
    needs: &mut Vec<ProgramNeed>,
) {
    for ContainerWrite { written, cause, span } in find_writes(case.container, commands) {
        let (path, name) = (&written.path, case.name);
        let mut add = |kind: NeedKind, reason: String| {
            if !needs.iter().any(|need| need.kind == kind) {
                let evidence = vec![place.evidence_at(format!("`{name}` writes {path}: {cause}"), span)];
                needs.push(ProgramNeed {
                    kind,
                    certainty: NeedCertainty::Shown,
                    reason: reason.into(),
                    evidence,
                });
            }
        };
        if cause.contains(POSTGRES_FOLDER) {
            add(
                NeedKind::OwnedPath(path.clone()),
                format!("Postgres must own {path}, its `{POSTGRES_FOLDER}`"),
            );
        }
        let folder = written.folder().to_owned();
        add(NeedKind::WrittenPath(folder), format!("`{name}` writes {path}: {cause}"));
    }
}

fn find_writes(container: &Container, commands: &[ContainerCommand]) -> Vec<ContainerWrite> {
    let mut found = Vec::new();
    for (at, variable) in container.model.env.valid_items() {
        let named = variable.name.get().zip(variable.value.get());
        let written = named.and_then(|(name, value)| Some((name, written_by_variable(name, value)?)));
        let span = container.span_of(&path!["env", at, "value"]);
        if let Some(((name, written), span)) = written.zip(span) {
            found.push(ContainerWrite { written, cause: format!("`{name}`"), span });
        }
    }
    for line in commands {
        let mut folder = container.model.working_dir.get().cloned();
        for (nth, command) in line.commands.iter().enumerate() {
            let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
            for at in 0..words.len() {
                if let Some((place, written)) = written_by_option(&words, at) {
                    let name = words[at].split_once('=').map_or(words[at], |(name, _)| name);
                    let span = command.words[place].span;
                    found.push(ContainerWrite { written, cause: format!("`{name}`"), span });
                }
            }
            // The first is the command itself, whose words no shell reads.
            let is_plain = nth == 0 && line.commands.len() > 1;
            for (at, written) in written_by_command(command).into_iter().filter(|_| !is_plain) {
                let span = at.map_or(command.span, |at| command.words[at].span);
                let name = command.effective_invocation().map_or("it", |call| call.name());
                found.push(ContainerWrite { written, cause: format!("`{name}`"), span });
            }
            if let Some(to) = changed_folder(command).filter(|_| !is_plain) {
                folder = Some(to.to_owned());
            }
            let own = folder.as_deref().filter(|_| !is_plain);
            if let Some(written) = own.and_then(|own| written_where_it_runs(command, own)) {
                let cause = format!("`{}`", command.effective_invocation().map_or("it", |call| call.name()));
                found.push(ContainerWrite { written, cause, span: command.span });
            }
        }
    }
    found
}
