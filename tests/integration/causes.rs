//! What matters first: findings gathered by what a person decides, in order, with what mending them gains.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use seaworthy::audit::AuditEngine;
use seaworthy::causes::{CauseRanking, CauseRow, CauseWeight, FindingWeights, rank_causes};
use seaworthy::finding::{FindingKey, FixRisk, Safety, Severity};
use seaworthy::fix::{FixOffer, FixOffers, FixOrder, Planner};
use seaworthy::rules::{ALL_RULES, RuleDecision};

use crate::support;

/// Real repositories, where they lie beside this one.
fn corpus() -> Vec<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let folder = std::env::var_os("SEAWORTHY_CORPUS").map_or_else(beside, PathBuf::from);
    if folder.is_dir() { support::entries(&folder) } else { Vec::new() }
}

fn folder_name(folder: &Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

fn ranking_of(files: &[(&str, &str)]) -> CauseRanking {
    rank_causes(&support::audit(support::repository(files).path()), false)
}

fn titles(ranking: &CauseRanking) -> Vec<String> {
    ranking.rows.iter().map(CauseRow::title).collect()
}

/// A Deployment; `pod` stands in its pod's spec, `container` in its container.
fn deployment(name: &str, image: &str, pod: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    metadata:\n      \
         labels:\n        app: {name}\n    spec:\n{pod}      containers:\n        - name: {name}\n          \
         image: {image}\n{container}"
    )
}

const PRIVILEGED: &str = "          securityContext:\n            privileged: true\n";
const HOST_NETWORK: &str = "      hostNetwork: true\n";
const PASSWORD: &str = "          env:\n            - name: DB_PASSWORD\n              value: Xk29vLq7Rt5w\n";

#[test]
fn every_rule_names_what_a_person_decides_who_mends_it() {
    let mut rules: BTreeMap<RuleDecision, BTreeSet<&str>> = BTreeMap::new();
    for rule in ALL_RULES {
        rules.entry(rule.decision).or_default().insert(rule.id);
    }
    assert_eq!(rules.keys().copied().collect::<Vec<_>>(), RuleDecision::ALL);
    let cases = rules.iter().filter(|(decision, _)| decision.is_case()).flat_map(|(_, rules)| rules);
    let cases: BTreeSet<&str> = cases.copied().collect();
    let written = [
        "added-capabilities",
        "cluster-admin-binding",
        "container-socket-mount",
        "host-ipc",
        "host-network",
        "host-path",
        "host-pid",
        "privileged-container",
        "rbac-wildcard",
        "secret-in-build",
        "secret-in-env",
        "tls-verification-off",
        "unconfined-apparmor",
        "unconfined-seccomp",
        "unmasked-proc",
        "unsigned-packages",
        "unstartable-non-root",
        "windows-host-process",
    ];
    assert_eq!(cases, written.into_iter().collect());
    for rule in ALL_RULES.iter().filter(|rule| !rule.decision.is_case()) {
        assert!(rule.severity < Severity::Critical, "{}: nobody omits what is critical", rule.id);
    }
}

#[test]
fn what_somebody_wrote_comes_before_what_nobody_did_however_often() {
    let mut files: Vec<(String, String)> = (0..9)
        .map(|n| {
            (format!("{n}.yaml"), deployment(&format!("app-{n}"), &format!("example.com/app-{n}:1"), "", ""))
        })
        .collect();
    files.push(("z/agent.yaml".into(), deployment("agent", "example.com/agent:1", HOST_NETWORK, PRIVILEGED)));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let ranking = ranking_of(&files);
    let titles = titles(&ranking);
    assert_eq!(titles[0], "Deployment/agent has power over its node", "{titles:#?}");
    assert_eq!(ranking.rows[0].severity(), Severity::Critical);
    assert_eq!(ranking.rows[0].details(), ["privileged", "host network"]);
    assert_eq!(ranking.rows[0].keys().count(), 2, "every rule about that power is in it");
    assert_eq!(titles[1], "10 workloads may run as root");
    assert_eq!(titles[2], "10 workloads keep privileges nobody asked for");
    assert_eq!(ranking.cause_count(), ranking.rows.len());
    let counted: usize = ranking.rows.iter().map(|row| row.keys().count()).sum();
    assert_eq!(counted, ranking.finding_count, "each finding is in one row");
}

#[test]
fn copies_count_once_and_one_that_differs_is_named() {
    let here = deployment("agent", "example.com/team/agent:1", HOST_NETWORK, PRIVILEGED);
    let there = deployment("agent", "mirror.example.org/agent:2", HOST_NETWORK, PRIVILEGED);
    let alone = ranking_of(&[("base/agent.yaml", &here)]);
    let twice = ranking_of(&[("base/agent.yaml", &here), ("release/agent.yaml", &there)]);
    assert_eq!(titles(&twice)[0], "Deployment/agent has power over its node, in 2 copies");
    assert_eq!(twice.rows[0].causes[0].weight, alone.rows[0].causes[0].weight);
    let other = deployment("agent", "example.com/team/agent:1", "", PRIVILEGED);
    let differing =
        ranking_of(&[("base/agent.yaml", &here), ("old/agent.yaml", &other), ("release/agent.yaml", &there)]);
    assert_eq!(titles(&differing)[0], "Deployment/agent has power over its node, in 3 copies, 1 differs");
    assert_eq!(differing.rows[0].causes.len(), 1, "one identity, however it differs");
}

#[test]
fn what_stands_in_tests_alone_is_one_lower_and_weighs_half() {
    let agent = deployment("agent", "example.com/agent:1", "", PRIVILEGED);
    let (here, tested) =
        (ranking_of(&[("deploy/agent.yaml", &agent)]), ranking_of(&[("deploy/tests/agent.yaml", &agent)]));
    let first =
        |ranking: &CauseRanking| ranking.rows.iter().find(|row| !row.details().is_empty()).cloned().unwrap();
    assert_eq!(first(&here).severity(), Severity::Critical);
    let case = tested.rows.iter().find(|row| row.title().contains("power over its node")).unwrap();
    assert_eq!(case.severity(), Severity::High);
    assert_eq!(case.causes[0].weight * 2, here.rows[0].causes[0].weight);
    let both = ranking_of(&[("deploy/agent.yaml", &agent), ("deploy/tests/agent.yaml", &agent)]);
    assert_eq!(both.rows[0].severity(), Severity::Critical, "a copy outside tests counts");
}

#[test]
fn what_can_be_reached_or_holds_wide_rights_weighs_double() {
    let service = "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: open\nspec:\n  type: LoadBalancer\n  \
                   selector:\n    app: b\n";
    let (a, b) = (
        deployment("a", "example.com/a:1", "", PRIVILEGED),
        deployment("b", "example.com/b:1", "", PRIVILEGED),
    );
    let case_order = |b: &str| {
        let titles = titles(&ranking_of(&[("a.yaml", &a), ("b.yaml", b)]));
        titles.into_iter().filter(|title| title.contains("power")).collect::<Vec<_>>()
    };
    let (first, second) = ("Deployment/a has power over its node", "Deployment/b has power over its node");
    assert_eq!(case_order(&b), [first, second]);
    assert_eq!(case_order(&format!("{b}{service}")), [second, first]);
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: wide\nrules:\n  - \
                apiGroups: ['*']\n    resources: ['*']\n    verbs: [get]\n";
    let binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: wide\n\
                   roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: ClusterRole\n  name: wide\nsubjects:\n  - \
                   kind: ServiceAccount\n    name: b\n    namespace: default\n";
    let own = deployment("b", "example.com/b:1", "      serviceAccountName: b\n", PRIVILEGED);
    assert_eq!(case_order(&format!("{own}---\n{role}---\n{binding}")), [second, first]);
}

#[test]
fn three_of_a_kind_stand_by_themselves_and_the_rest_in_one_row_unless_it_is_one() {
    let agents = |count: usize| {
        let files: Vec<(String, String)> = (0..count)
            .map(|n| {
                let name = format!("agent-{n}");
                (format!("{n}.yaml"), deployment(&name, &format!("example.com/{name}:1"), "", PRIVILEGED))
            })
            .collect();
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let ranking = ranking_of(&files);
        let titles = titles(&ranking);
        titles.into_iter().filter(|title| title.contains("power over")).collect::<Vec<_>>()
    };
    assert_eq!(agents(4).len(), 4);
    let six = agents(6);
    assert_eq!(six.len(), 4);
    assert_eq!(six[3], "3 more with power over their node");
}

#[test]
fn one_password_in_several_objects_is_one_rotation() {
    let (a, b) =
        (deployment("a", "example.com/a:1", "", PASSWORD), deployment("b", "example.com/b:1", "", PASSWORD));
    let ranking = ranking_of(&[("a.yaml", &a), ("b.yaml", &b)]);
    let secret = ranking.rows.iter().find(|row| row.title().starts_with("DB_PASSWORD")).unwrap();
    assert_eq!(secret.title(), "DB_PASSWORD is written out in 2 places");
    assert_eq!(secret.details(), ["Deployment/a", "Deployment/b"]);
}

#[test]
fn a_namespace_that_nobody_names_is_one_row_and_hidden_until_it_is_asked_for() {
    let files: Vec<(String, String)> = (0..12)
        .map(|n| (format!("{n}.yaml"), deployment(&format!("app-{n}"), "example.com/app:1", "", "")))
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let repository = support::repository(&files);
    let engine = support::audit(repository.path());
    let (plain, with_info) = (rank_causes(&engine, false), rank_causes(&engine, true));
    assert!(plain.hidden_count >= 12, "{}", plain.hidden_count);
    assert_eq!(with_info.hidden_count, 0);
    assert_eq!(with_info.finding_count, plain.finding_count + plain.hidden_count);
    assert_eq!(rows_about(&plain, "default-namespace"), 0);
    assert_eq!(rows_about(&with_info, "default-namespace"), 1);
}

fn rows_about(ranking: &CauseRanking, rule: &str) -> usize {
    ranking.rows.iter().filter(|row| row.keys().any(|key| key.rule == rule)).count()
}

#[test]
fn a_cause_keeps_its_identity_while_its_file_changes_and_moves() {
    let ids = |path: &str, text: &str| -> Vec<_> {
        let ranking = ranking_of(&[(path, text)]);
        ranking.rows.iter().flat_map(|row| &row.causes).map(|cause| cause.id.clone()).collect()
    };
    let agent = deployment("agent", "example.com/agent:1", HOST_NETWORK, PRIVILEGED);
    let edited = format!("# A comment.\n{}", agent.replace("agent:1", "agent:2"));
    assert_eq!(ids("agent.yaml", &agent), ids("elsewhere/agent.yaml", &edited));
}

/// The lists and the walk weigh findings as the entries of the first screen do.
fn compare_weights(engine: &AuditEngine) -> usize {
    let ranking = rank_causes(engine, false);
    let causes: Vec<_> = ranking.rows.iter().flat_map(|row| &row.causes).collect();
    for cause in &causes {
        let weight = ranking.weights.total(cause.keys(), cause.id.about.as_deref());
        assert_eq!(
            weight,
            CauseWeight { severity: cause.severity, halves: cause.weight },
            "{}",
            cause.title()
        );
    }
    assert_eq!(FindingWeights::of_engine(engine), ranking.weights);
    causes.len()
}

#[test]
fn what_findings_weigh_has_one_source() {
    let service = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  type: LoadBalancer\n  selector: {app: \
                   web}\n";
    let repository = support::repository(&[
        ("web.yaml", &deployment("web", "example.com/web:1", HOST_NETWORK, PASSWORD)),
        ("copy/web.yaml", &deployment("web", "example.com/web:2", HOST_NETWORK, PASSWORD)),
        ("test/web.yaml", &deployment("probe", "example.com/web:2", HOST_NETWORK, "")),
        ("service.yaml", service),
        ("Dockerfile", "FROM a\nADD x /x\n"),
    ]);
    assert!(compare_weights(&support::audit(repository.path())) > 5);
    for folder in corpus() {
        assert!(compare_weights(&support::audit(&folder)) > 1, "{}", folder_name(&folder));
    }
}

fn open_keys(engine: &AuditEngine) -> BTreeSet<FindingKey> {
    engine.audited_paths().flat_map(|path| engine.open_findings(path)).map(|(key, _)| key).collect()
}

/// Mends each row as far as fixes go, and compares the score then with what it is on paper without what was mended.
/// Returns how many rows gained something.
fn compare_gains(engine: &AuditEngine) -> usize {
    let ranking = rank_causes(engine, false);
    assert_eq!(ranking.sheet.score(), engine.score());
    let before = open_keys(engine);
    let mut gained = 0;
    for row in &ranking.rows {
        let keys: Vec<FindingKey> = row.keys().cloned().collect();
        let Ok(plan) = Planner::new(engine).plan(&FixOrder::Findings(&keys)) else { continue };
        let mended = engine.with_patches(&plan.patches);
        let mut sheet = (*ranking.sheet).clone();
        sheet.mend(before.difference(&open_keys(&mended)));
        assert_eq!(sheet.score(), mended.score(), "{}", row.title());
        gained += usize::from(mended.score() > engine.score());
    }
    gained
}

#[test]
fn the_gain_that_is_shown_is_what_mending_gives() {
    let dockerfile = "FROM example.com/base:1\nADD app /app\nCMD /app\n";
    let repository = support::repository(&[
        ("web/Dockerfile", dockerfile),
        ("web/deploy.yaml", &deployment("web", "example.com/team/web:1", HOST_NETWORK, "")),
        ("agent.yaml", &deployment("agent", "example.com/agent:1", "      hostPID: true\n", PRIVILEGED)),
    ]);
    let engine = support::audit(repository.path());
    assert!(compare_gains(&engine) >= 3);
    let ranking = rank_causes(&engine, false);
    let then: Vec<u8> = ranking.rows.iter().filter_map(|row| row.score_then).collect();
    assert!(then.is_sorted(), "{then:?}");
    assert_eq!(then.last(), Some(&100), "all that weighs is mended at the end");
}

#[test]
fn the_gain_that_is_shown_is_what_mending_gives_in_real_repositories() {
    for folder in corpus() {
        let gained = compare_gains(&support::audit(&folder));
        // All that weighs in it stands in Dockerfiles that say they are generated, which are named and not edited.
        let is_generated = folder_name(&folder) == "docker-python";
        assert!(gained >= 1 || is_generated, "{}: {gained} rows gain something", folder_name(&folder));
    }
}

/// What a stage of a row leaves out for a person is what its marks call by hand, and the other way round.
#[test]
fn the_marks_of_a_row_are_what_its_stage_comes_to_in_real_repositories() {
    for folder in corpus() {
        let engine = support::audit(&folder);
        let paths: Vec<_> = engine.audited_paths().cloned().collect();
        let planner = Planner::new(&engine);
        let offers = planner.weigh_fixes(&paths);
        let is_by_hand = |key: &FindingKey| !matches!(offers.get(key), Some(FixOffer::Fix { .. }));
        for row in rank_causes(&engine, false).rows.iter().take(10) {
            let keys: Vec<FindingKey> = row.keys().cloned().collect();
            let mut groups = Vec::new();
            planner.plan_stage(&keys, FixRisk::MayBreak, &mut |more, _| groups.extend(more));
            let resolved: HashSet<&FindingKey> = groups.iter().flat_map(|group| &group.resolves).collect();
            let left = groups.iter().flat_map(|group| &group.withheld);
            let both: Vec<_> = left.clone().filter(|(key, _)| resolved.contains(key)).take(3).collect();
            let name = format!("{}: {}", folder_name(&folder), row.title());
            assert!(both.is_empty(), "{name}: left out and mended: {both:?}");
            let other: Vec<_> =
                left.filter(|(key, _)| !is_by_hand(key) && !is_value(&offers, key)).take(3).collect();
            assert!(other.is_empty(), "{name}: marked as fixed and left out: {other:?}");
        }
    }
}

fn is_value(offers: &FixOffers, key: &FindingKey) -> bool {
    matches!(offers.get(key), Some(FixOffer::Fix { safety: Safety::Value, .. }))
}

/// The most rows that each repository comes to, and the least share in percent of critical and of high findings that
/// its first ten hold.
const FIGURES: [(&str, usize, usize, usize); 10] = [
    ("aks-store-demo", 8, 100, 100),
    ("awesome-compose", 4, 100, 100),
    ("docker-python", 3, 100, 100),
    ("jessfraz-dockerfiles", 4, 100, 100),
    ("kube-prometheus", 8, 100, 100),
    ("kubernetes-examples", 20, 100, 98),
    ("kubernetes-goat", 17, 100, 97),
    ("online-boutique", 9, 100, 100),
    ("rook", 13, 100, 100),
    ("sock-shop", 14, 100, 100),
];

#[test]
fn the_first_ten_rows_hold_what_is_worst_in_real_repositories() {
    for folder in corpus() {
        let name = folder_name(&folder);
        let ranking = rank_causes(&support::audit(&folder), false);
        let Some((_, most, critical, high)) = FIGURES.iter().find(|(known, ..)| *known == name) else {
            continue;
        };
        assert!(ranking.rows.len() <= *most, "{name}: {} rows", ranking.rows.len());
        let count = |rows: &[CauseRow], severity| {
            let findings = rows.iter().flat_map(|row| &row.causes).flat_map(|cause| &cause.findings);
            findings.filter(|listed| listed.severity == severity).count()
        };
        let first_ten = &ranking.rows[..ranking.rows.len().min(10)];
        for (severity, least) in [(Severity::Critical, critical), (Severity::High, high)] {
            let all = count(&ranking.rows, severity);
            let share = (100 * count(first_ten, severity)).checked_div(all).unwrap_or(100);
            assert!(share >= *least, "{name}: {share} % of {all} {severity}");
        }
        let criticals = ranking.rows.iter().take_while(|row| row.severity() == Severity::Critical).count();
        match name.as_str() {
            "kubernetes-goat" => assert_eq!(criticals, 3, "its criticals come first"),
            "sock-shop" => assert_eq!(criticals, 1, "its one critical stands first"),
            _ => {}
        }
        assert!(rows_about(&rank_causes(&support::audit(&folder), true), "default-namespace") <= 1);
    }
}

/// The entries that are named as the way to the restricted level are it: once what they hold is written, so many
/// workloads are there.
#[test]
fn the_entries_on_the_way_to_restricted_lead_there() {
    let seccomp = "      securityContext:\n        seccompProfile: {type: RuntimeDefault}\n";
    let own = |lines: &str| format!("          securityContext:\n{lines}");
    let root = "            runAsNonRoot: true\n";
    let powers = "            allowPrivilegeEscalation: false\n            capabilities: {drop: [ALL]}\n";
    let web = deployment("web", "example.com/web:1.2", "", "");
    let mail = deployment("mail", "example.com/mail:1.2", "", &own(root));
    let agent = deployment("agent", "example.com/agent:1.2", HOST_NETWORK, "");
    let done = deployment("done", "example.com/done:1.2", seccomp, &own(&format!("{root}{powers}")));
    let files = |web: &str, mail: &str| {
        let files = [("web.yaml", web), ("mail.yaml", mail), ("agent.yaml", &agent), ("done.yaml", &done)];
        ranking_of(&files)
    };
    let ranking = files(&web, &mail);
    let path = ranking.restricted_path.expect("two of them are two entries away");
    let on_it = |row: &&CauseRow| row.causes.iter().any(|cause| path.causes.contains(&cause.id));
    let named: Vec<String> = ranking.rows.iter().filter(on_it).map(CauseRow::title).collect();
    assert_eq!(named.len(), 2, "{named:?}");
    assert!(named.iter().any(|title| title.contains("may run as root")), "{named:?}");
    assert!(named.iter().any(|title| title.contains("keep privileges")), "{named:?}");
    assert_eq!(path.restricted, 3);
    let mended = |name: &str| {
        deployment(name, &format!("example.com/{name}:1.2"), seccomp, &own(&format!("{root}{powers}")))
    };
    let after = files(&mended("web"), &mended("mail"));
    assert_eq!(after.levels[&seaworthy::audit::PodSecurity::Restricted], path.restricted);
    assert_eq!(
        after.restricted_path, None,
        "what is left needs the node, and no finding of a few entries says so"
    );
}

/// One line makes them all: one change mends it, whatever the overlays call what they build of it.
#[test]
fn a_base_that_overlays_rename_is_one_case() {
    let web = deployment("web", "registry.example/web:1.0.0", "", PRIVILEGED);
    let ranking = ranking_of(&[
        ("base/web.yaml", &web),
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("dev/kustomization.yaml", "resources: [../base]\nnamePrefix: dev-\n"),
        ("prod/kustomization.yaml", "resources: [../base]\nnamePrefix: prod-\n"),
    ]);
    let cases: Vec<String> =
        titles(&ranking).into_iter().filter(|title| title.contains("power over")).collect();
    assert_eq!(cases, ["Deployment/dev-web and 1 more have power over their nodes"]);
    let counted: usize = ranking.rows.iter().map(|row| row.keys().count()).sum();
    assert_eq!(counted, ranking.finding_count, "no finding stands in two entries");
}

#[test]
fn a_helper_of_several_templates_is_one_case() {
    let template = |name: &str| {
        deployment(
            name,
            "registry.example/web:1.0.0",
            "",
            "          securityContext:\n{{ include \"ctx\" . | indent 12 }}\n",
        )
    };
    let ranking = ranking_of(&[
        ("chart/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n"),
        ("chart/templates/_h.tpl", "{{ define \"ctx\" }}privileged: true{{ end }}\n"),
        ("chart/templates/one.yaml", &template("one")),
        ("chart/templates/two.yaml", &template("two")),
        ("chart/templates/three.yaml", &template("three")),
    ]);
    let cases = titles(&ranking).into_iter().filter(|title| title.contains("power over")).count();
    assert_eq!(cases, 1, "{:?}", titles(&ranking));
}

#[test]
fn a_guard_that_is_off_is_not_called_power_over_the_node() {
    let off = "          securityContext:\n            seccompProfile:\n              type: Unconfined\n";
    let web = |name: &str, context: &str| deployment(name, "registry.example/web:1.0.0", "", context);
    let ranking = ranking_of(&[("a.yaml", &web("one", off)), ("b.yaml", &web("two", PRIVILEGED))]);
    let titles = titles(&ranking);
    assert!(titles.contains(&"Deployment/one turns off what confines it".to_owned()), "{titles:?}");
    assert!(titles.contains(&"Deployment/two has power over its node".to_owned()), "{titles:?}");
}

#[test]
fn a_role_for_all_of_one_group_is_not_said_to_give_everything() {
    let role = |name: &str, group: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: {name}}}\nrules:\n- \
             {{apiGroups: ['{group}'], resources: ['*'], verbs: [get]}}\n"
        )
    };
    let ranking = ranking_of(&[("a.yaml", &role("all", "*")), ("b.yaml", &role("some", "metrics.k8s.io"))]);
    let titles = titles(&ranking);
    assert!(titles.contains(&"ClusterRole/all gives every resource".to_owned()), "{titles:?}");
    assert!(
        titles.contains(&"ClusterRole/some gives every resource of an API group".to_owned()),
        "{titles:?}"
    );
}

/// What a fix gives back, and what is not listed, keeps a workload from the level.
#[test]
fn no_workload_is_said_to_reach_a_level_that_it_does_not() {
    let chown = "          command: [sh, -c, 'chown -R 7:7 /data && exec /app']\n";
    let hidden = "          securityContext:\n            capabilities:\n              drop: [ALL]\n              add: [CHOWN]\n";
    for container in [chown, &format!("{chown}{hidden}")] {
        let web = |name: &str| deployment(name, "registry.example/web:1.0.0", "", container);
        let ranking = ranking_of(&[("a.yaml", &web("one")), ("b.yaml", &web("two"))]);
        assert_eq!(ranking.restricted_path, None, "{container}");
    }
}

/// What the marks of the first screen count is what a stage writes.
#[test]
fn a_fix_that_no_stage_writes_is_none_and_what_goes_with_one_is_its() {
    let generated = "# Generated by make: do not edit\nFROM alpine:3.20\nCMD [\"true\"]\n";
    let pod = deployment("web", "registry.example/web:1.0.0", "", "");
    let files = [("Dockerfile", generated), ("web.yaml", &*pod)];
    let root = support::repository(&files);
    let engine = support::audit(root.path());
    let offers = Planner::new(&engine).weigh_fixes(&["Dockerfile".into(), "web.yaml".into()]);
    let build = |key: &&FindingKey| key.path.as_str() == "Dockerfile";
    let builds: Vec<_> = offers.iter().filter(|(key, _)| build(key)).collect();
    assert!(!builds.is_empty());
    for (key, offer) in builds {
        assert!(!matches!(offer, FixOffer::Fix { .. }), "{key:?}: {offer:?}");
    }
    let account = offers.iter().find(|(key, _)| key.rule == "default-service-account").unwrap();
    assert!(matches!(account.1, FixOffer::Fix { .. }), "it goes with the token: {account:?}");
}
