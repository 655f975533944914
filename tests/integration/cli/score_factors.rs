//! The score: the share that is met, and what an open finding takes from it.

use serde_json::Value;

use super::{DEPLOYMENT, DOCKERFILE, FIX_BOUNDS, on, report, run};
use crate::support::{audit, fixtures, lay_out, repository};

fn scores(report: &Value) -> (u64, Vec<u64>) {
    let of = |value: &Value| value["score"].as_u64().unwrap();
    (of(report), report["workloads"].as_array().unwrap().iter().map(of).collect())
}

fn score(files: &[(&str, &str)]) -> u64 {
    scores(&report(repository(files).path())).0
}

/// Both are rounded down.
fn assert_seven_tenths(part: u64, whole: u64) {
    assert!((whole * 7 / 10..=(whole + 1) * 7 / 10).contains(&part), "{part} of {whole}");
}

fn last_line(text: &str) -> &str {
    text.lines().last().unwrap_or_default()
}

#[test]
fn the_articles_own_numbers_before_and_after() {
    let articles = fixtures().join("article_score");
    let before = lay_out(&articles.join("before"));
    // 76 of 100 by weight is met, of the workload alone 73; high findings are open in both.
    assert_eq!(scores(&report(before.path())), (53, vec![51]));
    // The article's last files: high findings are still open, `privilege-escalation` among them. Its `USER app` has no
    // number, which the workload's `runAsUser` gives.
    let after = lay_out(&articles.join("after"));
    assert_eq!(scores(&report(after.path())), (62, vec![59]));
    // What `fix` makes of the first files leaves nothing high, and so nothing is taken from what is met.
    assert_eq!(on(before.path(), &["fix", "--review"]).code, 0);
    assert_eq!(scores(&report(before.path())), (93, vec![91]));
    assert_eq!(on(before.path(), &FIX_BOUNDS).code, 0);
    assert_eq!(scores(&report(before.path())), (96, vec![96]));
}

#[test]
fn an_open_critical_finding_takes_more_than_an_open_high_one_and_both_are_said_in_words() {
    let privileged = DEPLOYMENT
        .replace("        ports:\n", "        securityContext: {privileged: true}\n        ports:\n");
    let folder = repository(&[("a/deploy.yaml", DEPLOYMENT), ("b/deploy.yaml", &privileged)]);
    let report = report(folder.path());
    let (whole, apps) = scores(&report);
    assert_eq!(whole, (apps[0] + apps[1]) / 2);
    assert!(apps[0] <= 70 && apps[0] > 40, "{apps:?}");
    assert!(apps[1] <= 40, "{apps:?}");
    let text = on(folder.path(), &["check"]).out;
    let said = format!(
        "2 files audited · score {whole} of 100 (×0.4 in 1 app with an open critical, ×0.7 in 1 app with an open high)"
    );
    assert_eq!(last_line(&text), said);
}

#[test]
fn an_open_high_finding_of_the_dockerfile_holds_the_app_that_runs_its_image() {
    let folder = repository(&[("deploy.yaml", DEPLOYMENT), ("Dockerfile", DOCKERFILE)]);
    assert_eq!(on(folder.path(), &["fix", "--review"]).code, 0);
    let (whole, apps) = scores(&report(folder.path()));
    let dockerfile = std::fs::read_to_string(folder.path().join("Dockerfile")).unwrap();
    std::fs::write(folder.path().join("Dockerfile"), format!("{dockerfile}USER 0\n")).unwrap();
    let (rooted, same) = scores(&report(folder.path()));
    assert_eq!(apps, same, "the workload's own score is of what stands in it");
    assert!(whole > 90 && rooted <= 70, "{whole}, {rooted}");
    assert_eq!(report(folder.path())["workloads"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_allowed_stays_in_the_share_and_does_not_hold_the_factor() {
    let build = "FROM alpine:3.20\nUSER 0\nCMD [\"true\"]\n";
    let open = score(&[("Dockerfile", build)]);
    let allowed = build.replace("USER", "# seaworthy: allow root-user -- a tool of the host\nUSER");
    let folder = repository(&[("Dockerfile", &allowed)]);
    let (by_comment, _) = scores(&report(folder.path()));
    assert!(open <= 70 && by_comment > open && by_comment < 100, "{open}, {by_comment}");
    assert_seven_tenths(open, by_comment);
    assert!(!last_line(&on(folder.path(), &["check"]).out).contains('×'));
}

#[test]
fn what_only_the_baseline_knows_is_not_open_and_weighs_as_what_is_allowed() {
    let folder = repository(&[("Dockerfile", "FROM alpine:3.20\nUSER 0\nCMD [\"true\"]\n")]);
    let (open, _) = scores(&report(folder.path()));
    let home = tempfile::tempdir().unwrap();
    assert_eq!(run(&["baseline", folder.path().to_str().unwrap()], home.path()).code, 0);
    let (known, _) = scores(&report(folder.path()));
    assert_seven_tenths(open, known);
}

#[test]
fn the_severity_that_the_settings_give_a_finding_counts() {
    let fixed = "FROM alpine:3.20\nUSER 43210:43210\nCMD [\"true\"]\n";
    let plain = score(&[("Dockerfile", fixed)]);
    let raised =
        score(&[("Dockerfile", fixed), ("seaworthy.toml", "[rules]\nunpinned-image = \"critical\"\n")]);
    assert!(plain > 70, "{plain}");
    assert!(raised <= 40, "{raised}");
    let rooted = "FROM alpine:3.20\nUSER 0\nCMD [\"true\"]\n";
    let off = score(&[("Dockerfile", rooted), ("seaworthy.toml", "[rules]\nroot-user = \"off\"\n")]);
    assert!(off > 70, "a rule that is off holds nothing: {off}");
}

#[test]
fn what_is_wrong_with_a_file_or_with_a_role_is_no_apps() {
    let build = "FROM alpine:3.20\nUSER 43210:43210\nCMD [\"true\"]\n";
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: all}\n\
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n\
        subjects: [{kind: User, name: somebody, apiGroup: rbac.authorization.k8s.io}]\n";
    let plain = score(&[("Dockerfile", build)]);
    let folder =
        repository(&[("Dockerfile", build), ("role.yaml", role), ("broken.yaml", &format!("{role}a: [\n"))]);
    let report = report(folder.path());
    let grave = |finding: &&Value| matches!(finding["severity"].as_str(), Some("high" | "critical"));
    assert!(report["findings"].as_array().unwrap().iter().filter(grave).count() > 0);
    assert_eq!(scores(&report).0, plain);
}

#[test]
fn nothing_to_score_is_null() {
    let folder =
        repository(&[("config.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {}\n")]);
    assert_eq!(report(folder.path())["score"], Value::Null);
}

#[test]
fn what_has_no_finding_counts_in_a_report_as_it_does_on_the_screen() {
    let driver = "apiVersion: csi.ceph.io/v1\nkind: Driver\nmetadata: {name: d, namespace: shop}\nspec:\n  controllerPlugin: {hostNetwork: false}\n";
    let folder = repository(&[("deploy.yaml", DEPLOYMENT), ("driver.yaml", driver)]);
    let (whole, apps) = scores(&report(folder.path()));
    assert_eq!(apps.last(), Some(&100));
    assert_eq!(whole, apps.iter().sum::<u64>() / 2);
    assert_eq!(audit(folder.path()).score().map(u64::from), Some(whole));
}
