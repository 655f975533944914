//! The command line: one file per command.

mod app;
mod args;
mod baseline;
mod check;
mod completions;
mod config;
mod demo;
mod explain;
mod fix;
mod man;
mod panic_report;
mod registry;
mod rules;
mod run_audit;
mod undo;
mod walk;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use args::{CliArgs, CliCommand};
use clap::Parser;
pub use panic_report::with_panic_report;

/// Nothing stands at or above what was asked for, or all that was asked for is done.
const EXIT_CLEAN: u8 = 0;
/// Something does, or some of it was withheld.
const EXIT_FOUND: u8 = 1;
/// The work could not be done.
const EXIT_FAILED: u8 = 2;

/// Runs the program and says how it ended.
#[must_use]
pub fn run() -> ExitCode {
    with_panic_report(|| match run_command(CliArgs::parse()) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            print_error(&error);
            ExitCode::from(EXIT_FAILED)
        }
    })
}

fn run_command(args: CliArgs) -> anyhow::Result<u8> {
    match args.command {
        None => app::run(&args.path, &args.look),
        Some(CliCommand::Check(check)) => check::run(&check),
        Some(CliCommand::Fix(fix)) => fix::run(&fix),
        Some(CliCommand::Undo { path }) => undo::run(&path),
        Some(CliCommand::Baseline { path, shrink }) => baseline::run(&path, shrink),
        Some(CliCommand::Config { path }) => config::run(&path),
        Some(CliCommand::Rules { format }) => rules::run(format),
        Some(CliCommand::Explain { id }) => explain::run(&id),
        Some(CliCommand::Walk { path }) => walk::run(&path, &args.look),
        Some(CliCommand::Demo { dir }) => demo::run(dir.as_deref(), &args.look),
        Some(CliCommand::Completions { shell }) => completions::print_completions(shell),
        Some(CliCommand::Man) => man::run(),
    }
}

/// One line on stderr that says what to do.
fn print_error(error: &anyhow::Error) {
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    print_note(&format!("seaworthy: {}", chain.join(": ")));
}

/// One line on stderr. Where nobody listens any more, there is nobody to tell.
fn print_note(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{}", crate::text::make_printable(line));
}

/// What is being done just now, on the one line on stderr, a terminal, that it takes the place of.
fn show_progress(what: &str) {
    use std::io::Write;
    let _ = write!(std::io::stderr(), "\r\u{1b}[K{what}");
}

/// Writes to stdout; a reader that went away ends the program quietly, as it should.
fn print_stdout(text: &str) -> anyhow::Result<()> {
    write_stdout(|out| out.write_all(text.as_bytes()))
}

/// The same, piece by piece.
fn write_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}
