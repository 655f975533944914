//! The command line: one file per command.

mod args;
mod audit;
mod backend;
mod baseline;
mod check;
mod complete;
mod config;
mod demo;
mod explain;
mod fix;
mod home;
mod interactive;
mod kept;
mod look;
mod lookups;
mod online;
mod rules;
mod undo;
mod walk;

use std::process::ExitCode;

use args::{Args, Command};
use clap::Parser;

/// Nothing stands at or above what was asked for, or all that was asked for is done.
const CLEAN: u8 = 0;
/// Something does, or some of it was withheld.
const FOUND: u8 = 1;
/// The work could not be done.
const FAILED: u8 = 2;

/// Runs the program and says how it ended.
#[must_use]
pub fn run() -> ExitCode {
    let args = Args::parse();
    match dispatch(args) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            complain(&error);
            ExitCode::from(FAILED)
        }
    }
}

fn dispatch(args: Args) -> anyhow::Result<u8> {
    match args.command {
        None => interactive::run(&args.path, &args.look),
        Some(Command::Check(check)) => check::run(&check),
        Some(Command::Fix(fix)) => fix::run(&fix),
        Some(Command::Undo { path }) => undo::run(&path),
        Some(Command::Baseline { path, shrink }) => baseline::run(&path, shrink),
        Some(Command::Config { path }) => config::run(&path),
        Some(Command::Rules { format }) => rules::run(format),
        Some(Command::Explain { id }) => explain::run(&id),
        Some(Command::Walk { path }) => walk::run(&path, &args.look),
        Some(Command::Demo { dir }) => demo::run(dir.as_deref(), &args.look),
        Some(Command::Completions { shell }) => complete::completions(shell),
        Some(Command::Man) => complete::man(),
    }
}

/// One line on stderr that says what to do.
#[allow(clippy::print_stderr, reason = "the command line's own edge")]
fn complain(error: &anyhow::Error) {
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    eprintln!("seaworthy: {}", crate::text::printable(&chain.join(": ")));
}

/// Writes to stdout; a reader that went away ends the program quietly, as it should.
fn print(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}
