//! Charts of whose files none spells out what it is: they are charts by their `Chart.yaml`.

use std::collections::BTreeSet;

use seaworthy::repo::RelPath;
use seaworthy::store::Store;

use super::audited;
use crate::cli::{on, report};
use crate::support::repository;

const CHART: &str = "apiVersion: v2\nname: inc\nversion: 0.1.0\n";
/// A pod by way of a helper, whose file holds no key of a manifest at the start of a line but in a template of its own.
const HELPER: &str = "{{- define \"all\" -}}\napiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n  - name: c\n    image: {{ .Values.image }}\n    securityContext:\n      privileged: true\n{{- end }}\n";

fn included() -> [(&'static str, &'static str); 4] {
    [
        ("inc/Chart.yaml", CHART),
        ("inc/values.yaml", "image: a/b:1\n"),
        ("inc/templates/a.yaml", "{{ include \"all\" . }}\n"),
        ("inc/templates/_h.tpl", HELPER),
    ]
}

#[test]
fn what_only_helpers_spell_out_is_audited() {
    let folder = repository(&included());
    let found = report(folder.path());
    let rules: BTreeSet<&str> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap())
        .collect();
    assert!(rules.contains("privileged-container"), "{rules:?}");
    assert_eq!(found["units"][0]["kind"], "chart");
    assert_eq!(found["units"][0]["status"], "built");
}

#[test]
fn a_chart_that_lacks_what_it_is_made_of_is_never_clean() {
    let lacking = format!(
        "{CHART}dependencies:\n- {{name: redis, version: 1.x, repository: \"https://charts.example\"}}\n"
    );
    let folder =
        repository(&[("um/Chart.yaml", lacking.as_str()), ("um/values.yaml", "redis: {enabled: true}\n")]);
    let found = report(folder.path());
    assert_ne!(found["units"][0]["status"], "built", "{found:#}");
    let reason = found["units"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("missing in charts/ directory: redis"), "{reason}");
    let text = on(folder.path(), &["check", "--fail-on", "never"]).out;
    assert!(text.contains("missing in charts/ directory: redis"), "{text}");
}

/// Not every file of that name is Helm's, and a part of a chart is listed with it.
#[test]
fn what_is_no_chart_of_its_own_is_not_listed_as_one() {
    let folder = repository(&[
        ("music/Chart.yaml", "title: Top 40\nentries: [a, b]\n"),
        ("web/Chart.yaml", CHART),
        ("web/templates/a.yaml", "{{ include \"all\" . }}\n"),
        ("web/templates/_h.tpl", HELPER),
        ("web/values.yaml", "image: a/b:1\n"),
        ("web/charts/kid/Chart.yaml", "apiVersion: v2\nname: kid\nversion: 0.1.0\n"),
    ]);
    let found = report(folder.path());
    let listed: Vec<&str> =
        found["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap()).collect();
    assert!(listed.contains(&"web/Chart.yaml"), "{listed:?}");
    assert!(!listed.iter().any(|path| path.contains("music") || path.contains("kid")), "{listed:?}");
}

#[test]
fn such_a_chart_is_followed() {
    let folder = repository(&included());
    let root = folder.path().canonicalize().unwrap();
    let mut engine = audited(folder.path());
    let mut store = Store::default();
    store.apply_update(engine.full_update());
    for (path, text) in [
        ("inc/values.yaml", Some("image: a/b:latest\n")),
        ("inc/Chart.yaml", None),
        ("inc/Chart.yaml", Some(CHART)),
        ("inc/templates/a.yaml", None),
        ("inc/templates/a.yaml", Some("{{ include \"all\" . }}\n")),
    ] {
        match text {
            Some(text) => std::fs::write(root.join(path), text).unwrap(),
            None => std::fs::remove_file(root.join(path)).unwrap(),
        }
        store.apply_update(engine.refresh_paths(&BTreeSet::from([RelPath::from(path)])));
        let mut anew = Store::default();
        anew.apply_update(audited(folder.path()).full_update());
        let said = |store: &Store| {
            let files = store.files().map(|file| format!("{} {:?}", file.path, file.status));
            let findings = store.files().flat_map(|file| store.findings_in(&file.path));
            files.chain(findings.map(|listed| format!("{:?}", listed.key))).collect::<Vec<_>>()
        };
        assert_eq!(said(&store), said(&anew), "after {path}");
    }
}
