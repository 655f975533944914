//! Which tags move.

use seaworthy::image::TagKind;

const VERSIONS: &[&str] = &[
    "3.9-alpine3.15",
    "1.25",
    "1.25.3",
    "v1.0.3",
    "v1.12",
    "22.04",
    "8.0-noble-chiseled",
    "1.0.0-rc.1",
    "2.0.0-nightly",
    "17.0.2_8-jre",
    "8u362-jdk",
    "2024-05-01",
    "20240501",
    "bookworm-20240513-slim",
    "noble-20240605",
    "RELEASE.2024-05-01T01-11-10Z",
    "nightly-20240501",
    "a1b2c3d",
    "main-4f5e6d7",
    "sha-0123abcd",
    "b4321",
    "build-17",
    "go1.22.3",
    "jdk-21.0.1",
    "4.1.115.Final",
    "1.0.0rc1",
    "alpine-1.44.0",
    "3.12.1-slim-bookworm",
    "1.11-alpine",
    "4bcff63911fcb4448bd4fdacec207030997caf25",
    "7.2.4-v3",
];

const MOVING: &[&str] = &[
    "3",
    "3-alpine",
    "v2",
    "22-slim",
    "stable",
    "stable-alpine3.17",
    "main",
    "master",
    "edge",
    "nightly",
    "dev",
    "alpine",
    "alpine3.19",
    "bookworm",
    "slim",
    "slim-bookworm",
    "lts",
    "lts-alpine3.20",
    "jdk21",
    "21-jre-noble",
    "nonroot",
    "debug",
    "latest-alpine",
    "latest-dev",
    "2022-latest",
    "1.0-SNAPSHOT",
    "3.x",
    "1.2.x",
    "php8.3-apache",
    "prod",
    "staging",
    "ltsc2022",
    "al2023",
    "20-bookworm-slim",
    "8-jdk-alpine",
    "default",
    "feedback",
    "release",
    "Latest",
    "ubuntu22.04",
    "windowsservercore-ltsc2022",
];

#[test]
fn a_version_a_date_a_build_or_a_commit_is_exact_enough() {
    for tag in VERSIONS {
        assert_eq!(TagKind::from_tag(tag), TagKind::Version, "{tag}");
    }
}

#[test]
fn majors_names_and_variants_move() {
    for tag in MOVING {
        assert_eq!(TagKind::from_tag(tag), TagKind::Moving, "{tag}");
    }
}

#[test]
fn only_latest_itself_is_latest() {
    assert_eq!(TagKind::from_tag("latest"), TagKind::Latest);
}
