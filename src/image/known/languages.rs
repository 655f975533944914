//! What programs are built upon: languages, their build tools and servers.

use super::{KnownAccount, KnownImage, TagSelector};
use crate::image::DistroFamily;

const ALPINE: TagSelector = TagSelector::with(&["alpine"]);
const DISTROLESS: TagSelector = TagSelector::with(&["distroless"]);
const WINDOWS: TagSelector = TagSelector::with(&["nanoserver", "windowsservercore"]);
const NODE: &[KnownAccount] = &[KnownAccount::new("node", 1000, 1000)];
const GRADLE: &[&str] = &["docker.io/library/gradle"];
const GRADLE_ACCOUNT: &[KnownAccount] = &[KnownAccount::new("gradle", 1000, 1000)];
const DENO: &[&str] = &["docker.io/denoland/deno"];
const BUN: &[&str] = &["docker.io/oven/bun"];
const DOTNET: &[&str] = &[
    "mcr.microsoft.com/dotnet/runtime-deps",
    "mcr.microsoft.com/dotnet/runtime",
    "mcr.microsoft.com/dotnet/aspnet",
    "mcr.microsoft.com/dotnet/sdk",
];
/// The account that every Linux image of .NET from 8.0 on brings, its number also in `APP_UID`.
const DOTNET_APP: &[KnownAccount] = &[KnownAccount::new("app", 1654, 1654)];

pub(super) const ROWS: &[KnownImage] = &[
    KnownImage::root(&["docker.io/library/node"], "nodejs/docker-node:22/bookworm-slim/Dockerfile")
        .brings(NODE)
        .on(DistroFamily::Debian),
    KnownImage::root(&["docker.io/library/python"], "docker-library/python:3.13/slim-trixie/Dockerfile")
        .on(DistroFamily::Debian),
    KnownImage::root(&["docker.io/library/ruby"], "docker-library/ruby:3.4/slim-trixie/Dockerfile")
        .on(DistroFamily::Debian),
    KnownImage::root(&["docker.io/library/golang"], "docker-library/golang:1.27/trixie/Dockerfile")
        .on(DistroFamily::Debian),
    KnownImage::root(&["docker.io/library/rust"], "rust-lang/docker-rust:stable/trixie/slim/Dockerfile")
        .on(DistroFamily::Debian),
    KnownImage::root(
        &["docker.io/library/eclipse-temurin"],
        "adoptium/containers:21/jre/ubuntu/noble/Dockerfile",
    )
    .on(DistroFamily::Ubuntu)
    .writes(&["/tmp"]),
    KnownImage::root(
        &["docker.io/library/amazoncorretto"],
        "corretto/corretto-docker:21/jdk/al2023/Dockerfile",
    )
    .on(DistroFamily::RedHatMinimal)
    .writes(&["/tmp"]),
    KnownImage::root(
        &["docker.io/library/tomcat"],
        "docker-library/tomcat:10.1/jdk21/temurin-noble/Dockerfile",
    )
    .on(DistroFamily::Ubuntu)
    .writes(&["/usr/local/tomcat/logs", "/usr/local/tomcat/temp", "/usr/local/tomcat/work"])
    .occupies(&["/usr/local/tomcat/webapps"]),
    KnownImage::named(
        &["docker.io/library/jetty"],
        "jetty",
        "jetty/jetty.docker:eclipse-temurin/12.0/jdk21/Dockerfile",
    )
    .probably(999, 999)
    .on(DistroFamily::Ubuntu)
    .writes(&["/tmp"])
    .occupies(&["/var/lib/jetty"]),
    KnownImage::root(GRADLE, "keeganwitt/docker-gradle:jdk24-alpine/Dockerfile")
        .tagged(ALPINE)
        .brings(GRADLE_ACCOUNT)
        .on(DistroFamily::Alpine)
        .writes(&["/home/gradle/.gradle"]),
    KnownImage::root(GRADLE, "keeganwitt/docker-gradle:jdk21-noble/Dockerfile")
        .brings(GRADLE_ACCOUNT)
        .on(DistroFamily::Ubuntu)
        .writes(&["/home/gradle/.gradle"]),
    KnownImage::root(&["docker.io/library/maven"], "carlossg/docker-maven:azulzulu-21/Dockerfile")
        .on(DistroFamily::Ubuntu)
        .writes(&["/root/.m2"]),
    KnownImage::root(DENO, "denoland/deno_docker:alpine.dockerfile")
        .tagged(ALPINE)
        .brings(&[KnownAccount::new("deno", 1000, 1000)])
        .on(DistroFamily::Alpine)
        .writes(&["/deno-dir"]),
    KnownImage::unknown(DENO, "denoland/deno_docker:debian.dockerfile (another variant)")
        .tagged(DISTROLESS)
        .on(DistroFamily::Distroless),
    KnownImage::root(DENO, "denoland/deno_docker:debian.dockerfile")
        .brings(&[KnownAccount::new("deno", 1993, 1993)])
        .on(DistroFamily::Debian)
        .writes(&["/deno-dir"]),
    KnownImage::unknown(BUN, "oven-sh/bun:dockerhub/debian-slim/Dockerfile (another variant)")
        .tagged(DISTROLESS)
        .on(DistroFamily::Distroless),
    KnownImage::root(BUN, "oven-sh/bun:dockerhub/debian-slim/Dockerfile")
        .brings(&[KnownAccount::new("bun", 1000, 1000)])
        .on(DistroFamily::Debian),
    KnownImage::windows(DOTNET, "dotnet/dotnet-docker:src/runtime/10.0/nanoserver-ltsc2022/amd64/Dockerfile")
        .tagged(WINDOWS),
    KnownImage::number(
        DOTNET,
        1654,
        1654,
        "dotnet/dotnet-docker:src/runtime-deps/10.0/noble-chiseled/amd64/Dockerfile",
    )
    .tagged(TagSelector::with(&["chiseled", "distroless"]))
    .brings(DOTNET_APP)
    .on(DistroFamily::Distroless)
    .writes(&["/tmp"]),
    // The account came with 8.0.
    KnownImage::root(DOTNET, "dotnet/dotnet-docker:src/runtime-deps/8.0/bookworm-slim/amd64/Dockerfile")
        .tagged(TagSelector::ALL.below(8))
        .on(DistroFamily::Debian)
        .writes(&["/tmp"]),
    KnownImage::root(DOTNET, "dotnet/dotnet-docker:src/runtime-deps/8.0/bookworm-slim/amd64/Dockerfile")
        .tagged(TagSelector::ALL.below(10))
        .brings(DOTNET_APP)
        .built_for(1654, 1654)
        .on(DistroFamily::Debian)
        .writes(&["/tmp"]),
    KnownImage::root(DOTNET, "dotnet/dotnet-docker:src/runtime-deps/10.0/noble/amd64/Dockerfile")
        .brings(DOTNET_APP)
        .built_for(1654, 1654)
        .on(DistroFamily::Ubuntu)
        .writes(&["/tmp"]),
];
