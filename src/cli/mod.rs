//! Runs the command that the user typed: one file per command.

mod app;
mod args;
mod baseline;
mod check;
mod colour_choice;
mod completions;
mod config;
mod demo;
mod explain;
mod fix;
mod man;
mod mistyped_command;
mod named_paths;
mod panic_report;
mod piped_input;
mod registry;
mod render;
mod render_overlays;
mod rules;
mod run_audit;
mod trial;
mod undo;
mod walk;

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use args::{CliArgs, CliCommand};
use clap::Parser;
pub use panic_report::with_panic_report;

use crate::fix::History;

/// Exit status: no finding at or above the threshold, or all the work is done.
const EXIT_CLEAN: u8 = 0;
/// Exit status: findings at or above the threshold, or some of the fixes were withheld.
const EXIT_FOUND: u8 = 1;
/// Exit status: the work could not be done.
const EXIT_FAILED: u8 = 2;

/// Runs the program and gives its exit status.
#[must_use]
pub fn run() -> ExitCode {
    if let Some(code) = crate::terminal::run_guard().or_else(crate::trial::run_probe_helper) {
        return code;
    }
    with_panic_report(|| match parse_arguments().and_then(run_command) {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            print_error(&error);
            ExitCode::from(EXIT_FAILED)
        }
    })
}

/// Opens the history of writes of a repository, and says what it has to say of itself.
fn open_history(root: &Path) -> History {
    let history = History::open(root);
    if let Some(message) = history.message() {
        print_note(message);
    }
    history
}

/// The arguments. What clap says of wrong ones ends the program, but for a word that is nearly a command.
fn parse_arguments() -> anyhow::Result<CliArgs> {
    let word = || mistyped_command::command_word(std::env::args_os().skip(1));
    match CliArgs::try_parse() {
        Ok(args) => Ok(args),
        Err(error) => match word().and_then(|word| mistyped_command::mistyped_command(Path::new(&word))) {
            Some(mistyped) if error.use_stderr() => Err(mistyped),
            _ => error.exit(),
        },
    }
}

fn run_command(args: CliArgs) -> anyhow::Result<u8> {
    if let (Some(path), Some(_)) = (&args.path, &args.command) {
        anyhow::bail!("a command takes its paths behind it: move {} there", path.display());
    }
    match args.command {
        None => {
            let path = args.path.as_deref().unwrap_or(Path::new("."));
            match mistyped_command::mistyped_command(path) {
                Some(mistyped) => Err(mistyped),
                None => app::run(path, &args.look),
            }
        }
        Some(CliCommand::Check(check)) => check::run(&check, args.look.color),
        Some(CliCommand::Fix(fix)) => fix::run(&fix),
        Some(CliCommand::Undo(undo)) => undo::run(&undo),
        Some(CliCommand::Baseline { path, shrink }) => baseline::run(&path, shrink),
        Some(CliCommand::Config { path }) => config::run(&path),
        Some(CliCommand::Rules { format }) => rules::run(format),
        Some(CliCommand::Explain { id }) => explain::run(&id),
        Some(CliCommand::Walk { path }) => walk::run(&path, &args.look),
        Some(CliCommand::Demo { dir }) => demo::run(dir.as_deref(), &args.look),
        Some(CliCommand::Trial(args)) => trial::run(&args),
        Some(CliCommand::Render(args)) => render::run(&args),
        Some(CliCommand::Completions { shell }) => completions::print_completions(shell),
        Some(CliCommand::Man) => man::run(),
    }
}

/// Prints an error and what to do on stderr, in one line.
fn print_error(error: &anyhow::Error) {
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    print_note(&format!("seaworthy: {}", chain.join(": ")));
}

/// Prints one line on stderr. Where stderr is closed, nobody could be told of that.
fn print_note(line: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{}", crate::text::make_printable(line));
}

/// Shows the current work on the one line of stderr, a terminal, in place of the text before.
fn show_progress(what: &str) {
    use std::io::Write;
    let _ = write!(std::io::stderr(), "\r\u{1b}[K{what}");
}

/// Writes to stdout; a reader that closed the pipe ends the program quietly, as it should.
fn print_stdout(text: &str) -> anyhow::Result<()> {
    write_stdout(|out| out.write_all(text.as_bytes()))
}

/// Writes to stdout piece by piece, in the same way.
fn write_stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> anyhow::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}
