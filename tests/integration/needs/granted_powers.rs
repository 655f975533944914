//! What a manifest gives a container tells what its program does with it, and a finding about it follows.

use seaworthy::finding::Severity;
use seaworthy::needs::{NeedCertainty, NeedKind};
use seaworthy::repo::RelPath;

use super::{audit_texts, deployment, found_in_spec};
use crate::cli::{on, report};
use crate::support::repository;

fn spec(image: &str, context: &str) -> String {
    format!("containers:\n- name: app\n  image: {image}\n  securityContext: {{{context}}}\n")
}

fn on_file(name: &str) -> NeedKind {
    NeedKind::FileCapability(name.to_owned())
}

#[test]
fn what_a_process_that_is_not_root_is_given_stands_on_its_file() {
    let likely = vec![(NeedCertainty::Likely, vec!["deploy.yaml:12".to_owned()])];
    for (context, name) in [
        ("runAsUser: 10001, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}", "NET_BIND_SERVICE"),
        ("runAsNonRoot: true, capabilities: {add: [CAP_NET_RAW]}", "NET_RAW"),
        ("runAsUser: 1000, capabilities: {add: [CHOWN, SYS_PTRACE]}", "SYS_PTRACE"),
    ] {
        assert_eq!(
            found_in_spec(&spec("registry.example/app:1", context), &on_file(name)),
            likely,
            "{context}"
        );
    }
    for context in [
        "runAsUser: 0, capabilities: {add: [NET_RAW]}",
        "capabilities: {add: [NET_RAW]}",
        "runAsUser: 1000, capabilities: {add: [ALL]}",
        "runAsUser: 1000, capabilities: {drop: [NET_RAW]}",
    ] {
        assert_eq!(
            found_in_spec(&spec("registry.example/app:1", context), &on_file("NET_RAW")),
            [],
            "{context}"
        );
    }
}

fn added(spec: &str) -> (Severity, String) {
    let text = deployment(spec);
    let engine = audit_texts(&[("deploy.yaml", &text)]);
    let path = RelPath::from("deploy.yaml");
    let found = engine.findings_in(&path).find(|finding| finding.rule == "added-capabilities").unwrap();
    (found.severity, found.message.to_string())
}

/// Without them it stays root: they are no gift to take back.
#[test]
fn what_gives_root_up_where_it_may_keeps_what_it_gives_root_up_with() {
    let drops = "capabilities: {drop: [ALL], add: [CHOWN, SETGID, SETUID]}, readOnlyRootFilesystem: true";
    for image in ["redis:8.0-alpine", "redis:7.2.5", "valkey/valkey:8.0.1"] {
        let (severity, message) = added(&spec(image, drops));
        assert!(severity == Severity::Info && message.contains("needed"), "{image}: {message}");
    }
    let (severity, message) = added(&spec("rabbitmq:4.0.4", &drops.replace("CHOWN", "CHOWN, DAC_OVERRIDE")));
    assert!(severity == Severity::Info && message.contains("DAC_OVERRIDE"), "{message}");
    for (image, context) in [
        ("registry.example/redis:8", drops.to_owned()),
        ("redis:8.0-alpine", format!("runAsUser: 999, {drops}")),
        ("redis:8.0-alpine", drops.replace("CHOWN", "SYS_ADMIN")),
    ] {
        let (severity, message) = added(&spec(image, &context));
        assert!(severity > Severity::Info, "{image}: {message}");
    }
}

/// Its risk, what is said against it, and the text of its fix's diff.
fn risk_of(rule: &str, image: &str, context: &str) -> (String, String) {
    let report = report(repository(&[("deploy.yaml", &deployment(&spec(image, context)))]).path());
    let findings = report["findings"].as_array().unwrap();
    let fix = &findings.iter().find(|finding| finding["rule"] == rule).unwrap()["fix"];
    (fix["risk"].as_str().unwrap().to_owned(), fix.to_string())
}

/// Who drops all and gives some back has thought of each.
#[test]
fn what_was_given_back_where_all_is_dropped_is_a_decision() {
    let image = "registry.example/app:1";
    for context in [
        "capabilities: {drop: [ALL], add: [CHOWN, SETGID, SETUID]}",
        "capabilities: {drop: [all], add: [NET_ADMIN]}",
        "runAsUser: 0, capabilities: {drop: [NET_RAW, ALL], add: [CAP_SETUID]}",
    ] {
        let (risk, told) = risk_of("added-capabilities", image, context);
        assert!(risk == "will-break" && told.contains("drops all and is given"), "{context}: {told}");
    }
    for context in [
        "capabilities: {drop: [NET_RAW], add: [CHOWN]}",
        "capabilities: {add: [CHOWN]}",
        "runAsUser: 1000, capabilities: {drop: [ALL], add: [CHOWN]}",
        "capabilities: {drop: [ALL], add: [ALL]}",
    ] {
        let (risk, told) = risk_of("added-capabilities", image, context);
        assert_eq!(risk, "may-break", "{context}: {told}");
    }
}

/// Runtimes take `all` for `ALL`: the word that Pod Security knows is added, and nothing is lost by it.
#[test]
fn all_in_small_letters_is_joined_by_all_in_capitals() {
    for (context, written) in [
        ("capabilities: {drop: [all], add: [CHOWN]}", "drop: [all, ALL], add: [CHOWN]"),
        ("capabilities: {drop: [NET_RAW, \"All\"]}", "ALL]}}"),
    ] {
        let (risk, told) = risk_of("capabilities-not-dropped", "redis:8.0-alpine", context);
        assert!(risk == "none" && told.contains("dropped already"), "{context}: {told}");
        let root = repository(&[("deploy.yaml", &deployment(&spec("redis:8.0-alpine", context)))]);
        on(root.path(), &["fix", "--rule", "capabilities-not-dropped", "--review"]);
        let fixed = std::fs::read_to_string(root.path().join("deploy.yaml")).unwrap();
        assert!(fixed.contains(written), "{fixed}");
    }
}

#[test]
fn a_set_user_id_program_is_found_in_commands_and_hooks() {
    let with = |command: &str| {
        format!("containers:\n- name: app\n  image: registry.example/app:1\n  command: {command}\n")
    };
    let hook = "containers:\n- name: app\n  image: registry.example/app:1\n  lifecycle:\n    preStop:\n      exec:\n        command: [doas, /sbin/stop]\n".to_owned();
    for spec in [with("[sudo, -u, app, /app]"), with("[bash, -c, \"cd /x && sudo -E ./run\"]"), hook] {
        assert_eq!(found_in_spec(&spec, &NeedKind::SetUserId).len(), 1, "{spec}");
    }
    for spec in [with("[sh, -c, \"echo sudo ./run\"]"), with("[sh, -c, \"command -v sudo || exec ./run\"]")] {
        assert_eq!(found_in_spec(&spec, &NeedKind::SetUserId), [], "{spec}");
    }
}

/// The server of NFS is the kernel's: a container that is privileged for it works on its node.
#[test]
fn a_privileged_server_of_nfs_works_on_its_node() {
    let server = |ports: &str, privileged: &str| {
        format!(
            "containers:\n- name: nfs\n  image: registry.example/nfs:1\n  ports: [{ports}]\n  securityContext: {{privileged: {privileged}}}\n"
        )
    };
    for ports in
        ["{name: nfs, containerPort: 2049}", "{containerPort: 111}, {containerPort: 2049, protocol: UDP}"]
    {
        let found = found_in_spec(&server(ports, "true"), &NeedKind::NodeAccess);
        assert_eq!(found, [(NeedCertainty::Shown, vec!["deploy.yaml:12".to_owned()])], "{ports}");
    }
    for (ports, privileged) in [("{containerPort: 2049}", "false"), ("{containerPort: 8080}", "true")] {
        assert_eq!(found_in_spec(&server(ports, privileged), &NeedKind::NodeAccess), [], "{ports}");
    }
}

#[test]
fn an_image_that_is_privileged_by_design_is_so_for_sure_where_it_is_privileged() {
    for (image, context, certainty) in [
        ("docker:27.3.1-dind", "privileged: true", NeedCertainty::Shown),
        ("docker:27.3.1-dind", "privileged: false", NeedCertainty::Likely),
        ("docker:27.3.1-dind", "runAsUser: 0", NeedCertainty::Likely),
    ] {
        let found = found_in_spec(&spec(image, context), &NeedKind::NodeAccess);
        assert_eq!(found, [(certainty, vec!["deploy.yaml:11".to_owned()])], "{context}");
    }
    assert_eq!(found_in_spec(&spec("redis:7.2.5", "privileged: true"), &NeedKind::NodeAccess), []);
}

/// A root that becomes read-only closes what the program writes over its own files, unless a volume holds them.
#[test]
fn a_read_only_root_is_weighed_against_files_that_each_start_rewrites() {
    let risk = |image: &str, mounted: &str| {
        let spec = format!(
            "containers:\n- name: db\n  image: {image}\n  volumeMounts: [{{name: v, mountPath: {mounted}}}]\nvolumes: [{{name: v, configMap: {{name: v}}}}]\n"
        );
        let report = report(repository(&[("deploy.yaml", &deployment(&spec))]).path());
        let findings = report["findings"].as_array().unwrap();
        let found = findings.iter().find(|finding| finding["rule"] == "writable-root-filesystem").unwrap();
        (found["fix"]["risk"].as_str().unwrap().to_owned(), found["fix"]["cautions"].to_string())
    };
    for (image, path) in [("cassandra:5.0.2", "/etc/cassandra"), ("apache/kafka:3.9.0", "/opt/kafka/config")]
    {
        let (certain, cautions) = risk(image, "/elsewhere");
        assert!(certain == "will-break" && cautions.contains(path), "{image}: {certain}: {cautions}");
        let (held, cautions) = risk(image, path);
        assert!(held == "may-break" && !cautions.contains(path), "{image}: {held}: {cautions}");
    }
    let (certain, cautions) = risk("docker.elastic.co/elasticsearch/elasticsearch:8.16.1", "/elsewhere");
    assert!(certain == "may-break" && cautions.contains("its keystore"), "{certain}: {cautions}");
    let (certain, cautions) = risk("postgres:16.4", "/elsewhere");
    assert!(certain == "may-break" && !cautions.contains("files of its own"), "{certain}: {cautions}");
}
