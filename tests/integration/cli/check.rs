//! `check`: its exit status, its contract, its text.

use serde_json::{Value, json};

use super::{DEPLOYMENT, DOCKERFILE, FIX_BOUNDS, on, report, run};
use crate::support::repository;

#[test]
fn it_fails_from_the_severity_on_that_was_asked_for() {
    let folder = repository(&[("deploy.yaml", DEPLOYMENT)]);
    assert_eq!(on(folder.path(), &["check"]).code, 1);
    assert_eq!(on(folder.path(), &["check", "--fail-on", "critical"]).code, 0);
    assert_eq!(on(folder.path(), &["check", "--fail-on", "high"]).code, 1);
    assert_eq!(on(folder.path(), &["check", "--fail-on", "never"]).code, 0);
    assert_eq!(on(folder.path(), &["check", "--rule", "missing-cpu-limit"]).code, 0);
}

#[test]
fn the_json_keeps_its_contract() {
    let folder = repository(&[("deploy.yaml", DEPLOYMENT), ("Dockerfile", DOCKERFILE)]);
    let report = report(folder.path());
    assert_eq!(report["schema"], 1);
    let files = json!([
        {"path": "Dockerfile", "kind": "dockerfile", "status": "audited", "reason": null, "documents": null},
        {"path": "deploy.yaml", "kind": "manifest", "status": "audited", "reason": null, "documents": 1},
    ]);
    assert_eq!(report["files"], files);
    let finding = finding(&report, "may-run-as-root");
    let start = DEPLOYMENT.find("api\n        image").unwrap();
    assert_eq!(finding["start"], json!({"line": 16, "column": 15, "offset": start}));
    assert_eq!(finding["end"], json!({"line": 16, "column": 18, "offset": start + 3}));
    assert_eq!((&finding["object"], &finding["container"]), (&json!("Deployment/api"), &json!("api")));
    assert_eq!(finding["severity"], "high");
    assert_eq!(finding["fix"]["safety"], "review");
    assert_eq!(finding["fix"]["risk"], "may-break");
    assert_eq!(finding["fix"]["cautions"], json!(["A program that needs root no longer starts."]));
    assert_eq!(finding["fix"]["evidence"], json!([]));
    let names = |of: &Value| of.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&finding["fix"]), ["title", "safety", "risk", "cautions", "evidence", "resolves"]);
    assert!(names(finding).ends_with(&["fix", "reaches", "withheld", "suppressed"].map(str::to_owned)));
    let safe = self::finding(&report, "missing-seccomp");
    assert_eq!((&safe["fix"]["risk"], &safe["fix"]["cautions"]), (&json!("none"), &json!([])));
    assert_eq!(finding["fix"]["resolves"], json!(["may-run-as-root", "missing-run-as-user"]));
    assert_eq!((&finding["withheld"], &finding["suppressed"]), (&Value::Null, &Value::Null));
    assert_eq!(self::finding(&report, "unpinned-image")["fix"]["safety"], "value");
    assert_eq!(self::finding(&report, "missing-liveness-probe")["fix"], Value::Null);
    let units = json!([
        {"id": 0, "kind": "file", "path": "Dockerfile", "values": [], "status": "built", "reason": null},
        {"id": 1, "kind": "file", "path": "deploy.yaml", "values": [], "status": "built", "reason": null},
    ]);
    assert_eq!(report["units"], units);
    assert_eq!(finding["reaches"], json!([{"unit": 1, "object": "Deployment/api", "container": "api"}]));
    let of_image = self::finding(&report, "missing-user");
    assert_eq!(of_image["reaches"], json!([{"unit": 0, "object": null, "container": null}]));
    let workload = &report["workloads"][0];
    assert_eq!(workload["unit"], 1);
    assert_eq!((&workload["path"], &workload["object"]), (&json!("deploy.yaml"), &json!("Deployment/api")));
    assert_eq!(workload["pod_security"], "baseline");
}

#[test]
fn the_score_and_the_level_rise_with_the_fixes() {
    let folder = repository(&[("deploy.yaml", DEPLOYMENT), ("Dockerfile", DOCKERFILE)]);
    let before = report(folder.path());
    let fixed = on(folder.path(), &["fix", "--review"]);
    assert_eq!(fixed.code, 0);
    assert!(fixed.err.contains("4 bounds of resources are left out"), "{}", fixed.err);
    assert_eq!(on(folder.path(), &FIX_BOUNDS).code, 0);
    let after = report(folder.path());
    let score = |report: &Value| {
        (report["score"].as_u64().unwrap(), report["workloads"][0]["score"].as_u64().unwrap())
    };
    // Of the workload's weight of 222, 56 is not met before: 14 rules from identity to seccomp. That leaves 74 of 100,
    // times 0.7 while a high finding is open. What is left after is the digests.
    assert_eq!((score(&before), score(&after)), ((54, 52), (97, 98)));
    assert_eq!(after["workloads"][0]["pod_security"], "restricted");
}

#[test]
fn positions_count_characters_and_leave_the_byte_order_mark_out() {
    let marked = format!("\u{feff}{}", DEPLOYMENT.replace("  name: api\n", "  name: api # größe 船\n"));
    let folder = repository(&[("deploy.yaml", &marked)]);
    let report = report(folder.path());
    let finding = finding(&report, "may-run-as-root");
    assert_eq!((&finding["start"]["line"], &finding["start"]["column"]), (&json!(16), &json!(15)));
    let at = usize::try_from(finding["start"]["offset"].as_u64().unwrap()).unwrap();
    assert!(marked[at..].starts_with("api\n        image"));
}

#[test]
fn the_text_shows_the_line_the_caret_the_reason_and_the_fix() {
    let folder = repository(&[("deploy.yaml", DEPLOYMENT)]);
    let text = on(folder.path(), &["check", "--rule", "may-run-as-root"]).out;
    let expected = "high[may-run-as-root]: nothing stops container `api` from running as root
  --> deploy.yaml:16:15  Deployment/api, container api
   |
16 |       - name: api
   |               ^^^
   |
   = why: Nothing stops this container from running as root.
   = fix (needs a value): Set `runAsNonRoot` to true
   = risk (may-break): a program that needs root no longer starts

1 finding: 1 high
1 needs a value that is not in these files: an image's digest or tag, or a uid
1 file audited · score 50 of 100 (×0.7 in 1 app with an open high)
";
    assert_eq!(text, expected);
}

#[test]
fn colours_are_for_terminals() {
    let folder = repository(&[("deploy.yaml", DEPLOYMENT)]);
    assert!(!on(folder.path(), &["check"]).out.contains('\u{1b}'));
}

#[test]
fn nothing_to_audit_is_no_failure_and_says_what_was_looked_for() {
    let folder = repository(&[("README.md", "hello"), ("values.yaml", "replicas: 2\n")]);
    let ran = on(folder.path(), &["check"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.starts_with("No Dockerfile and no Kubernetes manifest found here"), "{}", ran.out);
}

#[test]
fn paths_are_relative_to_the_common_folder_of_several_arguments() {
    let folder = repository(&[
        ("a/x/Dockerfile", DOCKERFILE),
        ("a/y/deploy.yaml", DEPLOYMENT),
        ("b/Dockerfile", DOCKERFILE),
    ]);
    let home = tempfile::tempdir().unwrap();
    let path = |below: &str| folder.path().join(below).to_str().unwrap().to_owned();
    let args = ["check", &path("a/x"), &path("a/y/deploy.yaml"), "--format", "json", "--fail-on", "never"];
    let report: Value = serde_json::from_str(&run(&args, home.path()).out).unwrap();
    let paths: Vec<&str> =
        report["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["x/Dockerfile", "y/deploy.yaml"]);
}

#[test]
fn a_file_that_is_named_is_audited_whatever_ignore_files_say() {
    let folder = repository(&[(".gitignore", "*.yaml\n"), ("deploy.yaml", DEPLOYMENT)]);
    let whole = on(folder.path(), &["check"]);
    assert!(whole.out.contains("(1 are hidden by ignore files)"), "{}", whole.out);
    assert_eq!(on(&folder.path().join("deploy.yaml"), &["check"]).code, 1);
}

#[test]
fn a_secret_is_never_printed() {
    let secret = "hunter2hunter2";
    let env =
        format!("        env:\n        - name: DB_PASSWORD\n          value: {secret}\n        ports:\n");
    let folder = repository(&[("deploy.yaml", &DEPLOYMENT.replace("        ports:\n", &env))]);
    for format in ["text", "json"] {
        let ran = on(folder.path(), &["check", "--format", format]);
        assert!(ran.out.contains("secret-in-env"), "{}", ran.out);
        assert!(!ran.out.contains(secret), "{}", ran.out);
    }
}

#[test]
fn a_finding_keeps_its_fix_where_another_of_its_kind_is_left_out() {
    let text = "FROM debian:12.5\n# seaworthy: allow unconfirmed-install by hand\nRUN apt-get install curl\n\
                RUN apt-get install --no-install-recommends wget\n";
    let folder = repository(&[("Dockerfile", text)]);
    let shown =
        |more: &[&str]| on(folder.path(), &[&["check", "--rule", "unconfirmed-install"], more].concat()).out;
    let fixes = |more: &[&str]| {
        let report: Value = serde_json::from_str(&shown(&[&["--format", "json"], more].concat())).unwrap();
        let open = report["findings"].as_array().unwrap().iter().filter(|it| it["suppressed"].is_null());
        open.map(|it| (it["start"]["line"].clone(), it["fix"]["title"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(fixes(&[]), [(json!(4), json!("Add `-y`"))]);
    assert_eq!(fixes(&["--only-open"]), fixes(&[]));
    assert!(shown(&["--only-open"]).contains("fix (safe): Add `-y`"));
    assert!(shown(&["--only-open", "--format", "sarif"]).contains("\"fixes\""));
}

fn finding<'r>(report: &'r Value, rule: &str) -> &'r Value {
    let findings = report["findings"].as_array().unwrap();
    findings
        .iter()
        .find(|finding| finding["rule"] == rule)
        .unwrap_or_else(|| panic!("{rule} in {findings:#?}"))
}

/// Links and services go by what these files say.
#[test]
fn a_build_file_that_is_too_large_is_named() {
    let large = |begin: &str| format!("{begin}{}\n", "#".repeat(600 * 1024));
    let compose = large("services: {x: {image: x, build: .}}\n");
    let others = large("# nothing\n");
    let paths = ["Makefile", "docker-bake.hcl", ".github/workflows/ci.yaml", "scripts/build.sh"];
    let mut files = vec![("deploy.yaml", super::DEPLOYMENT), ("compose.yaml", compose.as_str())];
    files.extend(paths.map(|path| (path, others.as_str())));
    let folder = crate::support::repository(&files);
    let report = super::report(folder.path());
    for path in paths.iter().chain(&["compose.yaml"]) {
        let file = report["files"].as_array().unwrap().iter().find(|file| file["path"] == *path);
        let file = file.unwrap_or_else(|| panic!("{path} is not named"));
        assert_eq!(file["status"], "skipped", "{path}");
        let reason = file["reason"].as_str().unwrap();
        assert!(reason.contains("too large to be read") && reason.contains("512 KiB"), "{path}: {reason}");
    }
    // A manifest of such a name is read as one.
    let manifest = format!("{}#{}\n", super::DEPLOYMENT, "#".repeat(600 * 1024));
    let folder = crate::support::repository(&[("compose.yaml", manifest.as_str())]);
    assert_eq!(super::report(folder.path())["files"][0]["status"], "audited");
}
