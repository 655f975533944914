//! Reports a panic of the program itself: prints a message for the user, and saves a report that can be sent on.

use std::backtrace::Backtrace;
use std::io::{self, Write as _};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::base::{create_private_folder, private_file_options, state_folder};
use crate::repo::finish_writing;
use crate::text::make_printable;

/// The exit status of a program that panicked, as Rust has it.
const EXIT_PANICKED: u8 = 101;
/// The number of reports that are kept.
const MAX_REPORTS: usize = 20;

/// True once any thread has panicked.
static PANICKED: AtomicBool = AtomicBool::new(false);

/// Runs the program so that a panic, in whichever thread, is printed, reported and ends it with status 101.
pub fn with_panic_report(program: impl FnOnce() -> ExitCode) -> ExitCode {
    std::panic::set_hook(Box::new(on_panic));
    let ended = catch_unwind(AssertUnwindSafe(program));
    if let (Ok(code), false) = (ended, PANICKED.load(Ordering::SeqCst)) {
        return code;
    }
    // Another thread than the one that panicked may be in the middle of a write.
    finish_writing();
    ExitCode::from(EXIT_PANICKED)
}

fn on_panic(info: &PanicHookInfo<'_>) {
    // One report says enough: later panics follow from the first.
    if PANICKED.swap(true, Ordering::SeqCst) {
        return;
    }
    let what = panic_message(info);
    let report = match write_report(&what, &state_folder()) {
        Ok(path) => format!("A report without any of your files' text lies at {}", path.display()),
        Err(error) => format!("No report could be kept: {error}"),
    };
    // Where stderr is closed, nobody could be told of that.
    let _ = writeln!(
        io::stderr(),
        "seaworthy: this should not have happened: {}\n{}\nYour files are whole.",
        make_printable(&what),
        make_printable(&report)
    );
}

/// The panic's message with its place in the code. Text that it quotes may be of a user's file: it is cut there.
fn panic_message(info: &PanicHookInfo<'_>) -> String {
    let message = match (info.payload().downcast_ref::<&str>(), info.payload().downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (None, Some(text)) => cut_at_quote(text),
        (None, None) => "a panic without words".to_owned(),
    };
    let place = info.location().map(|place| format!(" ({place})")).unwrap_or_default();
    format!("{message}{place}")
}

fn cut_at_quote(text: &str) -> String {
    match text.find(['`', '"', '\'', '\n']) {
        Some(quote) => format!("{}…", &text[..quote]),
        None => text.to_owned(),
    }
}

/// Writes the report where only the user reads it.
fn write_report(what: &str, folder: &Path) -> io::Result<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let path = folder.join(format!("panic-{now}-{}.txt", std::process::id()));
    create_private_folder(folder)?;
    drop_old_reports(folder);
    let thread = std::thread::current();
    let report = format!(
        "seaworthy {}\nsystem: {} {}\nthread: {}\nwhat: {what}\n\n{}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        thread.name().unwrap_or("without a name"),
        Backtrace::force_capture(),
    );
    private_file_options().create_new(true).open(&path)?.write_all(report.as_bytes())?;
    Ok(path)
}

/// Removes the oldest reports, to make room for one more.
fn drop_old_reports(folder: &Path) {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|file| file.path());
    let is_report = |path: &PathBuf| {
        path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.starts_with("panic-"))
    };
    let mut reports: Vec<PathBuf> = names.filter(is_report).collect();
    reports.sort();
    for old in reports.iter().rev().skip(MAX_REPORTS - 1) {
        let _ = std::fs::remove_file(old);
    }
}
