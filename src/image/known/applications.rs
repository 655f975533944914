//! Applications that people deploy as they come.

use super::{Account, Known};
use crate::image::Family;

pub(super) const ROWS: &[Known] = &[
    Known::root(
        &["docker.io/vaultwarden/server", "ghcr.io/dani-garcia/vaultwarden"],
        "dani-garcia/vaultwarden:docker/Dockerfile.debian",
    )
    .on(Family::Debian)
    .writes(&["/data"]),
    Known::named(
        &["docker.io/n8nio/n8n", "docker.n8n.io/n8nio/n8n", "ghcr.io/n8n-io/n8n"],
        "node",
        "n8n-io/n8n:docker/images/n8n/Dockerfile",
    )
    .built_for(1000, 1000)
    .brings(&[Account::new("node", 1000, 1000)])
    .on(Family::Alpine)
    .writes(&["/home/node/.n8n"]),
    Known::unknown(&["docker.io/apache/airflow"], "apache/airflow:Dockerfile")
        .built_for(50000, 0)
        .on(Family::Debian)
        .occupies(&["/opt/airflow"]),
    Known::root(&["docker.io/axllent/mailpit"], "axllent/mailpit:Dockerfile")
        .on(Family::Alpine)
        .writes(&["/tmp"]),
    Known::number(
        &["quay.io/jupyter/*"],
        1000,
        100,
        "jupyter/docker-stacks:images/docker-stacks-foundation/Dockerfile",
    )
    .on(Family::Ubuntu)
    .occupies(&["/home/jovyan"]),
    Known::number(&["docker.io/selenium/*"], 1200, 1201, "SeleniumHQ/docker-selenium:Base/Dockerfile")
        .on(Family::Ubuntu)
        .writes(&["/var/run/supervisor", "/var/log/supervisor", "/dev/shm", "/tmp"])
        .occupies(&["/opt/selenium", "/home/seluser"]),
    Known::unknown(
        &["mcr.microsoft.com/devcontainers/*"],
        "devcontainers/images:src/base-debian/.devcontainer/devcontainer.json",
    ),
    Known::named(
        &["docker.io/stefanprodan/podinfo", "ghcr.io/stefanprodan/podinfo"],
        "app",
        "stefanprodan/podinfo:Dockerfile",
    )
    .probably(100, 101)
    .on(Family::Alpine)
    .writes(&["/data"]),
];
