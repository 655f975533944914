//! Bare bases: distributions, and what is smaller than one.

use super::{KnownAccount, KnownImage, TagSelector};
use crate::image::DistroFamily;

/// `nonroot` is in the passwd file of every distroless and Wolfi image, whoever it starts as.
const NONROOT: &[KnownAccount] = &[KnownAccount::new("nonroot", 65532, 65532)];
const UBUNTU: &[&str] = &["docker.io/library/ubuntu", "public.ecr.aws/ubuntu/ubuntu"];
const DISTROLESS: &[&str] = &["gcr.io/distroless/*"];
const CHAINGUARD_BASE: &[&str] = &[
    "cgr.dev/chainguard/wolfi-base",
    "cgr.dev/chainguard/chainguard-base",
    "docker.io/chainguard/wolfi-base",
];
/// Those that run as `nonroot`; other Chainguard images may differ.
const CHAINGUARD: &[&str] = &[
    "cgr.dev/chainguard/glibc-dynamic",
    "cgr.dev/chainguard/jre",
    "cgr.dev/chainguard/nginx",
    "cgr.dev/chainguard/node",
    "cgr.dev/chainguard/python",
];

pub(super) const ROWS: &[KnownImage] = &[
    KnownImage::number(DISTROLESS, 65532, 65532, "GoogleContainerTools/distroless:static/static.bzl")
        .tagged(TagSelector::with(&["nonroot"]))
        .brings(NONROOT)
        .on(DistroFamily::Distroless),
    KnownImage::root(DISTROLESS, "GoogleContainerTools/distroless:common/variables.bzl")
        .brings(NONROOT)
        .built_for(65532, 65532)
        .on(DistroFamily::Distroless),
    KnownImage::root(CHAINGUARD_BASE, "chainguard-images/images:images/wolfi-base/locked_config.json")
        .brings(NONROOT)
        .built_for(65532, 65532)
        .on(DistroFamily::Wolfi),
    KnownImage::number(
        &["cgr.dev/chainguard/static"],
        65532,
        65532,
        "chainguard-images/images:images/static/locked_config.json",
    )
    .brings(NONROOT)
    .on(DistroFamily::Distroless),
    KnownImage::number(CHAINGUARD, 65532, 65532, "chainguard-images/images:images (their configurations)")
        .brings(NONROOT)
        .on(DistroFamily::Distroless),
    KnownImage::root(&["docker.io/library/alpine"], "alpinelinux/aports:main/alpine-baselayout/passwd")
        .on(DistroFamily::Alpine),
    KnownImage::root(&["docker.io/library/debian"], "Debian package base-passwd 3.6.1: passwd.master")
        .on(DistroFamily::Debian),
    KnownImage::root(UBUNTU, "jupyterhub/repo2docker#1346")
        .tagged(TagSelector::ALL.below(23))
        .on(DistroFamily::Ubuntu),
    KnownImage::root(UBUNTU, "jupyterhub/repo2docker#1346")
        .tagged(TagSelector::with(&["jammy", "focal", "bionic", "xenial", "trusty"]))
        .on(DistroFamily::Ubuntu),
    KnownImage::root(UBUNTU, "devcontainers/images#1056")
        .brings(&[KnownAccount::new("ubuntu", 1000, 1000)])
        .on(DistroFamily::Ubuntu),
    KnownImage::root(&["docker.io/library/busybox"], "docker-library/busybox:Dockerfile-builder.template")
        .on(DistroFamily::Busybox),
];
