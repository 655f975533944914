//! What is said of a chart, and where it stands.

use seaworthy::audit::{AuditEngine, FileStatus};
use seaworthy::unit::{UnitKind, UnitStatus};

use super::{CHART, audited, chart, places};

fn status_of(engine: &AuditEngine, path: &str) -> FileStatus {
    engine.full_update().files.into_iter().find(|file| file.path.as_str() == path).unwrap().status
}

#[test]
fn a_wrong_value_stands_in_the_values() {
    let folder = chart(&[]);
    let engine = audited(folder.path());
    assert_eq!(places(&engine, "privileged-container"), ["web/values.yaml:9 Pod/release-name-web-side"]);
    let update = engine.full_update();
    let mut found = update.findings.values().flat_map(|list| list.iter());
    let key = found.find(|listed| listed.key.rule == "privileged-container").unwrap();
    assert_eq!(key.key.keys.as_deref(), Some("privileged"));
}

#[test]
fn what_a_container_lacks_stands_at_its_name_in_the_template() {
    let folder = chart(&[]);
    let engine = audited(folder.path());
    let missing = places(&engine, "missing-seccomp");
    assert!(
        missing.contains(&"web/templates/deployment.yaml:13 Deployment/release-name-web".to_owned()),
        "{missing:?}"
    );
}

#[test]
fn an_images_tag_stands_where_it_was_written() {
    let folder = chart(&[(
        "web/values.yaml",
        "image:\n  repository: registry.example/web\n  tag: latest\nresources: {}\nprivileged: false\n",
    )]);
    let engine = audited(folder.path());
    assert_eq!(places(&engine, "latest-tag"), ["web/values.yaml:3 Deployment/release-name-web"]);
}

#[test]
fn the_namespace_of_a_release_is_no_finding() {
    let folder = chart(&[]);
    assert!(places(&audited(folder.path()), "default-namespace").is_empty());
}

#[test]
fn a_finding_says_in_which_value_sets_it_stands() {
    let folder = chart(&[("web/ci/safe-values.yaml", "privileged: false\n")]);
    let engine = audited(folder.path());
    let update = engine.full_update();
    let mut found = update.findings.values().flat_map(|list| list.iter());
    let found = found.find(|listed| listed.key.rule == "privileged-container").unwrap();
    assert!(
        found.finding.message.ends_with("(with the chart's own values: in 1 of 2 value sets)"),
        "{}",
        found.finding.message
    );
    let units = engine.unit_table();
    let charts: Vec<_> = units.units().iter().filter(|unit| unit.key.kind == UnitKind::Chart).collect();
    assert_eq!(charts.len(), 2);
    assert_eq!(charts[1].key.values, ["web/ci/safe-values.yaml".into()]);
}

#[test]
fn an_account_counts_for_the_value_set_that_makes_it() {
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web\n  namespace: here\nautomountServiceAccountToken: {{ .Values.token }}\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: alone\n  namespace: here\nspec:\n  serviceAccountName: web\n  containers: [{name: a, image: \"registry.example/a:1\"}]\n";
    let folder = chart(&[
        ("web/values.yaml", "token: true\nprivileged: false\nimage: {}\n"),
        ("web/ci/no-token-values.yaml", "token: false\n"),
        ("web/templates/account.yaml", account),
        ("web/templates/alone.yaml", pod),
    ]);
    let engine = audited(folder.path());
    let update = engine.full_update();
    let mut found = update.findings.values().flat_map(|list| list.iter());
    let found = found.find(|listed| {
        listed.key.rule == "service-account-token-mounted"
            && listed.key.subject.object.as_deref() == Some("Pod/alone")
    });
    let message = found.map(|listed| listed.finding.message.to_string()).unwrap_or_default();
    assert!(message.ends_with("(with the chart's own values: in 1 of 2 value sets)"), "{message}");
}

#[test]
fn a_binding_and_a_policy_count_for_the_value_set_that_makes_them() {
    let bound = "{{- if .Values.strict }}\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: web\n  \
        namespace: here\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}\nsubjects:\n  - kind: ServiceAccount\n    \
        name: web\n    namespace: here\n---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: none\n  \
        namespace: here\nspec:\n  podSelector:\n    matchLabels: {app: other}\n{{- end }}\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: alone\n  namespace: here\nspec:\n  serviceAccountName: web\n  \
        containers: [{name: a, image: \"registry.example/a:1\"}]\n";
    let folder = chart(&[
        ("web/values.yaml", "strict: false\nprivileged: false\nimage: {}\n"),
        ("web/ci/strict-values.yaml", "strict: true\n"),
        ("web/templates/bound.yaml", bound),
        ("web/templates/alone.yaml", pod),
    ]);
    let engine = audited(folder.path());
    let messages = |rule: &str| -> Vec<String> {
        let update = engine.full_update();
        let found = update.findings.values().flat_map(|list| list.iter());
        let of_pod = found.filter(|listed| {
            listed.key.rule == rule && listed.key.subject.object.as_deref() == Some("Pod/alone")
        });
        of_pod.map(|listed| listed.finding.message.to_string()).collect()
    };
    let token = messages("service-account-token-mounted");
    assert_eq!(token.len(), 2, "{token:?}");
    let (used, unused): (Vec<_>, Vec<_>) = token.iter().partition(|message| message.contains("in use"));
    assert!(used[0].contains("(with strict-values.yaml: in 1 of 2 value sets)"), "{token:?}");
    assert!(unused[0].contains("(with the chart's own values: in 1 of 2 value sets)"), "{token:?}");
    let policy = messages("missing-network-policy");
    assert_eq!(policy.len(), 1, "{policy:?}");
    assert!(policy[0].contains("(with strict-values.yaml: in 1 of 2 value sets)"), "{policy:?}");
}

#[test]
fn a_template_used_for_three_objects_has_one_finding_a_place() {
    let loops = "{{- range list \"a\" \"b\" \"c\" }}\n---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ . }}\nspec:\n  \
        hostNetwork: true\n  containers:\n    - name: one\n      image: registry.example/one:1.0.0\n{{- end }}\n";
    let folder = chart(&[("web/templates/loop.yaml", loops)]);
    let engine = audited(folder.path());
    assert_eq!(places(&engine, "host-network"), ["web/templates/loop.yaml:8 Pod/a"]);
    let update = engine.full_update();
    let mut found = update.findings.values().flat_map(|list| list.iter());
    let found = found.find(|listed| listed.key.rule == "host-network").unwrap();
    assert_eq!(found.finding.placements.as_ref().map(|places| places.len()), Some(3));
}

#[test]
fn an_exception_in_a_comment_of_the_template_counts() {
    let line = "      containers:\n        - name: {{ .Chart.Name }}\n";
    let allowed = "      containers:\n        {{- /* seaworthy: allow missing-seccomp -- the node sets it */}}\n        - name: {{ .Chart.Name }}\n";
    let template = super::DEPLOYMENT.replace(line, allowed);
    assert_ne!(template, super::DEPLOYMENT);
    let folder = chart(&[("web/templates/deployment.yaml", &template)]);
    let engine = audited(folder.path());
    assert!(!places(&engine, "missing-seccomp").iter().any(|place| place.contains("deployment")));
    let suppressed = engine.suppressed_findings(&"web/templates/deployment.yaml".into());
    assert_eq!(suppressed[0].1.reason.as_deref(), Some("the node sets it"));
    let rendered = super::DEPLOYMENT.replace(line, "      containers:\n        # seaworthy: allow missing-seccomp -- because\n        - name: {{ .Chart.Name }}\n");
    let folder = chart(&[("web/templates/deployment.yaml", &rendered)]);
    assert!(
        !places(&audited(folder.path()), "missing-seccomp").iter().any(|place| place.contains("deployment"))
    );
}

#[test]
fn a_chart_that_lacks_a_dependency_is_partly_audited_in_helms_words() {
    let needy = format!(
        "{CHART}dependencies:\n  - name: db\n    version: 1.x\n    repository: https://charts.example\n"
    );
    let folder = chart(&[("web/Chart.yaml", &needy)]);
    let engine = audited(folder.path());
    assert!(!places(&engine, "missing-seccomp").is_empty(), "what renders is judged all the same");
    let report =
        engine.full_update().files.into_iter().find(|file| file.path.as_str() == "web/Chart.yaml").unwrap();
    let FileStatus::Partial(reason) = report.status else { panic!("{:?}", report.status) };
    assert!(reason.contains("found in Chart.yaml, but missing in charts/ directory: db"), "{reason}");
    let units = engine.unit_table();
    let unit = units.units().iter().find(|unit| unit.key.kind == UnitKind::Chart).unwrap();
    assert!(matches!(unit.status, UnitStatus::Partial(_)));
}

#[test]
fn a_template_that_is_refused_stops_no_other_and_the_chart_is_never_called_clean() {
    let broken = "a: {{ .Values.a.b.c }}\n";
    let unread = "a: {{ if }}\n";
    let folder = chart(&[("web/templates/broken.yaml", broken), ("web/templates/unread.yaml", unread)]);
    let engine = audited(folder.path());
    let status = |path: &str| status_of(&engine, path);
    let FileStatus::Partial(reason) = status("web/Chart.yaml") else {
        panic!("{:?}", status("web/Chart.yaml"))
    };
    assert!(reason.contains("templates/unread.yaml:1:10"), "{reason}");
    let FileStatus::Partial(reason) = status("web/templates/broken.yaml") else { panic!() };
    assert!(reason.contains("templates/broken.yaml:1:4") && reason.contains("literal text"), "{reason}");
    assert!(matches!(status("web/templates/unread.yaml"), FileStatus::Skipped(_)));
    let others = places(&engine, "missing-seccomp");
    assert!(others.iter().any(|place| place.starts_with("web/templates/deployment.yaml")), "{others:?}");
}

#[test]
fn what_a_template_says_outright_is_judged_where_it_does_not_render() {
    let pod = "\
apiVersion: v1
kind: Pod
metadata: {name: \"{{ include \"lost.name\" . }}\"}
spec:
  {{- if .Values.host }}
  hostNetwork: true
  {{- else }}
  hostPID: true
  {{- end }}
  containers:
    - name: a
      image: registry.example/a:latest
      securityContext:
        privileged: true
        runAsUser: {{ .Values.uid }}
    {{- range .Values.more }}
    - name: {{ .name }}
      image: {{ .image }}:latest
    {{- end }}
      # privileged: {{ .Values.privileged }}
";
    let folder = chart(&[("web/templates/lost.yaml", pod)]);
    let engine = audited(folder.path());
    let own = |rule: &str| {
        let all = places(&engine, rule).into_iter();
        all.filter(|place| place.starts_with("web/templates/lost.yaml")).collect::<Vec<_>>()
    };
    assert_eq!(own("host-network"), ["web/templates/lost.yaml:6 Pod/…"]);
    assert_eq!(own("host-pid"), ["web/templates/lost.yaml:8 Pod/…"], "the other branch");
    assert_eq!(own("privileged-container"), ["web/templates/lost.yaml:14 Pod/…"]);
    assert_eq!(
        own("latest-tag"),
        ["web/templates/lost.yaml:12 Pod/…"],
        "an image that a value decides is not judged"
    );
    for lacked in ["missing-seccomp", "missing-cpu-limit", "may-run-as-root", "writable-root-filesystem"] {
        assert!(own(lacked).is_empty(), "{lacked}");
    }
    let update = engine.full_update();
    let mut found = update.findings.values().flat_map(|list| list.iter());
    let found = found.find(|listed| listed.key.rule == "host-network").unwrap();
    assert!(
        found.finding.message.ends_with("(as written, where its branch is taken)"),
        "{}",
        found.finding.message
    );
    assert!(found.finding.fix.as_ref().is_err_and(|reason| reason.contains("no change of it can be proven")));
    let rows: Vec<_> = update.workloads.into_values().flatten().collect();
    assert!(
        rows.iter().all(|row| !row.path.as_str().ends_with("lost.yaml")),
        "no verdict on what is known in part"
    );
}

#[test]
fn a_chart_for_another_kubernetes_is_judged_all_the_same_and_partial() {
    let old = format!("{CHART}kubeVersion: \"<1.20.0\"\n");
    let folder = chart(&[("web/Chart.yaml", &old)]);
    let engine = audited(folder.path());
    assert!(!places(&engine, "missing-seccomp").is_empty());
    let FileStatus::Partial(reason) = status_of(&engine, "web/Chart.yaml") else { panic!() };
    assert!(reason.contains("chart requires kubeVersion: <1.20.0"), "{reason}");
}

#[test]
fn a_library_beside_the_chart_stands_in_for_one_that_is_not_there() {
    let needy =
        format!("{CHART}dependencies:\n  - name: lib\n    version: 1.x\n    repository: file://../lib\n");
    let lib = "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n";
    let helper = "{{- define \"lib.pod\" -}}\nhostPID: true\n{{- end }}\n";
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  {{- include \"lib.pod\" . | nindent 2 }}\n  containers:\n    - name: a\n      image: a:1.0.0\n";
    let folder = chart(&[
        ("web/Chart.yaml", &needy),
        ("lib/Chart.yaml", lib),
        ("lib/templates/_pod.tpl", helper),
        ("web/templates/pod.yaml", pod),
    ]);
    let engine = audited(folder.path());
    assert_eq!(places(&engine, "host-pid"), ["lib/templates/_pod.tpl:2 Pod/a"]);
}

#[test]
fn the_walk_offers_what_a_chart_renders_beside_plain_workloads() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: alone}\nspec:\n  containers:\n    - name: a\n      image: a:1.0.0\n";
    let folder = chart(&[("plain/pod.yaml", pod)]);
    let engine = audited(folder.path());
    let overview = seaworthy::walkthrough::compute_walk(&engine, None, &std::collections::BTreeMap::new());
    let apps: Vec<_> = overview.apps.iter().filter_map(|app| app.id.workload.clone()).collect();
    assert_eq!(
        apps.iter().map(|(path, object)| format!("{path} {object}")).collect::<Vec<_>>(),
        [
            "plain/pod.yaml Pod/alone",
            "web/templates/side.yaml Pod/release-name-web-side",
            "web/templates/deployment.yaml Deployment/release-name-web"
        ]
    );
}

#[cfg(unix)]
#[test]
fn no_chart_and_no_stand_in_is_read_through_a_link_that_leads_outside() {
    let outside = tempfile::TempDir::new().unwrap();
    let helper = outside.path().join("pod.tpl");
    std::fs::write(&helper, "{{- define \"lib.pod\" -}}\nhostPID: true\n{{- end }}\n").unwrap();
    let needy =
        format!("{CHART}dependencies:\n  - name: lib\n    version: 1.x\n    repository: file://../lib\n");
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  {{- include \"lib.pod\" . | nindent 2 }}\n  containers:\n    - name: a\n      image: a:1.0.0\n";
    let folder = chart(&[
        ("web/Chart.yaml", &needy),
        ("web/templates/pod.yaml", pod),
        ("lib/Chart.yaml", "apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n"),
        ("lib/templates/NOTES.txt", ""),
    ]);
    let link = |at: &str| std::os::unix::fs::symlink(&helper, folder.path().join(at)).unwrap();
    link("lib/templates/_pod.tpl");
    assert!(places(&audited(folder.path()), "host-pid").is_empty());
    link("web/templates/_pod.tpl");
    let engine = audited(folder.path());
    assert!(places(&engine, "host-pid").is_empty());
    let update = engine.full_update();
    let said = update.files.iter().filter_map(|file| file.status.reason());
    let said: Vec<&str> = said.filter(|reason| reason.contains("leads outside the repository")).collect();
    assert!(!said.is_empty(), "{:?}", update.files);
}
