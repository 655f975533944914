//! The comment that the key for ignoring writes, and the fix that takes an idle one out.

use seaworthy::audit::AuditEngine;
use seaworthy::finding::Safety;
use seaworthy::fix::{FixOrder, Planner};

use super::allowed;
use crate::support::{audit, entries, fixtures, lay_out, repository, store};

/// The file after its first finding of that rule is allowed.
fn allow_in(path: &str, text: &str, rule: &str) -> Result<String, String> {
    let root = repository(&[(path, text)]);
    let engine = audit(root.path());
    let (key, _) = open(&engine, path)
        .into_iter()
        .find(|(key, _)| key.rule == rule)
        .unwrap_or_else(|| panic!("no {rule} in {text}"));
    let plan = Planner::new(&engine).plan(&FixOrder::Suppression { key: &key, reason: "  why\nso " });
    plan.map(|plan| plan.patches[0].after.text().to_owned()).map_err(|no_plan| no_plan.to_string())
}

fn open<'e>(
    engine: &'e AuditEngine,
    path: &str,
) -> Vec<(seaworthy::finding::FindingKey, &'e seaworthy::finding::Finding)> {
    engine.open_findings(&path.into())
}

#[test]
fn a_comment_is_written_above_what_the_finding_is_about() {
    let rows = [
        (
            "Dockerfile",
            "FROM a:latest\nUSER 43122\n",
            "latest-tag",
            "# seaworthy: allow latest-tag -- why so\nFROM a:latest\nUSER 43122\n",
        ),
        (
            "Dockerfile",
            "# syntax=x\nFROM a:latest\n",
            "latest-tag",
            "# syntax=x\n# seaworthy: allow latest-tag -- why so\nFROM a:latest\n",
        ),
        (
            "Dockerfile",
            "\u{feff}FROM a:latest\r\n",
            "latest-tag",
            "\u{feff}# seaworthy: allow latest-tag -- why so\r\nFROM a:latest\r\n",
        ),
        (
            "Dockerfile",
            "FROM a:1.2.3\n  RUN true && \\\n  sudo x\n",
            "sudo",
            "FROM a:1.2.3\n  # seaworthy: allow sudo -- why so\n  RUN true && \\\n  sudo x\n",
        ),
        (
            "Dockerfile",
            "FROM a:1.2.3\nRUN <<E\nsudo x\nE\n",
            "sudo",
            "FROM a:1.2.3\n# seaworthy: allow sudo -- why so\nRUN <<E\nsudo x\nE\n",
        ),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n",
            "host-network",
            "apiVersion: v1\nkind: Pod\nspec:\n  # seaworthy: allow host-network -- why so\n  hostNetwork: true\n",
        ),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: x\n    name: api\n  - name: b\n",
            "may-run-as-root",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: x\n    # seaworthy: allow may-run-as-root -- why so\n    name: api\n  - name: b\n",
        ),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: api\n",
            "may-run-as-root",
            "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    # seaworthy: allow may-run-as-root -- why so\n    - name: api\n",
        ),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec: {hostNetwork: true}\n",
            "host-network",
            "apiVersion: v1\nkind: Pod\n# seaworthy: allow host-network -- why so\nspec: {hostNetwork: true}\n",
        ),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\n---\n{apiVersion: v1, kind: Pod, spec: {hostNetwork: true}}\n",
            "host-network",
            "apiVersion: v1\nkind: Pod\n---\n# seaworthy: allow host-network -- why so\n{apiVersion: v1, kind: Pod, spec: {hostNetwork: true}}\n",
        ),
    ];
    for (path, text, rule, expected) in rows {
        assert_eq!(allow_in(path, text, rule).as_deref(), Ok(expected));
        let quiet = allowed(path, expected);
        assert!(quiet.iter().any(|line| line.starts_with(rule) && line.ends_with("(why so)")), "{quiet:?}");
    }
}

#[test]
fn json_is_refused_with_a_word_about_the_settings() {
    let text = r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"hostNetwork": true}}"#;
    let refusal = allow_in("pod.json", text, "host-network").unwrap_err();
    assert_eq!(refusal, "JSON has no comments: allow it in seaworthy.toml");
}

#[test]
fn an_idle_comment_is_taken_out_and_nothing_else() {
    let rows = [
        (
            "Dockerfile",
            "FROM a:1.2.3\n# seaworthy: allow sudo -- why\nUSER 43122\n",
            "FROM a:1.2.3\nUSER 43122\n",
        ),
        (
            "Dockerfile",
            "# seaworthy: allow latest-tag, sudo -- why\nFROM a:latest\n",
            "# seaworthy: allow latest-tag -- why\nFROM a:latest\n",
        ),
        (
            "Dockerfile",
            "FROM a:1.2.3\n# keep # seaworthy: allow sudo\nUSER 43122\n",
            "FROM a:1.2.3\n# keep\nUSER 43122\n",
        ),
        (
            "pod.yaml",
            "apiVersion: v1\nkind: Pod\nspec:\r\n  hostPID: true  # seaworthy: allow host-ipc -- why\r\n",
            "apiVersion: v1\nkind: Pod\nspec:\r\n  hostPID: true\r\n",
        ),
        (
            "pod.yaml",
            "# seaworthy: allow host-ipc\napiVersion: v1\nkind: Pod\n# seaworthy: allow nothing-such\nspec: {hostPID: true}\n",
            "apiVersion: v1\nkind: Pod\nspec: {hostPID: true}\n",
        ),
    ];
    for (path, text, expected) in rows {
        let root = repository(&[(path, text)]);
        let order =
            FixOrder::Rules { accepts: &|rule| rule == "unused-suppression", max_safety: Safety::Safe };
        let outcome = Planner::new(&audit(root.path())).plan(&order).unwrap();
        assert_eq!(outcome.patches[0].after.text(), expected, "{:?}", outcome.withheld);
    }
}

#[test]
fn the_score_counts_what_is_allowed_as_open() {
    let text = "FROM a:latest\nUSER 43122\n";
    let score = |text: &str| {
        let root = repository(&[("Dockerfile", text)]);
        audit(root.path()).full_update().score
    };
    assert_eq!(score(text), score(&format!("# seaworthy: allow-file latest-tag -- why\n{text}")));
}

#[test]
fn every_finding_can_be_allowed_where_a_comment_can_stand() {
    let (mut written, mut refused) = (0, Vec::new());
    for rule in entries(&fixtures().join("rules")) {
        for fixture in entries(&rule).into_iter().take(2) {
            let root = lay_out(&fixture);
            let engine = audit(root.path());
            let store = store(&engine);
            for file in store.files() {
                for (key, finding) in engine.open_findings(&file.path) {
                    match Planner::new(&engine).plan(&FixOrder::Suppression { key: &key, reason: "why" }) {
                        Ok(plan) => {
                            let patch = &plan.patches[0];
                            let (before, after) = (patch.before.text(), patch.after.text());
                            let comment = format!("# seaworthy: allow {} -- why", key.rule);
                            assert_eq!(after.matches(&comment).count(), before.matches(&comment).count() + 1);
                            let line = after.lines().find(|line| line.contains(&comment)).unwrap();
                            assert_eq!(after.replacen(&format!("{line}\n"), "", 1), before);
                            written += 1;
                        }
                        Err(reason) => {
                            refused.push(format!("{} {}: {reason}", fixture.display(), finding.rule));
                        }
                    }
                }
            }
        }
    }
    let needless = |refusal: &&String| {
        !["invalid-syntax", "duplicate-key", "unaudited-file", "suppression"]
            .iter()
            .any(|rule| refusal.contains(rule))
            && !refusal.contains("JSON has no comments")
    };
    let needless: Vec<_> = refused.iter().filter(needless).collect();
    assert!(written > 500, "{written}");
    assert!(needless.is_empty(), "{written} written, {} refused\n{needless:#?}", refused.len());
}
