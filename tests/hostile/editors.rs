//! Editor settings of all shapes over files whose names are commands: what is not refused runs none of them.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use seaworthy::terminal::{alert_command, editor_command};

use crate::many;

const STARTERS: [&str; 10] =
    ["", "env", "env A=b", "env -i A=b", "env -S", "nohup", "nice -n 1", "timeout 5", "xargs -r", "setsid"];
const PROGRAMS: [&str; 10] = ["sh", "bash", "dash", "perl", "awk", "sed", "python3", "vi", "find", "env"];
const OPTIONS: [&str; 34] = [
    "",
    "-c",
    "-e",
    "-E",
    "-f",
    "-i",
    "-l",
    "-n",
    "-s",
    "-x",
    "+",
    "--",
    "-lc",
    "-ec",
    "-ce",
    "-lne",
    "-pe",
    "-c --",
    "-c -e",
    "-c :",
    "-e 1",
    "-ne 1",
    "-n 1",
    "1",
    "-o pipefail -c",
    "-c 'vi \"$1\"' x",
    "-c 'vi $1' x",
    "-c 'eval \"$1\"' x",
    "-c 'sh -c \"$1\"' x",
    "-c 'sh -c \"vi $1\"' x",
    "-c '\"$@\"' x",
    "-c 'vi \"$@\"' x",
    "-c 'sh -c \"$*\"' x",
    "-c 'printf %s \"$1\" | sh' x",
];
const ENDS: [&str; 4] = ["", "{file}", "vi {file}", "{file} {line}"];
const NAMES: [&str; 11] = [
    "touch PWNED",
    "touch PWNED|",
    "|touch PWNED",
    "`touch PWNED`",
    "$(touch PWNED)",
    "a;touch PWNED",
    "a\ntouch PWNED",
    "system(\"touch PWNED\")",
    "BEGIN{system(\"touch PWNED\")}",
    "1e touch PWNED",
    "import os;os.system('touch PWNED')",
];

/// A folder with an editor that only looks at its arguments.
fn desk() -> tempfile::TempDir {
    let desk = tempfile::tempdir().unwrap();
    let editor = desk.path().join("vi");
    std::fs::write(&editor, "#!/bin/sh\nexit 0\n").unwrap();
    std::fs::set_permissions(&editor, std::fs::Permissions::from_mode(0o755)).unwrap();
    desk
}

fn run_editor(words: &[String], desk: &Path) {
    let folders = format!("{}:{}", desk.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("timeout");
    command.arg("2").args(words).current_dir(desk).env("PATH", folders);
    let null = |command: &mut Command| {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    };
    null(&mut command);
    // How it ends is its own affair.
    let _ = command.status();
}

/// What came of a part of the tries.
#[derive(Default)]
struct TryCounts {
    taken: usize,
    refused: usize,
}

/// Tries so many of the settings over names, in full and in small, on all processors: `run` runs one that is taken, and
/// gives its words.
fn try_settings(counts: (usize, usize), run: impl Fn(&str, &str, &Path) -> Option<Vec<String>> + Sync) {
    let mut templates = Vec::new();
    for starter in STARTERS {
        for program in PROGRAMS {
            for options in OPTIONS {
                templates.extend(ENDS.map(|end| format!("{starter} {program} {options} {end}")));
            }
        }
    }
    let tries = templates.len() * NAMES.len();
    // A step that has no divisor in common with the lists' lengths goes through all of each.
    let step = (tries / many(counts.0, counts.1) + 1) | 1;
    let (workers, templates, run) =
        (std::thread::available_parallelism().map_or(1, usize::from), &templates, &run);
    let (mut taken, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers)
            .map(|worker| {
                scope.spawn(move || {
                    try_some((0..tries).step_by(step).skip(worker).step_by(workers), templates, run)
                })
            })
            .collect();
        for counts in workers.into_iter().map(|worker| worker.join().unwrap()) {
            taken += counts.taken;
            refused += counts.refused;
        }
    });
    assert!(taken > 20 && refused > 20, "{taken} taken, {refused} refused");
}

fn try_some(
    some: impl Iterator<Item = usize>,
    templates: &[String],
    run: impl Fn(&str, &str, &Path) -> Option<Vec<String>>,
) -> TryCounts {
    let (desk, mut counts) = (desk(), TryCounts::default());
    for nth in some {
        let (template, name) = (&templates[nth / NAMES.len()], NAMES[nth % NAMES.len()]);
        match run(template, name, desk.path()) {
            None => counts.refused += 1,
            Some(words) => {
                counts.taken += 1;
                assert!(!desk.path().join("PWNED").exists(), "{template} ran {name}: {words:?}");
            }
        }
    }
    counts
}

#[test]
fn no_setting_that_is_taken_runs_a_name() {
    try_settings((4_000, 400), |template, name, desk| {
        let launch = editor_command(template, Path::new(name), 7, |_| None).ok()?;
        run_editor(&launch.words, desk);
        Some(launch.words)
    });
}

/// The same of the command for new findings, whose text names files of a repository.
#[test]
fn no_alert_that_is_taken_runs_its_text() {
    try_settings((2_000, 300), |template, name, desk| {
        let template = template.replace("{file}", "{text}").replace("{line}", "7");
        let words = alert_command(&template, name).ok()?;
        if words.iter().any(|word| word.contains("PWNED")) {
            run_editor(&words, desk);
        }
        Some(words)
    });
}
