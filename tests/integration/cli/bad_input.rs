//! Input that nobody meant: each kind gets a clear word, the rest is audited, nothing is lost.

use std::path::Path;

use serde_json::Value;

use super::{DEPLOYMENT, DOCKERFILE, on, report, run};
use crate::support::repository;

fn status<'r>(report: &'r Value, path: &str) -> (&'r str, &'r str) {
    let files = report["files"].as_array().unwrap();
    let file =
        files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("{path} in {files:#?}"));
    (file["status"].as_str().unwrap(), file["reason"].as_str().unwrap_or_default())
}

fn has(report: &Value, path: &str, rule: &str) -> bool {
    report["findings"].as_array().unwrap().iter().any(|f| f["path"] == path && f["rule"] == rule)
}

#[test]
fn a_path_that_is_not_there() {
    let home = tempfile::tempdir().unwrap();
    let ran = run(&["check", "/not/there"], home.path());
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(ran.err, "seaworthy: /not/there is not there: name a folder or a file that is\n");
}

#[test]
fn a_rule_that_is_mistyped() {
    let home = tempfile::tempdir().unwrap();
    let ran = run(&["explain", "may-run-as-rot"], home.path());
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("did you mean `may-run-as-root`?"), "{}", ran.err);
}

#[test]
fn a_broken_manifest_beside_good_ones() {
    let folder =
        repository(&[("broken.yaml", "apiVersion: v1\nkind: Pod\nspec: [\n"), ("good.yaml", DEPLOYMENT)]);
    let report = report(folder.path());
    assert_eq!(status(&report, "broken.yaml").0, "skipped");
    assert!(has(&report, "broken.yaml", "invalid-syntax"));
    assert!(has(&report, "good.yaml", "may-run-as-root"));
}

#[test]
fn a_broken_document_among_good_ones() {
    let text = format!(
        "{DEPLOYMENT}---\napiVersion: v1\nkind: Pod\nspec: [\n---\n{}",
        DEPLOYMENT.replace("name: api", "name: web")
    );
    let folder = repository(&[("all.yaml", &text)]);
    let report = report(folder.path());
    assert_eq!(status(&report, "all.yaml").0, "partial");
    let objects: Vec<&str> =
        report["workloads"].as_array().unwrap().iter().map(|w| w["object"].as_str().unwrap()).collect();
    assert_eq!(objects, ["Deployment/api", "Deployment/web"]);
    on(folder.path(), &["fix", "--review"]);
    assert!(
        std::fs::read_to_string(folder.path().join("all.yaml"))
            .unwrap()
            .contains("kind: Pod\nspec: [\n---\n")
    );
}

#[test]
fn a_half_typed_dockerfile() {
    let folder = repository(&[("Dockerfile", "FROM python:latest\nRUN apt-get \\\nUSE")]);
    let report = report(folder.path());
    assert!(has(&report, "Dockerfile", "latest-tag"));
    assert_ne!(status(&report, "Dockerfile").0, "skipped");
}

#[test]
fn a_file_that_is_not_utf8() {
    let folder = repository(&[("good.yaml", DEPLOYMENT)]);
    std::fs::write(folder.path().join("Dockerfile"), b"FROM a:1\n# \xff\xfe\n").unwrap();
    let report = report(folder.path());
    assert_eq!(status(&report, "Dockerfile"), ("skipped", "not UTF-8 (byte 11): save it as UTF-8"));
    assert!(has(&report, "Dockerfile", "unaudited-file"));
    assert!(has(&report, "good.yaml", "may-run-as-root"));
}

#[test]
fn a_file_that_is_too_large() {
    let folder = repository(&[("good.yaml", DEPLOYMENT)]);
    let large = std::fs::File::create(folder.path().join("Dockerfile")).unwrap();
    large.set_len(1 << 30).unwrap();
    let report = report(folder.path());
    assert_eq!(
        status(&report, "Dockerfile"),
        ("skipped", "too large: 1024 MiB, and more than 8 MiB is not read")
    );
}

#[cfg(unix)]
#[test]
fn what_is_no_file_at_all_holds_nobody_up() {
    let folder = repository(&[("good.yaml", DEPLOYMENT)]);
    rustix::fs::mknodat(
        rustix::fs::CWD,
        folder.path().join("Dockerfile"),
        rustix::fs::FileType::Fifo,
        0o644.into(),
        0,
    )
    .unwrap();
    std::os::unix::fs::symlink(folder.path(), folder.path().join("loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("Dockerfile.dangling")).unwrap();
    std::os::unix::fs::symlink("/etc/hostname", folder.path().join("Dockerfile.outside")).unwrap();
    let report = report(folder.path());
    assert_eq!(
        status(&report, "Dockerfile.outside"),
        ("skipped", "a link that leads outside the repository")
    );
    assert!(has(&report, "good.yaml", "may-run-as-root"));
}

#[test]
fn helm_templates_are_skipped_and_said_to_be() {
    let template = DEPLOYMENT.replace("registry.example/api:v1.0.3", "{{ .Values.image }}");
    let folder = repository(&[("templates/deploy.yaml", &template), ("Dockerfile.tmpl", DOCKERFILE)]);
    let report = report(folder.path());
    assert_eq!(status(&report, "templates/deploy.yaml"), ("skipped", "Helm template: render it first"));
    assert_eq!(status(&report, "Dockerfile.tmpl"), ("skipped", "template: render it first"));
    assert_eq!(report["score"], Value::Null);
    assert_eq!(report["files"][0]["kind"], "template");
}

#[test]
fn escape_sequences_in_a_file_never_reach_the_terminal() {
    let text = DEPLOYMENT.replace("image: registry.example/api:v1.0.3", "image: \"a\\e[2J/b\" # \u{1b}[2J");
    let folder = repository(&[("deploy.yaml", &text), ("Dockerfile", "FROM a\u{1b}[2J\nUSER \u{7}\n")]);
    for format in ["text", "json"] {
        assert!(!on(folder.path(), &["check", "--format", format]).out.contains(['\u{1b}', '\u{7}']));
    }
}

#[test]
fn without_a_terminal_the_app_is_a_report() {
    let folder = repository(&[("deploy.yaml", DEPLOYMENT)]);
    let home = tempfile::tempdir().unwrap();
    let ran = run(&[folder.path().to_str().unwrap()], home.path());
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("high[may-run-as-root]"), "{}", ran.out);
}

#[test]
fn the_demo_is_laid_over_nothing() {
    let folder = repository(&[("README.md", "mine")]);
    let ran = on(folder.path(), &["demo"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("is there already"), "{}", ran.err);
    assert_eq!(std::fs::read_to_string(Path::new(folder.path()).join("README.md")).unwrap(), "mine");
}

#[test]
fn what_cannot_be_rendered_is_named_in_one_sentence() {
    let folder =
        repository(&[("tides/deploy.yaml", DEPLOYMENT), ("chart/Chart.yaml", "name: c\nversion: 1.0.0\n")]);
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let home = tempfile::tempdir().unwrap();
    let (nowhere, plain, chart) = (at("nowhere"), at("tides"), at("chart"));
    for (arguments, words) in [
        (&["render", &nowhere][..], "nowhere is not there: name a folder or a file that is"),
        (&["render", &plain], "tides holds no Chart.yaml, and no kustomization stands in it or below"),
        (&["render", &chart, "--values", &nowhere], "nowhere is not there: name a file of values that is"),
    ] {
        let ran = run(arguments, home.path());
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.err.contains(words) && !ran.err.contains("os error"), "{}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
    }
}

#[test]
fn a_baseline_of_nothing_is_not_written() {
    let folder = repository(&[("notes.txt", "nothing\n")]);
    let home = tempfile::tempdir().unwrap();
    let ran = run(&["baseline", folder.path().to_str().unwrap()], home.path());
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with("No Dockerfile and no Kubernetes manifest found here"), "{}", ran.out);
    assert!(!folder.path().join("seaworthy-baseline.json").exists());
}

/// Where a repository has many Dockerfiles that are alike, their names do not fill the terminal.
#[test]
fn many_dockerfiles_that_are_as_likely_are_told_in_a_few_lines() {
    let mut files: Vec<(String, String)> = Vec::new();
    for n in 0..12 {
        files.push((format!("copies/{n:02}/app/Dockerfile"), DOCKERFILE.to_owned()));
        let own = DEPLOYMENT.replace("name: api", &format!("name: api-{n}"));
        files.push((
            format!("deploy/{n:02}.yaml"),
            own.replace("registry.example/api", "registry.example/app"),
        ));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let folder = repository(&files);
    let home = tempfile::tempdir().unwrap();
    let out = run(&["check", folder.path().to_str().unwrap()], home.path()).out;
    let lines: Vec<&str> = out.lines().filter(|line| line.starts_with("not linked")).collect();
    assert!(!lines.is_empty() && lines.len() <= 4, "{lines:#?}");
    assert!(lines.iter().all(|line| line.len() < 400), "{lines:#?}");
    assert!(lines[0].contains(" and 9 more"), "{lines:#?}");
    assert!(lines.last().unwrap().contains("9 more containers"), "{lines:#?}");
    assert!(lines[0].matches("copies/00/app/Dockerfile").count() == 1, "{lines:#?}");
}
