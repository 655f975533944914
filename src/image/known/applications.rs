//! Applications that people deploy as they come.

use super::{KnownAccount, KnownImage};
use crate::image::DistroFamily;

pub(super) const ROWS: &[KnownImage] = &[
    KnownImage::root(
        &["docker.io/vaultwarden/server", "ghcr.io/dani-garcia/vaultwarden"],
        "dani-garcia/vaultwarden:docker/Dockerfile.debian",
    )
    .on(DistroFamily::Debian)
    .writes(&["/data"]),
    KnownImage::named(
        &["docker.io/n8nio/n8n", "docker.n8n.io/n8nio/n8n", "ghcr.io/n8n-io/n8n"],
        "node",
        "n8n-io/n8n:docker/images/n8n/Dockerfile",
    )
    .built_for(1000, 1000)
    .brings(&[KnownAccount::new("node", 1000, 1000)])
    .on(DistroFamily::Alpine)
    .writes(&["/home/node/.n8n"]),
    KnownImage::unknown(&["docker.io/apache/airflow"], "apache/airflow:Dockerfile")
        .built_for(50000, 0)
        .on(DistroFamily::Debian)
        .occupies(&["/opt/airflow"]),
    KnownImage::root(&["docker.io/axllent/mailpit"], "axllent/mailpit:Dockerfile")
        .on(DistroFamily::Alpine)
        .writes(&["/tmp"]),
    KnownImage::number(
        &["quay.io/jupyter/*"],
        1000,
        100,
        "jupyter/docker-stacks:images/docker-stacks-foundation/Dockerfile",
    )
    .on(DistroFamily::Ubuntu)
    .occupies(&["/home/jovyan"]),
    KnownImage::number(&["docker.io/selenium/*"], 1200, 1201, "SeleniumHQ/docker-selenium:Base/Dockerfile")
        .on(DistroFamily::Ubuntu)
        .writes(&["/var/run/supervisor", "/var/log/supervisor", "/dev/shm", "/tmp"])
        .occupies(&["/opt/selenium", "/home/seluser"]),
    KnownImage::unknown(
        &["mcr.microsoft.com/devcontainers/*"],
        "devcontainers/images:src/base-debian/.devcontainer/devcontainer.json",
    ),
    KnownImage::named(
        &["docker.io/stefanprodan/podinfo", "ghcr.io/stefanprodan/podinfo"],
        "app",
        "stefanprodan/podinfo:Dockerfile",
    )
    .probably(100, 101)
    .on(DistroFamily::Alpine)
    .writes(&["/data"]),
];
