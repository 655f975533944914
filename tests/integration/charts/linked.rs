//! A chart whose image a Dockerfile here builds: its workloads are linked to it, and both end as one user or neither does.

use std::path::Path;

use seaworthy::audit::AuditEngine;
use seaworthy::finding::Safety;
use seaworthy::fix::{FixOrder, FixPlan, Planner};
use seaworthy::settings::Settings;
use tempfile::TempDir;

use super::places;
use crate::support::repository;

const BUILD: &str = "FROM debian:12.5-slim\nRUN useradd --uid 1000 --create-home api\nCOPY api /usr/local/bin/api\n\
    USER 1000\nCMD [\"/usr/local/bin/api\"]\n";
const CHART: &str = "apiVersion: v2\nname: api\nversion: 0.1.0\n";
const VALUES: &str =
    "image: registry.example/api:1.0.0\nsecurityContext:\n  runAsUser: 1000\n  runAsGroup: 1000\n";

fn deployment(user: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{{{ .Release.Name }}}}\nspec:\n  selector:\n    matchLabels: {{app: api}}\n  template:\n    metadata:\n      labels: {{app: api}}\n    spec:\n      containers:\n        - name: api\n          image: {{{{ .Values.image }}}}\n          securityContext:\n{user}"
    )
}

const BY_VALUE: &str = "            {{- toYaml .Values.securityContext | nindent 12 }}\n";
const BY_TEXT: &str = "            runAsUser: 1000\n            runAsGroup: 1000\n";
const BY_SUM: &str = "            runAsUser: {{ add 999 1 }}\n";

fn app(template: &str, more: &[(&str, &str)]) -> TempDir {
    let files = [
        (".git/HEAD", "ref: refs/heads/main\n"),
        ("api/Dockerfile", BUILD),
        ("api/api", ""),
        ("deploy/api/Chart.yaml", CHART),
        ("deploy/api/values.yaml", VALUES),
        ("deploy/api/templates/deployment.yaml", template),
    ];
    repository(&files.iter().chain(more).copied().collect::<Vec<_>>())
}

/// The audit of a part of a repository, with what lies around it.
fn scanned(folder: &Path, part: &str) -> AuditEngine {
    let root = folder.canonicalize().unwrap();
    let mut engine =
        AuditEngine::new(root.clone(), Settings::default()).with_repository_root(Some(root.clone()));
    engine.scan(&[root.join(part)], &|_, _| {});
    engine
}

fn plan(engine: &AuditEngine, rules: &[&str]) -> FixPlan {
    let accepts = |rule: &str| rules.contains(&rule);
    Planner::new(engine).plan(&FixOrder::Rules { accepts: &accepts, max_safety: Safety::Review }).unwrap()
}

/// The text of a file as the plan leaves it.
fn text_after(engine: &AuditEngine, plan: &FixPlan, path: &str) -> String {
    let patch = plan.patches.iter().find(|patch| patch.path.as_str() == path);
    patch.map_or_else(
        || engine.source(&path.into()).unwrap().text().to_owned(),
        |patch| patch.after.text().to_owned(),
    )
}

/// The number behind a word in a text.
fn number_after(text: &str, word: &str) -> u32 {
    let (_, rest) = text.rsplit_once(word).unwrap();
    rest.trim_start().chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap()
}

/// What stands of links once the plan is made.
fn link_findings(engine: &AuditEngine, plan: &FixPlan) -> Vec<String> {
    let after = engine.with_patches(&plan.patches);
    [places(&after, "uid-mismatch"), places(&after, "unstartable-non-root")].concat()
}

#[test]
fn a_users_number_that_differs_from_the_images_is_found_at_its_value() {
    let folder = app(
        &deployment(BY_VALUE),
        &[("deploy/api/values-prod.yaml", "securityContext: {runAsUser: 2000}\n")],
    );
    let engine = scanned(folder.path(), "");
    assert_eq!(places(&engine, "uid-mismatch"), ["deploy/api/values-prod.yaml:1 Deployment/release-name"]);
}

#[test]
fn a_chart_follows_its_dockerfile_in_values_and_in_each_value_set() {
    let folder = app(
        &deployment(BY_VALUE),
        &[("deploy/api/values-prod.yaml", "securityContext: {runAsUser: 1000}\n")],
    );
    let engine = scanned(folder.path(), "");
    let plan = plan(&engine, &["low-uid"]);
    let uid = number_after(&text_after(&engine, &plan, "api/Dockerfile"), "USER ");
    assert!(uid >= 10_000, "{plan:#?}");
    for path in ["deploy/api/values.yaml", "deploy/api/values-prod.yaml"] {
        assert_eq!(number_after(&text_after(&engine, &plan, path), "runAsUser:"), uid, "{path}");
    }
    assert_eq!(link_findings(&engine, &plan), [""; 0]);
}

#[test]
fn a_number_in_a_template_follows_though_the_chart_is_not_named() {
    let folder = app(&deployment(BY_TEXT), &[]);
    let engine = scanned(folder.path(), "");
    // The Dockerfile alone is asked for, by one finding of it.
    let open = engine.open_findings(&"api/Dockerfile".into());
    let (key, _) = open.iter().find(|(key, _)| key.rule == "low-uid").unwrap();
    let plan = Planner::new(&engine).plan(&FixOrder::Findings(std::slice::from_ref(key))).unwrap();
    let uid = number_after(&text_after(&engine, &plan, "api/Dockerfile"), "USER ");
    let template = text_after(&engine, &plan, "deploy/api/templates/deployment.yaml");
    assert_eq!(number_after(&template, "runAsUser:"), uid);
    assert_eq!(link_findings(&engine, &plan), [""; 0]);
}

#[test]
fn of_a_whole_repository_a_dockerfile_keeps_its_user_where_a_template_would_follow() {
    let of_pod = deployment("").replace(
        "      containers:\n",
        "      securityContext: {runAsUser: 1000, runAsGroup: 1000}\n      containers:\n",
    );
    for template in [deployment(BY_TEXT), of_pod.replace("          securityContext:\n", "")] {
        keeps_its_user_for(&template);
    }
}

/// A Dockerfile's user is left alone until the chart is named whose template says it too.
fn keeps_its_user_for(template: &str) {
    let folder = app(template, &[]);
    let engine = scanned(folder.path(), "");
    let kept = plan(&engine, &["low-uid"]);
    assert!(kept.patches.is_empty(), "{kept:#?}");
    let (_, reason) = kept.withheld.iter().find(|(key, _)| key.path.as_str() == "api/Dockerfile").unwrap();
    assert!(reason.contains("named too: seaworthy fix . deploy/api"), "{reason}");
    // Where the chart is named beside it, its template follows.
    let root = folder.path().canonicalize().unwrap();
    let mut engine =
        AuditEngine::new(root.clone(), Settings::default()).with_repository_root(Some(root.clone()));
    engine.scan(&[root.clone(), root.join("deploy/api")], &|_, _| {});
    let both = plan(&engine, &["low-uid"]);
    let uid = number_after(&text_after(&engine, &both, "api/Dockerfile"), "USER ");
    let template = text_after(&engine, &both, "deploy/api/templates/deployment.yaml");
    assert_eq!(number_after(&template, "runAsUser:"), uid, "{both:#?}");
}

#[test]
fn a_dockerfile_alone_keeps_its_user_where_a_chart_around_runs_as_it() {
    let folder = app(&deployment(BY_VALUE), &[]);
    for part in ["api", "api/Dockerfile"] {
        let engine = scanned(folder.path(), part);
        let plan = plan(&engine, &["low-uid"]);
        assert!(plan.patches.is_empty(), "{part}: {plan:#?}");
        let (key, reason) = &plan.withheld[0];
        assert_eq!((key.path.as_str(), key.rule), ("api/Dockerfile", "low-uid"));
        assert!(
            reason.starts_with("deploy/api/") && reason.contains("name a folder that holds both"),
            "{reason}"
        );
    }
    let without = app(&deployment(BY_VALUE), &[]);
    std::fs::remove_dir_all(without.path().join("deploy")).unwrap();
    let engine = scanned(without.path(), "api");
    assert_eq!(plan(&engine, &["low-uid"]).patches.len(), 1, "nothing around runs it");
}

#[test]
fn a_chart_alone_asks_for_the_dockerfile_around_it() {
    let folder = app(&deployment(BY_VALUE), &[]);
    let plan = plan(&scanned(folder.path(), "deploy"), &["low-uid"]);
    assert!(plan.patches.is_empty(), "{plan:#?}");
    assert!(
        plan.withheld
            .iter()
            .all(|(_, reason)| reason.contains("api/Dockerfile would have to end as the same user"))
    );
    assert!(!plan.withheld.is_empty());
}

#[test]
fn a_dockerfile_keeps_its_user_where_its_chart_cannot_follow() {
    let folder = app(&deployment(BY_SUM), &[]);
    let engine = scanned(folder.path(), "");
    let plan = plan(&engine, &["low-uid"]);
    assert!(plan.patches.is_empty(), "{plan:#?}");
    let reasons: Vec<&str> = plan
        .withheld
        .iter()
        .filter(|(key, _)| key.path.as_str() == "api/Dockerfile")
        .map(|(_, reason)| reason.as_str())
        .collect();
    assert_eq!(reasons.len(), 1, "{plan:#?}");
    assert!(reasons[0].starts_with("deploy/api/templates/deployment.yaml runs its image and cannot follow"));
}

#[test]
fn a_charts_fix_writes_the_user_that_its_dockerfile_is_given() {
    // Nothing sets a user in the chart; the Dockerfile ends as root.
    let folder = app(
        &deployment(BY_VALUE),
        &[("deploy/api/values.yaml", "image: registry.example/api:1.0.0\nsecurityContext: {}\n")],
    );
    std::fs::write(folder.path().join("api/Dockerfile"), BUILD.replace("USER 1000\n", "")).unwrap();
    let engine = scanned(folder.path(), "");
    let plan = plan(&engine, &["may-run-as-root", "missing-user", "missing-run-as-user"]);
    let uid = number_after(&text_after(&engine, &plan, "api/Dockerfile"), "USER ");
    let values = text_after(&engine, &plan, "deploy/api/values.yaml");
    assert!(values.contains("runAsNonRoot: true"), "{values}\n{:#?}", plan.withheld);
    if values.contains("runAsUser:") {
        assert_eq!(number_after(&values, "runAsUser:"), uid, "{values}");
    }
    assert_eq!(link_findings(&engine, &plan), [""; 0]);
}

#[test]
fn a_chart_made_or_taken_away_links_its_dockerfile_anew() {
    let folder = app(&deployment(BY_VALUE), &[]);
    let root = folder.path().canonicalize().unwrap();
    let mut engine = scanned(folder.path(), "");
    assert!(places(&engine, "uid-mismatch").is_empty());
    let changed = |paths: &[&str]| paths.iter().map(|path| (*path).into()).collect();
    std::fs::write(root.join("api/Dockerfile"), BUILD.replace("USER 1000", "USER 20000")).unwrap();
    engine.refresh_paths(&changed(&["api/Dockerfile"]));
    assert_eq!(places(&engine, "uid-mismatch"), ["deploy/api/values.yaml:3 Deployment/release-name"]);
    std::fs::write(root.join("deploy/api/values.yaml"), VALUES.replace("1000\n", "20000\n")).unwrap();
    engine.refresh_paths(&changed(&["deploy/api/values.yaml"]));
    assert!(places(&engine, "uid-mismatch").is_empty());
    std::fs::remove_dir_all(root.join("deploy")).unwrap();
    engine.refresh_paths(&changed(&["deploy"]));
    assert!(engine.index().manifests_running(&"api/Dockerfile".into()).is_empty());
}
