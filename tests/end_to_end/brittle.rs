//! The program with a fault of its own, in whichever place.

use std::path::PathBuf;
use std::process::ExitCode;

use seaworthy::app::{AppBackend, AppState, BackendMessage, BackendRequest, UserConfig};
use seaworthy::audit::AuditEngine;
use seaworthy::cli::with_panic_report;
use seaworthy::repo::FileKind;
use seaworthy::rules::Rule;
use seaworthy::settings::Settings;
use seaworthy::terminal::{TerminalOptions, run_terminal};
use tempfile::TempDir;

use crate::pty::Pty;

/// Which place breaks.
const BRITTLE: &str = "BRITTLE";

/// The program, started, and its home.
pub(crate) struct Brittle {
    pub(crate) pty: Pty,
    home: TempDir,
}

impl Brittle {
    /// This binary again, as the test below.
    pub(crate) fn start(place: &str) -> Self {
        let program = std::env::current_exe().unwrap();
        let arguments = ["brittle::brittle", "--exact", "--ignored", "--nocapture", "--test-threads=1"];
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().to_str().unwrap();
        let variables = [(BRITTLE, place), ("HOME", folder), ("XDG_STATE_HOME", folder)];
        let mut pty = Pty::start(program.to_str().unwrap(), &arguments, &variables, (100, 30));
        if !["command", "worker"].contains(&place) {
            pty.shows("No Dockerfile");
        }
        Self { pty, home }
    }

    /// The one report, which nobody else may read.
    pub(crate) fn report(&self) -> String {
        let files = std::fs::read_dir(self.home.path().join("seaworthy")).unwrap();
        let reports: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
        let [report] = reports.as_slice() else { panic!("one report: {reports:?}") };
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(report).unwrap().permissions().mode() & 0o777, 0o600);
        }
        std::fs::read_to_string(report).unwrap()
    }
}

/// A backend that has a fault once it is asked for anything but the first scan.
struct Faulty(String);

impl AppBackend for Faulty {
    fn handle_request(&mut self, request: BackendRequest, reply: &dyn Fn(BackendMessage)) {
        match (request, self.0.as_str()) {
            (BackendRequest::Scan, _) => reply(BackendMessage::ScanFinished),
            (_, "screen") => {
                let text = "FROM a:latest\nENV PASSWORD=hunter2\n".to_owned();
                let engine = AuditEngine::from_texts(
                    [("Dockerfile".into(), FileKind::Dockerfile, text)],
                    Settings::default(),
                );
                reply(BackendMessage::AuditUpdated(engine.full_update()));
            }
            (_, "aside") => {
                let watch = std::thread::Builder::new().name("watch".to_owned());
                let _ = watch.spawn(break_here).unwrap().join();
            }
            (_, "overflow") => drop(recurse_forever(0)),
            (_, "abort") => std::process::abort(),
            _ => break_here(),
        }
    }
}

/// Overflows the stack, which ends the program without any of its own code.
#[allow(unconditional_recursion, reason = "it is what the test is about")]
fn recurse_forever(depth: u64) -> [u64; 512] {
    let mut sum = std::hint::black_box(recurse_forever(std::hint::black_box(depth + 1)));
    sum[0] += depth;
    std::hint::black_box(sum)
}

/// With the text of a file in the message, as a slice in the middle of a character has it.
fn break_here() {
    let secret = std::hint::black_box("hunter2");
    panic!("it breaks here `{secret}`");
}

fn find(_: &str) -> Option<&'static Rule> {
    break_here();
    None
}

/// Not a test: the program.
#[test]
#[ignore = "started by another test"]
fn brittle() {
    let Ok(place) = std::env::var(BRITTLE) else { return };
    let code = with_panic_report(|| match place.as_str() {
        "command" => {
            break_here();
            ExitCode::SUCCESS
        }
        "worker" => {
            let _ = std::thread::spawn(break_here).join();
            ExitCode::SUCCESS
        }
        _ => {
            let state = AppState::new("shop", UserConfig::default(), find);
            let guard_program = Some(PathBuf::from(env!("CARGO_BIN_EXE_seaworthy")));
            let options = TerminalOptions {
                root: PathBuf::from("/"),
                theme: None,
                ascii: false,
                colour: None,
                guard_program,
            };
            let backend = Faulty(place.clone());
            let _ = run_terminal(state, options, |_| backend);
            ExitCode::SUCCESS
        }
    });
    std::process::exit(if code == ExitCode::from(101) { 101 } else { 0 });
}
