//! `fix`: what it writes, what it only shows, what it refuses.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{DEPLOYMENT, DOCKERFILE, on};
use crate::support::repository;

const FILES: [(&str, &str); 2] = [("deploy.yaml", DEPLOYMENT), ("Dockerfile", DOCKERFILE)];

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn without_review_only_what_no_program_can_notice_is_written() {
    let folder = repository(&FILES);
    let ran = on(folder.path(), &["fix"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(read(folder.path(), "Dockerfile").ends_with("CMD [\"python3\", \"app.py\"]\n"));
    let deployment = read(folder.path(), "deploy.yaml");
    assert!(deployment.contains("type: RuntimeDefault"));
    assert!(!deployment.contains("runAsNonRoot"));
}

#[test]
fn one_uid_stands_in_both_files_and_stays() {
    let folder = repository(&FILES);
    on(folder.path(), &["fix", "--review"]);
    let dockerfile = read(folder.path(), "Dockerfile");
    let uid = dockerfile
        .lines()
        .find_map(|line| line.strip_prefix("USER "))
        .unwrap()
        .split(':')
        .next()
        .unwrap()
        .to_owned();
    assert!((40_000..=60_000).contains(&uid.parse::<u32>().unwrap()));
    assert!(read(folder.path(), "deploy.yaml").contains(&format!("runAsUser: {uid}\n")));
    let before = (dockerfile, read(folder.path(), "deploy.yaml"));
    assert_eq!(on(folder.path(), &["fix", "--review"]).out, "Nothing to fix.\n");
    assert_eq!(before, (read(folder.path(), "Dockerfile"), read(folder.path(), "deploy.yaml")));
}

#[test]
fn a_diff_writes_nothing_and_patch_makes_of_it_what_fix_writes() {
    let shown = repository(&FILES);
    let patch = on(shown.path(), &["fix", "--review", "--diff"]).out;
    assert_eq!(read(shown.path(), "deploy.yaml"), DEPLOYMENT);
    let mut git = Command::new("git")
        .args(["apply", "-"])
        .current_dir(shown.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut git.stdin.take().unwrap(), patch.as_bytes()).unwrap();
    assert!(git.wait().unwrap().success());
    let written = repository(&FILES);
    on(written.path(), &["fix", "--review"]);
    for (name, _) in FILES {
        assert_eq!(read(shown.path(), name), read(written.path(), name));
    }
}

#[test]
fn only_the_rules_that_are_asked_for_are_fixed() {
    let folder = repository(&FILES);
    on(folder.path(), &["fix", "--review", "--rule", "service-account-token-mounted"]);
    let expected = DEPLOYMENT
        .replace("      containers:", "      automountServiceAccountToken: false\n      containers:");
    assert_eq!(read(folder.path(), "deploy.yaml"), expected);
    assert_eq!(read(folder.path(), "Dockerfile"), DOCKERFILE);
}

#[test]
fn a_uid_is_never_invented_for_an_image_that_somebody_else_builds() {
    let folder = repository(&[("deploy.yaml", DEPLOYMENT)]);
    assert_eq!(on(folder.path(), &["fix", "--review"]).code, 0);
    assert!(!read(folder.path(), "deploy.yaml").contains("runAsUser"));
}

#[test]
fn what_is_withheld_is_named_with_the_reason_and_ends_in_one() {
    let anchored = DEPLOYMENT.replace("    spec:\n", "    spec: &pod\n") + "extra: *pod\n";
    let folder = repository(&[("deploy.yaml", &anchored)]);
    let ran = on(folder.path(), &["fix", "--review", "--rule", "service-account-token-mounted"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.starts_with("withheld: service-account-token-mounted in deploy.yaml (Deployment/api): "),
        "{}",
        ran.err
    );
    assert_eq!(read(folder.path(), "deploy.yaml"), anchored);
}

#[test]
fn a_file_that_cannot_be_replaced_is_named_and_the_rest_goes_on() {
    let folder = repository(&FILES);
    std::fs::hard_link(folder.path().join("deploy.yaml"), folder.path().join("other.txt")).unwrap();
    let ran = on(folder.path(), &["fix", "--review"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("deploy.yaml has several hard links"), "{}", ran.err);
    assert_eq!(read(folder.path(), "deploy.yaml"), DEPLOYMENT);
    assert!(read(folder.path(), "Dockerfile").contains("USER "));
}

/// Each is asked once, however many refuse, and the others are one step, which one undo takes back.
#[test]
fn many_files_that_cannot_be_replaced_cost_no_more_than_others() {
    let names: Vec<String> = (0..40).map(|n| format!("{n}/deploy.yaml")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), DEPLOYMENT)).collect();
    let folder = repository(&files);
    for name in names.iter().step_by(2) {
        let at = folder.path().join(name);
        std::fs::hard_link(&at, at.with_file_name("other.txt")).unwrap();
    }
    let ran = on(folder.path(), &["fix", "--review"]);
    assert_eq!(ran.code, 2);
    assert_eq!(ran.err.matches("has several hard links").count(), 20, "{}", ran.err);
    assert_eq!(ran.out.lines().filter(|line| line.starts_with("fixed ")).count(), 20, "{}", ran.out);
    for (n, name) in names.iter().enumerate() {
        assert_eq!(read(folder.path(), name) == DEPLOYMENT, n % 2 == 0, "{name}");
    }
}

#[test]
fn a_new_user_of_an_image_is_its_workloads_too() {
    let said = DEPLOYMENT
        .replace("      containers:", "      securityContext:\n        runAsUser: 1000\n      containers:");
    let folder = repository(&[("deploy.yaml", &said), ("Dockerfile", DOCKERFILE)]);
    assert_eq!(on(folder.path(), &["fix", "--review", "--rule", "missing-user"]).code, 0);
    let dockerfile = read(folder.path(), "Dockerfile");
    let uid = dockerfile
        .lines()
        .find_map(|line| line.strip_prefix("USER "))
        .unwrap()
        .split(':')
        .next()
        .unwrap()
        .to_owned();
    assert!(read(folder.path(), "deploy.yaml").contains(&format!("runAsUser: {uid}\n")));
}

#[test]
fn findings_of_a_template_that_are_mended_in_the_values_are_counted() {
    let template = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n    - name: web\n      image: registry.example/web:1.0.0\n      {{- with .Values.securityContext }}\n      securityContext:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n";
    let folder = repository(&[
        ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.1.0\n"),
        ("web/values.yaml", "securityContext: {}\n"),
        ("web/templates/pod.yaml", template),
    ]);
    let ran = on(folder.path(), &["fix", "--rule", "missing-seccomp"]);
    assert_eq!(ran.out, "fixed web/values.yaml\n1 finding fixed in 1 file.\n", "{}", ran.err);
}
