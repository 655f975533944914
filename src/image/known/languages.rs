//! What programs are built upon: languages, their build tools and servers.

use super::{Account, Known, Tags};
use crate::image::Family;

const ALPINE: Tags = Tags::with(&["alpine"]);
const DISTROLESS: Tags = Tags::with(&["distroless"]);
const WINDOWS: Tags = Tags::with(&["nanoserver", "windowsservercore"]);
const NODE: &[Account] = &[Account::new("node", 1000, 1000)];
const GRADLE: &[&str] = &["docker.io/library/gradle"];
const GRADLE_ACCOUNT: &[Account] = &[Account::new("gradle", 1000, 1000)];
const DENO: &[&str] = &["docker.io/denoland/deno"];
const BUN: &[&str] = &["docker.io/oven/bun"];
const DOTNET: &[&str] = &[
    "mcr.microsoft.com/dotnet/runtime-deps",
    "mcr.microsoft.com/dotnet/runtime",
    "mcr.microsoft.com/dotnet/aspnet",
    "mcr.microsoft.com/dotnet/sdk",
];
/// The account that every Linux image of .NET from 8.0 on brings, its number also in `APP_UID`.
const DOTNET_APP: &[Account] = &[Account::new("app", 1654, 1654)];

pub(super) const ROWS: &[Known] = &[
    Known::root(&["docker.io/library/node"], "nodejs/docker-node:22/bookworm-slim/Dockerfile")
        .brings(NODE)
        .on(Family::Debian),
    Known::root(&["docker.io/library/python"], "docker-library/python:3.13/slim-trixie/Dockerfile")
        .on(Family::Debian),
    Known::root(&["docker.io/library/ruby"], "docker-library/ruby:3.4/slim-trixie/Dockerfile")
        .on(Family::Debian),
    Known::root(&["docker.io/library/golang"], "docker-library/golang:1.27/trixie/Dockerfile")
        .on(Family::Debian),
    Known::root(&["docker.io/library/rust"], "rust-lang/docker-rust:stable/trixie/slim/Dockerfile")
        .on(Family::Debian),
    Known::root(&["docker.io/library/eclipse-temurin"], "adoptium/containers:21/jre/ubuntu/noble/Dockerfile")
        .on(Family::Ubuntu)
        .writes(&["/tmp"]),
    Known::root(&["docker.io/library/amazoncorretto"], "corretto/corretto-docker:21/jdk/al2023/Dockerfile")
        .on(Family::RedHatMinimal)
        .writes(&["/tmp"]),
    Known::root(&["docker.io/library/tomcat"], "docker-library/tomcat:10.1/jdk21/temurin-noble/Dockerfile")
        .on(Family::Ubuntu)
        .writes(&["/usr/local/tomcat/logs", "/usr/local/tomcat/temp", "/usr/local/tomcat/work"])
        .occupies(&["/usr/local/tomcat/webapps"]),
    Known::named(
        &["docker.io/library/jetty"],
        "jetty",
        "jetty/jetty.docker:eclipse-temurin/12.0/jdk21/Dockerfile",
    )
    .probably(999, 999)
    .on(Family::Ubuntu)
    .writes(&["/tmp"])
    .occupies(&["/var/lib/jetty"]),
    Known::root(GRADLE, "keeganwitt/docker-gradle:jdk24-alpine/Dockerfile")
        .tagged(ALPINE)
        .brings(GRADLE_ACCOUNT)
        .on(Family::Alpine)
        .writes(&["/home/gradle/.gradle"]),
    Known::root(GRADLE, "keeganwitt/docker-gradle:jdk21-noble/Dockerfile")
        .brings(GRADLE_ACCOUNT)
        .on(Family::Ubuntu)
        .writes(&["/home/gradle/.gradle"]),
    Known::root(&["docker.io/library/maven"], "carlossg/docker-maven:azulzulu-21/Dockerfile")
        .on(Family::Ubuntu)
        .writes(&["/root/.m2"]),
    Known::root(DENO, "denoland/deno_docker:alpine.dockerfile")
        .tagged(ALPINE)
        .brings(&[Account::new("deno", 1000, 1000)])
        .on(Family::Alpine)
        .writes(&["/deno-dir"]),
    Known::unknown(DENO, "denoland/deno_docker:debian.dockerfile (another variant)")
        .tagged(DISTROLESS)
        .on(Family::Distroless),
    Known::root(DENO, "denoland/deno_docker:debian.dockerfile")
        .brings(&[Account::new("deno", 1993, 1993)])
        .on(Family::Debian)
        .writes(&["/deno-dir"]),
    Known::unknown(BUN, "oven-sh/bun:dockerhub/debian-slim/Dockerfile (another variant)")
        .tagged(DISTROLESS)
        .on(Family::Distroless),
    Known::root(BUN, "oven-sh/bun:dockerhub/debian-slim/Dockerfile")
        .brings(&[Account::new("bun", 1000, 1000)])
        .on(Family::Debian),
    Known::windows(DOTNET, "dotnet/dotnet-docker:src/runtime/10.0/nanoserver-ltsc2022/amd64/Dockerfile")
        .tagged(WINDOWS),
    Known::number(
        DOTNET,
        1654,
        1654,
        "dotnet/dotnet-docker:src/runtime-deps/10.0/noble-chiseled/amd64/Dockerfile",
    )
    .tagged(Tags::with(&["chiseled", "distroless"]))
    .brings(DOTNET_APP)
    .on(Family::Distroless)
    .writes(&["/tmp"]),
    // The account came with 8.0.
    Known::root(DOTNET, "dotnet/dotnet-docker:src/runtime-deps/8.0/bookworm-slim/amd64/Dockerfile")
        .tagged(Tags::ALL.below(8))
        .on(Family::Debian)
        .writes(&["/tmp"]),
    Known::root(DOTNET, "dotnet/dotnet-docker:src/runtime-deps/8.0/bookworm-slim/amd64/Dockerfile")
        .tagged(Tags::ALL.below(10))
        .brings(DOTNET_APP)
        .built_for(1654, 1654)
        .on(Family::Debian)
        .writes(&["/tmp"]),
    Known::root(DOTNET, "dotnet/dotnet-docker:src/runtime-deps/10.0/noble/amd64/Dockerfile")
        .brings(DOTNET_APP)
        .built_for(1654, 1654)
        .on(Family::Ubuntu)
        .writes(&["/tmp"]),
];
