//! What a trial saw makes the fixes anew, and decides their risk.

use std::collections::BTreeMap;

use seaworthy::audit::AuditEngine;
use seaworthy::finding::FindingKey;
use seaworthy::fix::{FixOrder, FixPlan, Planner};
use seaworthy::needs::{NeedKind, ObservedNeed, ObservedNeeds, ObservedNote, ObservedTopic, TriedContainer};
use seaworthy::walkthrough::{
    AppBefore, AppId, Chapter, EvidenceLine, TRIAL_HEADING, compute_walk, write_pull_request,
};

use crate::support::{audit, repository};

const DOCKERFILE: &str = "FROM registry.invalid/base:1\nUSER 0\nCMD [\"/srv/run\"]\n";
const MANIFEST: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector:\n    matchLabels: {app: web}\n  template:\n    metadata:\n      labels: {app: web}\n    spec:\n      containers:\n      - name: web\n        image: web:1\n";

/// The manifest as the fixes of all its findings leave it, once a trial has seen these needs; and the rules left out.
fn hardened_with(kinds: &[NeedKind]) -> (String, Vec<&'static str>) {
    let root = repository(&[("Dockerfile", DOCKERFILE), ("app.yaml", MANIFEST)]);
    let mut engine = audit(root.path());
    let mut needs = ObservedNeeds::default();
    for kind in kinds {
        let container = TriedContainer {
            path: "app.yaml".into(),
            object: "Deployment/web".to_owned(),
            container: "web".to_owned(),
        };
        needs.add(container, ObservedNeed { kind: kind.clone(), reason: "a trial saw it".to_owned() });
    }
    engine.set_trials(needs, None);
    let plan = plan_all(&engine);
    let patch = plan.patches.iter().find(|patch| patch.path.as_str() == "app.yaml").expect("it is mended");
    let left = plan.breaking_fixes.iter().map(|fix| fix.key.rule).collect();
    (patch.after.text().to_owned(), left)
}

fn plan_all(engine: &AuditEngine) -> FixPlan {
    let open = |path| engine.open_findings(path).into_iter().map(|(key, _)| key);
    let keys: Vec<FindingKey> = engine.audited_paths().flat_map(open).collect();
    Planner::new(engine).plan(&FixOrder::Findings(&keys)).unwrap()
}

#[test]
fn a_folder_that_was_written_is_mounted() {
    let (text, _) = hardened_with(&[NeedKind::WrittenPath("/opt/web/state".to_owned())]);
    assert!(
        text.contains("mountPath: /opt/web/state") && text.contains("readOnlyRootFilesystem: true"),
        "{text}"
    );
}

#[test]
fn a_low_port_is_opened_by_the_pods_sysctl_and_no_capability() {
    let (text, _) = hardened_with(&[NeedKind::LowPort(80)]);
    assert!(
        text.contains("name: net.ipv4.ip_unprivileged_port_start") && text.contains("value: \"80\""),
        "{text}"
    );
    assert!(text.contains("runAsNonRoot: true") && !text.contains("NET_BIND_SERVICE"), "{text}");
    let (without, _) = hardened_with(&[]);
    assert!(!without.contains("sysctls"), "{without}");
}

#[test]
fn what_must_be_root_stays_so_with_its_capabilities_alone() {
    let needs = [NeedKind::RootStart, NeedKind::Capability("CHOWN".to_owned())];
    let (text, left) = hardened_with(&needs);
    assert!(text.contains("- ALL") && text.contains("- CHOWN"), "{text}");
    assert!(!text.contains("runAsNonRoot") && left.contains(&"may-run-as-root"), "{left:?} {text}");
}

#[test]
fn a_limit_is_above_what_was_seen() {
    let (text, _) = hardened_with(&[NeedKind::Memory(200 << 20)]);
    assert!(text.contains("memory: 300Mi"), "{text}");
}

#[test]
fn a_token_that_was_read_stays() {
    let (text, left) = hardened_with(&[NeedKind::ApiToken]);
    assert!(!text.contains("automountServiceAccountToken"), "{text}");
    assert!(left.contains(&"service-account-token-mounted"), "{left:?}");
}

#[test]
fn a_path_that_the_build_filled_keeps_the_root_writable() {
    let (text, left) = hardened_with(&[NeedKind::OccupiedPath("/var/cache/web".to_owned())]);
    assert!(!text.contains("readOnlyRootFilesystem") && !text.contains("/var/cache/web"), "{text}");
    assert!(left.contains(&"writable-root-filesystem"), "{left:?}");
}

#[test]
fn the_walk_and_its_export_have_what_was_seen_beside_what_is_computed() {
    let root = repository(&[("Dockerfile", DOCKERFILE), ("app.yaml", MANIFEST)]);
    let mut engine = audit(root.path());
    let mut needs = ObservedNeeds::default();
    let text = "as it is `web` wrote /opt/web/state".to_owned();
    let note = ObservedNote { topic: ObservedTopic::Filesystem, text };
    needs.add_notes("app.yaml".into(), "Deployment/web".to_owned(), vec![note]);
    engine.set_trials(needs, None);
    let id = AppId { workload: Some(("app.yaml".into(), "Deployment/web".into())), dockerfile: None };
    let walk = compute_walk(&engine, Some(&id), &BTreeMap::new()).app_walk.expect("it is walked through");
    let chapter = |wanted| walk.pages.iter().find(|page| page.chapter == wanted).unwrap();
    let lines = &chapter(Chapter::Filesystem).evidence;
    let at =
        lines.iter().position(|line| *line == EvidenceLine::Heading(TRIAL_HEADING)).expect("it is headed");
    assert!(at > 0, "what is computed comes first");
    assert_eq!(lines[at + 1], EvidenceLine::Note("As it is `web` wrote /opt/web/state.".to_owned()));
    let has_trial = |page: &seaworthy::walkthrough::ChapterPage| {
        page.evidence.contains(&EvidenceLine::Heading(TRIAL_HEADING))
    };
    assert!(!has_trial(chapter(Chapter::Token)), "a chapter has what is about it");
    let before = AppBefore::from_walk(&walk);
    let mended = repository(&[("Dockerfile", DOCKERFILE), ("app.yaml", &hardened_with(&[]).0)]);
    let mut engine = audit(mended.path());
    let mut needs = ObservedNeeds::default();
    let text = "hardened `web` ran as uid 43122".to_owned();
    let note = ObservedNote { topic: ObservedTopic::Filesystem, text };
    needs.add_notes("app.yaml".into(), "Deployment/web".to_owned(), vec![note]);
    engine.set_trials(needs, None);
    let now = compute_walk(&engine, Some(&id), &BTreeMap::new()).app_walk.expect("it is walked through");
    let exported = write_pull_request(&before, &now, &[], &BTreeMap::new(), &|_, patch| patch.to_owned());
    assert!(exported.contains("computed from these files, and seen in a trial"), "{exported}");
    assert!(exported.contains("# Hardened `web` ran as uid 43122."), "{exported}");
}
