//! Helm charts in place: what is said of them, where it stands, and what is written.

mod audited;
mod environments;
mod fixed;
mod homes;
mod ignored_sets;
mod linked;
mod unnamed;
mod unread;
mod watched;

use std::collections::BTreeMap;
use std::path::Path;

use seaworthy::audit::AuditEngine;
use seaworthy::settings::Settings;
use tempfile::TempDir;

use crate::support::repository;

const CHART: &str = "apiVersion: v2\nname: web\nversion: 0.1.0\nappVersion: \"1.2.3\"\n";

const VALUES: &str = "image:\n  repository: registry.example/web\n  tag: \"\"\n\nsecurityContext: {}\n  # runAsNonRoot: true\n\n\
    resources: {}\nprivileged: true\n";

const DEPLOYMENT: &str = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "web.name" . }}
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: {{ .Chart.Name }}
          {{- with .Values.securityContext }}
          securityContext:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
"#;

const SIDECAR: &str = r#"apiVersion: v1
kind: Pod
metadata:
  name: {{ include "web.name" . }}-side
spec:
  containers:
    - name: side
      image: registry.example/side:1.0.0
      securityContext:
        privileged: {{ .Values.privileged }}
"#;

const HELPERS: &str = "{{- define \"web.name\" -}}\n{{ .Release.Name }}-{{ .Chart.Name }}\n{{- end }}\n";

/// A chart with values of its own, in the folder `web`.
fn chart(more: &[(&str, &str)]) -> TempDir {
    let mut files = BTreeMap::from([
        ("web/Chart.yaml", CHART),
        ("web/values.yaml", VALUES),
        ("web/templates/deployment.yaml", DEPLOYMENT),
        ("web/templates/side.yaml", SIDECAR),
        ("web/templates/_helpers.tpl", HELPERS),
    ]);
    files.extend(more.iter().copied());
    repository(&files.into_iter().collect::<Vec<_>>())
}

fn audited(folder: &Path) -> AuditEngine {
    audited_part(folder, "")
}

/// The audit of a part of the folder.
fn audited_part(folder: &Path, part: &str) -> AuditEngine {
    scanned(folder, part, Settings::default())
}

fn audited_with(folder: &Path, settings: Settings) -> AuditEngine {
    scanned(folder, "", settings)
}

fn scanned(folder: &Path, part: &str, settings: Settings) -> AuditEngine {
    let root = folder.canonicalize().unwrap();
    let mut engine = AuditEngine::new(root.clone(), settings);
    engine.scan(&[root.join(part)], &|_, _| {});
    engine
}

/// Each open finding of a rule as `path:line object`.
fn places(engine: &AuditEngine, rule: &str) -> Vec<String> {
    let update = engine.full_update();
    let listed = update.findings.values().flat_map(|list| list.iter());
    let own = listed.filter(|listed| listed.key.rule == rule && listed.is_open());
    own.map(|listed| {
        let object = listed.key.subject.object.as_deref().unwrap_or_default();
        format!("{}:{} {object}", listed.key.path, listed.line)
    })
    .collect()
}
