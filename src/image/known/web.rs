//! Web servers and proxies.

use super::{KnownAccount, KnownImage, RootDrop, TagSelector};
use crate::image::DistroFamily;

const ALPINE: TagSelector = TagSelector::with(&["alpine"]);
const NGINX: &[&str] = &["docker.io/library/nginx", "public.ecr.aws/nginx/nginx"];
const NGINX_WRITES: &[&str] = &["/var/cache/nginx", "/var/run"];
const NGINX_ACCOUNT: &[KnownAccount] = &[KnownAccount::new("nginx", 101, 101)];
const NGINX_CAUTION: &str = "nginx's first process stays root to listen on port 80 and to switch its workers to 101; \
     under another user it needs a port above 1023 and a pid file that it may write, as nginx-unprivileged has";
const UNPRIVILEGED: &[&str] = &[
    "docker.io/nginxinc/nginx-unprivileged",
    "ghcr.io/nginxinc/nginx-unprivileged",
    "quay.io/nginx/nginx-unprivileged",
    "public.ecr.aws/nginx/nginx-unprivileged",
];
const HTTPD: &[&str] = &["docker.io/library/httpd"];
const HTTPD_CAUTION: &str = "httpd's first process stays root to listen on port 80 and to switch its workers to \
     www-data; under another user it needs `Listen` with a port above 1023";
const HAPROXY: &[&str] = &["docker.io/library/haproxy"];
const ENVOY: &[&str] = &["docker.io/envoyproxy/envoy"];

pub(super) const ROWS: &[KnownImage] = &[
    KnownImage::root(NGINX, "nginxinc/docker-nginx:stable/alpine-slim/Dockerfile")
        .tagged(ALPINE)
        .drops(RootDrop::Program)
        .brings(NGINX_ACCOUNT)
        .on(DistroFamily::Alpine)
        .writes(NGINX_WRITES)
        .caution(NGINX_CAUTION),
    KnownImage::root(NGINX, "nginxinc/docker-nginx:stable/debian/Dockerfile")
        .drops(RootDrop::Program)
        .brings(NGINX_ACCOUNT)
        .on(DistroFamily::Debian)
        .writes(NGINX_WRITES)
        .caution(NGINX_CAUTION),
    KnownImage::number(UNPRIVILEGED, 101, 101, "nginxinc/docker-nginx-unprivileged:stable/debian/Dockerfile")
        .brings(NGINX_ACCOUNT)
        .on(DistroFamily::Debian)
        .writes(&["/tmp"]),
    KnownImage::root(HTTPD, "docker-library/httpd:2.4/alpine/Dockerfile")
        .tagged(ALPINE)
        .drops(RootDrop::Program)
        .brings(&[KnownAccount::new("www-data", 82, 82)])
        .on(DistroFamily::Alpine)
        .writes(&["/usr/local/apache2/logs"])
        .caution(HTTPD_CAUTION),
    KnownImage::root(HTTPD, "docker-library/httpd:2.4/Dockerfile")
        .drops(RootDrop::Program)
        .brings(&[KnownAccount::new("www-data", 33, 33)])
        .on(DistroFamily::Debian)
        .writes(&["/usr/local/apache2/logs"])
        .caution(HTTPD_CAUTION),
    KnownImage::root(HAPROXY, "docker-library/haproxy (releases before 2.4 have no USER)")
        .tagged(TagSelector::with(&["1", "1.7", "1.8", "1.9", "2.0", "2.1", "2.2", "2.3"]))
        .on(DistroFamily::Debian),
    KnownImage::named(HAPROXY, "haproxy", "docker-library/haproxy:3.2/Dockerfile")
        .built_for(99, 99)
        .on(DistroFamily::Debian),
    KnownImage::root(&["docker.io/library/caddy"], "caddyserver/caddy-docker:2.11/alpine/Dockerfile")
        .on(DistroFamily::Alpine)
        .writes(&["/config/caddy", "/data/caddy"])
        .caution("caddy may run as anyone: its binary carries NET_BIND_SERVICE for ports 80 and 443"),
    KnownImage::root(&["docker.io/library/traefik"], "traefik/traefik-library-image:v3.2/alpine/Dockerfile")
        .on(DistroFamily::Alpine)
        .writes(&["/tmp"])
        .caution("traefik may run as anyone once its entry points listen above port 1023"),
    KnownImage::number(ENVOY, 65532, 65532, "envoyproxy/envoy:ci/Dockerfile-envoy")
        .tagged(TagSelector::with(&["distroless"]))
        .on(DistroFamily::Distroless),
    KnownImage::root(ENVOY, "envoyproxy/envoy:ci/Dockerfile-envoy")
        .on(DistroFamily::Ubuntu)
        .writes(&["/tmp"]),
    KnownImage::named(
        &["docker.io/library/varnish"],
        "varnish",
        "varnish/docker-varnish:fresh/debian/Dockerfile",
    )
    .built_for(1000, 1000)
    .on(DistroFamily::Debian)
    .writes(&["/var/lib/varnish"]),
    KnownImage::named(&["docker.io/library/kong"], "kong", "Kong/docker-kong:ubuntu/Dockerfile")
        .on(DistroFamily::Ubuntu)
        .writes(&["/tmp"])
        .occupies(&["/usr/local/kong"]),
    KnownImage::number(
        &["registry.access.redhat.com/ubi8/nginx-*", "registry.access.redhat.com/ubi9/nginx-*"],
        1001,
        0,
        "sclorg/nginx-container:1.26/Dockerfile.rhel9",
    )
    .on(DistroFamily::RedHat)
    .writes(&["/run", "/var/log/nginx", "/var/lib/nginx"]),
];
