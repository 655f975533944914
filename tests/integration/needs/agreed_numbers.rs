//! A number that others rely on is not exchanged unseen: volumes, other workloads, a mesh, scripts, files of the build.

use seaworthy::finding::{FixRisk, Safety};
use seaworthy::fix::{FixOffer, FixOrder, Planner};

use super::{audit_texts, audit_with_scripts, evidence_places, risk_of};

fn workload(kind: &str, name: &str, pod: &str) -> String {
    let mut text = format!(
        "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: shop}}\nspec:\n  selector: \
         {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n"
    );
    for line in pod.lines() {
        text.push_str(&format!("      {line}\n"));
    }
    text
}

/// A workload of the image that the Dockerfile builds, with a volume at `/data`.
fn spool(kind: &str, security: &str, volume: &str) -> String {
    let pod = format!(
        "containers:\n- name: spool\n  image: spool\n{security}  volumeMounts:\n  - name: data\n    mountPath: \
         /data\nvolumes:\n- name: data\n{volume}"
    );
    workload(kind, "spool", &pod)
}

const LOW: &str = "FROM debian:12.8-slim\nRUN useradd -u 1600 spool\nUSER 1600\nCMD [\"spoold\"]\n";
const NAMED: &str = "FROM alpine:3.21\nRUN adduser -D -u 1600 spool\nUSER spool\nENTRYPOINT [\"spoold\"]\n";
const NODE: &str =
    "FROM node:22-slim\nWORKDIR /srv\nCOPY . .\nUSER 1600:1600\nCMD [\"node\", \"spool.js\"]\n";

#[test]
fn a_volume_of_the_pods_that_run_the_image_speaks_against_another_number() {
    for (build, rule, kind, volume) in [
        (LOW, "low-uid", "Deployment", "  hostPath:\n    path: /srv/spool\n"),
        (NAMED, "named-user", "StatefulSet", "  nfs:\n    server: nas\n    path: /spool\n"),
        (NODE, "low-uid", "DaemonSet", "  hostPath:\n    path: /var/spool\n"),
    ] {
        let manifest = spool(kind, "", volume);
        let engine = audit_texts(&[("spool/Dockerfile", build), ("spool/deploy.yaml", &manifest)]);
        let risk = risk_of(&engine, "spool/Dockerfile", rule);
        assert_eq!(risk.risk, FixRisk::WillBreak, "{build} {risk:#?}");
        assert!(evidence_places(&risk).iter().any(|at| at.starts_with("spool/deploy.yaml:14")), "{risk:#?}");
        let order = FixOrder::Rules { accepts: &|own| own == rule, max_safety: Safety::Review };
        let plan = Planner::new(&engine).plan(&order).unwrap();
        assert!(!plan.patches.iter().any(|patch| patch.path.as_str() == "spool/Dockerfile"), "{build}");
    }
    // Empty at each start, and a pod that itself says another number.
    for (security, volume) in [
        ("", "  emptyDir: {}\n"),
        ("  securityContext:\n    runAsUser: 20000\n", "  hostPath:\n    path: /srv/spool\n"),
    ] {
        let manifest = spool("Deployment", security, volume);
        let engine = audit_texts(&[("spool/Dockerfile", LOW), ("spool/deploy.yaml", &manifest)]);
        if security.is_empty() {
            let risk = risk_of(&engine, "spool/Dockerfile", "low-uid");
            assert_eq!(risk.risk, FixRisk::MayBreak, "{risk:#?}");
            assert!(risk.evidence.is_empty(), "{risk:#?}");
        } else {
            let open = engine.open_findings(&"spool/Dockerfile".into());
            assert!(!open.iter().any(|(key, _)| key.rule == "low-uid"));
        }
    }
}

#[test]
fn a_number_that_an_init_container_a_mesh_or_a_sharer_of_a_claim_relies_on_is_kept() {
    let given = "initContainers:\n- name: own\n  image: busybox:1.37.0\n  command: [chown, -R, \"1600:1600\", /data]\n  \
                 volumeMounts: [{name: data, mountPath: /data}]\ncontainers:\n- name: spool\n  image: spool\n  \
                 volumeMounts: [{name: data, mountPath: /data}]\nvolumes:\n- {name: data, emptyDir: {}}\n";
    let given = workload("Deployment", "spool", given);
    let claim = "  persistentVolumeClaim:\n    claimName: spool\n";
    let own = spool("Deployment", "", claim);
    let other = workload(
        "Deployment",
        "reader",
        "containers:\n- name: reader\n  image: ghcr.io/acme/reader:4.0.0\n  securityContext:\n    runAsUser: 1600\n  \
         volumeMounts: [{name: data, mountPath: /in}]\nvolumes:\n- name: data\n  persistentVolumeClaim: {claimName: \
         spool}\n",
    );
    for (manifests, place) in [
        (vec![("spool/deploy.yaml", given.as_str())], "spool/deploy.yaml:12"),
        (
            vec![("spool/deploy.yaml", own.as_str()), ("reader/deploy.yaml", other.as_str())],
            "reader/deploy.yaml:13",
        ),
    ] {
        let files = [vec![("spool/Dockerfile", LOW)], manifests].concat();
        let engine = audit_texts(&files);
        let risk = risk_of(&engine, "spool/Dockerfile", "low-uid");
        assert_eq!(risk.risk, FixRisk::WillBreak, "{place} {risk:#?}");
        assert!(evidence_places(&risk).iter().any(|at| at.starts_with(place)), "{place} {risk:#?}");
    }
    // A chown of somebody else's folder, a sharer with another number, one that the same Dockerfile builds.
    let elsewhere = given.replace("/data]", "/cache]");
    let differs = other.replace("1600", "1700");
    let follows = other.replace("ghcr.io/acme/reader:4.0.0", "spool");
    for manifests in [
        vec![("spool/deploy.yaml", elsewhere.as_str())],
        vec![("spool/deploy.yaml", own.as_str()), ("reader/deploy.yaml", differs.as_str())],
        vec![("spool/deploy.yaml", own.as_str()), ("spool/reader.yaml", follows.as_str())],
    ] {
        let files = [vec![("spool/Dockerfile", LOW)], manifests].concat();
        let risk = risk_of(&audit_texts(&files), "spool/Dockerfile", "low-uid");
        assert_eq!(risk.risk, FixRisk::MayBreak, "{files:?} {risk:#?}");
    }
}

#[test]
fn a_script_that_asks_for_its_number_is_told() {
    let build = "FROM debian:12.8-slim\nCOPY run.sh /\nUSER 1600\nENTRYPOINT [\"/run.sh\"]\n";
    for (test, column) in
        [("[ \"$(id -u)\" = 1600 ]", 19), ("[[ $UID -ne 1600 ]]", 16), ("test 1600 -eq $(id -u)", 9)]
    {
        let script = format!("#!/bin/bash\nif {test}; then\n  exec spoold\nfi\n");
        let engine = audit_with_scripts(&[("Dockerfile", build), ("run.sh", &script)]);
        let risk = risk_of(&engine, "Dockerfile", "low-uid");
        assert_eq!(evidence_places(&risk), [format!("run.sh:2:{column}")], "{test}");
    }
    for test in ["[ \"$(id -u)\" = 0 ]", "echo $UID 1600", "# [ \"$(id -u)\" = 1600 ]\n  [ -d / ]"] {
        let script = format!("#!/bin/bash\nif {test}; then\n  exec spoold\nfi\n");
        let engine = audit_with_scripts(&[("Dockerfile", build), ("run.sh", &script)]);
        assert!(risk_of(&engine, "Dockerfile", "low-uid").evidence.is_empty(), "{test}");
    }
}

fn offer(build: &str, rule: &str) -> Result<String, String> {
    let engine = audit_texts(&[("Dockerfile", build)]);
    let order = FixOrder::Rules { accepts: &|own| own == rule, max_safety: Safety::Review };
    if let Some(patch) = Planner::new(&engine).plan(&order).unwrap().patches.first() {
        return Ok(patch.after.text().to_owned());
    }
    let offers = Planner::new(&engine).verify(|own| own == rule);
    match offers.into_iter().find(|(key, _)| key.rule == rule) {
        Some((_, FixOffer::Withheld(reason))) => Err(reason),
        other => panic!("{build}: {other:?}"),
    }
}

#[test]
fn a_low_number_is_not_exchanged_for_a_low_one() {
    for (build, rule) in [
        ("FROM nginxinc/nginx-unprivileged:1.27.3\nUSER 1001\nCMD [\"nginx\"]\n", "low-uid"),
        (
            "FROM nginxinc/nginx-unprivileged:1.27.3\nUSER root\nRUN adduser -D -u 1001 web\nUSER web\nCMD \
             [\"nginx\"]\n",
            "named-user",
        ),
    ] {
        let reason = offer(build, rule).unwrap_err();
        assert!(reason.contains("1001 is low") && reason.contains("101"), "{reason}");
    }
    let after = offer("FROM debian:12.8-slim\nUSER 1001\nCMD [\"nginx\"]\n", "low-uid").unwrap();
    assert!(!after.contains("1001"), "{after}");
}

#[test]
fn what_gives_files_away_follows_the_account() {
    let build = "FROM debian:12.8-slim\nRUN useradd -u 1600 spool && find /srv -type d -exec chown 1600:1600 {} + && ls /opt \
                 | xargs -n 1 chown 1600\nUSER 1600\nCMD [\"spoold\"]\n";
    let after = offer(build, "low-uid").unwrap();
    assert!(!after.contains("1600"), "{after}");
    for written in
        ["echo 'spool:x:1600:1600::/:/bin/sh' >> /etc/passwd", "echo spool:1600:1 | tee -a /etc/subuid"]
    {
        let build = format!("FROM debian:12.8-slim\nRUN {written}\nUSER 1600\nCMD [\"spoold\"]\n");
        let reason = offer(&build, "low-uid").unwrap_err();
        assert!(reason.contains("a file of accounts"), "{reason}");
    }
    let other =
        "FROM debian:12.8-slim\nRUN echo 'web:x:33:33::/:/bin/sh' >> /etc/passwd\nUSER 1600\nCMD [\"s\"]\n";
    assert!(offer(other, "low-uid").is_ok());
}

#[test]
fn a_pod_that_gains_root_by_sudo_gets_no_number_either() {
    let build = "FROM debian:12.8-slim\nCMD [\"sudo\", \"spoold\"]\n";
    let manifest = spool("Deployment", "", "  emptyDir: {}\n");
    let engine = audit_texts(&[("spool/Dockerfile", build), ("spool/deploy.yaml", &manifest)]);
    let risk = risk_of(&engine, "spool/deploy.yaml", "missing-run-as-user");
    assert_eq!(risk.risk, FixRisk::WillBreak, "{risk:#?}");
    let plain = build.replace("\"sudo\", ", "");
    let engine = audit_texts(&[("spool/Dockerfile", &plain), ("spool/deploy.yaml", &manifest)]);
    assert_eq!(risk_of(&engine, "spool/deploy.yaml", "missing-run-as-user").risk, FixRisk::MayBreak);
}
