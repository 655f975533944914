//! Files that cannot be read: `fix` names them as `check` does, and one that was asked for fails the command.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use tempfile::TempDir;

use super::{DEPLOYMENT, Ran, run};
use crate::support::repository;

/// A repository with one good file, and one of each kind that cannot be read: its name and the reason.
fn folder_of_unreadable() -> (TempDir, Vec<(&'static str, &'static str)>) {
    let folder = repository(&[("good.yaml", DEPLOYMENT), ("notes.txt", "no manifest\n")]);
    let at = |name: &str| folder.path().join(name);
    std::fs::write(at("Dockerfile.latin"), b"FROM a:1\n# \xff\n").unwrap();
    std::fs::write(at("pod.yaml"), b"apiVersion: v1\nkind: Pod # \xff\n").unwrap();
    // As the cluster's tools read it: by its byte-order mark.
    let wide: Vec<u8> = format!("\u{feff}{DEPLOYMENT}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(at("wide.yaml"), wide).unwrap();
    std::fs::File::create(at("Dockerfile.large")).unwrap().set_len(9 << 20).unwrap();
    symlink("nowhere", at("Dockerfile.gone")).unwrap();
    symlink("/dev/null", at("Dockerfile.device")).unwrap();
    let mut unreadable = vec![
        ("Dockerfile.latin", "not UTF-8"),
        ("pod.yaml", "not UTF-8"),
        ("wide.yaml", "not UTF-8"),
        ("Dockerfile.large", "too large"),
        ("Dockerfile.gone", "a link that leads nowhere"),
        ("Dockerfile.device", "a link that leads to no regular file"),
    ];
    std::fs::write(at("closed.yaml"), DEPLOYMENT).unwrap();
    std::fs::set_permissions(at("closed.yaml"), std::fs::Permissions::from_mode(0o000)).unwrap();
    // A user whom the system lets read everything reads this one too.
    if std::fs::File::open(at("closed.yaml")).is_err() {
        unreadable.push(("closed.yaml", "cannot be read"));
    }
    (folder, unreadable)
}

fn on(folder: &Path, command: &[&str], names: &[&str]) -> Ran {
    let home = TempDir::new().unwrap();
    let paths: Vec<String> = names.iter().map(|name| folder.join(name).display().to_string()).collect();
    let paths = paths.iter().map(String::as_str);
    run(&command.iter().copied().chain(paths).collect::<Vec<_>>(), home.path())
}

#[test]
fn fix_says_what_it_could_not_read() {
    let (folder, unreadable) = folder_of_unreadable();
    for command in [&["fix", "--diff"][..], &["fix"], &["fix"]] {
        let ran = on(folder.path(), command, &["."]);
        assert!(ran.code < 2, "nobody asked for these: {}", ran.err);
        for (name, reason) in &unreadable {
            let lines =
                ran.err.lines().filter(|line| line.starts_with(&format!("not read: {name}: {reason}")));
            assert_eq!(lines.count(), 1, "{name}: {}", ran.err);
        }
        assert!(!ran.err.contains("not read: notes.txt") && !ran.err.contains("not read: good.yaml"));
    }
}

#[test]
fn a_named_file_whose_name_is_not_utf_8_fails_the_command() {
    use std::os::unix::ffi::OsStrExt;

    let folder = repository(&[("good.yaml", DEPLOYMENT)]);
    let odd = folder.path().join(std::ffi::OsStr::from_bytes(b"Dockerfile.\xff"));
    if std::fs::write(&odd, "FROM a:1\n").is_err() {
        return;
    }
    for command in [&["check"][..], &["check", "--format", "json"], &["fix"]] {
        let home = TempDir::new().unwrap();
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_seaworthy"));
        let ran = program.args(command).arg(&odd).env("HOME", home.path()).output().unwrap();
        let said = [ran.stdout, ran.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert_eq!(ran.status.code(), Some(2), "{command:?}: {said}");
        assert!(said.contains("its name is not UTF-8"), "{command:?}: {said}");
    }
    assert_eq!(
        on(folder.path(), &["check", "--fail-on", "never"], &["."]).code,
        0,
        "nobody asked for it there"
    );
}

#[test]
fn what_was_asked_for_and_cannot_be_read_fails_the_command() {
    let (folder, unreadable) = folder_of_unreadable();
    for (name, reason) in unreadable.into_iter().filter(|(name, _)| *name != "Dockerfile.gone") {
        // What is no file beneath a link is refused before anything of it is read.
        let named = if name == "Dockerfile.device" { "no regular file" } else { reason };
        for command in [
            &["check"][..],
            &["check", "--fail-on", "never"],
            &["check", "--format", "json"],
            &["check", "--format", "sarif"],
            &["check", "--format", "github"],
        ] {
            let ran = on(folder.path(), command, &["good.yaml", name]);
            assert_eq!(ran.code, 2, "{command:?} {name}: {}", ran.err);
            assert!(ran.out.contains(named) || ran.err.contains(named), "{command:?} {name}: {}", ran.out);
        }
        if name != "Dockerfile.device" {
            let ran = on(folder.path(), &["fix"], &["good.yaml", name]);
            assert_eq!(ran.code, 2, "{name}: {}", ran.err);
            assert!(ran.err.contains(&format!("not read: {name}: {reason}")), "{}", ran.err);
        }
    }
    assert_ne!(std::fs::read_to_string(folder.path().join("good.yaml")).unwrap(), DEPLOYMENT);
    assert_eq!(on(folder.path(), &["check"], &["Dockerfile.gone"]).code, 2);
    assert_eq!(on(folder.path(), &["check", "--fail-on", "never"], &["notes.txt"]).code, 0);
    assert_eq!(on(folder.path(), &["check", "--fail-on", "never"], &["."]).code, 0);
}
