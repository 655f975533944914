//! The command line: one file per command.

mod args;
mod audit;
mod backend;
mod baseline;
mod broken;
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
mod manual;
mod online;
mod rules;
mod undo;
mod walk;
mod walk_export;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use args::{Args, Command};
pub use broken::guarded;
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
    guarded(|| match dispatch(Args::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            complain(&error);
            ExitCode::from(FAILED)
        }
    })
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
        Some(Command::Man) => manual::run(),
    }
}

/// One line on stderr that says what to do.
fn complain(error: &anyhow::Error) {
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    say(&format!("seaworthy: {}", chain.join(": ")));
}

/// One line on stderr. Where nobody listens any more, there is nobody to tell.
fn say(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{}", crate::text::printable(line));
}

/// What is being done just now, on the one line on stderr, a terminal, that it takes the place of.
fn murmur(what: &str) {
    use std::io::Write;
    let _ = write!(std::io::stderr(), "\r\u{1b}[K{what}");
}

/// Writes to stdout; a reader that went away ends the program quietly, as it should.
fn print(text: &str) -> anyhow::Result<()> {
    print_with(|out| out.write_all(text.as_bytes()))
}

/// The same, piece by piece.
fn print_with(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}
