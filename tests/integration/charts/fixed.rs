//! What is written into a chart: values where they reach, else lines of the template, and nothing that renders otherwise.

use std::path::Path;

use seaworthy::fix::{FixOrder, FixPlan, Planner};

use super::{audited, audited_part, chart};

fn plan(folder: &Path, rule: &str) -> FixPlan {
    let engine = audited_part(folder, "web");
    let accepts = |id: &str| id == rule;
    Planner::new(&engine)
        .plan(&FixOrder::Rules { accepts: &accepts, max_safety: seaworthy::finding::Safety::Review })
        .unwrap()
}

/// The lines that a plan takes out and puts in, by file.
fn changes(plan: &FixPlan) -> Vec<String> {
    let mut lines = Vec::new();
    for patch in &plan.patches {
        let (before, after) = (patch.before.text(), patch.after.text());
        let diff = similar::TextDiff::from_lines(before, after);
        for change in diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal) {
            let name = patch.path.file_name();
            lines.push(format!("{name} {}{}", change.tag(), change.value().trim_end()));
        }
    }
    lines
}

#[test]
fn an_empty_value_that_reaches_the_container_is_filled() {
    let folder = chart(&[]);
    let plan = plan(folder.path(), "privilege-escalation");
    let changes = changes(&plan);
    assert!(changes.contains(&"values.yaml -securityContext: {}".to_owned()), "{changes:#?}");
    assert!(changes.contains(&"values.yaml +  allowPrivilegeEscalation: false".to_owned()), "{changes:#?}");
    assert!(!changes.iter().any(|line| line.starts_with("deployment.yaml")), "{changes:#?}");
    let values = plan.patches.iter().find(|patch| patch.path.file_name() == "values.yaml").unwrap();
    assert!(values.after.text().contains("  # runAsNonRoot: true\n"), "comments stay");
}

#[test]
fn a_wrong_value_is_replaced_where_it_is_written() {
    let folder = chart(&[]);
    let plan = plan(folder.path(), "privileged-container");
    let lines = changes(&plan);
    assert_eq!(lines, ["values.yaml -privileged: true", "values.yaml +privileged: false"]);
}

#[test]
fn where_no_value_reaches_lines_are_written_into_the_template() {
    let folder = chart(&[]);
    let plan = plan(folder.path(), "missing-seccomp");
    let lines = changes(&plan);
    assert!(lines.contains(&"side.yaml +        seccompProfile:".to_owned()), "{lines:#?}");
    assert!(lines.contains(&"side.yaml +          type: RuntimeDefault".to_owned()), "{lines:#?}");
}

#[test]
fn a_line_goes_above_the_only_key_of_a_pod() {
    let folder = chart(&[]);
    let plan = plan(folder.path(), "service-account-token-mounted");
    let mut lines = changes(&plan);
    lines.sort();
    let [deployment, side] =
        ["      ", "  "].map(|indent| format!("{indent}automountServiceAccountToken: false"));
    assert_eq!(lines, [format!("deployment.yaml +{deployment}"), format!("side.yaml +{side}")]);
    for (patch, line) in plan.patches.iter().zip([deployment, side]) {
        let above = format!("spec:\n{line}\n");
        assert!(patch.after.text().contains(&above), "{}", patch.after.text());
    }
}

const ACCOUNT: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: own\nautomountServiceAccountToken: {{ .Values.account.mounted }}\n";

/// A pod that runs as the account.
fn pod_of_account(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\nspec:\n  serviceAccountName: own\n  containers:\n    - name: {name}\n      image: registry.example/{name}:1.0.0\n"
    )
}

#[test]
fn the_accounts_own_value_keeps_the_token_from_all_that_run_as_it() {
    let values = "account:\n  mounted: true\nimage: {}\nprivileged: false\n";
    let (one, other) = (pod_of_account("one"), pod_of_account("other"));
    let files = [
        ("web/values.yaml", values),
        ("web/templates/account.yaml", ACCOUNT),
        ("web/templates/deployment.yaml", &one),
        ("web/templates/side.yaml", &other),
    ];
    let plan = plan(chart(&files).path(), "service-account-token-mounted");
    assert_eq!(changes(&plan), ["values.yaml -  mounted: true", "values.yaml +  mounted: false"]);
}

#[test]
fn a_value_of_the_account_that_a_value_set_overrules_is_not_used() {
    let values = "account:\n  mounted: true\nimage: {}\nprivileged: false\n";
    let one = pod_of_account("one");
    let files = [
        ("web/values.yaml", values),
        ("web/ci/token-values.yaml", "account:\n  mounted: true\n"),
        ("web/templates/account.yaml", ACCOUNT),
        ("web/templates/deployment.yaml", &one),
        ("web/templates/side.yaml", ""),
    ];
    let plan = plan(chart(&files).path(), "service-account-token-mounted");
    assert_eq!(changes(&plan), ["deployment.yaml +  automountServiceAccountToken: false"]);
}

#[test]
fn a_fix_made_twice_is_made_once() {
    let folder = chart(&[]);
    let engine = audited_part(folder.path(), "web");
    let order = FixOrder::Rules { accepts: &|_| true, max_safety: seaworthy::finding::Safety::Review };
    let plan = Planner::new(&engine).plan(&order).unwrap();
    assert!(!plan.patches.is_empty());
    let root = folder.path().canonicalize().unwrap();
    for patch in &plan.patches {
        std::fs::write(patch.path.to_absolute(&root), patch.after.text()).unwrap();
    }
    let again = Planner::new(&audited_part(folder.path(), "web")).plan(&order).unwrap();
    assert!(again.patches.is_empty(), "{:#?}", changes(&again));
}

#[test]
fn a_value_set_that_says_otherwise_is_mended_in_its_own_file() {
    // With the other set, the value that is edited is replaced as a whole, so the finding would stand there.
    let folder = chart(&[("web/ci/own-values.yaml", "securityContext: null\n")]);
    let plan = plan(folder.path(), "privilege-escalation");
    let lines = changes(&plan);
    for line in [
        "values.yaml +  allowPrivilegeEscalation: false",
        "own-values.yaml -securityContext: null",
        "own-values.yaml +  allowPrivilegeEscalation: false",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:#?}");
    }
    assert!(!lines.iter().any(|line| line.starts_with("deployment.yaml")), "{lines:#?}");
}

#[test]
fn a_setting_of_the_container_counts_where_another_value_set_would_set_its_pods() {
    // Only with the other set there is a second container, for which the pod's setting would be changed.
    let pod = "      {{- with .Values.podSecurityContext }}\n      securityContext:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n";
    let more = format!(
        "{GUARDED_CONTEXT}        {{{{- if .Values.more }}}}\n        - name: b\n          image: registry.example/b:1.0.0\n        {{{{- end }}}}\n"
    );
    let folder = chart(&[
        (
            "web/values.yaml",
            "image: {repository: a, tag: \"1\"}\npodSecurityContext: {}\nsecurityContext: {}\nmore: false\nresources: {}\nprivileged: false\n",
        ),
        ("web/ci/more-values.yaml", "more: true\n"),
        ("web/templates/set.yaml", &workload("StatefulSet", pod, &more)),
    ]);
    let plan = plan(folder.path(), "missing-seccomp");
    let engine = audited_part(folder.path(), "web").with_patches(&plan.patches);
    // What only the other set has is no reason to say in that set what it does not say.
    let paths = engine.audited_paths().filter(|path| path.as_str().ends_with("set.yaml"));
    let open =
        paths.flat_map(|path| engine.open_findings(path)).filter(|(key, _)| key.rule == "missing-seccomp");
    let left: Vec<_> = open.filter_map(|(key, _)| key.subject.container).collect();
    assert!(!left.iter().any(|name| &**name == "a"), "{left:?} {:#?}", changes(&plan));
    assert!(!plan.patches.iter().any(|patch| patch.path.as_str().contains("/ci/")), "{:#?}", changes(&plan));
}

#[test]
fn who_cannot_be_mended_is_told_what_stands_in_the_way() {
    let agent = workload(
        "DaemonSet",
        "      hostPID: true\n      hostNetwork: true\n",
        &format!("{GUARDED_CONTEXT}          command: [mount, /dev/sda, /mnt]\n"),
    );
    let folder = chart(&[
        (
            "web/values.yaml",
            "image: {repository: a, tag: \"1\"}\nsecurityContext: {}\nresources: {}\nprivileged: false\n",
        ),
        ("web/templates/set.yaml", &workload("StatefulSet", "", GUARDED_CONTEXT)),
        ("web/templates/agent.yaml", &agent),
    ]);
    let plan = plan(folder.path(), "capabilities-not-dropped");
    let reason = plan.withheld.iter().find(|(key, _)| key.path.as_str().ends_with("set.yaml"));
    let (_, reason) = reason.unwrap_or_else(|| panic!("{plan:#?}"));
    assert_eq!(reason, "what reaches it changes DaemonSet/daemonset too: edit it by hand");
}

#[test]
fn a_pod_that_needs_its_token_with_other_values_keeps_it() {
    let bound = "{{- if .Values.strict }}\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: web\n  \
        namespace: here\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}\nsubjects:\n  - kind: ServiceAccount\n    \
        name: web\n    namespace: here\n{{- end }}\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: alone\n  namespace: here\nspec:\n  serviceAccountName: web\n  \
        containers:\n    - name: a\n      image: registry.example/a:1\n";
    let folder = chart(&[
        ("web/values.yaml", "strict: false\nprivileged: false\nimage: {}\n"),
        ("web/ci/strict-values.yaml", "strict: true\n"),
        ("web/templates/bound.yaml", bound),
        ("web/templates/alone.yaml", pod),
    ]);
    let plan = plan(folder.path(), "service-account-token-mounted");
    let reason = plan.withheld.iter().find(|(key, _)| key.path.as_str().ends_with("alone.yaml"));
    let (_, reason) = reason.unwrap_or_else(|| panic!("{plan:#?}"));
    assert_eq!(reason, "what reaches it changes Pod/alone with strict-values.yaml too: edit it by hand");
    assert!(!plan.patches.iter().any(|patch| patch.path.as_str().ends_with("alone.yaml")));
}

#[test]
fn a_fix_that_another_value_set_would_undo_is_not_written_there() {
    // The same, in a file that is signed as a whole.
    let signed = "securityContext: null\nsops:\n  mac: ENC[AES256_GCM,data:x,type:str]\n";
    let folder = chart(&[("web/ci/own-values.yaml", signed)]);
    let plan = plan(folder.path(), "privilege-escalation");
    let lines = changes(&plan);
    assert!(
        !lines.iter().any(|line| line.contains("deployment.yaml") || line.contains("securityContext")),
        "{lines:#?}"
    );
}

#[test]
fn an_object_that_carries_the_values_themselves_follows_and_is_named() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: settings}\ndata:\n  values.yaml: {{ .Values | toYaml | b64enc }}\n";
    let folder = chart(&[("web/templates/secret.yaml", secret)]);
    let plan = plan(folder.path(), "missing-cpu-limit");
    let lines = changes(&plan);
    assert!(lines.contains(&"values.yaml +    cpu: 500m".to_owned()), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.starts_with("deployment.yaml")), "{lines:#?}");
    assert_eq!(
        plan.cautions,
        ["Secret/settings holds a copy of the chart's values, which changes with them"]
    );
    // What it makes of them is another change: nothing tells what reads it.
    let counted = secret.replace("| b64enc", "| len | quote");
    let folder = chart(&[("web/templates/secret.yaml", &counted)]);
    let lines = changes(&self::plan(folder.path(), "missing-cpu-limit"));
    assert!(!lines.iter().any(|line| line.starts_with("values.yaml")), "{lines:#?}");
}

#[test]
fn a_container_that_a_file_of_the_chart_spells_out_is_mended_by_the_values_that_the_file_reads() {
    let container = "name: box\nimage: registry.example/box:1.0.0\n{{- with .Values.box }}\nresources:\n  {{- toYaml .resources | nindent 2 }}\n{{- end }}\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: box}\nspec:\n  containers:\n    - {{ tpl (.Files.Get \"files/box.yaml\") . | fromYaml | toYaml | nindent 6 }}\n";
    let values = format!("{}box:\n  resources: {{}}\n", super::VALUES);
    let folder = chart(&[
        ("web/values.yaml", &values),
        ("web/files/box.yaml", container),
        ("web/templates/box.yaml", pod),
    ]);
    let in_values = changes(&plan(folder.path(), "missing-cpu-limit"));
    assert!(in_values.contains(&"values.yaml -  resources: {}".to_owned()), "{in_values:#?}");
    assert!(!in_values.iter().any(|line| line.starts_with("box.yaml")), "{in_values:#?}");
    // Where no value reaches, the file is a place, too.
    let in_file = changes(&plan(folder.path(), "privilege-escalation"));
    assert!(in_file.contains(&"box.yaml +  allowPrivilegeEscalation: false".to_owned()), "{in_file:#?}");
}

#[test]
fn one_value_that_feeds_the_containers_of_a_loop_and_another_is_written_once() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: jobs}\nspec:\n  containers:\n    {{- range list \"a\" \"b\" }}\n    - name: {{ . }}\n      image: registry.example/job:1.0.0\n      {{- with $.Values.jobs.securityContext }}\n      securityContext:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n    {{- end }}\n    - name: last\n      image: registry.example/last:1.0.0\n      {{- with .Values.jobs.securityContext }}\n      securityContext:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n";
    let values = format!("{}jobs:\n  securityContext: {{}}\n", super::VALUES);
    let folder = chart(&[("web/values.yaml", &values), ("web/templates/jobs.yaml", pod)]);
    let lines = changes(&plan(folder.path(), "privilege-escalation"));
    assert!(lines.contains(&"values.yaml -  securityContext: {}".to_owned()), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.starts_with("jobs.yaml")), "{lines:#?}");
}

#[test]
fn a_subcharts_value_is_set_in_its_parents_section() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: db}\nspec:\n  hostNetwork: {{ .Values.hostNetwork }}\n  containers:\n    - name: db\n      image: db:1.0.0\n";
    let folder = chart(&[
        ("web/charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.0\n"),
        ("web/charts/db/values.yaml", "hostNetwork: true\n"),
        ("web/charts/db/templates/pod.yaml", pod),
    ]);
    let plan = plan(folder.path(), "host-network");
    let paths: Vec<_> = plan.patches.iter().map(|patch| patch.path.as_str()).collect();
    assert_eq!(paths, ["web/values.yaml"], "and no file of the subchart's own");
    let lines = changes(&plan);
    assert_eq!(lines, ["values.yaml +db:", "values.yaml +  hostNetwork: false"]);
}

#[test]
fn of_a_whole_repository_values_are_written_and_templates_only_where_the_chart_is_named() {
    let folder = chart(&[]);
    let engine = audited(folder.path());
    let order = FixOrder::Rules {
        accepts: &|rule| rule == "missing-seccomp",
        max_safety: seaworthy::finding::Safety::Review,
    };
    let plan = Planner::new(&engine).plan(&order).unwrap();
    assert_eq!(plan.patches.iter().map(|patch| patch.path.as_str()).collect::<Vec<_>>(), ["web/values.yaml"]);
    let (key, chart) = &plan.left_to_charts()[0];
    assert_eq!((key.path.as_str(), chart.as_str()), ("web/templates/side.yaml", "web"));
    assert!(plan.withheld.is_empty());
    // A person who asks for one finding has named it.
    let alone = Planner::new(&engine).plan(&FixOrder::Findings(std::slice::from_ref(key))).unwrap();
    assert_eq!(alone.patches[0].path.as_str(), "web/templates/side.yaml");
}

/// A workload of that kind with one container, whose lines follow.
fn workload(kind: &str, pod: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: {{app: a}}}}\n  template:\n    metadata: {{labels: {{app: a}}}}\n    spec:\n{pod}      containers:\n        - name: a\n          image: registry.example/a:1.0.0\n{container}",
        name = kind.to_lowercase()
    )
}

const GUARDED_CONTEXT: &str = "          {{- with .Values.securityContext }}\n          securityContext:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}\n";
const SHARED_CONTEXT: &str =
    "          securityContext:\n            {{- toYaml .Values.shared | nindent 12 }}\n";

#[test]
fn a_value_that_feeds_several_containers_is_written_where_all_of_them_want_it() {
    let of_kind = |kind: &str| {
        format!(
            "{{{{- if eq .Values.kind \"{kind}\" }}}}\n{}{{{{- end }}}}\n",
            workload(kind, "", SHARED_CONTEXT)
        )
    };
    let (one, other) = (of_kind("StatefulSet"), of_kind("DaemonSet"));
    let folder = chart(&[
        (
            "web/values.yaml",
            "image: {repository: a, tag: \"1\"}\nkind: StatefulSet\nshared: {}\nresources: {}\nprivileged: false\n",
        ),
        ("web/ci/node-values.yaml", "kind: DaemonSet\n"),
        ("web/templates/set.yaml", &one),
        ("web/templates/daemon.yaml", &other),
    ]);
    let lines = changes(&plan(folder.path(), "privilege-escalation"));
    assert!(lines.contains(&"values.yaml -shared: {}".to_owned()), "{lines:#?}");
    assert!(
        !lines.iter().any(|line| line.starts_with("set.yaml") || line.starts_with("daemon.yaml")),
        "{lines:#?}"
    );
}

#[test]
fn what_a_chart_has_a_switch_for_is_switched_on_for_all_that_lack_it() {
    let pod = "      securityContext:\n        runAsNonRoot: true\n        {{- if .Values.seccompProfile.enable }}\n        seccompProfile:\n          type: {{ .Values.seccompProfile.type }}\n        {{- end }}\n";
    let values = "image: {repository: a, tag: \"1\"}\nresources: {}\nprivileged: false\nseccompProfile:\n  # Kubernetes 1.19 or later.\n  enable: false\n  type: RuntimeDefault\n";
    let folder = chart(&[
        ("web/values.yaml", values),
        ("web/templates/set.yaml", &workload("StatefulSet", pod, "")),
        ("web/templates/daemon.yaml", &workload("DaemonSet", pod, "")),
    ]);
    let lines = changes(&plan(folder.path(), "missing-seccomp"));
    let switched: Vec<&String> = lines.iter().filter(|line| line.contains("enable")).collect();
    assert_eq!(switched, ["values.yaml -  enable: false", "values.yaml +  enable: true"], "{lines:#?}");
    assert!(!lines.iter().any(|line| line.starts_with("set.yaml") || line.starts_with("daemon.yaml")));
    // A switch that would write something else is left alone.
    std::fs::write(folder.path().join("web/values.yaml"), values.replace("RuntimeDefault", "Unconfined"))
        .unwrap();
    let lines = changes(&plan(folder.path(), "missing-seccomp"));
    assert!(!lines.iter().any(|line| line.contains("enable: true")), "{lines:#?}");
}

#[test]
fn a_value_that_would_break_another_container_is_left_alone() {
    let agent = workload(
        "DaemonSet",
        "      hostPID: true\n      hostNetwork: true\n",
        &format!("{SHARED_CONTEXT}          command: [mount, /dev/sda, /mnt]\n"),
    );
    let plain = workload("StatefulSet", "", SHARED_CONTEXT);
    let folder = chart(&[
        (
            "web/values.yaml",
            "image: {repository: a, tag: \"1\"}\nshared: {}\nresources: {}\nprivileged: false\n",
        ),
        ("web/templates/set.yaml", &plain),
        ("web/templates/agent.yaml", &agent),
    ]);
    let plan = plan(folder.path(), "capabilities-not-dropped");
    let lines = changes(&plan);
    assert!(plan.breaking_fixes.iter().any(|fix| fix.key.path.as_str().ends_with("agent.yaml")), "{plan:?}");
    assert!(
        !lines.iter().any(|line| line.contains("shared") || line.starts_with("agent.yaml")),
        "{lines:#?}"
    );
}

#[test]
fn values_are_reached_through_variables_and_dots() {
    let by_variable =
        workload("StatefulSet", "", "          resources: {{- toYaml $app.resources | nindent 12 }}\n");
    let by_dot = workload(
        "DaemonSet",
        "",
        "          {{- with .Values.node }}\n          resources: {{- toYaml .resources | nindent 12 }}\n          {{- end }}\n",
    );
    let folder = chart(&[
        (
            "web/values.yaml",
            "image: {repository: a, tag: \"1\"}\nserver:\n  resources: {}\nnode:\n  resources: {}\nresources: {limits: {cpu: 1, memory: 1Gi}}\nprivileged: false\n",
        ),
        ("web/templates/set.yaml", &format!("{{{{- $app := .Values.server }}}}\n{by_variable}")),
        ("web/templates/daemon.yaml", &by_dot),
    ]);
    let lines = changes(&plan(folder.path(), "missing-cpu-limit"));
    assert_eq!(lines.iter().filter(|line| *line == "values.yaml -  resources: {}").count(), 2, "{lines:#?}");
    assert!(
        !lines.iter().any(|line| line.starts_with("set.yaml") || line.starts_with("daemon.yaml")),
        "{lines:#?}"
    );
}

#[test]
fn a_checksum_that_follows_from_a_value_is_no_other_change() {
    let pod = "      # The pod starts anew with its values.\n";
    let text = workload("StatefulSet", pod, SHARED_CONTEXT).replace(
        "    metadata: {labels: {app: a}}",
        "    metadata:\n      labels: {app: a}\n      annotations: {checksum/values: '{{ toYaml .Values | sha256sum }}'}",
    );
    let folder = chart(&[
        (
            "web/values.yaml",
            "image: {repository: a, tag: \"1\"}\nshared: {}\nresources: {}\nprivileged: false\n",
        ),
        ("web/templates/set.yaml", &text),
    ]);
    let lines = changes(&plan(folder.path(), "privilege-escalation"));
    assert!(lines.contains(&"values.yaml -shared: {}".to_owned()), "{lines:#?}");
}

#[test]
fn bounds_are_written_the_way_round_in_which_a_chart_has_them() {
    let by_key =
        "          resources:\n            limits:\n              cpu: {{ .Values.a.resources.cpu.limit }}\n";
    let folder = chart(&[
        (
            "web/values.yaml",
            "image: {repository: a, tag: \"1\"}\na:\n  resources:\n    cpu:\n      limit:\nresources: {limits: {cpu: 1}}\nprivileged: false\n",
        ),
        ("web/templates/set.yaml", &workload("StatefulSet", "", by_key)),
    ]);
    let lines = changes(&plan(folder.path(), "missing-cpu-limit"));
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("values.yaml")).collect::<Vec<_>>(),
        ["values.yaml -      limit:", "values.yaml +      limit: 500m"]
    );
}

#[test]
fn a_mount_and_its_volume_are_written_above_those_that_the_template_has() {
    let pod = "      volumes:\n        - name: data\n          emptyDir: {}\n        {{- with .Values.volumes }}\n        {{- toYaml . | nindent 8 }}\n        {{- end }}\n";
    let container = "          securityContext:\n            {{- toYaml .Values.shared | nindent 12 }}\n          volumeMounts:\n            - name: data\n              mountPath: /data\n";
    let text = workload("StatefulSet", pod, container).replace("registry.example/a:1.0.0", "nginx:1.27.0");
    let folder = chart(&[
        (
            "web/values.yaml",
            "image: {repository: a, tag: \"1\"}\nshared: {}\nresources: {}\nprivileged: false\n",
        ),
        ("web/ci/more-values.yaml", "volumes: [{name: more, emptyDir: {}}]\n"),
        ("web/templates/set.yaml", &text),
    ]);
    let lines = changes(&plan(folder.path(), "writable-root-filesystem"));
    assert!(lines.contains(&"values.yaml +  readOnlyRootFilesystem: true".to_owned()), "{lines:#?}");
    let of_template = |start: &str| {
        let start = format!("set.yaml +{start}");
        lines.iter().filter_map(|line| line.strip_prefix(&start)).collect::<Vec<_>>()
    };
    assert_eq!(of_template("        - name: "), ["a-var-run", "a-var-cache-nginx", "a-tmp"], "{lines:#?}");
    assert_eq!(
        of_template("              mountPath: "),
        ["/var/run", "/var/cache/nginx", "/tmp"],
        "{lines:#?}"
    );
}

#[test]
fn no_key_is_written_that_a_branch_would_write_again() {
    let guarded = "          {{- if .Values.special }}\n          resources: {{ toYaml .Values.special | nindent 12 }}\n          {{- end }}\n";
    let folder = chart(&[
        (
            "web/values.yaml",
            "image: {repository: a, tag: \"1\"}\nresources: {limits: {cpu: 1}}\nprivileged: false\n",
        ),
        ("web/templates/set.yaml", &workload("StatefulSet", "", guarded)),
    ]);
    let plan = plan(folder.path(), "missing-cpu-limit");
    assert!(!changes(&plan).iter().any(|line| line.starts_with("set.yaml")), "{:#?}", changes(&plan));
    assert!(
        plan.withheld.iter().any(|(key, _)| key.path.as_str().ends_with("set.yaml")),
        "{:?}",
        plan.withheld
    );
}

#[test]
fn a_volume_and_its_mount_are_written_in_one_place() {
    // The values take volumes, and no mounts.
    let pod = "      volumes:\n        {{- toYaml .Values.volumes | nindent 8 }}\n";
    let container = "          volumeMounts:\n            - name: data\n              mountPath: /data\n";
    let text = workload("StatefulSet", pod, container).replace("registry.example/a:1.0.0", "nginx:1.27.0");
    let folder = chart(&[
        (
            "web/values.yaml",
            "image: {repository: a, tag: \"1\"}\nvolumes:\n  - name: data\n    emptyDir: {}\nresources: {}\nprivileged: false\n",
        ),
        ("web/templates/set.yaml", &text),
    ]);
    let lines = changes(&plan(folder.path(), "writable-root-filesystem"));
    assert!(
        !lines.iter().any(|line| line.starts_with("set.yaml") && line.contains("mountPath")),
        "{lines:#?}"
    );
    assert!(
        !lines.iter().any(|line| line.starts_with("values.yaml") && line.contains("emptyDir")),
        "{lines:#?}"
    );
}
