//! What the table says of what well-known images need to start.

use std::collections::HashSet;

use super::reference;
use seaworthy::image::known::{
    ArgumentUse, FactEvidence, GroupZeroDesign, HostRole, ImageNeeds, RootDrop, RootStep, TokenUse,
    UidFreedom,
};

fn needs(text: &str) -> &'static ImageNeeds {
    ImageNeeds::find(&reference(text)).unwrap_or_else(|| panic!("{text} is in no row"))
}

#[test]
fn the_tag_decides_which_row_speaks() {
    let drops = |text: &str| needs(text).as_root.as_ref().map(|start| start.drops);
    assert_eq!(needs("redis:7.4-alpine").capabilities.start, ["CHOWN", "SETUID", "SETGID"]);
    assert!(needs("redis:8.2").capabilities.start.is_empty(), "it starts without, and stays root");
    assert_eq!(needs("redis:8.2"), needs("redis"));
    assert_eq!(drops("php:8.4-apache"), Some(RootDrop::Program));
    assert_eq!(drops("php:8.4-fpm-alpine"), Some(RootDrop::Program));
    assert_eq!(drops("php:8.4"), Some(RootDrop::No));
    assert_eq!(needs("gitea/gitea:1.24").other_uid.starts, UidFreedom::Fails);
    assert_eq!(needs("gitea/gitea:1.24-rootless").other_uid.starts, UidFreedom::Any);
    assert_eq!(drops("influxdb:2.7"), Some(RootDrop::Entrypoint));
    assert_eq!(drops("coredns/coredns:1.10.1"), Some(RootDrop::No));
    assert!(needs("coredns/coredns:1.10.1").file_capabilities.is_empty());
    assert_eq!(needs("coredns/coredns:1.11.0").file_capabilities[0].capabilities, ["NET_BIND_SERVICE"]);
    for other in ["influxdb:1.11", "influxdb:3-core"] {
        assert!(ImageNeeds::find(&reference(other)).is_none(), "{other}");
    }
}

/// Other builds of a program need what it needs, though nothing is said of whom they start as.
#[test]
fn an_image_is_found_by_every_address_it_has_today() {
    for (name, other) in [
        ("public.ecr.aws/docker/library/postgres:17", "postgres:17"),
        ("mirror.gcr.io/library/postgres:17", "postgres:17"),
        ("k8s.gcr.io/coredns/coredns:1.9.3", "coredns/coredns:1.9.3"),
        ("registry.k8s.io/etcd:3.5", "quay.io/coreos/etcd:3.5"),
        ("bitnamisecure/redis:latest", "bitnami/redis:latest"),
        ("codeberg.org/forgejo/forgejo:11", "gitea/gitea:11"),
        ("registry.opensource.zalan.do/acid/spilo-17:4.0", "ghcr.io/zalando/spilo-18:4.1"),
    ] {
        assert_eq!(needs(name), needs(other), "{name}");
    }
    assert_eq!(needs("bitnami/kubectl:1.33").api_token.need, TokenUse::Yes);
    assert_eq!(needs("bitnami/redis:8.0").api_token.need, TokenUse::No);
    for unknown in ["ghcr.io/acme/postgres:17", "acme/nginx", "example.com/library/nginx"] {
        assert!(ImageNeeds::find(&reference(unknown)).is_none(), "{unknown}");
    }
}

#[test]
fn a_digest_alone_does_not_tell_the_variant() {
    let digest = "sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1";
    let by_digest = |name: &str| ImageNeeds::find(&reference(&format!("{name}@{digest}")));
    assert!(by_digest("redis").is_none());
    assert!(by_digest("redis:7").is_some());
    assert!(by_digest("postgres").is_some());
}

#[test]
fn another_uid_is_allowed_refused_or_hangs_on_more_than_numbers() {
    let allows = |text: &str, uid, gid| needs(text).other_uid.allows(uid, gid);
    assert_eq!(allows("python:3.13", 10001, 10001), Some(true));
    assert_eq!(allows("apache/airflow:3.0.0", 10001, 10001), Some(false));
    assert_eq!(allows("apache/airflow:3.0.0", 10001, 0), Some(true));
    assert_eq!(needs("apache/airflow:3.0.0").group_zero.design, GroupZeroDesign::Required);
    assert_eq!(allows("sonatype/nexus3:3.80.0", 200, 200), Some(true));
    assert_eq!(allows("sonatype/nexus3:3.80.0", 10001, 200), Some(false));
    assert_eq!(allows("quay.io/cilium/cilium:v1.18.0", 10001, 0), Some(false));
    assert_eq!(allows("postgres:17", 999, 999), None, "its data folder decides");
}

#[test]
fn the_command_decides_whether_an_entrypoint_gives_root_up() {
    assert!(needs("postgres:17").prepares("postgres"));
    assert!(!needs("postgres:17").prepares("sh"));
    assert!(needs("mongo:8").prepares("mongosh"));
    assert!(!needs("redis:7").prepares("redis-sentinel"));
    assert!(needs("redis:8").prepares("redis-sentinel"), "of 8 every command");
    assert!(!needs("grafana/grafana:12.0.0").prepares("grafana"), "it never is root");
}

#[test]
fn what_a_restart_needs_is_told_apart() {
    let postgres = &needs("postgres:17").capabilities;
    assert_eq!(postgres.start, ["CHOWN", "SETUID", "SETGID"]);
    assert_eq!(postgres.restart, ["DAC_READ_SEARCH"]);
    assert!(postgres.non_root.is_empty());
    assert_eq!(postgres.evidence, FactEvidence::Derived, "nobody tried it");
    assert!(needs("docker:29-dind").capabilities.privileged);
    assert!(!needs("docker:29-cli").capabilities.privileged);
}

#[test]
fn capabilities_of_files_are_known() {
    let caddy = &needs("caddy:2").file_capabilities[0];
    assert_eq!(
        (&caddy.programs[..], &caddy.capabilities[..]),
        (&["/usr/bin/caddy"][..], &["NET_BIND_SERVICE"][..])
    );
    assert!(caddy.refuses && !caddy.set_at_start);
    let vault = &needs("hashicorp/vault:1.20").file_capabilities[0];
    assert!(vault.set_at_start && !vault.refuses);
    let vault = needs("hashicorp/vault:1.20").as_root.as_ref().expect("it starts as root");
    assert!(vault.does.contains(&RootStep::SetFileCapabilities));
    let consul = needs("hashicorp/consul:1.21").as_root.as_ref().expect("it starts as root");
    assert!(consul.unguarded, "it switches whatever it runs as");
    assert!(needs("moby/buildkit:rootless").escalation.is_some());
}

#[test]
fn an_empty_volume_hides_what_is_not_filled_again() {
    let hidden = |text: &str, mount: &str| -> Vec<&str> {
        needs(text).hidden_by(mount).map(|filled| filled.path).collect()
    };
    assert_eq!(hidden("cassandra:5", "/etc/cassandra"), ["/etc/cassandra"]);
    assert_eq!(hidden("cassandra:5", "/etc/"), ["/etc/cassandra"]);
    assert_eq!(hidden("nginx:1.29", "/"), ["/etc/nginx", "/usr/share/nginx/html"]);
    assert!(hidden("cassandra:5", "/etc/cassandra-more").is_empty());
    assert!(hidden("cassandra:5", "/var/lib/cassandra").is_empty());
    assert!(hidden("wordpress:6", "/var/www/html").is_empty(), "its entrypoint copies it again");
}

#[test]
fn ports_are_low_or_move() {
    let low = |text: &str| needs(text).low_ports().map(|port| (port.number, port.udp)).collect::<Vec<_>>();
    assert_eq!(low("caddy:2"), [(80, false), (443, false), (443, true)]);
    assert!(low("nginxinc/nginx-unprivileged:1.29").is_empty());
    let moved: Vec<_> = needs("dpage/pgadmin4:9").hardened_ports.iter().map(|port| port.number).collect();
    assert_eq!(moved, [8080, 8443]);
}

#[test]
fn memory_the_api_and_the_node_are_told() {
    let memory = needs("mysql:8.4").memory.as_ref().expect("it is known");
    assert_eq!(
        (memory.floor, memory.too_low, memory.evidence),
        (Some(512), Some(128), FactEvidence::Derived)
    );
    let own = needs("registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.17.0")
        .memory
        .as_ref()
        .expect("known");
    assert_eq!((own.request, own.limit, own.evidence), (Some(190), Some(250), FactEvidence::Stated));
    assert_eq!(needs("quay.io/argoproj/argocd:v3.0.0").api_token.need, TokenUse::Sometimes);
    assert_eq!(needs("istio/proxyv2:1.28.0").api_token.need, TokenUse::Projected);
    assert_eq!(needs("prom/node-exporter:v1.9.0").host.role, HostRole::Agent);
    assert_eq!(needs("elasticsearch:9.0.0").host.role, HostRole::Setting);
    assert_eq!(needs("prom/prometheus:v3.5.0").arguments.handling, ArgumentUse::Appended);
    assert!(needs("prom/prometheus:v3.5.0").arguments.required);
    assert_eq!(needs("istio/proxyv2:1.28.0").agreed_ids[0].uid, Some(1337));
}

/// A row that was read in a version of unknown age has no fact that is surer.
#[test]
fn no_fact_is_surer_than_its_row() {
    let vault = needs("hashicorp/vault:1.20");
    assert_eq!(vault.evidence, FactEvidence::Known);
    assert_eq!(vault.other_uid.evidence, FactEvidence::Known);
    assert_eq!(vault.capabilities.evidence, FactEvidence::Derived);
    for row in ImageNeeds::find_all() {
        assert!(row.arguments.evidence >= row.evidence, "{:?}", row.sources);
        assert!(row.filled.iter().all(|filled| filled.evidence >= row.evidence), "{:?}", row.sources);
    }
}

/// Those of Linux' capabilities that a container may have use for, as Kubernetes names them (capabilities(7)).
const CAPABILITIES: [&str; 20] = [
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "KILL",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETUID",
    "SYS_ADMIN",
    "SYS_CHROOT",
    "SYS_MODULE",
    "SYS_NICE",
    "SYS_PTRACE",
    "SYS_TIME",
];

#[test]
fn every_row_is_whole() {
    for row in ImageNeeds::find_all() {
        let name = row.sources.first().expect("a row has a source");
        for source in &row.sources {
            let (place, path) = source.split_once(':').unwrap_or_else(|| panic!("{source} names no file"));
            assert!(!path.is_empty() && (place.contains('/') || place.starts_with("Debian")), "{source}");
        }
        let needs = &row.capabilities;
        let mut capabilities: Vec<&str> =
            [&needs.start, &needs.restart, &needs.optional, &needs.non_root, &needs.non_root_optional]
                .into_iter()
                .flatten()
                .copied()
                .collect();
        capabilities.extend(row.file_capabilities.iter().flat_map(|file| file.capabilities.iter().copied()));
        for capability in capabilities {
            assert!(CAPABILITIES.contains(&capability), "{name}: {capability}");
        }
        let paths = [
            row.writes.iter().map(|written| written.path).collect::<Vec<_>>(),
            row.filled.iter().map(|filled| filled.path).collect(),
            row.owned.iter().map(|owned| owned.path).collect(),
        ];
        for paths in paths {
            assert!(
                paths.iter().all(|path| path.starts_with('/') || path.starts_with("~/")),
                "{name}: {paths:?}"
            );
            assert!(
                paths.iter().all(|path| !path.ends_with('/') && !path.contains(' ')),
                "{name}: {paths:?}"
            );
            assert_eq!(paths.iter().collect::<HashSet<_>>().len(), paths.len(), "{name} has a path twice");
        }
        assert_eq!(row.other_uid.starts == UidFreedom::Only, !row.other_uid.only.is_empty(), "{name}");
        assert!(row.agreed_ids.iter().all(|id| id.uid.is_some() || id.gid.is_some()), "{name}");
        assert!(row.ports.iter().chain(&row.hardened_ports).all(|port| port.number != 0), "{name}");
        if let Some(memory) = &row.memory {
            let told =
                [memory.floor, memory.too_low, memory.request, memory.limit].iter().any(Option::is_some);
            assert!(told || memory.text.is_some(), "{name} says nothing of its memory");
            assert!(memory.too_low.is_none_or(|low| memory.floor.is_none_or(|floor| low < floor)), "{name}");
        }
        let start = row.as_root.as_ref();
        assert!(start.is_none_or(|start| !start.unguarded || start.drops == RootDrop::Entrypoint), "{name}");
    }
}

/// What a person is shown is a part of a sentence.
#[test]
fn texts_are_plain_and_end_without_a_stop() {
    for row in ImageNeeds::find_all() {
        let mut texts: Vec<&str> = row.notes.iter().map(String::as_str).collect();
        texts.extend(row.as_root.iter().filter_map(|start| start.text.as_deref()));
        texts.extend(row.memory.iter().filter_map(|memory| memory.text.as_deref()));
        texts.extend(
            [&row.other_uid.text, &row.capabilities.text, &row.arguments.text]
                .into_iter()
                .flatten()
                .map(String::as_str),
        );
        texts.extend(row.filled.iter().filter_map(|filled| filled.text.as_deref()));
        for text in texts {
            assert!(!text.is_empty() && !text.ends_with('.') && text.trim() == text, "{text}");
        }
    }
}
