//! The needs of a pod are found once and kept, until a change of anything that they hang on.

use std::collections::BTreeSet;
use std::fs;

use seaworthy::audit::AuditEngine;
use seaworthy::finding::FixRisk;
use seaworthy::fix::Planner;
use seaworthy::repo::RelPath;

use super::{evidence_places, risk_of};
use crate::support::{audit, repository};

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  serviceAccountName: shop\n  containers:\n  - name: shop\n    image: registry.example/shop:1\n    command: [sh, -c, \"kubectl get lease\"]\n";
const BUILD: &str = "FROM debian:12\nCMD [\"/app\"]\n";

/// Writes a file, and audits what changed; all offers must be those of a fresh audit.
fn save(engine: &mut AuditEngine, path: &str, text: &str) {
    let path = RelPath::from(path);
    fs::write(path.to_absolute(engine.root()), text).unwrap();
    engine.refresh_paths(&BTreeSet::from([path]));
    let fresh = audit(engine.root());
    assert_eq!(Planner::new(engine).verify(|_| true), Planner::new(&fresh).verify(|_| true));
}

#[test]
fn evidence_moves_with_the_text_that_it_stands_in() {
    let home = repository(&[("shop/pod.yaml", POD), ("shop/Dockerfile", BUILD)]);
    let mut engine = audit(home.path());
    let rule = "service-account-token-mounted";
    let before = evidence_places(&risk_of(&engine, "shop/pod.yaml", rule));
    assert!(before.iter().any(|place| place.starts_with("shop/pod.yaml:9:")), "{before:?}");
    save(&mut engine, "shop/pod.yaml", &format!("# moved\n{POD}"));
    let after = evidence_places(&risk_of(&engine, "shop/pod.yaml", rule));
    assert!(after.iter().any(|place| place.starts_with("shop/pod.yaml:10:")), "{after:?}");
}

#[test]
fn needs_follow_the_dockerfile_and_the_objects_beside_them() {
    let plain = POD.replace("    command: [sh, -c, \"kubectl get lease\"]\n", "");
    let home = repository(&[("shop/pod.yaml", plain.as_str()), ("shop/Dockerfile", BUILD)]);
    let mut engine = audit(home.path());
    let risk = |engine: &AuditEngine, rule: &str| risk_of(engine, "shop/pod.yaml", rule).risk;
    let token = "service-account-token-mounted";
    assert_eq!(risk(&engine, token), FixRisk::MayBreak);
    let binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: shop, namespace: default}\nroleRef: {kind: Role, name: leases, apiGroup: rbac.authorization.k8s.io}\nsubjects: [{kind: ServiceAccount, name: shop, namespace: default}]\n";
    save(&mut engine, "shop/rbac.yaml", binding);
    assert_eq!(risk(&engine, token), FixRisk::WillBreak);
    let drop = "capabilities-not-dropped";
    let before = risk_of(&engine, "shop/pod.yaml", drop);
    save(
        &mut engine,
        "shop/Dockerfile",
        "FROM debian:12\nRUN setcap cap_net_bind_service=+ep /app\nCMD [\"/app\"]\n",
    );
    assert_ne!(risk_of(&engine, "shop/pod.yaml", drop), before);
    save(&mut engine, "shop/Dockerfile", BUILD);
    assert_eq!(risk_of(&engine, "shop/pod.yaml", drop), before);
}
