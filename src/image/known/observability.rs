//! Observability, and the components of clusters.

use super::{Known, Tags};
use crate::image::Family;

const DISTROLESS: Tags = Tags::with(&["distroless"]);
const PROMETHEUS: &[&str] = &["docker.io/prom/prometheus", "quay.io/prometheus/prometheus"];
const FLUENTD: &[&str] = &["docker.io/fluent/fluentd"];

pub(super) const ROWS: &[Known] = &[
    Known::number(
        &["docker.io/grafana/grafana", "docker.io/grafana/grafana-oss"],
        472,
        0,
        "grafana/grafana:Dockerfile",
    )
    .on(Family::Alpine)
    .writes(&["/var/lib/grafana", "/var/log/grafana", "/tmp"])
    .occupies(&["/etc/grafana/provisioning"]),
    Known::number(PROMETHEUS, 65532, 65532, "prometheus/prometheus:Dockerfile.distroless")
        .tagged(DISTROLESS)
        .on(Family::Distroless)
        .writes(&["/prometheus"]),
    Known::named(PROMETHEUS, "nobody", "prometheus/prometheus:Dockerfile")
        .known_for(65534, 65534)
        .on(Family::Busybox)
        .writes(&["/prometheus"]),
    Known::named(
        &["docker.io/prom/alertmanager", "quay.io/prometheus/alertmanager"],
        "nobody",
        "prometheus/alertmanager:Dockerfile",
    )
    .known_for(65534, 65534)
    .on(Family::Busybox)
    .writes(&["/alertmanager"]),
    Known::named(
        &["docker.io/prom/node-exporter", "quay.io/prometheus/node-exporter"],
        "nobody",
        "prometheus/node_exporter:Dockerfile",
    )
    .known_for(65534, 65534)
    .on(Family::Busybox),
    Known::number(&["docker.io/grafana/loki"], 10001, 10001, "grafana/loki:cmd/loki/Dockerfile")
        .on(Family::Distroless)
        .writes(&["/loki"]),
    Known::number(
        &[
            "docker.io/otel/opentelemetry-collector",
            "docker.io/otel/opentelemetry-collector-contrib",
            "docker.io/otel/opentelemetry-collector-k8s",
        ],
        10001,
        10001,
        "open-telemetry/opentelemetry-collector-releases:distributions/otelcol-contrib/Dockerfile",
    )
    .on(Family::Scratch),
    Known::number_alone(
        &["docker.io/jaegertracing/jaeger"],
        10001,
        "jaegertracing/jaeger:cmd/jaeger/Dockerfile",
    )
    .on(Family::Alpine)
    .writes(&["/tmp"]),
    Known::root(
        &["docker.io/fluent/fluent-bit", "cr.fluentbit.io/fluent/fluent-bit"],
        "fluent/fluent-bit:dockerfiles/Dockerfile",
    )
    .on(Family::Distroless)
    .writes(&["/fluent-bit/log"]),
    Known::named(FLUENTD, "fluent", "fluent/fluentd-docker-image:v1.19/debian/Dockerfile")
        .tagged(Tags::with(&["debian"]))
        .probably(999, 999)
        .on(Family::Debian)
        .writes(&["/fluentd/log"])
        .occupies(&["/fluentd/etc", "/fluentd/plugins"]),
    Known::named(FLUENTD, "fluent", "fluent/fluentd-docker-image:v1.18/alpine/Dockerfile")
        .probably(100, 101)
        .writes(&["/fluentd/log"])
        .occupies(&["/fluentd/etc", "/fluentd/plugins"]),
    Known::number(
        &["docker.io/coredns/coredns", "registry.k8s.io/coredns/coredns"],
        65532,
        65532,
        "coredns/coredns:Dockerfile",
    )
    .on(Family::Distroless),
    Known::number(
        &["registry.k8s.io/metrics-server/metrics-server"],
        65534,
        65534,
        "kubernetes-sigs/metrics-server:Dockerfile",
    )
    .on(Family::Distroless)
    .writes(&["/tmp"]),
    Known::named(
        &["registry.k8s.io/kube-state-metrics/kube-state-metrics"],
        "nobody",
        "kubernetes/kube-state-metrics:Dockerfile",
    )
    .built_for(65534, 65534)
    .on(Family::Distroless),
    Known::number(
        &["docker.io/oliver006/redis_exporter"],
        59000,
        59000,
        "oliver006/redis_exporter:Dockerfile",
    )
    .on(Family::Scratch),
    Known::named(
        &["registry.k8s.io/ingress-nginx/controller"],
        "www-data",
        "kubernetes/ingress-nginx:images/nginx/rootfs/Dockerfile",
    )
    .built_for(101, 82)
    .on(Family::Alpine)
    .writes(&["/tmp", "/var/log/nginx"])
    .occupies(&["/etc/nginx", "/etc/ingress-controller"]),
    Known::number(&["quay.io/argoproj/argocd"], 999, 999, "argoproj/argo-cd:Dockerfile")
        .on(Family::Ubuntu)
        .writes(&["/tmp"])
        .occupies(&["/home/argocd"]),
    Known::number(
        &["docker.io/istio/pilot", "gcr.io/istio-release/pilot"],
        1337,
        1337,
        "istio/istio:pilot/docker/Dockerfile.pilot",
    ),
    Known::unknown(
        &["docker.io/istio/proxyv2", "gcr.io/istio-release/proxyv2"],
        "istio/istio:pilot/docker/Dockerfile.proxyv2",
    )
    .known_for(1337, 1337)
    .writes(&["/etc/istio/proxy", "/var/lib/istio/data"]),
];
