//! Observability, and the components of clusters.

use super::{KnownImage, TagSelector};
use crate::image::DistroFamily;

const DISTROLESS: TagSelector = TagSelector::with(&["distroless"]);
const PROMETHEUS: &[&str] = &["docker.io/prom/prometheus", "quay.io/prometheus/prometheus"];
const FLUENTD: &[&str] = &["docker.io/fluent/fluentd"];

pub(super) const ROWS: &[KnownImage] = &[
    KnownImage::number(
        &["docker.io/grafana/grafana", "docker.io/grafana/grafana-oss"],
        472,
        0,
        "grafana/grafana:Dockerfile",
    )
    .on(DistroFamily::Alpine)
    .writes(&["/var/lib/grafana", "/var/log/grafana", "/tmp"])
    .occupies(&["/etc/grafana/provisioning"]),
    KnownImage::number(PROMETHEUS, 65532, 65532, "prometheus/prometheus:Dockerfile.distroless")
        .tagged(DISTROLESS)
        .on(DistroFamily::Distroless)
        .writes(&["/prometheus"]),
    KnownImage::named(PROMETHEUS, "nobody", "prometheus/prometheus:Dockerfile")
        .known_for(65534, 65534)
        .on(DistroFamily::Busybox)
        .writes(&["/prometheus"]),
    KnownImage::named(
        &["docker.io/prom/alertmanager", "quay.io/prometheus/alertmanager"],
        "nobody",
        "prometheus/alertmanager:Dockerfile",
    )
    .known_for(65534, 65534)
    .on(DistroFamily::Busybox)
    .writes(&["/alertmanager"]),
    KnownImage::named(
        &["docker.io/prom/node-exporter", "quay.io/prometheus/node-exporter"],
        "nobody",
        "prometheus/node_exporter:Dockerfile",
    )
    .known_for(65534, 65534)
    .on(DistroFamily::Busybox),
    KnownImage::number(&["docker.io/grafana/loki"], 10001, 10001, "grafana/loki:cmd/loki/Dockerfile")
        .on(DistroFamily::Distroless)
        .writes(&["/loki"]),
    KnownImage::number(
        &[
            "docker.io/otel/opentelemetry-collector",
            "docker.io/otel/opentelemetry-collector-contrib",
            "docker.io/otel/opentelemetry-collector-k8s",
        ],
        10001,
        10001,
        "open-telemetry/opentelemetry-collector-releases:distributions/otelcol-contrib/Dockerfile",
    )
    .on(DistroFamily::Scratch),
    KnownImage::number_alone(
        &["docker.io/jaegertracing/jaeger"],
        10001,
        "jaegertracing/jaeger:cmd/jaeger/Dockerfile",
    )
    .on(DistroFamily::Alpine)
    .writes(&["/tmp"]),
    KnownImage::root(
        &["docker.io/fluent/fluent-bit", "cr.fluentbit.io/fluent/fluent-bit"],
        "fluent/fluent-bit:dockerfiles/Dockerfile",
    )
    .on(DistroFamily::Distroless)
    .writes(&["/fluent-bit/log"]),
    KnownImage::named(FLUENTD, "fluent", "fluent/fluentd-docker-image:v1.19/debian/Dockerfile")
        .tagged(TagSelector::with(&["debian"]))
        .probably(999, 999)
        .on(DistroFamily::Debian)
        .writes(&["/fluentd/log"])
        .occupies(&["/fluentd/etc", "/fluentd/plugins"]),
    KnownImage::named(FLUENTD, "fluent", "fluent/fluentd-docker-image:v1.18/alpine/Dockerfile")
        .probably(100, 101)
        .writes(&["/fluentd/log"])
        .occupies(&["/fluentd/etc", "/fluentd/plugins"]),
    KnownImage::number(
        &["docker.io/coredns/coredns", "registry.k8s.io/coredns/coredns"],
        65532,
        65532,
        "coredns/coredns:Dockerfile",
    )
    .on(DistroFamily::Distroless),
    KnownImage::number(
        &["registry.k8s.io/metrics-server/metrics-server"],
        65534,
        65534,
        "kubernetes-sigs/metrics-server:Dockerfile",
    )
    .on(DistroFamily::Distroless)
    .writes(&["/tmp"]),
    KnownImage::named(
        &["registry.k8s.io/kube-state-metrics/kube-state-metrics"],
        "nobody",
        "kubernetes/kube-state-metrics:Dockerfile",
    )
    .built_for(65534, 65534)
    .on(DistroFamily::Distroless),
    KnownImage::number(
        &["docker.io/oliver006/redis_exporter"],
        59000,
        59000,
        "oliver006/redis_exporter:Dockerfile",
    )
    .on(DistroFamily::Scratch),
    KnownImage::named(
        &["registry.k8s.io/ingress-nginx/controller"],
        "www-data",
        "kubernetes/ingress-nginx:images/nginx/rootfs/Dockerfile",
    )
    .built_for(101, 82)
    .on(DistroFamily::Alpine)
    .writes(&["/tmp", "/var/log/nginx"])
    .occupies(&["/etc/nginx", "/etc/ingress-controller"]),
    KnownImage::number(&["quay.io/argoproj/argocd"], 999, 999, "argoproj/argo-cd:Dockerfile")
        .on(DistroFamily::Ubuntu)
        .writes(&["/tmp"])
        .occupies(&["/home/argocd"]),
    KnownImage::number(
        &["docker.io/istio/pilot", "gcr.io/istio-release/pilot"],
        1337,
        1337,
        "istio/istio:pilot/docker/Dockerfile.pilot",
    ),
    KnownImage::unknown(
        &["docker.io/istio/proxyv2", "gcr.io/istio-release/proxyv2"],
        "istio/istio:pilot/docker/Dockerfile.proxyv2",
    )
    .known_for(1337, 1337)
    .writes(&["/etc/istio/proxy", "/var/lib/istio/data"]),
];
