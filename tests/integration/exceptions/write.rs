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
            // A comment in the file is none in what an overlay builds beside others.
            && !refusal.contains("it stands only in what a kustomization builds")
    };
    let needless: Vec<_> = refused.iter().filter(needless).collect();
    assert!(written > 500, "{written}");
    assert!(needless.is_empty(), "{written} written, {} refused\n{needless:#?}", refused.len());
}

/// A chart whose Deployment takes its image from the values.
const TEMPLATE: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\nspec:\n  template:\n    \
                        spec:\n      containers:\n      {{- if true }}\n        - name: mail\n          image: {{ .Values.image }}\n          \
                        securityContext:\n            runAsUser: 80\n      {{- end }}\n";
const CHART: [(&str, &str); 3] = [
    ("mail/Chart.yaml", "apiVersion: v2\nname: mail\nversion: 1.0.0\n"),
    ("mail/values.yaml", "image: example.com/mail:1.2\n"),
    ("mail/templates/deploy.yaml", TEMPLATE),
];

fn allow_in_chart(path: &str, rule: &str, reason: &str) -> Result<String, String> {
    let root = repository(&CHART);
    let engine = audit(root.path());
    let (key, _) = open(&engine, path).into_iter().find(|(key, _)| key.rule == rule).expect("the finding");
    let plan = Planner::new(&engine).plan(&FixOrder::Suppression { key: &key, reason });
    let plan = plan.map_err(|no_plan| no_plan.to_string())?;
    let after = engine.with_patches(&plan.patches);
    assert!(after.find_suppression(&key).is_some_and(|quiet| quiet.reason.as_deref() == Some(reason)));
    Ok(plan.patches[0].after.text().to_owned())
}

#[test]
fn in_a_template_the_comment_is_an_action_that_renders_to_nothing() {
    let path = "mail/templates/deploy.yaml";
    let after = allow_in_chart(path, "low-uid", "the base image has it").expect("a comment");
    let comment = "            {{- /* seaworthy: allow low-uid -- the base image has it */}}\n";
    assert_eq!(after, TEMPLATE.replace("            runAsUser", &format!("{comment}            runAsUser")));
    let after = allow_in_chart(path, "missing-seccomp", "no").expect("a comment");
    assert!(
        after.contains("        {{- /* seaworthy: allow missing-seccomp -- no */}}\n        - name: mail\n"),
        "{after}"
    );
    let said = allow_in_chart(path, "low-uid", "it ends */ here").expect_err("no comment");
    assert!(said.contains("`*/`"), "{said}");
}

#[test]
fn where_no_comment_reaches_a_finding_of_a_chart_it_is_said() {
    let values = "image: example.com/mail:latest\n";
    let root = repository(&[CHART[0], ("mail/values.yaml", values), CHART[2]]);
    let engine = audit(root.path());
    let path = "mail/values.yaml";
    let (key, _) =
        open(&engine, path).into_iter().find(|(key, _)| key.rule == "latest-tag").expect("a finding");
    let plan = Planner::new(&engine).plan(&FixOrder::Suppression { key: &key, reason: "so" });
    let said = plan.map(|plan| plan.title).map_err(|no_plan| no_plan.to_string());
    assert!(said.as_ref().is_err_and(|said| said.contains("seaworthy.toml")), "{said:?}");
}
