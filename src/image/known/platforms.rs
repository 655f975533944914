//! What teams run for themselves: build servers, source control, registries, identity, vendors' families of images.

use super::{KnownAccount, KnownImage, TagSelector};
use crate::image::DistroFamily;

const GITEA: &[&str] = &["docker.io/gitea/gitea"];
const VAULT: &[&str] = &["docker.io/hashicorp/vault"];
const CONSUL: &[&str] = &["docker.io/hashicorp/consul"];
const SONARQUBE: &[&str] = &["docker.io/library/sonarqube"];
const DOCKER: &[&str] = &["docker.io/library/docker"];

pub(super) const ROWS: &[KnownImage] = &[
    KnownImage::named(&["docker.io/jenkins/jenkins"], "jenkins", "jenkinsci/docker:debian/Dockerfile")
        .built_for(1000, 1000)
        .on(DistroFamily::Debian)
        .writes(&["/var/jenkins_home", "/tmp"]),
    KnownImage::unknown(
        SONARQUBE,
        "SonarSource/docker-sonarqube:community-build/Dockerfile (of a later release)",
    )
    .tagged(TagSelector::ALL.below(10))
    .on(DistroFamily::Ubuntu),
    KnownImage::named(SONARQUBE, "sonarqube", "SonarSource/docker-sonarqube:community-build/Dockerfile")
        .built_for(1000, 0)
        .on(DistroFamily::Ubuntu)
        .writes(&[
            "/opt/sonarqube/data",
            "/opt/sonarqube/extensions",
            "/opt/sonarqube/logs",
            "/opt/sonarqube/temp",
        ]),
    KnownImage::named(&["docker.io/sonatype/nexus3"], "nexus", "sonatype/docker-nexus3:Dockerfile")
        .built_for(200, 200)
        .on(DistroFamily::RedHatMinimal)
        .writes(&["/nexus-data", "/opt/sonatype/sonatype-work", "/tmp"]),
    KnownImage::number(GITEA, 1000, 1000, "go-gitea/gitea:Dockerfile.rootless")
        .tagged(TagSelector::with(&["rootless"]))
        .on(DistroFamily::Alpine)
        .writes(&["/var/lib/gitea", "/etc/gitea", "/tmp"]),
    KnownImage::root(GITEA, "go-gitea/gitea:Dockerfile")
        .brings(&[KnownAccount::new("git", 1000, 1000)])
        .on(DistroFamily::Alpine)
        .writes(&["/data"])
        .caution("its supervisor starts as root; the tags that end in `-rootless` do not"),
    KnownImage::root(&["docker.io/library/registry"], "distribution/distribution-library-image:Dockerfile")
        .on(DistroFamily::Alpine)
        .writes(&["/var/lib/registry"]),
    KnownImage::number(
        &["quay.io/keycloak/keycloak"],
        1000,
        0,
        "keycloak/keycloak:quarkus/container/Dockerfile",
    )
    .on(DistroFamily::RedHatMinimal)
    .writes(&["/tmp"])
    .occupies(&["/opt/keycloak"]),
    KnownImage::unknown(VAULT, "hashicorp/vault:Dockerfile (another stage)")
        .tagged(TagSelector::with(&["ubi"]))
        .on(DistroFamily::RedHatMinimal),
    KnownImage::root(VAULT, "hashicorp/vault:Dockerfile")
        .drops_to(100, 1000)
        .probably(100, 1000)
        .on(DistroFamily::Alpine)
        .writes(&["/vault/logs", "/vault/file"])
        .occupies(&["/vault/config"])
        .caution("its entrypoint runs setcap on its own binary unless SKIP_SETCAP is set"),
    KnownImage::number_alone(CONSUL, 100, "hashicorp/consul:Dockerfile (stage ubi)")
        .tagged(TagSelector::with(&["ubi"]))
        .on(DistroFamily::RedHatMinimal)
        .writes(&["/consul/data"]),
    KnownImage::root(CONSUL, "hashicorp/consul:Dockerfile")
        .drops_to(100, 1000)
        .probably(100, 1000)
        .on(DistroFamily::Alpine)
        .writes(&["/consul/data"])
        .occupies(&["/consul/config"]),
    KnownImage::root(
        &["lscr.io/linuxserver/*", "docker.io/linuxserver/*"],
        "linuxserver/docker-baseimage-alpine:Dockerfile",
    )
    .brings(&[KnownAccount::new("abc", 911, 911)])
    .writes(&["/config"])
    .caution("its init needs root, and becomes the user that PUID and PGID name"),
    KnownImage::root(&["docker.io/bitnami/minideb"], "bitnami/minideb:mkimage").on(DistroFamily::Debian),
    KnownImage::number(
        &["docker.io/bitnami/*", "docker.io/bitnamilegacy/*", "public.ecr.aws/bitnami/*"],
        1001,
        0,
        "bitnami/containers:bitnami/redis/8.0/debian-12/Dockerfile",
    )
    .on(DistroFamily::Debian)
    .writes(&["/tmp"])
    .occupies(&["/opt/bitnami"]),
    KnownImage::number_alone(
        &[
            "registry.access.redhat.com/ubi8/s2i-*",
            "registry.access.redhat.com/ubi9/s2i-*",
            "quay.io/sclorg/*",
        ],
        1001,
        "sclorg/s2i-base-container:core/Dockerfile.rhel9",
    )
    .on(DistroFamily::RedHat),
    KnownImage::named(DOCKER, "rootless", "docker-library/docker:29/dind-rootless/Dockerfile")
        .tagged(TagSelector::with(&["rootless"]))
        .built_for(1000, 1000)
        .on(DistroFamily::Alpine)
        .writes(&["/home/rootless/.local/share/docker", "/run/user"]),
    KnownImage::root(DOCKER, "docker-library/docker:29/dind/Dockerfile")
        .tagged(TagSelector::with(&["dind"]))
        .on(DistroFamily::Alpine)
        .writes(&["/var/lib/docker", "/run"])
        .caution("a Docker daemon needs root and privileges"),
    KnownImage::root(DOCKER, "docker-library/docker:29/cli/Dockerfile").on(DistroFamily::Alpine),
];
