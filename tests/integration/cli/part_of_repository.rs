//! A path that is a part of a repository: judged inside it, and nothing else of it reported or written.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{DEPLOYMENT, DOCKERFILE, on, report};
use crate::support::repository;

const PATCH: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  template:
    spec:
      containers:
      - name: api
        image: registry.example/api:v2.0.0
";
const OVERLAY: &str = "apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- ../../base
patches:
- path: patches/api.yaml
";
const BASE: &str =
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- deploy.yaml\n";

/// A repository of git's with these files.
fn git(files: &[(&str, &str)]) -> TempDir {
    let all: Vec<(&str, &str)> =
        files.iter().copied().chain([(".git/HEAD", "ref: refs/heads/main\n")]).collect();
    repository(&all)
}

fn read(folder: &TempDir, path: &str) -> String {
    std::fs::read_to_string(folder.path().join(path)).unwrap()
}

fn listed<'r>(report: &'r Value, list: &str, field: &str) -> Vec<&'r str> {
    report[list].as_array().unwrap().iter().map(|item| item[field].as_str().unwrap()).collect()
}

fn of(folder: &TempDir, path: &str) -> Value {
    report(&folder.path().join(path))
}

#[test]
fn a_patch_alone_is_a_patch_where_a_kustomization_names_it() {
    let files = [
        ("base/deploy.yaml", DEPLOYMENT),
        ("base/kustomization.yaml", BASE),
        ("overlays/prod/kustomization.yaml", OVERLAY),
        ("overlays/prod/patches/api.yaml", PATCH),
    ];
    let folder = git(&files);
    for path in ["overlays/prod/patches/api.yaml", "overlays/prod/patches", "overlays/prod", "."] {
        let report = of(&folder, path);
        let workloads = report["workloads"].as_array().unwrap();
        let patch =
            workloads.iter().find(|workload| workload["path"].as_str().unwrap().ends_with("api.yaml"));
        assert_eq!(patch.unwrap()["pod_security"], Value::Null, "{path}");
        let about_patch = report["findings"].as_array().unwrap().iter();
        let lacks = about_patch.filter(|finding| {
            finding["path"].as_str().unwrap().ends_with("api.yaml") && finding["rule"] == "missing-cpu-limit"
        });
        assert_eq!(lacks.count(), 0, "{path}");
    }
    let overlay = of(&folder, "overlays/prod");
    assert_eq!(listed(&overlay, "files", "path"), ["kustomization.yaml", "patches/api.yaml"]);
    assert_eq!(listed(&overlay, "files", "kind"), ["kustomization", "manifest"]);
    // Without a repository around it, a file stands for itself.
    let alone = repository(&files);
    let report = of(&alone, "overlays/prod/patches/api.yaml");
    assert_eq!(report["workloads"][0]["pod_security"], "baseline");
}

#[test]
fn links_accounts_and_settings_come_from_the_whole_repository_and_findings_do_not() {
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: shop}\n\
        automountServiceAccountToken: false\n";
    let folder = git(&[
        ("api/Dockerfile", DOCKERFILE),
        ("accounts/shop.yaml", account),
        ("k8s/prod/deploy.yaml", DEPLOYMENT),
        ("k8s/dev/deploy.yaml", DEPLOYMENT),
        (
            "seaworthy.toml",
            "[rules]\nlatest-tag = \"off\"\n[[allow]]\nrules = [\"missing-seccomp\"]\npaths = [\"k8s/prod/\"]\nreason = \"the node sets it\"\n",
        ),
    ]);
    for path in ["k8s/prod", "k8s/prod/deploy.yaml"] {
        let report = of(&folder, path);
        assert_eq!(listed(&report, "files", "path"), ["deploy.yaml"]);
        assert_eq!(report["workloads"][0]["dockerfile"]["path"], "../../api/Dockerfile", "{path}");
        let rules = listed(&report, "findings", "rule");
        assert!(!rules.contains(&"missing-user"), "that is the Dockerfile's: {rules:?}");
        assert!(!rules.contains(&"service-account-token-mounted"), "{rules:?}");
        let findings = report["findings"].as_array().unwrap();
        let seccomp = findings.iter().find(|finding| finding["rule"] == "missing-seccomp").unwrap();
        assert_eq!(seccomp["suppressed"], json!({"by": "seaworthy.toml", "reason": "the node sets it"}));
    }
    let whole = report(folder.path());
    assert_eq!(whole["files"].as_array().unwrap().len(), 4);
    let text = on(&folder.path().join("k8s/prod"), &["check"]).out;
    assert!(text.contains("1 file audited"), "{text}");
    let findings = text.lines().filter(|line| !line.starts_with("linked "));
    assert!(!findings.collect::<String>().contains("api/Dockerfile:"), "{text}");
}

#[test]
fn what_is_found_in_a_part_is_what_the_whole_finds_there() {
    let folder = git(&[
        ("api/Dockerfile", DOCKERFILE),
        ("api/deploy.yaml", DEPLOYMENT),
        ("base/deploy.yaml", &DEPLOYMENT.replace("api", "web")),
        ("base/kustomization.yaml", BASE),
        ("overlays/prod/kustomization.yaml", OVERLAY),
        ("overlays/prod/patches/api.yaml", PATCH),
    ]);
    let whole = report(folder.path());
    for part in ["api", "base", "overlays", "overlays/prod", "overlays/prod/patches"] {
        let found = |report: &Value, below: &str| -> Vec<(String, String, String)> {
            let findings = report["findings"].as_array().unwrap().iter();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let findings = findings.filter_map(|finding| {
                let path = text(&finding["path"]).strip_prefix(below)?.to_owned();
                Some((path, text(&finding["rule"]), text(&finding["message"])))
            });
            findings.collect()
        };
        let own = of(&folder, part);
        assert_eq!(found(&own, ""), found(&whole, &format!("{part}/")), "{part}");
    }
}

#[test]
fn nothing_outside_the_repository_is_read() {
    let folder = repository(&[
        ("api/Dockerfile", DOCKERFILE),
        ("inner/.git/HEAD", "ref: refs/heads/main\n"),
        ("inner/k8s/deploy.yaml", DEPLOYMENT),
    ]);
    assert_eq!(of(&folder, "inner/k8s")["workloads"][0]["dockerfile"], Value::Null);
    // Nor around what stands for itself.
    let alone = repository(&[("api/Dockerfile", DOCKERFILE), ("k8s/deploy.yaml", DEPLOYMENT)]);
    assert_eq!(of(&alone, "k8s")["workloads"][0]["dockerfile"], Value::Null);
    assert_eq!(of(&alone, ".")["workloads"][0]["dockerfile"]["path"], "api/Dockerfile");
}

#[test]
fn a_values_file_is_judged_inside_its_chart() {
    let folder = git(&[
        ("chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 0.1.0\n"),
        ("chart/values.yaml", "replicas: 2\n"),
        (
            "chart/templates/deploy.yaml",
            &DEPLOYMENT.replace("registry.example/api:v1.0.3", "{{ .Values.image }}"),
        ),
        ("chart/templates/plain.yaml", DEPLOYMENT),
    ]);
    let report = of(&folder, "chart/values.yaml");
    assert_eq!(listed(&report, "files", "kind"), ["values"]);
    assert_eq!(listed(&report, "files", "status"), ["audited"]);
    assert_eq!(of(&folder, "chart/Chart.yaml")["files"][0]["kind"], "chart");
    let chart = of(&folder, "chart");
    assert_eq!(
        listed(&chart, "files", "path"),
        ["Chart.yaml", "templates/deploy.yaml", "templates/plain.yaml", "values.yaml"]
    );
    assert_eq!(listed(&chart, "files", "kind"), ["chart", "chart", "chart", "values"]);
}

#[test]
fn what_nothing_renders_is_a_template() {
    let folder = repository(&[
        ("Dockerfile.j2", DOCKERFILE),
        ("Dockerfile.tmpl", DOCKERFILE),
        ("web.Dockerfile.template", DOCKERFILE),
        ("Containerfile", DOCKERFILE),
        ("templates/deploy.yaml", &DEPLOYMENT.replace("registry.example/api:v1.0.3", "{{ .Values.image }}")),
    ]);
    let report = report(folder.path());
    let kinds: Vec<(&str, &str)> =
        listed(&report, "files", "path").into_iter().zip(listed(&report, "files", "kind")).collect();
    let expected = [
        ("Containerfile", "dockerfile"),
        ("Dockerfile.j2", "template"),
        ("Dockerfile.tmpl", "template"),
        ("templates/deploy.yaml", "template"),
        ("web.Dockerfile.template", "template"),
    ];
    assert_eq!(kinds, expected);
}

#[test]
fn a_fix_agrees_with_the_dockerfile_around_it() {
    let folder = git(&[
        ("api/Dockerfile", &format!("{DOCKERFILE}USER 43122:43122\n")),
        ("k8s/deploy.yaml", DEPLOYMENT),
    ]);
    assert_eq!(on(&folder.path().join("k8s"), &["fix", "--review"]).code, 0);
    assert!(read(&folder, "k8s/deploy.yaml").contains("runAsUser: 43122\n"));
    assert!(read(&folder, "api/Dockerfile").contains("CMD python3"), "nothing is written there");
}

#[test]
fn a_fix_whose_other_half_is_a_dockerfile_around_it_is_withheld() {
    let low = format!("{DOCKERFILE}USER 1000:1000\n");
    let folder = git(&[("api/Dockerfile", &low), ("k8s/deploy.yaml", DEPLOYMENT)]);
    let diff = on(&folder.path().join("k8s"), &["fix", "--review", "--diff"]).out;
    assert!(!diff.contains("Dockerfile"), "{diff}");
    let ran = on(&folder.path().join("k8s"), &["fix", "--review"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let reason = "withheld: missing-run-as-user in deploy.yaml (Deployment/api): ../api/Dockerfile would have to end as \
                  the same user: name a folder that holds both";
    assert!(ran.err.contains(reason), "{}", ran.err);
    assert_eq!(read(&folder, "api/Dockerfile"), low);
    let deploy = read(&folder, "k8s/deploy.yaml");
    assert!(!deploy.contains("runAsUser") && deploy.contains("readOnlyRootFilesystem"), "{deploy}");
    assert_eq!(on(folder.path(), &["fix", "--review"]).code, 0, "the whole has both halves");
    assert!(!read(&folder, "api/Dockerfile").contains("USER 1000"));
}

#[test]
fn a_dockerfile_keeps_its_user_where_a_workload_around_it_would_have_to_follow() {
    let said = DEPLOYMENT
        .replace("      containers:", "      securityContext:\n        runAsUser: 1000\n      containers:");
    let folder = git(&[("api/Dockerfile", DOCKERFILE), ("k8s/deploy.yaml", &said)]);
    let ran = on(&folder.path().join("api"), &["fix", "--review"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let reason =
        "withheld: missing-user in Dockerfile: ../k8s/deploy.yaml runs its image and would have to follow";
    assert!(ran.err.contains(reason), "{}", ran.err);
    assert_eq!(read(&folder, "k8s/deploy.yaml"), said);
    let dockerfile = read(&folder, "api/Dockerfile");
    assert!(
        !dockerfile.contains("USER") && dockerfile.contains("CMD [\"python3\", \"app.py\"]"),
        "{dockerfile}"
    );
}

#[test]
fn the_number_is_the_one_that_the_whole_repository_gives() {
    let files = [("api/Dockerfile", DOCKERFILE), ("k8s/deploy.yaml", DEPLOYMENT)];
    let (part, whole) = (git(&files), git(&files));
    assert_eq!(on(&part.path().join("api"), &["fix", "--review"]).code, 0);
    assert_eq!(on(whole.path(), &["fix", "--review"]).code, 0);
    assert_eq!(read(&part, "api/Dockerfile"), read(&whole, "api/Dockerfile"));
    assert_eq!(read(&part, "k8s/deploy.yaml"), DEPLOYMENT);
}

#[test]
fn a_baseline_of_a_part_leaves_the_rest_alone() {
    let folder = git(&[("api/Dockerfile", DOCKERFILE), ("k8s/deploy.yaml", DEPLOYMENT)]);
    assert_eq!(on(folder.path(), &["baseline"]).code, 0);
    let before = read(&folder, "seaworthy-baseline.json");
    assert_eq!(on(&folder.path().join("k8s"), &["baseline"]).code, 0);
    assert_eq!(read(&folder, "seaworthy-baseline.json"), before);
    for path in ["k8s/deploy.yaml", "api", "."] {
        let ran = on(&folder.path().join(path), &["check"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{path}");
    }
    assert_eq!(read(&folder, "seaworthy-baseline.json"), before);
}

#[test]
fn a_link_to_the_rest_of_the_repository_is_not_followed_there() {
    let folder = git(&[("base/deploy.yaml", DEPLOYMENT), ("k8s/other.yaml", DEPLOYMENT)]);
    std::os::unix::fs::symlink("../base/deploy.yaml", folder.path().join("k8s/deploy.yaml")).unwrap();
    let report = of(&folder, "k8s");
    assert_eq!(listed(&report, "files", "path"), ["deploy.yaml", "other.yaml"]);
    assert_eq!(
        report["files"][0]["reason"],
        "a link that leads to ../base/deploy.yaml, which is not asked for"
    );
    assert!(Path::new(&folder.path().join("k8s/deploy.yaml")).is_symlink());
}
