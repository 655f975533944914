//! What the rules on manifests say beyond firing: how severe, where, of what, and what their fixes require.

use seaworthy::finding::{Edit, Finding, PodEdit, Severity};
use seaworthy::yaml::display_path;

use crate::support::{audit, findings, repository, store};

/// The findings of one rule on a pod whose container has this security context.
fn on_context(rule: &str, context: &str) -> Vec<Finding> {
    let text = format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: tides}}\nspec:\n  containers:\n  - name: api\n    securityContext: {context}\n"
    );
    on(rule, &text)
}

fn on(rule: &str, text: &str) -> Vec<Finding> {
    let root = repository(&[("pod.yaml", text)]);
    findings(root.path()).into_iter().filter(|finding| finding.rule == rule).collect()
}

/// A fix's changes of the pod, in short: `securityContext.privileged=false`, `-securityContext.procMount`.
fn changes(finding: &Finding) -> Vec<String> {
    let edits = finding.edits().iter().filter_map(|edit| match edit {
        Edit::Pod { edit, .. } => Some(edit),
        _ => None,
    });
    let short = edits.filter_map(|edit| match edit {
        PodEdit::SetField { path, to, .. } => {
            Some(format!("{}={}", display_path(path), serde_yaml::to_string(to).unwrap().trim()))
        }
        PodEdit::RemoveField { path, .. } => Some(format!("-{}", display_path(path))),
        _ => None,
    });
    short.collect()
}

#[test]
fn a_profile_that_no_privileged_container_gets_is_said_to_be_none() {
    for (context, told) in [
        (
            "{privileged: true}",
            "container `api` has no seccomp profile, and gets none while it is privileged",
        ),
        ("{privileged: false}", "container `api` has no seccomp profile"),
    ] {
        assert_eq!(on_context("missing-seccomp", context)[0].message, told);
    }
}

#[test]
fn capabilities_beyond_baseline_weigh_more() {
    for (add, severity) in [
        ("[CHOWN]", Severity::Medium),
        ("[CHOWN, NET_BIND_SERVICE]", Severity::Medium),
        ("[CHOWN, NET_ADMIN]", Severity::High),
    ] {
        let found = on_context("added-capabilities", &format!("{{capabilities: {{add: {add}}}}}"));
        assert_eq!(found[0].severity, severity, "{add}");
    }
}

#[test]
fn all_capabilities_but_one_are_taken_away() {
    let found =
        on_context("added-capabilities", "{capabilities: {add: [SYS_TIME, NET_BIND_SERVICE, CHOWN]}}");
    let items = ["-securityContext.capabilities.add[0]", "-securityContext.capabilities.add[2]"];
    assert_eq!(changes(&found[0]), items);
    let found = on_context("added-capabilities", "{capabilities: {add: [SYS_TIME]}}");
    assert_eq!(changes(&found[0]), ["-securityContext.capabilities.add"]);
}

#[test]
fn a_user_namespace_makes_an_unmasked_proc_milder() {
    let text = |own: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nspec:\n  hostUsers: {own}\n  containers:\n  - name: api\n    securityContext: {{procMount: Unmasked}}\n"
        )
    };
    assert_eq!(on("unmasked-proc", &text("true"))[0].severity, Severity::High);
    assert_eq!(on("unmasked-proc", &text("false"))[0].severity, Severity::Medium);
}

#[test]
fn no_escalation_takes_with_it_what_the_api_server_refuses_beside_it() {
    let found =
        on_context("privilege-escalation", "{privileged: true, capabilities: {add: [CHOWN, SYS_ADMIN]}}");
    let expected = ["securityContext.privileged=false", "-securityContext.capabilities.add[1]"];
    assert_eq!(changes(&found[0]), expected);
    assert!(changes(&on_context("privilege-escalation", "{privileged: false}")[0]).is_empty());
}

#[test]
fn a_file_name_goes_with_the_profile_that_it_belongs_to() {
    let found =
        on_context("unconfined-seccomp", "{seccompProfile: {type: Unconfined, localhostProfile: a.json}}");
    let expected = [
        "securityContext.seccompProfile.type=RuntimeDefault",
        "-securityContext.seccompProfile.localhostProfile",
    ];
    assert_eq!(changes(&found[0]), expected);
}

#[test]
fn host_processes_end_in_all_containers_at_once() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n  os: {name: windows}\n  securityContext:\n    windowsOptions: {hostProcess: true}\n  containers:\n  - name: api\n    securityContext:\n      windowsOptions: {hostProcess: true}\n";
    for rule in ["windows-host-process", "host-network"] {
        for finding in on(rule, text) {
            let ends = "securityContext.windowsOptions.hostProcess=false";
            assert_eq!(changes(&finding).iter().filter(|change| *change == ends).count(), 2, "{rule}");
        }
    }
}

#[test]
fn a_label_is_taken_away_without_its_level() {
    let found = on_context("custom-selinux", "{seLinuxOptions: {user: system_u, type: spc_t, level: s0}}");
    let expected = ["-securityContext.seLinuxOptions.user", "-securityContext.seLinuxOptions.type"];
    assert_eq!(changes(&found[0]), expected);
    let found = on_context("custom-selinux", "{seLinuxOptions: {type: spc_t}}");
    assert_eq!(changes(&found[0]), ["-securityContext.seLinuxOptions"]);
}

#[test]
fn root_is_shut_out_by_both_doors() {
    let found = on_context("root-user", "{runAsUser: 0, runAsNonRoot: false}");
    let Some(fix) = found[0].available_fix() else { panic!("it has a fix") };
    assert_eq!(fix.edits.len(), 2);
}

#[test]
fn what_the_pod_says_is_fixed_for_all_who_take_it() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  securityContext: {runAsUser: 101}\n  containers:\n  - name: a\n  - name: b\n  - name: c\n    securityContext: {runAsUser: 43122}\n";
    let found = on("low-uid", text);
    let [finding] = found.as_slice() else { panic!("one finding, the pod's") };
    assert_eq!(finding.subject.container, None);
    let Some(fix) = finding.available_fix() else { panic!("it has a fix") };
    assert_eq!(fix.edits.len(), 2);
}

#[test]
fn a_secret_is_shown_by_its_first_two_characters() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tides}\ndata:\n  DB_PASSWORD: hunter2\n  API_KEY: zebra99\n";
    let found = on("secret-in-env", text);
    let [finding] = found.as_slice() else { panic!("one finding for the object") };
    assert!(finding.message.contains("`hu…`") && finding.message.contains("API_KEY"), "{}", finding.message);
    assert!(!finding.message.contains("hunter") && !finding.message.contains("zebra"));
    assert_eq!(finding.subject.object.as_deref(), Some("ConfigMap/tides"));
    assert_eq!(finding.span.slice(text), "hunter2");
}

#[test]
fn a_finding_stands_at_the_value_that_is_wrong() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  hostPID: true\n  volumes:\n  - name: run\n    hostPath: {path: /run}\n  containers:\n  - name: api\n    ports:\n    - containerPort: 80\n      hostPort: 8080\n    livenessProbe: {tcpSocket: {host: db.example, port: 1}}\n";
    for (rule, value) in [
        ("host-pid", "true"),
        ("host-path", "/run"),
        ("container-socket-mount", "/run"),
        ("host-port", "8080"),
        ("probe-host", "db.example"),
        ("missing-readiness-probe", "api"),
    ] {
        assert_eq!(on(rule, text)[0].span.slice(text), value, "{rule}");
    }
}

#[test]
fn a_repeated_key_leaves_the_file_audited() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tides}\ndata: {}\ndata: {}\n";
    let root = repository(&[("map.yaml", text)]);
    let store = store(&audit(root.path()));
    assert_eq!(store.files().next().unwrap().status.name(), "audited");
    let found = on("duplicate-key", text);
    assert_eq!((found[0].severity, found[0].span.slice(text)), (Severity::Medium, "data"));
}

#[test]
fn broken_syntax_is_shown_where_something_can_be_seen() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tides\n";
    let found = on("invalid-syntax", text);
    assert!(!found[0].span.is_empty() && found[0].span.end <= text.len());
}

#[test]
fn a_file_that_cannot_be_read_is_a_finding_at_its_start() {
    let root = repository(&[]);
    std::fs::write(root.path().join("Dockerfile"), b"FROM a\nLABEL by=\xff\n").unwrap();
    let found = findings(root.path());
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((finding.rule, finding.span.start, finding.span.end), ("unaudited-file", 0, 0));
}

#[test]
fn a_file_that_is_too_large_is_a_finding_too() {
    let beginning = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tides}\ndata:\n";
    let root = repository(&[("map.yaml", &(beginning.to_owned() + &"  # tide\n".repeat(1_000_000)))]);
    let found = findings(root.path());
    assert_eq!(found.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["unaudited-file"]);
    assert!(found[0].message.contains("too large"), "{}", found[0].message);
}

#[test]
fn ambiguous_words_become_what_the_field_takes() {
    let text = "apiVersion: v1\nkind: Pod\nspec:\n  hostPID: off\n  containers:\n  - name: api\n    env:\n    - {name: A, value: yes}\n";
    let found = on("ambiguous-boolean", text);
    let to: Vec<_> = found
        .iter()
        .filter_map(|finding| match finding.edits() {
            [Edit::Value { to, .. }] => Some(to.clone()),
            _ => None,
        })
        .collect();
    assert_eq!(to, [serde_yaml::Value::from(false), serde_yaml::Value::from("yes")]);
}
