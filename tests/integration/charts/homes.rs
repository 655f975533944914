//! Where a chart's fix is written, and under whose name: the value that reaches, at the risk of all that it changes.

use std::path::Path;

use seaworthy::finding::{FindingKey, FixRisk, Safety};
use seaworthy::fix::{FixOrder, FixPlan, Planner, StagedGroup};

use super::{audited_part, chart, places};
use crate::support::{audit, repository};

fn plan_up_to(folder: &Path, rule: &str, max_safety: Safety) -> FixPlan {
    let engine = audited_part(folder, "web");
    let accepts = |id: &str| id == rule;
    Planner::new(&engine).plan(&FixOrder::Rules { accepts: &accepts, max_safety }).unwrap()
}

fn plan(folder: &Path, rule: &str) -> FixPlan {
    plan_up_to(folder, rule, Safety::Review)
}

/// The text of a file as a plan would write it, as it is where the plan leaves it.
fn after<'p>(plan: &'p FixPlan, path: &str) -> Option<&'p str> {
    plan.patches.iter().find(|patch| patch.path.as_str() == path).map(|patch| patch.after.text())
}

fn paths(plan: &FixPlan) -> Vec<&str> {
    plan.patches.iter().map(|patch| patch.path.as_str()).collect()
}

const SUBCHART_POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: db}\nspec:\n  hostNetwork: {{ .Values.hostNetwork }}\n  containers:\n    - name: db\n      image: db:1.0.0\n      {{- with .Values.securityContext }}\n      securityContext:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n";

#[test]
fn a_subcharts_values_are_set_under_its_alias() {
    let metadata = "apiVersion: v2\nname: web\nversion: 0.1.0\nappVersion: \"1.2.3\"\ndependencies:\n- {name: db, alias: store, version: 1.0.0}\n";
    let folder = chart(&[
        ("web/Chart.yaml", metadata),
        ("web/values.yaml", "image: {repository: a, tag: \"1\"}\nprivileged: false\nresources: {}\n"),
        ("web/charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.0\n"),
        ("web/charts/db/values.yaml", "hostNetwork: true\nsecurityContext: {}\n"),
        ("web/charts/db/templates/pod.yaml", SUBCHART_POD),
    ]);
    for (rule, line) in [
        ("host-network", "  hostNetwork: false"),
        ("privilege-escalation", "    allowPrivilegeEscalation: false"),
    ] {
        let plan = plan(folder.path(), rule);
        let values = after(&plan, "web/values.yaml").unwrap_or_default();
        assert!(
            values.contains("\nstore:\n") && values.contains(line),
            "{rule}: {:?} {values}",
            plan.withheld
        );
    }
}

/// A pod whose second container is there by a value, with mounts of its own; the volumes are all of the pod's.
const RELOADED: &str = r#"apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: alerts
spec:
  selector:
    matchLabels: {app: alerts}
  template:
    metadata:
      labels: {app: alerts}
    spec:
      containers:
        {{- if .Values.reload.enabled }}
        - name: reload
          image: nginx:1.27.0
          {{- with .Values.reload.extraVolumeMounts }}
          volumeMounts:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          securityContext:
            {{- toYaml .Values.reload.securityContext | nindent 12 }}
        {{- end }}
        - name: alerts
          image: registry.example/alerts:1.0.0
          securityContext: {readOnlyRootFilesystem: true}
      {{- with .Values.extraVolumes }}
      volumes:
        {{- toYaml . | nindent 8 }}
      {{- end }}
"#;

#[test]
fn a_mount_is_never_written_without_its_volume() {
    let values = "image: {repository: a, tag: \"1\"}\nprivileged: false\nresources: {}\nextraVolumes: []\nreload:\n  enabled: false\n  extraVolumeMounts: []\n  securityContext: {}\n";
    let folder = chart(&[
        ("web/values.yaml", values),
        ("web/templates/alerts.yaml", RELOADED),
        ("web/ci/reload-values.yaml", "reload:\n  enabled: true\n"),
    ]);
    let plan = plan(folder.path(), "writable-root-filesystem");
    for patch in &plan.patches {
        let text = patch.after.text();
        for mount in text.lines().filter(|line| line.contains("reload-")) {
            let name = mount.trim_start_matches([' ', '-']).trim_start_matches("name: ");
            assert_eq!(text.matches(name).count() % 2, 0, "{}: {text}", patch.path);
        }
    }
    assert!(after(&plan, "web/ci/reload-values.yaml").is_none(), "{:?}", paths(&plan));
}

#[test]
fn a_value_set_holds_only_what_it_says_itself() {
    let values =
        "image: {repository: a, tag: \"1\"}\nprivileged: false\nresources: {}\nsecurityContext: {}\n";
    let set = "securityContext:\n  runAsNonRoot: true\n";
    let folder = chart(&[("web/values.yaml", values), ("web/ci/a-values.yaml", set)]);
    let plan = plan(folder.path(), "privilege-escalation");
    let own = after(&plan, "web/values.yaml").unwrap_or_default();
    assert!(own.contains("securityContext:\n  allowPrivilegeEscalation: false"), "{own}");
    assert!(!paths(&plan).contains(&"web/ci/a-values.yaml"), "{:?}", paths(&plan));
}

#[test]
fn what_only_a_value_set_lacks_is_written_where_all_have_it() {
    // Only with the set is there a second pod that lacks it.
    let pod = "{{- if .Values.extra.enabled }}\napiVersion: v1\nkind: Pod\nmetadata: {name: extra}\nspec:\n  containers:\n    - name: extra\n      image: registry.example/extra:1.0.0\n      securityContext:\n        {{- toYaml .Values.extra.securityContext | nindent 8 }}\n{{- end }}\n";
    let values = "image: {repository: a, tag: \"1\"}\nprivileged: false\nresources: {}\nextra:\n  enabled: false\n  securityContext: {}\n";
    let set = "extra:\n  enabled: true\n  securityContext:\n    runAsNonRoot: true\n";
    let folder = chart(&[
        ("web/values.yaml", values),
        ("web/ci/a-values.yaml", set),
        ("web/templates/extra.yaml", pod),
    ]);
    let plan = plan(folder.path(), "privilege-escalation");
    let own = after(&plan, "web/values.yaml").unwrap_or_default();
    assert!(own.contains("    allowPrivilegeEscalation: false"), "{own}");
    assert!(!paths(&plan).contains(&"web/ci/a-values.yaml"), "{:?}", paths(&plan));
}

#[test]
fn a_volumes_name_holds_no_release() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n    - name: {{ .Release.Name }}-shop\n      image: nginx:1.27.0\n      volumeMounts:\n        - name: data\n          mountPath: /data\n    - name: side\n      image: nginx:1.27.0\n      volumeMounts:\n        - name: data\n          mountPath: /data\n  volumes:\n    - name: data\n      emptyDir: {}\n";
    let folder = chart(&[("web/templates/shop.yaml", text)]);
    let plan = plan(folder.path(), "writable-root-filesystem");
    let text = after(&plan, "web/templates/shop.yaml").unwrap_or_default();
    assert!(text.contains("mountPath: /var/cache/nginx"), "{text} {:?}", plan.withheld);
    assert!(!text.contains("release-name"), "{text}");
    assert!(text.contains("- name: tmp\n") && text.contains("- name: side-tmp\n"), "{text}");
}

/// A pod of which one container is an agent on its node and the other is not.
fn agents(kind: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: logs, namespace: ops}}\nspec:\n  selector:\n    matchLabels: {{app: logs}}\n  template:\n    metadata:\n      labels: {{app: logs}}\n    spec:\n      containers:\n        - name: agent\n          image: otel/opentelemetry-collector-contrib:0.157.0\n        - name: reloader\n          image: example.org/reloader:1.0\n"
    )
}

#[test]
fn what_is_said_of_a_pod_is_as_risky_as_for_any_of_its_containers() {
    let folder = repository(&[("logs.yaml", &agents("DaemonSet"))]);
    let engine = audit(folder.path());
    let plan_of = |max_safety| {
        let accepts = |id: &str| id == "missing-seccomp";
        Planner::new(&engine).plan(&FixOrder::Rules { accepts: &accepts, max_safety }).unwrap()
    };
    assert!(plan_of(Safety::Safe).patches.is_empty(), "{:?}", plan_of(Safety::Safe).patches);
    assert_eq!(paths(&plan_of(Safety::Review)), ["logs.yaml"]);
    let folder = chart(&[("web/templates/logs.yaml", &agents("DaemonSet"))]);
    let safe = plan_up_to(folder.path(), "missing-seccomp", Safety::Safe);
    assert!(!paths(&safe).contains(&"web/templates/logs.yaml"), "{:?}", paths(&safe));
    assert!(paths(&plan(folder.path(), "missing-seccomp")).contains(&"web/templates/logs.yaml"));
}

#[test]
fn the_account_of_a_pods_known_image_is_that_of_its_pod() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: ci}\nspec:\n  securityContext: {runAsUser: 1000, fsGroup: 1000}\n  containers:\n    - name: jenkins\n      image: jenkins/jenkins:2.492.1\n      securityContext: {runAsUser: 1000}\n    - name: reload\n      image: kiwigrid/k8s-sidecar:1.30.7\n";
    let folder = repository(&[("ci.yaml", pod)]);
    let engine = audit(folder.path());
    assert_eq!(places(&engine, "low-uid"), Vec::<String>::new());
    let accepts = |id: &str| ["missing-run-as-group", "low-uid"].contains(&id);
    let order = FixOrder::Rules { accepts: &accepts, max_safety: Safety::Review };
    let plan = Planner::new(&engine).plan(&order).unwrap();
    let text = after(&plan, "ci.yaml").unwrap_or_default();
    assert!(text.contains("runAsGroup: 1000") && !text.contains("65534"), "{text}");
}

fn staged(folder: &Path) -> Vec<StagedGroup> {
    let engine = audited_part(folder, "web");
    let keys: Vec<FindingKey> =
        engine.audited_paths().flat_map(|path| engine.open_findings(path)).map(|(key, _)| key).collect();
    let mut groups = Vec::new();
    assert!(
        Planner::new(&engine).plan_stage(&keys, FixRisk::MayBreak, &mut |planned, _| groups.extend(planned))
    );
    groups
}

#[test]
fn each_change_of_a_chart_is_of_the_fixes_that_make_it() {
    let folder = chart(&[]);
    let groups = staged(folder.path());
    let group = groups.iter().find(|group| !group.patches.is_empty()).unwrap();
    let mut alone = 0;
    for patch in &group.patches {
        for block in &patch.blocks {
            assert!(!block.fixes.is_empty(), "{}: {:?}", patch.patch.path, block.block);
            assert!(block.fixes.len() < group.fixes.len(), "{}: {:?}", patch.patch.path, block.block);
            alone += usize::from(block.fixes.len() == 1);
        }
    }
    assert!(alone > 0);
    // Another rule wants the same line.
    let values = group.patches.iter().find(|patch| patch.patch.path.file_name() == "values.yaml").unwrap();
    let line = values.patch.after.text().lines().position(|line| line == "privileged: false").unwrap();
    let block = values.blocks.iter().find(|block| block.block.after.contains(&line)).unwrap();
    let rules: Vec<&str> = block.fixes.iter().map(|at| group.fixes[*at].key.rule).collect();
    assert!(rules.contains(&"privilege-escalation") && !rules.contains(&"missing-seccomp"), "{rules:?}");
}

/// An init container of root, which no value set brings in, keeps the kubelet from refusing its pod.
#[test]
fn nothing_is_said_for_a_whole_pod_that_may_have_a_container_of_root() {
    let template = "apiVersion: v1\nkind: Pod\nmetadata: {name: db}\nspec:\n  securityContext:\n    fsGroup: 2000\n  {{- if .Values.permissions }}\n  initContainers:\n    - name: own\n      image: busybox:1.36.1\n      command: [chown, \"12000\", /data]\n      securityContext:\n        runAsUser: 0\n  {{- end }}\n  containers:\n    - name: db\n      image: db:1.0.0\n      securityContext:\n        runAsUser: 12000\n";
    let made = |template: &str| {
        let folder =
            chart(&[("web/values.yaml", "permissions: false\n"), ("web/templates/pod.yaml", template)]);
        let plan = plan(folder.path(), "may-run-as-root");
        after(&plan, "web/templates/pod.yaml").map(str::to_owned).unwrap_or_default()
    };
    let apart = made(template);
    assert!(apart.contains("\n        runAsNonRoot: true\n"), "{apart}");
    let alone = made(&template.replace("        runAsUser: 0\n", "        privileged: false\n"));
    assert!(alone.contains("\n    runAsNonRoot: true\n"), "{alone}");
}
