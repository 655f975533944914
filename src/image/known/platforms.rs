//! What teams run for themselves: build servers, source control, registries, identity, vendors' families of images.

use super::{Account, Known, Tags};
use crate::image::Family;

const GITEA: &[&str] = &["docker.io/gitea/gitea"];
const VAULT: &[&str] = &["docker.io/hashicorp/vault"];
const CONSUL: &[&str] = &["docker.io/hashicorp/consul"];
const SONARQUBE: &[&str] = &["docker.io/library/sonarqube"];
const DOCKER: &[&str] = &["docker.io/library/docker"];

pub(super) const ROWS: &[Known] = &[
    Known::named(&["docker.io/jenkins/jenkins"], "jenkins", "jenkinsci/docker:debian/Dockerfile")
        .built_for(1000, 1000)
        .on(Family::Debian)
        .writes(&["/var/jenkins_home", "/tmp"]),
    Known::unknown(SONARQUBE, "SonarSource/docker-sonarqube:community-build/Dockerfile (of a later release)")
        .tagged(Tags::ALL.below(10))
        .on(Family::Ubuntu),
    Known::named(SONARQUBE, "sonarqube", "SonarSource/docker-sonarqube:community-build/Dockerfile")
        .built_for(1000, 0)
        .on(Family::Ubuntu)
        .writes(&[
            "/opt/sonarqube/data",
            "/opt/sonarqube/extensions",
            "/opt/sonarqube/logs",
            "/opt/sonarqube/temp",
        ]),
    Known::named(&["docker.io/sonatype/nexus3"], "nexus", "sonatype/docker-nexus3:Dockerfile")
        .built_for(200, 200)
        .on(Family::RedHatMinimal)
        .writes(&["/nexus-data", "/opt/sonatype/sonatype-work", "/tmp"]),
    Known::number(GITEA, 1000, 1000, "go-gitea/gitea:Dockerfile.rootless")
        .tagged(Tags::with(&["rootless"]))
        .on(Family::Alpine)
        .writes(&["/var/lib/gitea", "/etc/gitea", "/tmp"]),
    Known::root(GITEA, "go-gitea/gitea:Dockerfile")
        .brings(&[Account::new("git", 1000, 1000)])
        .on(Family::Alpine)
        .writes(&["/data"])
        .caution("its supervisor starts as root; the tags that end in `-rootless` do not"),
    Known::root(&["docker.io/library/registry"], "distribution/distribution-library-image:Dockerfile")
        .on(Family::Alpine)
        .writes(&["/var/lib/registry"]),
    Known::number(&["quay.io/keycloak/keycloak"], 1000, 0, "keycloak/keycloak:quarkus/container/Dockerfile")
        .on(Family::RedHatMinimal)
        .writes(&["/tmp"])
        .occupies(&["/opt/keycloak"]),
    Known::unknown(VAULT, "hashicorp/vault:Dockerfile (another stage)")
        .tagged(Tags::with(&["ubi"]))
        .on(Family::RedHatMinimal),
    Known::root(VAULT, "hashicorp/vault:Dockerfile")
        .drops_to(100, 1000)
        .probably(100, 1000)
        .on(Family::Alpine)
        .writes(&["/vault/logs", "/vault/file"])
        .occupies(&["/vault/config"])
        .caution("its entrypoint runs setcap on its own binary unless SKIP_SETCAP is set"),
    Known::number_alone(CONSUL, 100, "hashicorp/consul:Dockerfile (stage ubi)")
        .tagged(Tags::with(&["ubi"]))
        .on(Family::RedHatMinimal)
        .writes(&["/consul/data"]),
    Known::root(CONSUL, "hashicorp/consul:Dockerfile")
        .drops_to(100, 1000)
        .probably(100, 1000)
        .on(Family::Alpine)
        .writes(&["/consul/data"])
        .occupies(&["/consul/config"]),
    Known::root(
        &["lscr.io/linuxserver/*", "docker.io/linuxserver/*"],
        "linuxserver/docker-baseimage-alpine:Dockerfile",
    )
    .brings(&[Account::new("abc", 911, 911)])
    .writes(&["/config"])
    .caution("its init needs root, and becomes the user that PUID and PGID name"),
    Known::root(&["docker.io/bitnami/minideb"], "bitnami/minideb:mkimage").on(Family::Debian),
    Known::number(
        &["docker.io/bitnami/*", "docker.io/bitnamilegacy/*", "public.ecr.aws/bitnami/*"],
        1001,
        0,
        "bitnami/containers:bitnami/redis/8.0/debian-12/Dockerfile",
    )
    .on(Family::Debian)
    .writes(&["/tmp"])
    .occupies(&["/opt/bitnami"]),
    Known::number_alone(
        &[
            "registry.access.redhat.com/ubi8/s2i-*",
            "registry.access.redhat.com/ubi9/s2i-*",
            "quay.io/sclorg/*",
        ],
        1001,
        "sclorg/s2i-base-container:core/Dockerfile.rhel9",
    )
    .on(Family::RedHat),
    Known::named(DOCKER, "rootless", "docker-library/docker:29/dind-rootless/Dockerfile")
        .tagged(Tags::with(&["rootless"]))
        .built_for(1000, 1000)
        .on(Family::Alpine)
        .writes(&["/home/rootless/.local/share/docker", "/run/user"]),
    Known::root(DOCKER, "docker-library/docker:29/dind/Dockerfile")
        .tagged(Tags::with(&["dind"]))
        .on(Family::Alpine)
        .writes(&["/var/lib/docker", "/run"])
        .caution("a Docker daemon needs root and privileges"),
    Known::root(DOCKER, "docker-library/docker:29/cli/Dockerfile").on(Family::Alpine),
];
