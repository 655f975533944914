//! What comes through a pipe: read once, named by who gives it, reported in every format.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::{DEPLOYMENT, DOCKERFILE};
use crate::support::repository;

/// Runs `check` in a folder, with this on its standard input.
fn check(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let home = TempDir::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .arg("check")
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

#[test]
fn standard_input_is_taken_for_what_it_is_or_for_what_its_name_says() {
    let folder = TempDir::new().unwrap();
    let values = "replicas: 1\n";
    for (pipe, name, input, path, kind, status) in [
        ("-", None, DEPLOYMENT, "stdin", "manifest", "audited"),
        ("/dev/stdin", None, DEPLOYMENT, "stdin", "manifest", "audited"),
        ("/dev/fd/0", None, DEPLOYMENT, "stdin", "manifest", "audited"),
        ("/proc/self/fd/0", None, DOCKERFILE, "stdin", "dockerfile", "audited"),
        ("-", None, DOCKERFILE, "stdin", "dockerfile", "audited"),
        ("-", None, values, "stdin", "manifest", "skipped"),
        ("-", None, "", "stdin", "manifest", "skipped"),
        ("-", Some("k8s/api.yaml"), DEPLOYMENT, "k8s/api.yaml", "manifest", "audited"),
        ("-", Some("./k8s/../api.yml"), DEPLOYMENT, "api.yml", "manifest", "audited"),
        (
            "/dev/stdin",
            Some("build/Dockerfile.prod"),
            DOCKERFILE,
            "build/Dockerfile.prod",
            "dockerfile",
            "audited",
        ),
        ("-", Some("deploy.yaml.tmpl"), DEPLOYMENT, "deploy.yaml.tmpl", "manifest", "audited"),
        ("-", Some("notes.txt"), values, "notes.txt", "manifest", "skipped"),
    ] {
        let named = name.map(|name| ["--stdin-filename", name]);
        let arguments = [&["--format", "json", pipe][..], named.as_ref().map_or(&[], |it| &it[..])].concat();
        let output = check(folder.path(), &arguments, input.as_bytes());
        let report = json(&output);
        let [file] = report["files"].as_array().unwrap().as_slice() else { panic!("one file: {report}") };
        assert_eq!((&file["path"], &file["kind"]), (&Value::from(path), &Value::from(kind)), "{arguments:?}");
        assert_eq!(file["status"], status, "{arguments:?}: {file}");
        let is_open = status == "audited";
        assert_eq!(output.status.code(), Some(i32::from(is_open)), "{arguments:?}");
        assert_eq!(!report["findings"].as_array().unwrap().is_empty(), is_open);
    }
}

#[test]
fn every_format_reports_it() {
    let folder = TempDir::new().unwrap();
    for format in ["text", "json", "sarif", "github"] {
        let arguments = ["--format", format, "-", "--stdin-filename", "k8s/api.yaml"];
        let output = check(folder.path(), &arguments, DEPLOYMENT.as_bytes());
        assert_eq!(output.status.code(), Some(1), "{format}");
        let out = text(&output.stdout);
        assert!(out.contains("k8s/api.yaml") && out.contains("may-run-as-root"), "{format}: {out}");
        assert_eq!(text(&output.stderr), "", "{format}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written");
}

#[test]
fn pipes_of_a_shell_and_named_ones_are_read() {
    let folder = TempDir::new().unwrap();
    let script = r#"mkfifo Dockerfile
printf '%s' "$D" > Dockerfile & "$S" check --format json Dockerfile > named.json
wait
"$S" check --format json <(printf '%s' "$M") > one.json
"$S" check --format json <(printf '%s' "$M") <(printf '%s' "$D") > two.json
"$S" check --format json --stdin-filename x.yaml /dev/stdin < <(printf '%s' "$M") > stdin.json
printf '%s' "$M" > plain
"$S" check --format json --stdin-filename y.yaml /dev/stdin < plain > plain.json
true"#;
    let status = Command::new("bash")
        .args(["-c", script])
        .current_dir(folder.path())
        .envs([("D", DOCKERFILE), ("M", DEPLOYMENT), ("S", env!("CARGO_BIN_EXE_seaworthy"))])
        .env("HOME", folder.path())
        .status()
        .unwrap();
    assert!(status.success());
    for (name, kinds, path) in [
        ("named.json", &["dockerfile"][..], Some("Dockerfile")),
        ("one.json", &["manifest"], None),
        ("two.json", &["dockerfile", "manifest"], None),
        ("stdin.json", &["manifest"], Some("x.yaml")),
        ("plain.json", &["manifest"], Some("y.yaml")),
    ] {
        let report = std::fs::read(folder.path().join(name)).unwrap();
        let report: Value = serde_json::from_slice(&report).unwrap_or_else(|_| panic!("{name}"));
        let files = report["files"].as_array().unwrap();
        let mut found: Vec<&str> = files.iter().map(|file| file["kind"].as_str().unwrap()).collect();
        found.sort_unstable();
        assert_eq!(found, kinds, "{name}: {report}");
        assert!(files.iter().all(|file| file["status"] == "audited"), "{name}: {report}");
        assert!(path.is_none_or(|path| files[0]["path"] == path), "{name}: {report}");
    }
}

#[test]
fn a_pipe_that_is_named_twice_is_read_once_and_two_of_one_name_are_told_apart() {
    let folder = TempDir::new().unwrap();
    for pipes in [&["-", "-"][..], &["-", "/dev/stdin"], &["/dev/fd/0", "-", "/proc/self/fd/0"]] {
        let output = check(folder.path(), &[&["--format", "json"], pipes].concat(), DEPLOYMENT.as_bytes());
        let report = json(&output);
        assert_eq!(output.status.code(), Some(1), "{pipes:?}: {report}");
        assert_eq!(report["files"].as_array().unwrap().len(), 1, "{pipes:?}");
    }
    let script = r#"mkdir a b; mkfifo a/x.yaml b/x.yaml
printf '%s' "$M" > a/x.yaml & printf 'kind: A' > b/x.yaml &
"$S" check --format json a/x.yaml b/x.yaml a/x.yaml > two.json; test $? = 1"#;
    let status = Command::new("bash")
        .args(["-c", script])
        .current_dir(folder.path())
        .envs([("M", DEPLOYMENT), ("S", env!("CARGO_BIN_EXE_seaworthy"))])
        .env("HOME", folder.path())
        .status()
        .unwrap();
    assert!(status.success());
    let report: Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("two.json")).unwrap()).unwrap();
    let paths: Vec<&Value> = report["files"].as_array().unwrap().iter().map(|file| &file["path"]).collect();
    assert_eq!(paths, ["b/x.yaml", "x.yaml"]);
}

#[test]
fn a_text_that_is_not_saved_is_judged_in_its_files_place() {
    let root = repository(&[
        ("Dockerfile", "FROM a:1.2.3\nUSER 43122:43122\n"),
        ("k8s/pod.yaml", DEPLOYMENT),
        ("seaworthy.toml", "[rules]\nmay-run-as-root = \"off\"\n"),
    ]);
    let unsaved = DEPLOYMENT.replace("name: api\n        image", "name: sea\n        image");
    let arguments = ["--format", "json", "-", "--stdin-filename", "k8s/pod.yaml"];
    let report = json(&check(root.path(), &arguments, unsaved.as_bytes()));
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["path"] == "k8s/pod.yaml"), "{report}");
    assert!(findings.iter().any(|finding| finding["container"] == "sea"), "{report}");
    assert!(findings.iter().all(|finding| finding["rule"] != "may-run-as-root"), "the settings count");
    assert_eq!(report["files"].as_array().unwrap().len(), 1, "{report}");
    assert_eq!(std::fs::read_to_string(root.path().join("k8s/pod.yaml")).unwrap(), DEPLOYMENT);
    let from_below = ["--format", "json", "-", "--stdin-filename", "../k8s/pod.yaml"];
    let report = json(&check(&root.path().join("k8s"), &from_below, unsaved.as_bytes()));
    assert_eq!(report["files"][0]["path"], "pod.yaml");
}

#[test]
fn what_a_pipe_cannot_be_is_said_once() {
    let folder = repository(&[("good.yaml", DEPLOYMENT)]);
    let large = vec![b'a'; 9 << 20];
    for (arguments, input, part) in [
        (&["-"][..], &b"kind: \xff"[..], "not UTF-8"),
        (&["-", "--format", "github"], &large, "too large"),
        (&["-", "good.yaml"], b"", "checked alone"),
        (&["--stdin-filename", "x.yaml"], b"", "give - or the pipe"),
        (&["--stdin-filename", "x.yaml", "good.yaml"], b"", "give - or the pipe"),
    ] {
        let output = check(folder.path(), arguments, input);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(said.contains(part), "{arguments:?}: {said}");
        assert!(text(&output.stderr).lines().count() <= 1, "{said}");
    }
}
