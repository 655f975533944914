//! What the table says of well-known images.

use std::collections::HashSet;
use std::path::Path;

use super::reference;
use crate::support::entries;
use seaworthy::image::known;
use seaworthy::image::known::{ConfiguredUser, DefaultUser, FactEvidence, ImageNeeds, KnownImage, RootDrop};

const DIGEST: &str = "sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1";

fn row(text: &str) -> &'static KnownImage {
    known::find_known_image(&reference(text)).unwrap_or_else(|| panic!("{text} is in no row"))
}

const RUNS_AS: &[(&str, Option<(u32, u32)>)] = &[
    ("postgres", Some((999, 999))),
    ("postgres:16.2", Some((999, 999))),
    ("postgres:16.2-alpine3.19", Some((70, 70))),
    ("postgres:alpine", Some((70, 70))),
    ("docker.io/library/postgres:16", Some((999, 999))),
    ("public.ecr.aws/docker/library/postgres:16-alpine", Some((70, 70))),
    ("mirror.gcr.io/library/redis:7", Some((999, 999))),
    ("redis:7-alpine", Some((999, 1000))),
    ("mysql:8.4", Some((999, 999))),
    ("mariadb:11.8-ubi", Some((999, 999))),
    ("mongo:8.0", Some((999, 999))),
    ("mongo:8.0-nanoserver-ltsc2022", None),
    ("memcached:1.6-alpine", Some((11211, 11211))),
    ("rabbitmq:4-management-alpine", Some((100, 101))),
    ("rabbitmq:4-management", Some((999, 999))),
    ("influxdb:1.11.8", Some((1500, 1500))),
    ("influxdb:2.7-alpine", Some((1000, 1000))),
    ("docker.elastic.co/elasticsearch/elasticsearch:8.13.0", Some((1000, 0))),
    ("apache/kafka:3.9.0", None),
    ("nginx:1.27-alpine", None),
    ("nginxinc/nginx-unprivileged:1.27-alpine", Some((101, 101))),
    ("httpd:2.4", None),
    ("haproxy:3.2", Some((99, 99))),
    ("php:8.3-fpm-alpine", None),
    ("node:22", None),
    ("python:3.12-slim", None),
    ("mcr.microsoft.com/dotnet/aspnet:8.0", Some((1654, 1654))),
    ("mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled", Some((1654, 1654))),
    ("mcr.microsoft.com/dotnet/aspnet:6.0", None),
    ("jenkins/jenkins:lts", Some((1000, 1000))),
    ("bitnami/redis:8.0", Some((1001, 0))),
    ("grafana/grafana:11.0.0", Some((472, 0))),
    ("prom/prometheus:v2.53.0", Some((65534, 65534))),
    ("prom/prometheus:v3.5.0-distroless", Some((65532, 65532))),
    ("gcr.io/distroless/static:nonroot", Some((65532, 65532))),
    ("gcr.io/distroless/python3-debian12", Some((65532, 65532))),
    ("cgr.dev/chainguard/static", Some((65532, 65532))),
    ("registry.k8s.io/ingress-nginx/controller:v1.12.0", Some((101, 82))),
    ("clickhouse/clickhouse-server:25.8", Some((101, 101))),
    ("quay.io/strimzi/operator:0.47.0", Some((1001, 0))),
    ("moby/buildkit:v0.23.0", None),
    ("moby/buildkit:v0.23.0-rootless", Some((1000, 1000))),
    ("apache/spark:4.0.0", Some((185, 185))),
    ("curlimages/curl:8.15.0", None),
    ("phpmyadmin:5.2", None),
    ("quay.io/brancz/kube-rbac-proxy:v0.19.1", Some((65532, 65532))),
    ("kiwigrid/k8s-sidecar:1.30.0", Some((65534, 65534))),
    ("quay.io/argoproj/argo-rollouts:v1.8.0", None),
    ("ghcr.io/dexidp/dex:v2.43.0", Some((1001, 1001))),
    ("rabbitmqoperator/cluster-operator:2.14.0", Some((1000, 1000))),
];

#[test]
fn each_tag_has_the_numbers_that_it_is_built_for() {
    for (text, numbers) in RUNS_AS {
        assert_eq!(row(text).built_identity(), *numbers, "{text}");
    }
}

#[test]
fn the_kubelet_can_check_a_number_but_no_name() {
    let non_root = |uid, gid, numeric| DefaultUser::NonRoot { uid: Some(uid), gid: Some(gid), numeric };
    assert_eq!(row("grafana/grafana:11.0.0").default_user(), non_root(472, 0, true));
    assert_eq!(row("apache/airflow:2.9.0").default_user(), non_root(50000, 0, true));
    assert_eq!(
        row("gcr.io/distroless/static-debian12:debug-nonroot").default_user(),
        non_root(65532, 65532, true)
    );
    assert_eq!(row("prom/prometheus:v2.53.0").default_user(), non_root(65534, 65534, false));
    let alone = DefaultUser::NonRoot { uid: Some(65534), gid: None, numeric: true };
    assert_eq!(row("quay.io/prometheus-operator/prometheus-operator:v0.84.0").default_user(), alone);
    let unsure = DefaultUser::NonRoot { uid: None, gid: None, numeric: false };
    assert_eq!(row("apache/kafka:3.9.0").default_user(), unsure, "a derived number is not told as a fact");

    for root in [
        "nginx",
        "postgres:16",
        "node:22",
        "gcr.io/distroless/static",
        "haproxy:2.2",
        "caddy:2",
        "bitnami/minideb:bookworm",
        "alpine:3",
        "clickhouse:25.8",
        "timberio/vector:0.48.0-debian",
        "quay.io/metallb/speaker:v0.15.2",
        "moby/buildkit:v0.23.0",
    ] {
        assert_eq!(row(root).default_user(), DefaultUser::Root, "{root}");
    }
    for unknown in [
        "mongo:8.0-nanoserver-ltsc2022",
        "istio/proxyv2:1.28.0",
        "elasticsearch:7.17.0",
        "phpmyadmin:5.2-fpm-alpine",
    ] {
        assert_eq!(row(unknown).default_user(), DefaultUser::Unknown, "{unknown}");
    }
}

#[test]
fn a_derived_number_excuses_a_low_uid_and_is_never_written() {
    let kafka = row("apache/kafka:3.9.0");
    assert!(kafka.is_built_for_uid(1000));
    assert!(!kafka.is_built_for_uid(1001));
    assert_eq!(kafka.built_identity(), None);
}

/// coredns got its user with 1.11. A tag without a second number is the newest of all that begin with the first.
#[test]
fn a_version_is_held_against_a_bound_number_by_number() {
    for older in
        ["coredns/coredns:1.10.1", "registry.k8s.io/coredns/coredns:v1.9.3", "coredns/coredns:0.9.10"]
    {
        assert_eq!(row(older).default_user(), DefaultUser::Root, "{older}");
        assert_eq!(row(older).built_identity(), None, "{older}");
    }
    for newer in ["1.11.0", "v1.11.3", "1.12", "1.100.0", "1", "2.0", "latest"] {
        let newer = format!("coredns/coredns:{newer}");
        assert_eq!(row(&newer).built_identity(), Some((65532, 65532)), "{newer}");
    }
    assert_eq!(row("haproxy:2.3-alpine").default_user(), DefaultUser::Root);
    assert_eq!(row("haproxy:2.10").built_identity(), Some((99, 99)));
}

#[test]
fn what_a_person_should_know_is_said() {
    let caution = |text: &str| row(text).caution.unwrap_or_default();
    assert!(caution("hashicorp/vault:1.20").contains("SKIP_CHOWN"));
    assert!(caution("hashicorp/consul:1.21").contains("CONSUL_DISABLE_PERM_MGMT"));
    assert!(caution("dpage/pgadmin4:9").contains("8080"));
    assert!(caution("lscr.io/linuxserver/sonarr:4").contains("LSIO_NON_ROOT_USER"));
}

#[test]
fn other_registries_and_private_names_are_not_guessed() {
    for text in
        ["ghcr.io/acme/postgres:16", "example.com/library/nginx", "acme/nginx", "quay.io/grafana/grafana"]
    {
        assert!(known::find_known_image(&reference(text)).is_none(), "{text}");
    }
}

/// An image is what it is under each registry that its maker publishes it to.
#[test]
fn an_image_is_known_under_all_its_names() {
    for (name, other) in [
        ("ghcr.io/valkey-io/valkey:8-alpine", "valkey/valkey:8-alpine"),
        ("public.ecr.aws/valkey/valkey:8", "valkey/valkey:8"),
        ("ghcr.io/nginx/nginx-unprivileged:1.29", "nginxinc/nginx-unprivileged:1.29"),
        ("kong/kong:3.9", "kong:3.9"),
        ("docker.gitea.com/gitea:1.24-rootless", "gitea/gitea:1.24-rootless"),
        ("keycloak/keycloak:26.0", "quay.io/keycloak/keycloak:26.0"),
        ("vault:1.13.3", "hashicorp/vault:1.13.3"),
        ("consul:1.15", "hashicorp/consul:1.15"),
        ("ghcr.io/linuxserver/sonarr:4", "lscr.io/linuxserver/sonarr:4"),
        ("quay.io/vaultwarden/server:1.34", "vaultwarden/server:1.34"),
        ("grafana/grafana-enterprise:12.0.0", "grafana/grafana:12.0.0"),
        (
            "ghcr.io/open-telemetry/opentelemetry-collector-releases/opentelemetry-collector-contrib:0.130.0",
            "otel/opentelemetry-collector-contrib:0.130.0",
        ),
        ("cr.jaegertracing.io/jaegertracing/jaeger:2.0.0", "jaegertracing/jaeger:2.0.0"),
        ("ghcr.io/fluent/fluent-bit:4.0", "fluent/fluent-bit:4.0"),
        ("ghcr.io/argoproj/argo-cd/argocd:latest", "quay.io/argoproj/argocd:latest"),
        ("registry.istio.io/release/pilot:1.28.0", "istio/pilot:1.28.0"),
        ("registry.istio.io/release/proxyv2:1.28.0", "istio/proxyv2:1.28.0"),
    ] {
        assert_eq!(row(name), row(other), "{name}");
    }
}

#[test]
fn a_digest_alone_does_not_tell_the_variant() {
    let by_digest = |name: &str| known::find_known_image(&reference(&format!("{name}@{DIGEST}")));
    assert!(by_digest("postgres").is_none());
    assert!(by_digest("postgres:16-alpine").is_some_and(|row| row.built_identity() == Some((70, 70))));
    assert!(by_digest("grafana/grafana").is_some_and(|row| row.built_identity() == Some((472, 0))));
}

#[test]
fn what_a_read_only_root_needs_is_told_apart_from_what_a_volume_would_hide() {
    assert!(row("postgres:17").writable_paths().contains(&"/var/lib/postgresql/data"));
    assert!(row("postgres:18").writable_paths().contains(&"/var/lib/postgresql"));
    assert!(row("postgres").writable_paths().contains(&"/var/lib/postgresql"));
    let rabbitmq = row("rabbitmq:4");
    assert!(rabbitmq.writable_paths().contains(&"/var/lib/rabbitmq"));
    assert!(rabbitmq.occupied_paths().contains(&"/etc/rabbitmq"));
}

#[test]
fn who_gives_up_root_is_known() {
    assert!(row("redis:7").drops_privileges());
    assert!(row("hashicorp/vault:1.17.0").drops_privileges());
    assert_eq!(row("nginx").drops, RootDrop::Program);
    assert!(row("nginx").caution.is_some());
    assert!(!row("node:22").drops_privileges());
}

#[test]
fn every_row_is_whole() {
    for row in known::all_known_images() {
        let name = row.images.first().expect("a row names an image");
        assert!(row.source.contains(['/', ':']), "{name} has no source");
        for image in row.images {
            let (host, rest) = image.split_once('/').expect("a full name");
            assert!(host.contains('.') && !rest.is_empty(), "{image}");
            let plain = image.replace('*', "x");
            assert_eq!(reference(&plain).name(), plain, "{image} is not as references are looked up");
        }
        let paths: Vec<_> = row.writes.iter().chain(row.occupied).collect();
        assert!(paths.iter().all(|path| path.starts_with('/') && !path.ends_with('/')), "{name}: {paths:?}");
        assert_eq!(paths.iter().collect::<HashSet<_>>().len(), paths.len(), "{name} has a path twice");
    }
}

/// A file that nobody put into the list would be read by no one.
#[test]
fn every_file_of_images_is_part_of_the_program() {
    let known: HashSet<&str> = known::all_known_images().flat_map(|row| row.images).copied().collect();
    for path in entries(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/images")) {
        if path.extension().is_none_or(|end| end != "toml") {
            continue;
        }
        let file: toml::Table = toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for image in file["image"].as_array().expect("images") {
            let name = image["names"][0].as_str().expect("a name");
            let needs = || ImageNeeds::find(&reference(&name.replace('*', "x")));
            assert!(known.contains(name) || needs().is_some(), "{name} of {}", path.display());
        }
    }
}

#[test]
fn users_and_identities_agree() {
    for row in known::all_known_images() {
        let name = row.images[0];
        if let (ConfiguredUser::Number(uid), Some(identity)) = (row.user, row.identity) {
            assert_eq!((uid, FactEvidence::Stated), (identity.uid, identity.evidence), "{name}");
        }
        if row.drops == RootDrop::Entrypoint {
            assert_eq!(row.user, ConfiguredUser::Root, "{name}: an entrypoint drops only what it has");
            assert!(row.identity.is_some(), "{name} drops to no one");
        }
        if row.drops == RootDrop::Program {
            assert!(
                row.identity.is_none() && !row.accounts.is_empty(),
                "{name}: its first process stays root"
            );
        }
        assert!(row.identity.is_none_or(|identity| identity.uid != 0), "{name}");
        assert!(row.accounts.iter().all(|account| account.uid != 0), "{name}");
    }
}

/// A row that no tag can reach would be a fact that nobody is ever told.
#[test]
fn of_the_rows_of_one_image_only_the_last_takes_every_tag() {
    let mut closed = HashSet::new();
    for row in known::all_known_images() {
        for image in row.images {
            assert!(!closed.contains(image), "{image} has a row after the one for all tags");
            if row.tags.is_all() {
                closed.insert(*image);
            }
        }
    }
}
