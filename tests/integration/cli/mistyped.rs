//! Words that are nearly commands, errors that are said once, and colours.

use std::process::Command;

use tempfile::TempDir;

use super::{DEPLOYMENT, run};
use crate::support::repository;

#[test]
fn a_word_that_is_nearly_a_command_is_asked_about() {
    let home = TempDir::new().unwrap();
    for (arguments, meant) in [
        (&["chek"][..], "check"),
        (&["chekc", "."], "check"),
        (&["chek", "--format", "json"], "check"),
        (&["--color", "never", "fxi", "--review"], "fix"),
        (&["baselin"], "baseline"),
        (&["--theme", "dark", "rles"], "rules"),
        (&["undoo"], "undo"),
    ] {
        let ran = run(arguments, home.path());
        assert_eq!(ran.code, 2, "{arguments:?}");
        assert!(ran.err.contains(&format!("did you mean `{meant}`?")), "{arguments:?}: {}", ran.err);
        assert_eq!((ran.err.lines().count(), ran.out.as_str()), (1, ""), "{arguments:?}");
    }
    let stray = run(&["stray", "rules"], home.path());
    assert!(stray.code == 2 && stray.err.contains("move stray there"), "{}", stray.err);
    for arguments in [&["nowhere-at-all"][..], &["./chek"], &["/not/chek"]] {
        let ran = run(arguments, home.path());
        assert_eq!(ran.code, 2);
        assert!(!ran.err.contains("did you mean"), "{}", ran.err);
    }
    let folder = repository(&[("chek/pod.yaml", DEPLOYMENT)]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_seaworthy"));
    let output = command.arg("chek").current_dir(folder.path()).env("HOME", home.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "a folder of that name is a path");
}

#[test]
fn the_cause_of_an_error_is_said_once() {
    let folder = repository(&[("good.yaml", DEPLOYMENT)]);
    let home = TempDir::new().unwrap();
    let path = folder.path().to_str().unwrap();
    let name = "a".repeat(300);
    let causes = [format!("{path}/{name}"), format!("{path}/good.yaml/below"), path.to_owned()];
    // A file that is there, and fails for everybody who reads it.
    std::os::unix::fs::symlink("/proc/self/mem", folder.path().join("seaworthy.toml")).unwrap();
    for cause in &causes {
        let ran = run(&["check", cause], home.path());
        assert_eq!(ran.code, 2);
        let words = ran.err.trim_end();
        let tail = words.rsplit(": ").next().unwrap();
        assert_eq!((words.matches(tail).count(), words.lines().count()), (1, 1), "{words}");
    }
}

#[test]
fn colours_are_as_the_command_line_the_environment_and_the_terminal_say() {
    let folder = repository(&[("good.yaml", DEPLOYMENT)]);
    let is_coloured = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_seaworthy"));
        command.args(arguments).arg(folder.path()).env_clear().env("HOME", folder.path());
        let output = command.envs(variables.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stdout).unwrap().contains('\u{1b}')
    };
    assert!(!is_coloured(&["check"], &[]));
    assert!(is_coloured(&["check", "--color", "always"], &[("NO_COLOR", "1")]));
    assert!(is_coloured(&["--color=always", "check"], &[]));
    assert!(is_coloured(&["--color", "always"], &[]), "the report where there is no terminal");
    assert!(is_coloured(&["check"], &[("FORCE_COLOR", "1")]));
    assert!(is_coloured(&["check"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured(&["check"], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]));
    assert!(!is_coloured(&["check", "--color", "never"], &[("FORCE_COLOR", "1")]));
    for format in ["json", "sarif", "github"] {
        assert!(!is_coloured(&["check", "--color", "always", "--format", format], &[]), "{format}");
    }
}
