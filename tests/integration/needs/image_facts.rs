//! What is known of images by their rows: each kind of need in images of several makers, and not in their like.

use seaworthy::needs::{ImageStart, NeedKind};

use super::known_images::kinds;

fn needs(image: &str, is_of_kind: fn(&NeedKind) -> bool) -> usize {
    kinds(image, &ImageStart::default()).iter().filter(|kind| is_of_kind(kind)).count()
}

/// A kind of need, the images that have it, and the ones like them that do not.
type FactCase = (fn(&NeedKind) -> bool, &'static [&'static str], &'static [&'static str]);

const CASES: [FactCase; 10] = [
    (
        |kind| *kind == NeedKind::ApiToken,
        &[
            "registry.k8s.io/ingress-nginx/controller:v1.11.3",
            "quay.io/argoproj/argo-rollouts:v1.7.2",
            "docker.io/coredns/coredns:1.11.4",
            "ghcr.io/fluxcd/source-controller:v1.4.1",
        ],
        &[
            "nginx:1.27.3",
            "registry.istio.io/release/proxyv2:1.24.0",
            "ghcr.io/fluxcd-community/x:1",
            "etcd:3",
        ],
    ),
    (
        |kind| *kind == NeedKind::NodeAccess,
        &[
            "quay.io/cilium/cilium:v1.16.4",
            "docker.io/longhornio/longhorn-manager:v1.7.2",
            "registry.istio.io/release/ztunnel:1.24.0",
            "quay.io/calico/calico:v3.29.1",
        ],
        &["quay.io/calico/kube-controllers:v3.29.1", "quay.io/metallb/controller:v0.14.8", "redis:7.2.5"],
    ),
    (
        |kind| *kind == NeedKind::GroupZero,
        &[
            "docker.io/apache/airflow:2.10.3",
            "docker.io/apache/kafka:3.9.0",
            "docker.elastic.co/kibana/kibana:8.16.1",
        ],
        &["postgres:16.4", "docker.io/prom/prometheus:v3.0.1", "rabbitmq:4.0.4"],
    ),
    (
        |kind| *kind == NeedKind::StartWords,
        &[
            "mariadb:11.4.4",
            "memcached:1.6.32",
            "docker.io/clickhouse/clickhouse-server:24.8",
            "node:22.11.0",
        ],
        &["docker.io/prom/prometheus:v3.0.1", "rabbitmq:4.0.4", "python:3.13.1"],
    ),
    (
        |kind| matches!(kind, NeedKind::OwnedPath(path) if path.contains("/lib/") || path == "/data/db"),
        &["postgres:16.4", "mysql:8.4.3", "mongo:7.0.14", "rabbitmq:4.0.4"],
        &["nginx:1.27.3", "python:3.13.1", "memcached:1.6.32"],
    ),
    (
        |kind| matches!(kind, NeedKind::FilledPath(_)),
        &["tomcat:11.0.1", "rabbitmq:4.0.4", "docker.io/grafana/grafana:11.3.1", "ruby:3.3.6"],
        &["busybox:1.37.0", "redis:7.2.5", "memcached:1.6.32"],
    ),
    (
        |kind| matches!(kind, NeedKind::Memory(bytes) if *bytes >= 512 << 20),
        &["cassandra:5.0.2", "neo4j:5.26.0", "mongo:8.0.3", "docker.io/n8nio/n8n:1.70.0"],
        &["nats:2.10.22", "eclipse-mosquitto:2.0.20", "alpine:3.21.0"],
    ),
    (
        |kind| matches!(kind, NeedKind::OccupiedPath(_)),
        &[
            "docker.elastic.co/elasticsearch/elasticsearch:8.16.1",
            "cassandra:5.0.2",
            "docker.io/apache/kafka:3.9.0",
            "registry.k8s.io/ingress-nginx/controller:v1.11.3",
        ],
        &["postgres:16.4", "wordpress:6.7.1", "docker.io/prom/prometheus:v3.0.1"],
    ),
    (
        |kind| matches!(kind, NeedKind::FileCapability(_)),
        &[
            "docker.io/coredns/coredns:1.11.4",
            "caddy:2.8.4",
            "registry.k8s.io/ingress-nginx/controller:v1.11.3",
        ],
        &["docker.io/coredns/coredns:1.10.1", "nginx:1.27.3", "traefik:3.2.1"],
    ),
    (
        |kind| matches!(kind, NeedKind::AgreedUid(_)),
        &["cr.l5d.io/linkerd/proxy:edge-24.11.8", "neo4j:5.26.0", "ghcr.io/cloudnative-pg/postgresql:17.2"],
        &["postgres:17.2", "nginx:1.27.3", "registry.istio.io/release/ztunnel:1.24.0"],
    ),
];

#[test]
fn each_kind_of_need_is_known_of_several_images_and_not_of_their_like() {
    for (at, (is_of_kind, with, without)) in CASES.into_iter().enumerate() {
        for image in with {
            assert_ne!(needs(image, is_of_kind), 0, "case {at}: {image}");
        }
        for image in without {
            assert_eq!(needs(image, is_of_kind), 0, "case {at}: {image}");
        }
    }
}

/// An image is known under its newer names, its mirrors and with its digest, and not by a name that only ends like it.
#[test]
fn an_image_is_known_under_each_of_its_names() {
    let digest = "0123456789abcdef".repeat(4);
    for image in [
        "postgres",
        "docker.io/library/postgres:16",
        "public.ecr.aws/docker/library/postgres:16.4-alpine",
        "mirror.gcr.io/library/postgres:17",
        &format!("postgres:16.4@sha256:{digest}"),
    ] {
        assert_ne!(needs(image, |kind| *kind == NeedKind::RootStart), 0, "{image}");
    }
    for image in ["registry.example/postgres:16.4", "docker.io/team/postgres:16", "my-postgres:16"] {
        assert_eq!(kinds(image, &ImageStart::default()), [], "{image}");
    }
}
