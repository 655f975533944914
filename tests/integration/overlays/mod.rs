//! Kustomizations as they are built: what kustomize would print, where each value stands, and what is refused.

mod apart;
mod as_kubectl;
mod audited;
mod broken;
mod built;
mod built_fields;
mod image_entries;
mod kept_builds;
mod origins;
mod proven_again;
mod refused;
mod refused_by_kubectl;
mod saved;

use std::path::Path;

use seaworthy::kustomize::{BuildFault, BuiltObject, DiskFolder, KustomizeBuilds, SourceLibrary};
use serde_json::Value;

use crate::support::repository;

/// A Deployment with two containers.
const WEB: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: {app: web}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
      - name: web
        image: shop/web:1.0
        env:
        - {name: MODE, value: plain}
        volumeMounts:
        - {name: data, mountPath: /data}
      - name: log
        image: shop/log:1.0
      volumes:
      - name: data
        configMap: {name: conf}
";

/// The objects that the kustomization in `folder` builds.
fn build(root: &Path, folder: &str) -> Result<Vec<BuiltObject>, BuildFault> {
    let disk = DiskFolder::new(root);
    let library = SourceLibrary::new(&disk);
    KustomizeBuilds::new(&library).build(folder)
}

/// The objects that these files build in `folder`, or the reason why they build none.
fn build_files(files: &[(&str, &str)], folder: &str) -> Result<Vec<Value>, String> {
    let root = repository(files);
    let built = build(root.path(), folder).map_err(|fault| fault.to_string())?;
    Ok(built.iter().map(|object| object.root.to_json()).collect())
}

/// What the kustomization makes of `web.yaml`: its one Deployment.
fn build_web(kustomization: &str, more: &[(&str, &str)]) -> Value {
    let files = [&[("kustomization.yaml", kustomization), ("web.yaml", WEB)], more].concat();
    let objects = build_files(&files, "").unwrap();
    objects.into_iter().find(|object| object["spec"]["template"].is_object()).unwrap()
}

/// The pod of a Deployment.
fn pod(object: &Value) -> &Value {
    &object["spec"]["template"]["spec"]
}
