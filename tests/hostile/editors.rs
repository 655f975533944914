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
    command.arg("10").args(words).current_dir(desk).env("PATH", folders);
    let null = |command: &mut Command| {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    };
    null(&mut command);
    // How it ends is its own affair.
    let _ = command.status();
}

#[test]
fn no_setting_that_is_taken_runs_a_name() {
    let desk = desk();
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
    let step = tries / many(20_000, 400) + 1;
    let (mut taken, mut refused) = (0, 0);
    for nth in (0..tries).step_by(step | 1) {
        let (template, name) = (&templates[nth / NAMES.len()], NAMES[nth % NAMES.len()]);
        let Ok(launch) = editor_command(template, Path::new(name), 7, |_| None) else {
            refused += 1;
            continue;
        };
        taken += 1;
        run_editor(&launch.words, desk.path());
        assert!(!desk.path().join("PWNED").exists(), "{template} ran {name}: {:?}", launch.words);
    }
    assert!(taken > 20 && refused > 20, "{taken} taken, {refused} refused");
}

/// The same of the command for new findings, whose text names files of a repository.
#[test]
fn no_alert_that_is_taken_runs_its_text() {
    let desk = desk();
    let mut templates = Vec::new();
    for starter in STARTERS {
        for program in PROGRAMS {
            for options in OPTIONS {
                templates.extend(ENDS.map(|end| format!("{starter} {program} {options} {end}")));
            }
        }
    }
    let tries = templates.len() * NAMES.len();
    let step = tries / many(10_000, 300) + 1;
    let (mut taken, mut refused) = (0, 0);
    for nth in (0..tries).step_by(step | 1) {
        let template = templates[nth / NAMES.len()].replace("{file}", "{text}").replace("{line}", "7");
        let name = NAMES[nth % NAMES.len()];
        let Ok(words) = alert_command(&template, name) else {
            refused += 1;
            continue;
        };
        taken += 1;
        if words.iter().any(|word| word.contains("PWNED")) {
            run_editor(&words, desk.path());
        }
        assert!(!desk.path().join("PWNED").exists(), "{template} ran {name}: {words:?}");
    }
    assert!(taken > 20 && refused > 20, "{taken} taken, {refused} refused");
}
