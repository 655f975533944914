//! A chart while it is edited: what is said stays what a fresh look says.

use std::collections::BTreeSet;

use seaworthy::repo::RelPath;
use seaworthy::store::Store;

use super::{audited, audited_part, chart};

fn said(store: &Store) -> Vec<String> {
    let files = store.files().map(|file| format!("{} {:?}", file.path, file.status));
    let findings = store.files().flat_map(|file| store.findings_in(&file.path));
    let findings = findings.map(|listed| format!("{:?} {}", listed.key, listed.line));
    files.chain(findings).collect()
}

#[test]
fn every_file_of_a_chart_is_followed() {
    let folder = chart(&[]);
    let root = folder.path().canonicalize().unwrap();
    let mut engine = audited(folder.path());
    let mut store = Store::default();
    store.apply_update(engine.full_update());
    let edits: [(&str, Option<&str>); 6] = [
        ("web/values.yaml", Some("image: {repository: a, tag: b}\nresources: {}\nprivileged: false\n")),
        ("web/templates/_helpers.tpl", Some("{{- define \"web.name\" -}}\nother\n{{- end }}\n")),
        ("web/Chart.yaml", Some("apiVersion: v2\nname: shop\nversion: 0.2.0\n")),
        ("web/templates/side.yaml", None),
        ("web/ci/more-values.yaml", Some("securityContext: {runAsNonRoot: true}\n")),
        ("web/Chart.yaml", None),
    ];
    for (path, text) in edits {
        let at = root.join(path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        match text {
            Some(text) => std::fs::write(at, text).unwrap(),
            None => std::fs::remove_file(at).unwrap(),
        }
        store.apply_update(engine.refresh_paths(&BTreeSet::from([RelPath::from(path)])));
        let mut anew = Store::default();
        anew.apply_update(audited(folder.path()).full_update());
        assert_eq!(said(&store), said(&anew), "after {path}");
    }
}

#[test]
fn a_chart_whose_templates_are_moved_away_is_none_any_more() {
    let folder = chart(&[]);
    let root = folder.path().canonicalize().unwrap();
    let mut engine = audited(folder.path());
    let mut store = Store::default();
    store.apply_update(engine.full_update());
    for (from, to) in [("web/templates", "moved"), ("moved", "web/templates")] {
        std::fs::rename(root.join(from), root.join(to)).unwrap();
        store.apply_update(engine.refresh_paths(&BTreeSet::from([from, to].map(RelPath::from))));
        let mut anew = Store::default();
        anew.apply_update(audited(folder.path()).full_update());
        assert_eq!(said(&store), said(&anew), "after {from} became {to}");
    }
}

#[test]
fn a_chart_of_which_only_the_values_are_asked_for_stays_one() {
    let folder = chart(&[]);
    let mut engine = audited_part(folder.path(), "web/values.yaml");
    let before: Vec<String> = engine.audited_paths().map(ToString::to_string).collect();
    engine.refresh_paths(&BTreeSet::from([RelPath::from("values.yaml"), RelPath::from("web/values.yaml")]));
    let after: Vec<String> = engine.audited_paths().map(ToString::to_string).collect();
    assert_eq!(before, after);
}

/// What happens to a Chart.yaml may be told after what happens to a template, when the chart is missed already.
#[test]
fn a_chart_that_is_missed_before_its_change_is_told_leaves_its_templates() {
    let folder = chart(&[]);
    let root = folder.path().canonicalize().unwrap();
    let mut engine = audited(folder.path());
    let mut store = Store::default();
    store.apply_update(engine.full_update());
    let of_chart = root.join("web/Chart.yaml");
    for is_there in [false, true, false] {
        if is_there {
            std::fs::write(&of_chart, super::CHART).unwrap();
        } else {
            std::fs::remove_file(&of_chart).unwrap();
        }
        for path in ["web/templates/deployment.yaml", "web/values.yaml", "web/Chart.yaml"] {
            store.apply_update(engine.refresh_paths(&BTreeSet::from([RelPath::from(path)])));
        }
        let mut anew = Store::default();
        anew.apply_update(audited(folder.path()).full_update());
        assert_eq!(said(&store), said(&anew), "Chart.yaml is there: {is_there}");
    }
}

const ROLE: &str = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\nrules:\n- {apiGroups: ['*'], resources: ['*'], verbs: ['*']}\n";

/// A small generator (xorshift64), so that a seed always leads the same way.
fn below(state: &mut u64, end: usize) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    usize::try_from(*state % end as u64).unwrap()
}

/// Files of a chart are cut short, removed, and moved with their folders, and come back, each change told by itself.
#[test]
fn a_chart_that_is_whole_again_is_what_a_fresh_look_says() {
    let texts = [
        ("pwn/Chart.yaml", "apiVersion: v1\nname: pwn\nversion: 0.1.0\n"),
        ("pwn/values.yaml", "# none\nname: a\n"),
        ("pwn/templates/role.yaml", ROLE),
        (
            "pwn/templates/side.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: a, image: b}]}\n",
        ),
        (
            "pwn/templates/tests/try.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: \"{{ include \"pwn.name\" . }}\"}\nspec: {containers: [{name: a, image: b}]}\n",
        ),
        ("plain.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: p}\n"),
    ];
    for seed in 1..16_u64 {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let folder = crate::support::repository(&texts);
        let root = folder.path().canonicalize().unwrap();
        let mut engine = audited(folder.path());
        let mut store = Store::default();
        store.apply_update(engine.full_update());
        let mut acts = Vec::new();
        for _ in 0..12 {
            let tell = |engine: &mut seaworthy::audit::AuditEngine, store: &mut Store, paths: &[&str]| {
                let paths: BTreeSet<RelPath> = paths.iter().map(|path| RelPath::from(*path)).collect();
                store.apply_update(engine.refresh_paths(&paths));
            };
            let (path, text) = texts[below(&mut state, texts.len())];
            let at = root.join(path);
            let from = ["pwn", "pwn/templates", "pwn/templates/tests"][below(&mut state, 3)];
            match below(&mut state, 4) {
                0 if at.exists() => {
                    let cut = below(&mut state, text.len());
                    acts.push(format!("{path} is cut to {cut}"));
                    std::fs::write(&at, &text[..cut]).unwrap();
                    tell(&mut engine, &mut store, &[path]);
                    std::fs::write(&at, text).unwrap();
                    tell(&mut engine, &mut store, &[path]);
                }
                1 if at.exists() => {
                    acts.push(format!("{path} is removed"));
                    std::fs::remove_file(&at).unwrap();
                    tell(&mut engine, &mut store, &[path]);
                }
                2 if root.join(from).exists() && !root.join("moved").exists() => {
                    acts.push(format!("{from} is moved"));
                    std::fs::rename(root.join(from), root.join("moved")).unwrap();
                    tell(&mut engine, &mut store, &[from, "moved"]);
                }
                _ => {
                    let _ = std::fs::remove_dir_all(root.join("moved"));
                    acts.push("all is put back".to_owned());
                    let mut back = vec!["moved"];
                    for (path, text) in texts {
                        if !root.join(path).exists() {
                            std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
                            std::fs::write(root.join(path), text).unwrap();
                            back.push(path);
                        }
                    }
                    tell(&mut engine, &mut store, &back);
                }
            }
            let mut anew = Store::default();
            anew.apply_update(audited(folder.path()).full_update());
            assert_eq!(said(&store), said(&anew), "{acts:#?}");
        }
    }
}

/// Each open finding with its line, and whether its file shows the last ones.
fn findings(store: &Store) -> Vec<String> {
    let listed = store.files().flat_map(|file| store.findings_in(&file.path));
    listed
        .filter(|listed| listed.is_open())
        .map(|listed| format!("{:?} {}", listed.key, listed.line))
        .collect()
}

#[test]
fn a_chart_of_which_a_file_is_half_saved_keeps_its_findings() {
    let folder = chart(&[("web/ci/a-values.yaml", "privileged: true\n")]);
    let root = folder.path().canonicalize().unwrap();
    let mut engine = audited(folder.path());
    let mut store = Store::default();
    store.apply_update(engine.full_update());
    let before = findings(&store);
    assert!(!before.is_empty());
    for path in [
        "web/values.yaml",
        "web/templates/_helpers.tpl",
        "web/Chart.yaml",
        "web/ci/a-values.yaml",
        "web/templates/side.yaml",
    ] {
        let text = std::fs::read_to_string(root.join(path)).unwrap();
        let broken = if path.contains("templates") { "{{- if" } else { "a: {" };
        for broken in [format!("{text}{broken}"), format!("{text}{broken}\n\n")] {
            std::fs::write(root.join(path), broken).unwrap();
            store.apply_update(engine.refresh_paths(&BTreeSet::from([RelPath::from(path)])));
            assert_eq!(findings(&store), before, "while {path} is half saved");
            let stale = store.files().filter(|file| file.is_stale).count();
            assert!(stale > 0, "{path}");
        }
        std::fs::write(root.join(path), text).unwrap();
        store.apply_update(engine.refresh_paths(&BTreeSet::from([RelPath::from(path)])));
        let mut anew = Store::default();
        anew.apply_update(audited(folder.path()).full_update());
        assert_eq!(said(&store), said(&anew), "after {path}");
        assert!(store.files().all(|file| !file.is_stale), "{path}");
    }
}
