//! Tells a container that only runs tools of an image, such as `pg_dump`, from one that runs the image's own program.

use super::PodPlace;
use super::container_commands::{CommandOccasion, read_commands};
use crate::dockerfile::shell::{Invocation, SimpleCommand};
use crate::kubernetes::Container;

/// Clients that images of servers have beside the server, and what scripts around them are made of: none is a server, nor
/// starts one.
const CLIENTS: [&str; 52] = [
    "[",
    "[[",
    ":",
    "aws",
    "basename",
    "cat",
    "curl",
    "date",
    "dirname",
    "echo",
    "etcdctl",
    "exit",
    "export",
    "false",
    "find",
    "grep",
    "gzip",
    "head",
    "ls",
    "mariadb",
    "mariadb-admin",
    "mariadb-dump",
    "mc",
    "mkdir",
    "mongo",
    "mongodump",
    "mongoexport",
    "mongoimport",
    "mongorestore",
    "mongosh",
    "mysql",
    "mysqladmin",
    "mysqldump",
    "nc",
    "pg_basebackup",
    "pg_dump",
    "pg_dumpall",
    "pg_isready",
    "pg_restore",
    "printf",
    "psql",
    "read",
    "redis-cli",
    "rm",
    "sed",
    "set",
    "sleep",
    "tar",
    "test",
    "true",
    "valkey-cli",
    "wget",
];
const SHELLS: [&str; 5] = ["ash", "bash", "dash", "ksh", "sh"];

/// True where the container's own command takes the place of the image's, and calls clients alone.
#[must_use]
pub fn runs_only_clients(place: PodPlace<'_>, container: &Container) -> bool {
    if container.model.command.valid_items().next().is_none() {
        return false;
    }
    let commands = read_commands(place, container);
    let started = commands.iter().filter(|line| line.occasion == CommandOccasion::Start);
    let calls = started.flat_map(|line| &line.commands).filter_map(SimpleCommand::effective_invocation);
    // A shell alone runs a file, of which nothing is known.
    let mut programs = calls.map(Invocation::name).filter(|name| !SHELLS.contains(name)).peekable();
    programs.peek().is_some() && programs.all(|name| CLIENTS.contains(&name))
}
