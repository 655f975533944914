//! What a fix says and brings where the user of a program changes, or the program is another than the image's own.

use seaworthy::finding::{FixRisk, Safety, Severity};
use seaworthy::fix::{FixOrder, Planner};
use seaworthy::needs::NeedKind;

use super::{audit_texts, deployment, found_in_spec, risk_of};

/// What the fixes of a rule write to the manifest.
fn fixed(files: &[(&str, &str)], rule: &str) -> String {
    let engine = audit_texts(files);
    let order = FixOrder::Rules {
        accepts: &|own| rule.split(' ').any(|rule| rule == own),
        max_safety: Safety::Review,
    };
    let plan = Planner::new(&engine).plan(&order).unwrap();
    let patch = plan.patches.iter().find(|patch| patch.path.as_str() == "deploy.yaml");
    patch.unwrap_or_else(|| panic!("{plan:#?}")).after.text().to_owned()
}

fn mount_paths(text: &str) -> Vec<&str> {
    text.lines().filter_map(|line| line.split_once("mountPath: ")).map(|(_, path)| path).collect()
}

/// The mounts that come with the user of a pod whose image is built here on nginx.
fn mounts_beside_user(rule: &str, more: &str) -> Vec<String> {
    let build = "FROM docker.io/library/nginx:1.27.3\nCOPY site /usr/share/nginx/html\n";
    let manifest = deployment(&format!("containers:\n- name: web\n  image: ghcr.io/acme/web:1.2.3\n{more}"));
    let files = [
        ("web/Dockerfile", build),
        ("deploy.yaml", manifest.as_str()),
        ("compose.yaml", "services:\n  web:\n    image: ghcr.io/acme/web:1.2.3\n    build: ./web\n"),
    ];
    mount_paths(&fixed(&files, rule)).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_new_user_gets_the_folders_that_only_root_may_write_in_the_image() {
    for rule in ["may-run-as-root", "missing-run-as-user"] {
        assert_eq!(mounts_beside_user(rule, ""), ["/var/cache/nginx", "/var/run"], "{rule}");
    }
    let mounted =
        "  volumeMounts:\n  - name: run\n    mountPath: /run\nvolumes:\n- {name: run, emptyDir: {}}\n";
    assert_eq!(mounts_beside_user("may-run-as-root", mounted), ["/run", "/var/cache/nginx"]);
    // A read-only root brings the same folders.
    let both = mounts_beside_user("may-run-as-root writable-root-filesystem", "");
    assert_eq!(both, ["/var/cache/nginx", "/var/run", "/tmp"]);
    // Who starts something else than the image's own program needs none of them.
    let none: [&str; 0] = [];
    assert_eq!(mounts_beside_user("may-run-as-root", "  command: [sleep, infinity]\n"), none);
}

#[test]
fn capabilities_of_a_start_as_root_are_none_of_another_user() {
    let spec = |user: &str| {
        deployment(&format!(
            "containers:\n- name: web\n  image: docker.io/library/nginx:1.27.3\n  securityContext:\n    {user}\n    capabilities: {{drop: [ALL], add: [CHOWN, SETUID]}}\n"
        ))
    };
    let severity = |text: &str| {
        let engine = audit_texts(&[("deploy.yaml", text)]);
        let path = "deploy.yaml".into();
        let verdicts = engine.open_findings(&path);
        verdicts.iter().find(|(key, _)| key.rule == "added-capabilities").map(|(_, own)| own.severity)
    };
    assert_eq!(severity(&spec("runAsUser: 0")), Some(Severity::Info));
    assert_eq!(severity(&spec("runAsUser: 43100")), Some(Severity::Medium));
    let engine = audit_texts(&[("deploy.yaml", &spec("runAsUser: 43100"))]);
    assert_eq!(risk_of(&engine, "deploy.yaml", "added-capabilities").risk, FixRisk::MayBreak);
}

#[test]
fn a_volume_that_is_given_to_a_uid_is_closed_to_another() {
    let spec = "initContainers:\n- name: own\n  image: busybox:1.37.0\n  command: [chown, -R, \"1000:1000\", /srv/data]\n  \
                volumeMounts: [{name: data, mountPath: /srv/data}]\n\
                containers:\n- name: api\n  image: ghcr.io/acme/api:1.2.3\n  volumeMounts: [{name: data, mountPath: /srv/data}]\n\
                volumes: [{name: data, emptyDir: {}}]\n";
    let manifest = deployment(spec);
    let compose = "services:\n  api:\n    image: ghcr.io/acme/api:1.2.3\n    build: ./api\n";
    let with_build = |build: &str| {
        let files =
            [("api/Dockerfile", build), ("deploy.yaml", manifest.as_str()), ("compose.yaml", compose)];
        risk_of(&audit_texts(&files), "deploy.yaml", "missing-run-as-user").risk
    };
    assert_eq!(with_build("FROM debian:12.8-slim\nUSER 0\nCMD [\"api\"]\n"), FixRisk::WillBreak);
}

#[test]
fn the_file_of_a_process_number_is_written() {
    let spec = "containers:\n- name: api\n  image: ghcr.io/acme/api:1.2.3\n  args: [app:app, --pid, /run/api/g.pid]\n";
    let kind = NeedKind::WrittenPath("/run/api".to_owned());
    assert_eq!(found_in_spec(spec, &kind).len(), 1);
    let other = spec.replace("--pid,", "--stupid,");
    assert!(found_in_spec(&other, &kind).is_empty());
}

#[test]
fn a_client_of_a_server_has_none_of_the_server_s_needs() {
    for (image, command) in [
        (
            "postgres:16.4",
            "[sh, -c, \"until pg_isready -h db; do sleep 1; done; pg_dump -h db app > /tmp/a\"]",
        ),
        ("mysql:8.0.36", "[mysql, -h, db]"),
    ] {
        let spec = format!("containers:\n- name: job\n  image: {image}\n  command: {command}\n");
        let after = fixed(&[("deploy.yaml", &deployment(&spec))], "writable-root-filesystem");
        assert_eq!(mount_paths(&after), ["/tmp"], "{after}");
        let engine = audit_texts(&[("deploy.yaml", &deployment(&spec))]);
        let risk = risk_of(&engine, "deploy.yaml", "writable-root-filesystem");
        assert!(!risk.cautions.iter().any(|caution| caution.text.contains(image)), "{risk:#?}");
    }
    for command in
        ["[docker-entrypoint.sh, mysqld]", "[mysqld]", "[sh, -c, \"mysql -h a; mysqld\"]", "[sh, /x.sh]"]
    {
        let spec = format!("containers:\n- name: db\n  image: mysql:8.0.36\n  command: {command}\n");
        let after = fixed(&[("deploy.yaml", &deployment(&spec))], "writable-root-filesystem");
        assert!(mount_paths(&after).contains(&"/var/lib/mysql"), "{command}: {after}");
    }
}

#[test]
fn a_pod_of_windows_takes_no_capability() {
    let spec = |os: &str| {
        format!(
            "{os}containers:\n- name: w\n  image: ghcr.io/acme/w:1.2.3\n  command: [ping, -t, localhost]\n"
        )
    };
    let kind = NeedKind::Capability("NET_RAW".to_owned());
    assert!(!found_in_spec(&spec(""), &kind).is_empty());
    assert!(found_in_spec(&spec("os: {name: windows}\n"), &kind).is_empty());
}

#[test]
fn who_works_on_the_node_may_do_so_without_its_shared_memory() {
    let spec = "hostIPC: true\nhostPID: true\ncontainers:\n- name: bench\n  image: ghcr.io/acme/bench:1.2.3\n  volumeMounts: [{name: lib, mountPath: /node}]\n\
                volumes: [{name: lib, hostPath: {path: /}}]\n";
    let engine = audit_texts(&[("deploy.yaml", &deployment(spec))]);
    assert_eq!(risk_of(&engine, "deploy.yaml", "host-ipc").risk, FixRisk::MayBreak);
}
