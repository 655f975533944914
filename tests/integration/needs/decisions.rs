//! A comment that gives the reason of a value is quoted by the fixes that would change the value, with its place.

use seaworthy::finding::{FixRisk, Safety};
use seaworthy::fix::{FixOffer, Planner};

use super::{audit_texts, deployment, evidence_places, risk_of};

/// The quotation that the fix of a rule gives first among those of comments, with its place.
fn quoted(path: &str, text: &str, rule: &str) -> Option<(String, String)> {
    let risk = risk_of(&audit_texts(&[(path, text)]), path, rule);
    assert_eq!(risk.risk, FixRisk::MayBreak, "{rule} {text}\n{risk:#?}");
    let caution = risk.cautions.iter().find(|caution| caution.text.contains('\u{201c}'))?;
    let at = caution.evidence.as_ref().unwrap();
    assert!(evidence_places(&risk).contains(&format!("{}:{}:{}", at.path, at.line, at.column)));
    Some((caution.text.to_string(), format!("{}:{}", at.path, at.line)))
}

fn in_spec(spec: &str, rule: &str) -> Option<(String, String)> {
    quoted("deploy.yaml", &deployment(spec), rule)
}

#[test]
fn a_manifest_s_comment_is_quoted_where_its_value_would_change() {
    let spec = "containers:\n- name: capture\n  image: ghcr.io/acme/capture:3.1.4\n  securityContext:\n    \
                runAsUser: 0  # opens raw sockets on bond0\n";
    let (text, place) = in_spec(spec, "root-user").unwrap();
    assert_eq!(text, "the comment at `runAsUser` says “opens raw sockets on bond0”");
    assert_eq!(place, "deploy.yaml:13");

    let spec = "# the mesh's agent answers\n# on the node's own address\nhostNetwork: true\ncontainers:\n- {name: dns, \
                image: \"ghcr.io/acme/dns:1.0.0\"}\n";
    let (text, place) = in_spec(spec, "host-network").unwrap();
    assert_eq!(
        text,
        "the comment at `hostNetwork` says “the mesh's agent answers on the node's own address”"
    );
    assert_eq!(place, "deploy.yaml:9");

    let spec = "containers:\n  - name: batch\n    image: ghcr.io/acme/batch:2.0.1\n    resources:\n      # no cpu limit \
                on purpose: throttling doubled our latency\n      limits:\n        memory: 1Gi\n";
    let (text, place) = in_spec(spec, "missing-cpu-limit").unwrap();
    assert!(text.ends_with("“no cpu limit on purpose: throttling doubled our latency”"), "{text}");
    assert_eq!(place, "deploy.yaml:13");

    let spec = "containers:\n- image: ghcr.io/acme/build:9.9.9\n  name: build\n  securityContext:\n    procMount: \
                Unmasked # bubblewrap mounts its own\n";
    assert_eq!(in_spec(spec, "unmasked-proc").unwrap().1, "deploy.yaml:13");

    let spec = "containers:\n- image: ghcr.io/acme/fs:9.9.9\n  name: fs\n  # FUSE needs the device\n  \
                securityContext:\n    privileged: true\n";
    let (text, _) = in_spec(spec, "privileged-container").unwrap();
    assert_eq!(text, "the comment at `securityContext` says “FUSE needs the device”");
}

#[test]
fn what_is_no_comment_of_the_value_is_not_quoted() {
    let spec = |comment: &str| {
        format!(
            "containers:\n- name: capture\n  image: ghcr.io/acme/capture:3.1.4\n  securityContext:\n{comment}    \
             runAsUser: 0\n"
        )
    };
    assert!(in_spec(&spec("    # the sniffer wants root\n"), "root-user").is_some());
    for comment in [
        "",
        "    # the sniffer wants root\n\n",
        "    # runAsGroup: 0 or so\n",
        "    # checkov:skip=CKV_K8S_40:no reason\n",
        "    # the sniffer wants that\n    runAsNonRoot: false\n",
        "    # custom stuff\n",
        "    # here are the numbers to choose:\n",
    ] {
        let found = in_spec(&spec(comment), "root-user");
        let of_user = found.filter(|(text, _)| text.contains("`runAsUser`"));
        assert_eq!(of_user, None, "{comment}");
    }
    let other = "containers:\n- name: capture\n  image: ghcr.io/acme/capture:3.1.4\n  securityContext:\n    \
                 runAsUser: 0\n- name: side\n  image: ghcr.io/acme/side:3.1.4\n  securityContext:\n    # reads the \
                 node's journal\n    privileged: true\n";
    assert_eq!(in_spec(other, "root-user"), None);
}

#[test]
fn a_dockerfile_s_comment_is_quoted_where_its_instruction_would_change() {
    let text = "FROM debian:12.8-slim\nRUN useradd -u 1600 spool\n# the NFS export belongs to this uid\nUSER 1600\nCMD \
                [\"spoold\"]\n";
    let (said, place) = quoted("Dockerfile", text, "low-uid").unwrap();
    assert_eq!(said, "the comment at `USER` says “the NFS export belongs to this uid”");
    assert_eq!(place, "Dockerfile:3");

    let text = "FROM alpine:3.21\n# must match the owner of the share\nARG APP_UID=1600\nRUN adduser -D -u $APP_UID \
                app\nUSER $APP_UID\nCMD [\"app\"]\n";
    let (said, place) = quoted("Dockerfile", text, "low-uid").unwrap();
    assert_eq!(said, "the comment at `ARG` says “must match the owner of the share”");
    assert_eq!(place, "Dockerfile:2");

    let text = "FROM python:3.13-slim\nCOPY . /srv\n# root, for the scanner opens /dev/mem\nCMD [\"python\", \
                \"/srv/scan.py\"]\n";
    let (said, _) = quoted("Dockerfile", text, "missing-user").unwrap();
    assert_eq!(said, "the comment at `CMD` says “root, for the scanner opens /dev/mem”");

    let text = "FROM node:22-slim\nUSER 40000\n# shell form so that PORT is filled in\nCMD node server.js --port \
                $PORT\n";
    let (_, place) = quoted("Dockerfile", text, "shell-form-command").unwrap();
    assert_eq!(place, "Dockerfile:3");
}

#[test]
fn a_dockerfile_s_comment_that_only_tells_is_not_quoted() {
    for text in [
        "FROM debian:12.8-slim\nRUN useradd -u 1600 spool\n# the NFS export belongs to this uid\n\nUSER 1600\nCMD [\"s\"]\n",
        "FROM debian:12.8-slim\n# the NFS export belongs to this uid\nRUN useradd -u 1600 spool\nUSER 1600\nCMD [\"s\"]\n",
        "FROM debian:12.8-slim\nRUN useradd -u 1600 spool\n# hadolint ignore=DL3002\nUSER 1600\nCMD [\"s\"]\n",
        "FROM debian:12.8-slim AS old\n# because of the share\nUSER 1600\nFROM debian:12.8-slim\nUSER 1600\nCMD [\"s\"]\n",
    ] {
        assert_eq!(quoted("Dockerfile", text, "low-uid"), None, "{text}");
    }
    let text = "FROM node:22-slim\nUSER 40000\n# the server\nCMD node server.js --port $PORT\n";
    assert_eq!(quoted("Dockerfile", text, "shell-form-command"), None);
}

#[test]
fn a_reason_makes_a_safe_fix_one_for_review() {
    let safety = |comment: &str| {
        let text = format!("FROM debian:12.8-slim\nUSER 40000\n{comment}CMD spoold --front\n");
        let engine = audit_texts(&[("Dockerfile", text.as_str())]);
        let offers = Planner::new(&engine).verify(|rule| rule == "shell-form-command");
        let offer = offers.into_iter().find(|(key, _)| key.rule == "shell-form-command");
        let Some((_, FixOffer::Fix { safety, .. })) = offer else { panic!("{offer:?}") };
        safety
    };
    assert_eq!(safety(""), Safety::Safe);
    assert_eq!(safety("# the daemon\n"), Safety::Safe);
    assert_eq!(safety("# a shell must stand before it: it does not reap\n"), Safety::Review);
}
