//! Fixes of overlays that share a base are proven with that base as it is now, whatever was kept of it.

use seaworthy::audit::AuditEngine;
use seaworthy::fix::Planner;

use super::WEB;
use super::audited::refresh;
use crate::support::{audit, repository};

const OPENED: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
      - name: web
        securityContext: {allowPrivilegeEscalation: true}
";

/// The offers for what stands in patches, each in words.
fn offers_of_patches(engine: &AuditEngine) -> Vec<String> {
    let offers = Planner::new(engine).verify(|_| true);
    let of_patches = offers.iter().filter(|(key, _)| key.path.as_str().ends_with("p.yaml"));
    of_patches.map(|(key, offer)| format!("{key:?} {offer:?}")).collect()
}

#[test]
fn what_is_kept_of_a_base_is_none_of_one_that_changed() {
    let overlay = "resources: [../base]\npatches: [{path: p.yaml}]\n";
    let home = repository(&[
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("base/web.yaml", WEB),
        ("dev/kustomization.yaml", overlay),
        ("dev/p.yaml", OPENED),
        ("prod/kustomization.yaml", overlay),
        ("prod/p.yaml", OPENED),
    ]);
    let root = home.path().canonicalize().unwrap();
    let mut engine = audit(&root);
    let first = offers_of_patches(&engine);
    assert!(first.len() >= 2 && first.iter().any(|offer| offer.contains("Fix {")), "{first:?}");
    assert_eq!(offers_of_patches(&engine), first);
    // Nothing of the base is there any more that the patches are for.
    let other = WEB.replace("  name: web\n  labels", "  name: shop\n  labels");
    refresh(&mut engine, &root, "base/web.yaml", &other);
    assert_eq!(offers_of_patches(&engine), offers_of_patches(&audit(&root)));
    // And again, with another kustomization of the base.
    refresh(&mut engine, &root, "base/web.yaml", WEB);
    assert_eq!(offers_of_patches(&engine), first);
    refresh(&mut engine, &root, "base/kustomization.yaml", "resources: [web.yaml]\nnamePrefix: my-\n");
    assert_eq!(offers_of_patches(&engine), offers_of_patches(&audit(&root)));
}
