//! What a value set renders that is no YAML: nothing can be proven of it, so no fix may change it.

use seaworthy::finding::Safety;
use seaworthy::fix::{FixOrder, FixPlan, Planner};

use super::{audited_part, chart};

/// A probe that is no mapping where the values have none, and a volume that stands in a branch.
const PROBED: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: side\nspec:\n  containers:\n    - name: side\n      image: registry.example/side:1.0.0\n      livenessProbe:\n        {{- toYaml .Values.probe | nindent 8 }}\n        timeoutSeconds: 10\n      volumeMounts:\n        - name: data\n          mountPath: /data\n  volumes:\n    {{- if .Values.agent }}\n    - name: agent\n      emptyDir: {}\n    {{- end }}\n    - name: data\n      emptyDir: {}\n";

const VALUES: &str = "image: {repository: a, tag: \"1\"}\nsecurityContext: {}\nresources: {}\nprobe: {tcpSocket: {port: 80}}\nagent: true\n";

fn plan(files: &[(&str, &str)], rule: &str) -> FixPlan {
    let folder = chart(files);
    let engine = audited_part(folder.path(), "web");
    let accepts = |id: &str| id == rule;
    Planner::new(&engine).plan(&FixOrder::Rules { accepts: &accepts, max_safety: Safety::Review }).unwrap()
}

fn is_patched(plan: &FixPlan) -> bool {
    plan.patches.iter().any(|patch| patch.path.as_str().ends_with("side.yaml"))
}

#[test]
fn what_cannot_be_read_with_a_value_set_is_not_changed() {
    let files = [
        ("web/values.yaml", VALUES),
        ("web/ci/bare-values.yaml", "probe: null\nagent: false\n"),
        ("web/templates/side.yaml", PROBED),
    ];
    let plan = plan(&files, "writable-root-filesystem");
    assert!(!is_patched(&plan), "{plan:#?}");
    let reason = plan.withheld.iter().find(|(key, _)| key.path.as_str().ends_with("side.yaml"));
    let (_, reason) = reason.unwrap_or_else(|| panic!("{plan:#?}"));
    assert_eq!(
        reason,
        "what reaches it changes what cannot be read with bare-values.yaml too: edit it by hand"
    );
}

#[test]
fn what_can_be_read_with_every_value_set_is() {
    let files = [
        ("web/values.yaml", VALUES),
        ("web/ci/bare-values.yaml", "agent: true\n"),
        ("web/templates/side.yaml", PROBED),
    ];
    let plan = plan(&files, "writable-root-filesystem");
    assert!(is_patched(&plan), "{plan:#?}");
}
