//! Value sets that `.helmignore` keeps out of what is packed: Helm lays them over the chart all the same.

use std::collections::BTreeSet;

use seaworthy::finding::Safety;
use seaworthy::fix::{FixOrder, Planner};
use seaworthy::repo::RelPath;

use super::{audited, audited_part, chart, places};

const IGNORE: (&str, &str) = ("web/.helmignore", "ci/\nvalues-*.yaml\n");

/// A pod that only another value set makes.
const EXTRA: &str = "{{- if .Values.extra }}\napiVersion: v1\nkind: Pod\nmetadata: {name: extra}\nspec:\n  containers:\n    - name: extra\n      image: registry.example/extra:1.0.0\n      securityContext:\n        privileged: {{ .Values.privileged }}\n{{- end }}\n";

#[test]
fn what_only_an_ignored_value_set_makes_is_judged() {
    for set in ["web/ci/extra-values.yaml", "web/values-extra.yaml"] {
        let folder = chart(&[IGNORE, ("web/templates/extra.yaml", EXTRA), (set, "extra: true\n")]);
        let engine = audited(folder.path());
        let found = places(&engine, "privilege-escalation");
        assert!(found.iter().any(|place| place.contains("Pod/extra")), "{set}: {found:?}");
    }
}

#[test]
fn an_ignored_value_set_is_mended_in_its_own_file() {
    let folder = chart(&[
        IGNORE,
        ("web/values.yaml", "image: {repository: a, tag: \"1\"}\nresources: {}\nprivileged: false\n"),
        ("web/ci/open-values.yaml", "privileged: true\n"),
    ]);
    let engine = audited_part(folder.path(), "web");
    let accepts = |id: &str| id == "privileged-container";
    let plan = Planner::new(&engine)
        .plan(&FixOrder::Rules { accepts: &accepts, max_safety: Safety::Review })
        .unwrap();
    let texts: Vec<(&str, &str)> =
        plan.patches.iter().map(|patch| (patch.path.as_str(), patch.after.text())).collect();
    assert_eq!(texts, [("web/ci/open-values.yaml", "privileged: false\n")]);
}

#[test]
fn an_ignored_value_set_is_followed() {
    let folder = chart(&[IGNORE, ("web/templates/extra.yaml", EXTRA)]);
    let root = folder.path().canonicalize().unwrap();
    let mut engine = audited(folder.path());
    std::fs::create_dir(root.join("web/ci")).unwrap();
    for (text, count) in
        [(Some("extra: true\n"), 1), (Some("extra: false\n"), 0), (Some("extra: true\n"), 1), (None, 0)]
    {
        let at = root.join("web/ci/extra-values.yaml");
        match text {
            Some(text) => std::fs::write(at, text).unwrap(),
            None => std::fs::remove_file(at).unwrap(),
        }
        let _ = engine.refresh_paths(&BTreeSet::from([RelPath::from("web/ci/extra-values.yaml")]));
        let found = places(&engine, "privilege-escalation");
        let own = found.iter().filter(|place| place.contains("Pod/extra")).count();
        assert_eq!(own, count, "{text:?}: {found:?}");
    }
}
