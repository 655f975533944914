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
