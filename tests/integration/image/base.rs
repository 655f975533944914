//! Base families and the accounts that can be made on them.

use super::reference;
use seaworthy::image::known::DefaultUser;
use seaworthy::image::{Base, Dialect, Family};

const FAMILIES: &[(&str, Family)] = &[
    ("alpine:3.20", Family::Alpine),
    ("python:3.12-alpine3.20", Family::Alpine),
    ("acme/tool:1.2-alpine", Family::Alpine),
    ("debian:bookworm-slim", Family::Debian),
    ("python:3.12", Family::Debian),
    ("node:22-slim", Family::Debian),
    ("golang:1.22", Family::Debian),
    ("golang:1.22-windowsservercore-ltsc2022", Family::Windows),
    ("ubuntu:24.04", Family::Ubuntu),
    ("eclipse-temurin:21", Family::Ubuntu),
    ("eclipse-temurin:21-jre-ubi9-minimal", Family::RedHatMinimal),
    ("eclipse-temurin:21-jre-alpine", Family::Alpine),
    ("openjdk:17-slim-bullseye", Family::Debian),
    ("amazoncorretto:21-al2023", Family::RedHatMinimal),
    ("amazoncorretto:21-alpine", Family::Alpine),
    ("amazonlinux:2023", Family::RedHatMinimal),
    ("rockylinux:9", Family::RedHat),
    ("rockylinux:9-minimal", Family::RedHatMinimal),
    ("registry.access.redhat.com/ubi9/ubi:9.4", Family::RedHat),
    ("registry.access.redhat.com/ubi9", Family::RedHat),
    ("registry.access.redhat.com/ubi9/ubi-minimal", Family::RedHatMinimal),
    ("registry.access.redhat.com/ubi9/openjdk-21", Family::RedHatMinimal),
    ("mcr.microsoft.com/azurelinux/base/core:3.0", Family::AzureLinux),
    ("mcr.microsoft.com/azurelinux/distroless/base:3.0", Family::Distroless),
    ("mcr.microsoft.com/dotnet/aspnet:8.0", Family::Debian),
    ("mcr.microsoft.com/dotnet/aspnet:10.0", Family::Ubuntu),
    ("mcr.microsoft.com/dotnet/runtime:8.0-jammy-chiseled", Family::Distroless),
    ("mcr.microsoft.com/dotnet/sdk:8.0-alpine", Family::Alpine),
    ("mcr.microsoft.com/windows/nanoserver:ltsc2022", Family::Windows),
    ("gcr.io/distroless/static-debian12", Family::Distroless),
    ("cgr.dev/chainguard/static:latest", Family::Distroless),
    ("cgr.dev/chainguard/python:latest-dev", Family::Wolfi),
    ("cgr.dev/chainguard/wolfi-base", Family::Wolfi),
    ("cgr.dev/acme/wolfi-base:latest", Family::Wolfi),
    ("elixir:1.17", Family::Debian),
    ("maven:3.9-amazoncorretto-21", Family::RedHatMinimal),
    ("maven:3.9-amazoncorretto-21-alpine", Family::Alpine),
    ("tomcat:10.1-jdk21-temurin-noble", Family::Ubuntu),
    ("busybox:1.36", Family::Busybox),
    ("scratch", Family::Scratch),
    ("registry.suse.com/bci/bci-base:15.6", Family::Suse),
    ("opensuse/leap:15.6", Family::Suse),
    ("bitnami/redis:8.0", Family::Debian),
    ("ghcr.io/acme/api:1.2.3", Family::Unknown),
];

#[test]
fn a_family_is_told_by_name_tag_or_table() {
    for (text, family) in FAMILIES {
        assert_eq!(Base::of(&reference(text)).family, *family, "{text}");
    }
}

/// `node` has Alpine and Debian tags, and its digest could be either's; `alpine` has but one family.
#[test]
fn a_digest_alone_tells_the_family_of_a_bare_base_only() {
    let digest = "sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1";
    let base = |name: &str| Base::of(&reference(&format!("{name}@{digest}")));
    assert_eq!(base("node").family, Family::Unknown);
    assert_eq!(base("node").default_user(), DefaultUser::Root);
    assert_eq!(base("node:22-alpine").family, Family::Alpine);
    assert_eq!(base("alpine").family, Family::Alpine);
    assert_eq!(base("ubuntu").default_user(), DefaultUser::Root);
    assert_eq!(base("gcr.io/distroless/static").family, Family::Distroless);
    assert_eq!(base("gcr.io/distroless/static").default_user(), DefaultUser::Unknown, "`:nonroot` or not");
}

fn commands(text: &str, name: &str, id: u32) -> Option<String> {
    Base::of(&reference(text)).account_commands(name, id, id)
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
        assert_eq!(Base::of(&reference(text)).default_user(), DefaultUser::Root, "{text}");
    }
    for text in ["registry.access.redhat.com/ubi9/openjdk-21", "ghcr.io/acme/api:1", "golang:1.22-nanoserver"]
    {
        assert_eq!(Base::of(&reference(text)).default_user(), DefaultUser::Unknown, "{text}");
    }
    assert_eq!(Base::unknown().default_user(), DefaultUser::Unknown);
}

#[test]
fn pipefail_is_offered_only_in_a_shell_that_has_it() {
    assert_eq!(Family::Alpine.pipefail_shell(), Some("/bin/ash"));
    assert_eq!(Family::Debian.pipefail_shell(), Some("/bin/bash"));
    assert_eq!(Family::Debian.sh_has_pipefail(), Some(false));
    for family in [Family::Distroless, Family::Scratch, Family::Windows, Family::Unknown] {
        assert_eq!(family.pipefail_shell(), None);
        assert_eq!(family.dialect(), None);
    }
    assert_eq!(Family::Wolfi.dialect(), Some(Dialect::Busybox));
    assert!(!Family::Distroless.has_shell());
}
