//! The low ports that known images listen on by default, found wherever a manifest or a Dockerfile names such an image.

use seaworthy::needs::{NeedCertainty, NeedKind};

use super::{deployment, found, image_needs, pod_needs};

/// What the object of a manifest shows of a port.
fn in_manifest(text: &str, object: &str, port: u16) -> Vec<(NeedCertainty, Vec<String>)> {
    let files = [("app.yaml", text)];
    found(&pod_needs(&files, object), &files, &NeedKind::LowPort(port))
}

fn likely(line: usize) -> Vec<(NeedCertainty, Vec<String>)> {
    vec![(NeedCertainty::Likely, vec![format!("app.yaml:{line}")])]
}

#[test]
fn a_known_image_brings_its_low_ports_in_every_layout() {
    let web = deployment("containers:\n- name: web\n  image: httpd:2.4.62\n");
    assert_eq!(in_manifest(&web, "Deployment/app", 80), likely(11));
    let names = "apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: DaemonSet\n  metadata: {name: dns}\n  spec:\n    template:\n      spec: {containers: [{name: dns, image: \"registry.k8s.io/coredns/coredns:v1.10.1\", args: [-conf, /etc/coredns/Corefile]}]}\n";
    assert_eq!(in_manifest(names, "DaemonSet/dns", 53), likely(9));
    let gate = "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"gate\"},\n \"spec\": {\"containers\": [{\"name\": \"gate\",\n  \"image\": \"public.ecr.aws/docker/library/caddy:2.8.4\"}]}}\n";
    assert_eq!(in_manifest(gate, "Pod/gate", 443), likely(3));
    assert_eq!(in_manifest(gate, "Pod/gate", 2019), [], "it is no low one");
}

#[test]
fn an_image_of_another_name_or_one_that_is_only_mentioned_brings_none() {
    for image in [
        "registry.example/httpd:2.4.62",
        "docker.io/nginxinc/nginx-unprivileged:1.27.3",
        "registry.example/app:1 # was httpd:2.4.62",
    ] {
        let text = deployment(&format!("containers:\n- name: web\n  image: {image}\n"));
        assert_eq!(in_manifest(&text, "Deployment/app", 80), [], "{image}");
    }
    let echo =
        "containers:\n- name: web\n  image: registry.example/app:1\n  command: [echo, \"httpd:2.4.62\"]\n";
    assert_eq!(in_manifest(&deployment(echo), "Deployment/app", 80), []);
}

#[test]
fn a_build_takes_over_the_ports_of_its_known_base_alone() {
    let has = |text: &str, port: u16| {
        let needs = image_needs(&[("Dockerfile", text)]);
        needs.iter().any(|need| need.kind == NeedKind::LowPort(port))
    };
    assert!(has(
        "FROM golang:1.23 AS build\nRUN go build\nFROM caddy:2.8.4\nCOPY --from=build /site /srv\n",
        443
    ));
    assert!(has("ARG TAG=2.4.62\nFROM httpd:${TAG}\nCOPY public /usr/local/apache2/htdocs\n", 80));
    assert!(has("FROM nginx:1.27.3 AS web\nFROM web\nCOPY dist /usr/share/nginx/html\n", 80));
    for text in [
        "FROM caddy:2.8.4 AS gate\nFROM debian:12\nCOPY --from=gate /usr/bin/caddy /bin/caddy\nCMD [\"/app\"]\n",
        "FROM debian:12\n# FROM httpd:2.4.62\nRUN echo httpd:2.4.62\nCMD [\"/app\"]\n",
    ] {
        assert!(!has(text, 80) && !has(text, 443), "{text}");
    }
}
