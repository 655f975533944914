//! A chart: rendered, and from a saved file of it to the screen, where it is rendered anew with each of its value sets.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use seaworthy::app::{AppEvent, BackendMessage};
use seaworthy::audit::AuditEngine;
use seaworthy::helm::{LoadedChart, RenderOptions, read_chart_files, render_chart, render_output};
use tempfile::TempDir;

use crate::clock::{median, middle};
use crate::world::{Program, audited, repository, root};

/// Five programs with three templates each; fifteen objects with the chart's own values.
const PARTS: [&str; 5] = ["web", "api", "worker", "mail", "cache"];
const SETS: [&str; 2] = ["values-prod.yaml", "ci/small-values.yaml"];
const TIMES: u32 = 40;

const HELPERS: &str = r#"{{- define "shop.name" -}}
{{- printf "%s-%s" .root.Release.Name .part | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "shop.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | quote }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{ include "shop.selector" . }}
{{- end }}

{{- define "shop.selector" -}}
app.kubernetes.io/name: {{ include "shop.name" . }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}
"#;

const DEPLOYMENT: &str = r#"{{- $own := dict "root" . "part" "PART" }}
{{- with .Values.PART }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "shop.name" $own }}
  labels:
    {{- include "shop.labels" $own | nindent 4 }}
spec:
  replicas: {{ .replicas | default 1 }}
  selector:
    matchLabels:
      {{- include "shop.selector" $own | nindent 6 }}
  template:
    metadata:
      annotations:
        checksum/config: {{ include (print $.Template.BasePath "/PART-config.yaml") $ | sha256sum }}
      labels:
        {{- include "shop.labels" $own | nindent 8 }}
    spec:
      securityContext:
        {{- toYaml .podSecurityContext | nindent 8 }}
      containers:
        - name: PART
          image: "{{ .image.repository }}:{{ .image.tag | default $.Chart.AppVersion }}"
          securityContext:
            {{- toYaml .securityContext | nindent 12 }}
          ports:
            - name: http
              containerPort: {{ .port }}
          {{- range $name, $value := .env }}
          {{- if $value }}
          env:
            - name: {{ $name | upper }}
              value: {{ $value | quote }}
          {{- end }}
          {{- end }}
          resources:
            {{- toYaml .resources | nindent 12 }}
          envFrom:
            - configMapRef:
                name: {{ include "shop.name" $own }}
{{- end }}
"#;

const SERVICE: &str = r#"{{- $own := dict "root" . "part" "PART" }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "shop.name" $own }}
  labels:
    {{- include "shop.labels" $own | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  ports:
    - port: 80
      targetPort: http
  selector:
    {{- include "shop.selector" $own | nindent 4 }}
"#;

const CONFIG: &str = r#"{{- $own := dict "root" . "part" "PART" }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "shop.name" $own }}
data:
  {{- range $key, $value := .Values.PART.config }}
  {{ $key }}: {{ tpl $value $ | quote }}
  {{- end }}
"#;

const PART_VALUES: &str = r#"PART:
  replicas: 2
  image:
    repository: registry.example/shop/PART
    tag: "1.0.NUMBER"
  port: 8080
  podSecurityContext: {}
  securityContext: {}
  # What it may use.
  resources: {}
  env:
    mode: quick
  config:
    host: "{{ .Release.Name }}.example"
    level: info
"#;

/// The values as they are saved the `n`th time.
fn values(n: u32) -> String {
    let parts = PARTS.iter().map(|part| {
        let tag = if *part == "web" { n } else { 0 };
        PART_VALUES.replace("PART", part).replace("NUMBER", &tag.to_string())
    });
    parts.collect::<String>() + "service:\n  type: ClusterIP\n"
}

/// The chart in a folder.
fn lay_out(at: &Path) {
    let write = |name: &str, text: &str| {
        let path = at.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\nappVersion: \"1.0.0\"\n");
    write("templates/_helpers.tpl", HELPERS);
    for part in PARTS {
        for (kind, text) in [("deployment", DEPLOYMENT), ("service", SERVICE), ("config", CONFIG)] {
            write(&format!("templates/{part}-{kind}.yaml"), &text.replace("PART", part));
        }
    }
    write("values.yaml", &values(0));
    write(SETS[0], "web:\n  replicas: 5\n  securityContext:\n    runAsNonRoot: true\n");
    write(SETS[1], "service:\n  type: NodePort\n");
}

/// Read from the disk, rendered, and written as JSON with all origins.
fn render(at: &Path) -> Option<String> {
    let chart = LoadedChart::from_files(read_chart_files(at).ok()?).ok()?;
    Some(render_output::format_json(&render_chart(&chart, &RenderOptions::default()).ok()?))
}

/// The chart, rendered in this process.
pub(crate) fn rendered() -> Duration {
    let folder = TempDir::new().unwrap();
    lay_out(folder.path());
    assert!(render(folder.path()).is_some());
    median(200, || render(folder.path()))
}

/// The same of every chart below a folder; each is told.
pub(crate) fn rendered_below(folder: &Path) {
    for at in charts_below(folder) {
        let outcome = if render(&at).is_some() { "" } else { "  refused" };
        let took = median(15, || render(&at));
        println!("    {:<70} {:>9.2} ms{outcome}", at.display(), took.as_secs_f64() * 1e3);
    }
}

/// The outermost charts.
fn charts_below(folder: &Path) -> Vec<PathBuf> {
    if folder.join("Chart.yaml").exists() {
        return vec![folder.to_owned()];
    }
    let mut inner: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    inner.sort();
    inner.iter().filter(|path| path.is_dir()).flat_map(|path| charts_below(path)).collect()
}

/// A save of `values.yaml` to the drawn screen, among a thousand other files. The fix in view comes from another thread.
pub(crate) fn values_to_screen() -> Duration {
    let folder = repository(1_000);
    let root = root(&folder);
    let chart = root.join("charts/shop");
    lay_out(&chart);
    let mut engine = audited(&root);
    assert!(names_tag(&engine, "1.0.0"), "the chart is not judged");
    let mut program = Program::new(audited(&root));
    let mut times: Vec<Duration> = (1..=TIMES)
        .map(|n| {
            std::fs::write(chart.join("values.yaml"), values(n)).unwrap();
            let begin = Instant::now();
            let update = engine.refresh_paths(&BTreeSet::from(["charts/shop/values.yaml".into()]));
            let effects = program.take(AppEvent::Message(BackendMessage::AuditUpdated(update)));
            program.draw();
            let took = begin.elapsed();
            program.answer(effects);
            took
        })
        .collect();
    assert!(names_tag(&engine, &format!("1.0.{TIMES}")), "the save is not judged");
    middle(&mut times)
}

/// Whether a finding speaks of the image with this tag.
fn names_tag(engine: &AuditEngine, tag: &str) -> bool {
    let image = format!("shop/web:{tag}");
    let mut findings = engine.audited_paths().flat_map(|path| engine.findings_in(path));
    findings.any(|finding| finding.message.contains(&image))
}
