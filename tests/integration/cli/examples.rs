//! The README's examples, each tried: the report, the settings, the pre-commit hook, the workflow, the editor; and its
//! table of rules.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_yaml::Value;

use super::{DEPLOYMENT, DOCKERFILE, out};
use crate::support::{lay_out, repository};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

/// The fenced block that stands after a mark.
fn example(mark: &str) -> String {
    let readme = std::fs::read_to_string(README).unwrap();
    let (_, after) = readme.split_once(&format!("<!-- {mark} -->\n```")).unwrap();
    let (_, block) = after.split_once('\n').unwrap();
    block.split_once("```").unwrap().0.to_owned()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

fn files() -> tempfile::TempDir {
    repository(&[("Dockerfile", DOCKERFILE), ("deploy.yaml", DEPLOYMENT), ("other.yaml", "a: b\n")])
}

/// A shell's commands in a folder, with the program on the path.
fn shell(folder: &Path, commands: &str, variables: &[(&str, &Path)]) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_seaworthy")).parent().unwrap();
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(PathBuf::from(program)).chain(std::env::split_paths(&paths));
    Command::new("bash")
        .args(["-e", "-o", "pipefail", "-c", commands])
        .current_dir(folder)
        .env("PATH", std::env::join_paths(paths).unwrap())
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// Whether a program is here; what needs it is skipped where it is not, and that is said.
#[allow(clippy::print_stderr, reason = "a test that was skipped says so")]
fn is_here(program: &str) -> bool {
    let here = Command::new(program).arg("--version").output().is_ok();
    if !here {
        eprintln!("skipped: {program} is not installed");
    }
    here
}

#[test]
fn check_prints_what_is_shown_of_it() {
    let demo = lay_out(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo")));
    let printed = shell(demo.path(), "seaworthy check --fail-on never", &[]).stdout;
    assert!(String::from_utf8(printed).unwrap().contains(&example("check")));
}

#[test]
fn what_a_team_has_decided_holds() {
    let pod =
        format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: b}}\n{}", example("exception"));
    let json = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"hostNetwork":true}}"#;
    let build = "FROM base:1.2\nUSER 43122:43122\n";
    let folder = repository(&[
        ("pod.yaml", &pod),
        ("node/pod.json", json),
        ("third_party/Dockerfile", build),
        ("Dockerfile", build),
        ("seaworthy.toml", &example("settings")),
    ]);
    let output = shell(folder.path(), "seaworthy check", &[]);
    let said = String::from_utf8(output.stdout).unwrap();
    for line in [
        "skipped third_party/Dockerfile: left out by seaworthy.toml",
        "allowed node/pod.json:1: host-network, by seaworthy.toml: reads the node's counters",
        "allowed pod.yaml:6: host-network, by a comment: reads the node's counters",
    ] {
        assert!(said.lines().any(|said| said == line), "{line} in\n{said}");
    }
    assert!(!said.contains("moving-tag"), "{said}");
}

#[test]
fn the_hooks_do_what_they_say() {
    let defined =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/.pre-commit-hooks.yaml")).unwrap();
    let defined = yaml(&defined);
    let hooks: Vec<&Value> = defined.as_sequence().unwrap().iter().collect();
    let local = yaml(&example("pre-commit"));
    let shown = &local["repos"][0]["hooks"][0];
    for key in ["id", "name", "entry", "types_or", "pass_filenames"] {
        assert_eq!(shown[key], hooks[0][key], "{key}");
    }
    for (hook, code) in hooks.iter().zip([1, 0]) {
        assert_eq!(
            (hook["language"].as_str(), hook["pass_filenames"].as_bool()),
            (Some("rust"), Some(false))
        );
        let folder = files();
        let output = shell(folder.path(), hook["entry"].as_str().unwrap(), &[]);
        assert_eq!(output.status.code(), Some(code), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_workflow_is_pinned_asks_for_little_and_its_steps_run() {
    let workflow = yaml(&example("workflow"));
    assert_eq!(workflow["permissions"], yaml("{}"));
    let job = &workflow["jobs"]["audit"];
    assert_eq!(job["permissions"], yaml("{contents: read, security-events: write}"));
    let (folder, temporary) = (files(), tempfile::tempdir().unwrap());
    let mut ran = Vec::new();
    for step in job["steps"].as_sequence().unwrap() {
        if let Some(action) = step["uses"].as_str() {
            let commit = action.split_once('@').unwrap().1;
            assert!(commit.len() == 40 && commit.bytes().all(|b| b.is_ascii_hexdigit()), "{action}");
            continue;
        }
        let command = step["run"].as_str().unwrap();
        if command.starts_with("cargo install") {
            continue;
        }
        let variables = [("RUNNER_TEMP", temporary.path()), ("GITHUB_WORKSPACE", folder.path())];
        let output = shell(folder.path(), command, &variables);
        ran.push((step["name"].as_str().unwrap(), output.status.code().unwrap()));
        if step["name"] == "Check" {
            let said = String::from_utf8(output.stdout).unwrap();
            assert!(said.contains("::error file=deploy.yaml,"), "{said}");
        }
    }
    assert_eq!(ran, [("Report", 0), ("Check", 1)]);
    let log = std::fs::read_to_string(temporary.path().join("seaworthy.sarif")).unwrap();
    assert!(
        serde_json::from_str::<serde_json::Value>(&log).unwrap()["runs"][0]["results"]
            .as_array()
            .unwrap()
            .len()
            > 5
    );
}

#[test]
fn vim_lists_what_is_found_on_every_save() {
    if !is_here("vim") {
        return;
    }
    let (folder, home) = (files(), tempfile::tempdir().unwrap());
    let compilers = home.path().join(".vim/compiler");
    std::fs::create_dir_all(&compilers).unwrap();
    std::fs::write(compilers.join("seaworthy.vim"), example("compiler")).unwrap();
    let rc = home.path().join("vimrc");
    std::fs::write(&rc, format!("set nocompatible\n{}", example("vimrc"))).unwrap();
    let script = format!(
        "vim -es -u {} --cmd 'set rtp^={}' deploy.yaml -c 'write' \
         -c 'call writefile(map(getqflist(), {{_, v -> bufname(v.bufnr) . \":\" . v.lnum . \":\" . v.col . \" \" . v.type . v.text}}), \"listed\")' -c 'qa!'",
        rc.display(),
        home.path().join(".vim").display(),
    );
    let output = shell(folder.path(), &script, &[("HOME", home.path())]);
    let listed = std::fs::read_to_string(folder.path().join("listed")).unwrap_or_default();
    let wanted = "deploy.yaml:16:15 E[may-run-as-root]: nothing stops container `api` from running as root";
    assert!(listed.lines().any(|line| line == wanted), "{listed}{}", String::from_utf8_lossy(&output.stderr));
    assert!(listed.lines().any(|line| line.starts_with("Dockerfile:")), "{listed}");
    let places =
        listed.lines().filter(|line| line.contains(".yaml:") || line.starts_with("Dockerfile:")).count();
    assert_eq!(places, listed.lines().count(), "{listed}");
}

/// Its own words, and after an option those that the option knows.
#[test]
fn bash_completes_commands_rules_and_severities() {
    let rows = [
        ("seaworthy ch", "check"),
        ("seaworthy explain may-run-as-r", "may-run-as-root"),
        ("seaworthy check --fail-on cr", "critical"),
        ("seaworthy check --format sa", "sarif"),
        ("seaworthy check --rule latest-t", "latest-tag"),
        ("seaworthy --theme high", "high-contrast"),
    ];
    for (typed, completed) in rows {
        let script = format!(
            "source <(seaworthy completions bash); COMP_WORDS=({typed}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _seaworthy seaworthy \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\"; echo \"${{COMPREPLY[@]}}\""
        );
        let output = shell(Path::new("."), &script, &[]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(said.trim(), completed, "{typed}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// The table in the README is what `rules` prints, each rule linked to its page.
#[test]
fn the_readme_lists_the_rules() {
    let kept = std::fs::read_to_string(README).unwrap();
    let (before, rest) = kept.split_once("<!-- rules -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- /rules -->").unwrap();
    let linked = |line: &str| match line.strip_prefix("| `").and_then(|rest| rest.split_once('`')) {
        Some((id, rest)) => format!("| [`{id}`](assets/rules/{id}.md){rest}\n"),
        None => format!("{line}\n"),
    };
    let table: String = out(&["rules", "--format", "markdown"]).lines().map(linked).collect();
    let wanted = format!("{before}<!-- rules -->\n{table}<!-- /rules -->{after}");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(README, &wanted).unwrap();
    } else {
        assert!(
            kept == wanted,
            "README.md is stale: UPDATE=1 cargo test --test integration the_readme_lists_the_rules"
        );
    }
}
