//! What the commands in a manifest call shows root, capabilities and set-user-id programs.

use seaworthy::finding::Severity;
use seaworthy::needs::{NeedCertainty, NeedKind};
use seaworthy::repo::RelPath;

use super::{audit_texts, deployment, found, found_in_spec, pod_needs};

fn capability(name: &str) -> NeedKind {
    NeedKind::Capability(name.to_owned())
}

fn shown(line: usize) -> Vec<(NeedCertainty, Vec<String>)> {
    vec![(NeedCertainty::Shown, vec![format!("deploy.yaml:{line}")])]
}

#[test]
fn chown_is_found_in_a_list_a_block_and_a_hook() {
    let list = "initContainers:\n- name: own\n  image: busybox:1.36.1\n  command: [\"sh\", \"-c\", \"chown -R 20500 /data\"]\n";
    assert_eq!(found_in_spec(list, &capability("CHOWN")), shown(12));
    assert_eq!(found_in_spec(list, &NeedKind::RootStart), shown(12));
    let block = "containers:\n- name: web\n  image: registry.example/web:1\n  command:\n  - /bin/bash\n  - -ec\n  - |\n    set -e\n    # chown is next\n    if [ -d /srv ]; then\n      chgrp app /srv/*\n    fi\n    exec web\n";
    assert_eq!(found_in_spec(block, &capability("CHOWN")), shown(19));
    let hook = "containers:\n- name: db\n  image: registry.example/db:1\n  lifecycle:\n    postStart:\n      exec:\n        command: [install, -o, db, -d, /run/db]\n";
    assert_eq!(found_in_spec(hook, &capability("CHOWN")), shown(15));
}

#[test]
fn a_word_that_nothing_runs_shows_nothing() {
    for script in [
        "echo chown -R app /data",
        "true # chown -R app /data",
        "command -v chown && exec web",
        "cat <<EOF > /tmp/x\\nchown -R app /data\\nEOF\\nexec web",
        "chown --help",
    ] {
        let spec = format!(
            "containers:\n- name: web\n  image: registry.example/web:1\n  command: [sh, -c, \"{script}\"]\n"
        );
        assert_eq!(found_in_spec(&spec, &capability("CHOWN")), [], "{script}");
        assert_eq!(found_in_spec(&spec, &NeedKind::RootStart), [], "{script}");
    }
}

#[test]
fn a_process_that_is_not_root_has_no_capability_to_lose() {
    for (who, expected) in [("runAsUser: 20500", 0), ("runAsNonRoot: true", 0), ("runAsUser: 0", 1)] {
        let spec = format!(
            "containers:\n- name: web\n  image: registry.example/web:1\n  securityContext: {{{who}}}\n  command: [chown, app, /data]\n"
        );
        assert_eq!(found_in_spec(&spec, &capability("CHOWN")).len(), expected, "{who}");
    }
}

#[test]
fn each_tool_takes_its_own() {
    for (call, kind) in [
        ("ping -c1 gateway", capability("NET_RAW")),
        ("iptables -t nat -A PREROUTING -j ACCEPT", capability("NET_ADMIN")),
        ("ip link set eth0 mtu 1400", capability("NET_ADMIN")),
        ("mount -t nfs server:/ /mnt", capability("SYS_ADMIN")),
        ("modprobe wireguard", capability("SYS_MODULE")),
        ("sysctl -w vm.max_map_count=262144", NeedKind::NodeAccess),
        ("nsenter -t 1 -m -- systemctl restart x", NeedKind::NodeAccess),
        ("setcap cap_net_raw+ep /bin/x", capability("SETFCAP")),
        ("gosu app server", capability("SETUID")),
        ("exec su-exec app server", capability("SETGID")),
        ("setpriv --reuid=1000 --clear-groups server", capability("SETUID")),
        ("sudo -E service start", NeedKind::SetUserId),
        ("apt-get update", NeedKind::RootStart),
        ("apk add --no-cache curl", NeedKind::RootStart),
        ("useradd -u 1 x", NeedKind::RootStart),
        ("apk add --no-cache curl", NeedKind::OccupiedPath("/usr".to_owned())),
        ("pip install requests", NeedKind::OccupiedPath("/usr".to_owned())),
        ("npm install -g serve", NeedKind::OccupiedPath("/usr".to_owned())),
        ("useradd -u 1 x", NeedKind::OccupiedPath("/etc".to_owned())),
        ("unshare -r sh", NeedKind::UserNamespaces),
        ("bwrap --ro-bind / / web", NeedKind::UserNamespaces),
    ] {
        let spec = format!(
            "containers:\n- name: web\n  image: registry.example/web:1\n  command: [sh, -c, \"{call}\"]\n"
        );
        assert_eq!(found_in_spec(&spec, &kind), shown(12), "{call}");
    }
    for call in ["ip addr show", "sysctl -n vm.swappiness", "setpriv --no-new-privs server", "apk info"] {
        let spec = format!(
            "containers:\n- name: web\n  image: registry.example/web:1\n  command: [sh, -c, \"{call}\"]\n"
        );
        for kind in [NeedKind::RootStart, NeedKind::NodeAccess, capability("NET_ADMIN")] {
            assert_eq!(found_in_spec(&spec, &kind), [], "{call}");
        }
    }
}

#[test]
fn a_failure_that_is_taken_in_its_stride_is_only_likely() {
    let spec = "containers:\n- name: web\n  image: registry.example/web:1\n  command: [sh, -c, \"chown app /data || true; exec web\"]\n";
    let place = vec!["deploy.yaml:12".to_owned()];
    assert_eq!(found_in_spec(spec, &capability("CHOWN")), [(NeedCertainty::Likely, place)]);
}

#[test]
fn a_capability_whose_program_is_known_is_only_told() {
    for (added, command, severity, lists) in [
        ("[NET_ADMIN]", "iptables -A INPUT -j DROP", Severity::Info, "needed: `NET_ADMIN`"),
        ("[NET_ADMIN, SYS_TIME]", "iptables -A INPUT -j DROP", Severity::High, "given `SYS_TIME`"),
        ("[CHOWN]", "exec web", Severity::Medium, "given `CHOWN`"),
    ] {
        let text = deployment(&format!(
            "containers:\n- name: web\n  image: registry.example/web:1\n  command: [sh, -c, \"{command}\"]\n  securityContext: {{capabilities: {{add: {added}}}}}\n"
        ));
        let engine = audit_texts(&[("deploy.yaml", &text)]);
        let path = RelPath::from("deploy.yaml");
        let found = engine.findings_in(&path).find(|finding| finding.rule == "added-capabilities").unwrap();
        assert_eq!(found.severity, severity, "{added}");
        assert!(found.message.contains(lists), "{}", found.message);
        assert_eq!(found.available_fix().is_some(), severity != Severity::Info);
    }
}

#[test]
fn the_image_s_own_start_counts_unless_a_command_takes_its_place() {
    let dockerfile = "FROM debian:12.8-slim\nCOPY x /x\nCMD [\"sh\", \"-c\", \"sudo /x && exec web\"]\n";
    for (command, count) in [("", 1), ("  command: [/x]\n", 0), ("  command: [sudo, /x]\n", 1)] {
        let text =
            deployment(&format!("containers:\n- name: web\n  image: registry.example/web:1\n{command}"));
        let files = [("web/deploy.yaml", text.as_str()), ("web/Dockerfile", dockerfile)];
        let needs = found(&pod_needs(&files, "Deployment/app"), &files, &NeedKind::SetUserId);
        assert_eq!(needs.len(), count, "{command}: {needs:?}");
    }
}

#[test]
fn an_option_is_no_program_and_a_secret_is_not_quoted() {
    let option =
        "containers:\n- name: web\n  image: registry.example/web:1\n  args: [--unit=system/kubelet]\n";
    assert_eq!(found_in_spec(option, &NeedKind::NodeAccess), []);
    let call = "mount -t cifs -o username=a,password=hunter2 //server/x /mnt";
    let text = deployment(&format!(
        "containers:\n- name: web\n  image: registry.example/web:1\n  command: [sh, -c, \"{call}\"]\n"
    ));
    let needs = pod_needs(&[("deploy.yaml", &text)], "Deployment/app");
    let texts: Vec<String> = needs.of_all().map(|need| format!("{need:?}")).collect();
    assert!(!texts.is_empty() && !texts.concat().contains("hunter2"), "{texts:?}");
}
