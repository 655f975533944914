//! Base families and the accounts that can be made on them.

use super::reference;
use seaworthy::image::known::DefaultUser;
use seaworthy::image::{AccountTools, BaseImage, DistroFamily};

const FAMILIES: &[(&str, DistroFamily)] = &[
    ("alpine:3.20", DistroFamily::Alpine),
    ("python:3.12-alpine3.20", DistroFamily::Alpine),
    ("acme/tool:1.2-alpine", DistroFamily::Alpine),
    ("debian:bookworm-slim", DistroFamily::Debian),
    ("python:3.12", DistroFamily::Debian),
    ("node:22-slim", DistroFamily::Debian),
    ("golang:1.22", DistroFamily::Debian),
    ("golang:1.22-windowsservercore-ltsc2022", DistroFamily::Windows),
    ("ubuntu:24.04", DistroFamily::Ubuntu),
    ("eclipse-temurin:21", DistroFamily::Ubuntu),
    ("eclipse-temurin:21-jre-ubi9-minimal", DistroFamily::RedHatMinimal),
    ("eclipse-temurin:21-jre-alpine", DistroFamily::Alpine),
    ("openjdk:17-slim-bullseye", DistroFamily::Debian),
    ("amazoncorretto:21-al2023", DistroFamily::RedHatMinimal),
    ("amazoncorretto:21-alpine", DistroFamily::Alpine),
    ("amazonlinux:2023", DistroFamily::RedHatMinimal),
    ("rockylinux:9", DistroFamily::RedHat),
    ("rockylinux:9-minimal", DistroFamily::RedHatMinimal),
    ("registry.access.redhat.com/ubi9/ubi:9.4", DistroFamily::RedHat),
    ("registry.access.redhat.com/ubi9", DistroFamily::RedHat),
    ("registry.access.redhat.com/ubi9/ubi-minimal", DistroFamily::RedHatMinimal),
    ("registry.access.redhat.com/ubi9/openjdk-21", DistroFamily::RedHatMinimal),
    ("mcr.microsoft.com/azurelinux/base/core:3.0", DistroFamily::AzureLinux),
    ("mcr.microsoft.com/azurelinux/distroless/base:3.0", DistroFamily::Distroless),
    ("mcr.microsoft.com/dotnet/aspnet:8.0", DistroFamily::Debian),
    ("mcr.microsoft.com/dotnet/aspnet:10.0", DistroFamily::Ubuntu),
    ("mcr.microsoft.com/dotnet/runtime:8.0-jammy-chiseled", DistroFamily::Distroless),
    ("mcr.microsoft.com/dotnet/sdk:8.0-alpine", DistroFamily::Alpine),
    ("mcr.microsoft.com/windows/nanoserver:ltsc2022", DistroFamily::Windows),
    ("gcr.io/distroless/static-debian12", DistroFamily::Distroless),
    ("cgr.dev/chainguard/static:latest", DistroFamily::Distroless),
    ("cgr.dev/chainguard/python:latest-dev", DistroFamily::Wolfi),
    ("cgr.dev/chainguard/wolfi-base", DistroFamily::Wolfi),
    ("cgr.dev/acme/wolfi-base:latest", DistroFamily::Wolfi),
    ("elixir:1.17", DistroFamily::Debian),
    ("maven:3.9-amazoncorretto-21", DistroFamily::RedHatMinimal),
    ("maven:3.9-amazoncorretto-21-alpine", DistroFamily::Alpine),
    ("tomcat:10.1-jdk21-temurin-noble", DistroFamily::Ubuntu),
    ("busybox:1.36", DistroFamily::Busybox),
    ("scratch", DistroFamily::Scratch),
    ("registry.suse.com/bci/bci-base:15.6", DistroFamily::Suse),
    ("opensuse/leap:15.6", DistroFamily::Suse),
    ("bitnami/redis:8.0", DistroFamily::Debian),
    ("ghcr.io/acme/api:1.2.3", DistroFamily::Unknown),
];

#[test]
fn a_family_is_told_by_name_tag_or_table() {
    for (text, family) in FAMILIES {
        assert_eq!(BaseImage::from_reference(&reference(text)).family, *family, "{text}");
    }
}

/// `node` has Alpine and Debian tags, and its digest could be either's; `alpine` has but one family.
#[test]
fn a_digest_alone_tells_the_family_of_a_bare_base_only() {
    let digest = "sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1";
    let base = |name: &str| BaseImage::from_reference(&reference(&format!("{name}@{digest}")));
    assert_eq!(base("node").family, DistroFamily::Unknown);
    assert_eq!(base("node").default_user(), DefaultUser::Root);
    assert_eq!(base("node:22-alpine").family, DistroFamily::Alpine);
    assert_eq!(base("alpine").family, DistroFamily::Alpine);
    assert_eq!(base("ubuntu").default_user(), DefaultUser::Root);
    assert_eq!(base("gcr.io/distroless/static").family, DistroFamily::Distroless);
    assert_eq!(base("gcr.io/distroless/static").default_user(), DefaultUser::Unknown, "`:nonroot` or not");
}

fn commands(text: &str, name: &str, id: u32) -> Option<String> {
    BaseImage::from_reference(&reference(text)).account_commands(name, id, id)
}

#[test]
fn each_dialect_makes_the_same_account() {
    let alpine =
        "addgroup -S -g 43122 app && adduser -S -D -H -u 43122 -G app -h /nonexistent -s /sbin/nologin app";
    let debian = "groupadd --system --gid 43122 app && useradd --system --no-log-init --uid 43122 --gid 43122 \
         --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app";
    let red_hat =
        "groupadd -r -g 43122 app && useradd -r -l -u 43122 -g 43122 -M -d /nonexistent -s /sbin/nologin app";
    for (text, expected) in [
        ("python:3-alpine", alpine),
        ("cgr.dev/chainguard/wolfi-base", alpine),
        ("node:22-slim", debian),
        ("ubuntu:24.04", debian),
        ("registry.access.redhat.com/ubi9/ubi", red_hat),
        ("opensuse/leap:15.6", red_hat),
    ] {
        assert_eq!(commands(text, "app", 43122).as_deref(), Some(expected), "{text}");
    }
    assert!(commands("busybox:1.36", "app", 43122).is_some_and(|line| line.contains("-s /bin/false")));
}

#[test]
fn no_account_is_made_where_the_tools_may_be_missing() {
    for text in [
        "amazonlinux:2023",
        "registry.access.redhat.com/ubi9/ubi-minimal",
        "mcr.microsoft.com/azurelinux/base/core:3.0",
        "gcr.io/distroless/static-debian12",
        "scratch",
        "mcr.microsoft.com/windows/nanoserver:ltsc2022",
        "ghcr.io/acme/api:1.2.3",
    ] {
        assert_eq!(commands(text, "app", 43122), None, "{text}");
    }
}

#[test]
fn no_account_is_made_where_name_or_number_may_be_taken() {
    assert_eq!(commands("acme/tool:1.2-alpine", "app", 43122), None, "whose accounts are not known");
    for name in ["www-data", "nobody", "App", "1app", "", "a b", "app;id"] {
        assert_eq!(commands("alpine:3.20", name, 43122), None, "{name}");
    }
    for id in [0, 33, 100, 999, 1000, 65532, 65534] {
        assert_eq!(commands("alpine:3.20", "app", id), None, "{id}");
        assert_eq!(commands("debian:12", "app", id), None, "{id}");
    }
    assert_eq!(commands("alpine:3.20", "app", 60096), None, "beyond what busybox is sure to take");
    assert!(commands("debian:12", "app", 60096).is_some());
    assert_eq!(commands("node:22", "node", 43122), None);
    assert_eq!(commands("mcr.microsoft.com/dotnet/aspnet:8.0", "app", 43122), None, "which brings an `app`");
    assert_eq!(commands("mcr.microsoft.com/dotnet/aspnet:8.0", "web", 1654), None);
    assert_eq!(commands("memcached:1.6", "memcache", 43122), None);
    assert_eq!(commands("denoland/deno:2.0.0", "app", 1993), None);
}

#[test]
fn the_bare_bases_start_as_root_and_private_ones_are_unknown() {
    for text in [
        "scratch",
        "rockylinux:9",
        "registry.access.redhat.com/ubi9/ubi-minimal",
        "debian:12",
        "ubuntu:24.04",
    ] {
        assert_eq!(BaseImage::from_reference(&reference(text)).default_user(), DefaultUser::Root, "{text}");
    }
    for text in ["registry.access.redhat.com/ubi9/openjdk-21", "ghcr.io/acme/api:1", "golang:1.22-nanoserver"]
    {
        assert_eq!(
            BaseImage::from_reference(&reference(text)).default_user(),
            DefaultUser::Unknown,
            "{text}"
        );
    }
    assert_eq!(BaseImage::unknown_base().default_user(), DefaultUser::Unknown);
}

#[test]
fn pipefail_is_offered_only_in_a_shell_that_has_it() {
    assert_eq!(DistroFamily::Alpine.pipefail_shell(), Some("/bin/ash"));
    assert_eq!(DistroFamily::Debian.pipefail_shell(), Some("/bin/bash"));
    assert_eq!(DistroFamily::Debian.sh_has_pipefail(), Some(false));
    for family in
        [DistroFamily::Distroless, DistroFamily::Scratch, DistroFamily::Windows, DistroFamily::Unknown]
    {
        assert_eq!(family.pipefail_shell(), None);
        assert_eq!(family.account_tools(), None);
    }
    assert_eq!(DistroFamily::Wolfi.account_tools(), Some(AccountTools::Busybox));
    assert!(!DistroFamily::Distroless.has_shell());
}
