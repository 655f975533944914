//! A rendered chart in the forms of `seaworthy render`: as `helm template` prints it, and as JSON with all origins.

use serde::Serialize;

use super::rendered_chart::{OriginPlace, OriginSegment, RenderedChart, RenderedTemplate, SegmentKind};

/// As `helm template` prints it: notes and empty texts left out.
pub fn format_text(chart: &RenderedChart) -> String {
    let mut out = String::new();
    for template in &chart.templates {
        let notes = template.name.rsplit('/').next() == Some("NOTES.txt");
        if !notes && !template.text.trim().is_empty() {
            out.push_str(&format!("---\n# Source: {}/{}\n", chart.chart, template.name));
            out.push_str(&template.text);
            if !template.text.ends_with('\n') {
                out.push('\n');
            }
        }
    }
    out
}

/// The contract's JSON.
pub fn format_json(chart: &RenderedChart) -> String {
    let contract = ChartJson {
        schema: 1,
        chart: &chart.chart,
        release: &chart.release,
        namespace: &chart.namespace,
        kube_version: &chart.kube_version,
        templates: chart.templates.iter().map(TemplateJson::of).collect(),
        skipped: chart
            .skipped
            .iter()
            .map(|own| SkippedJson { path: &own.path, reason: &own.reason })
            .collect(),
    };
    serde_json::to_string(&contract).unwrap_or_default()
}

#[derive(Serialize)]
struct ChartJson<'a> {
    schema: u32,
    chart: &'a str,
    release: &'a str,
    namespace: &'a str,
    kube_version: &'a str,
    templates: Vec<TemplateJson<'a>>,
    skipped: Vec<SkippedJson<'a>>,
}

#[derive(Serialize)]
struct SkippedJson<'a> {
    path: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct TemplateJson<'a> {
    name: &'a str,
    path: &'a str,
    text: &'a str,
    random: bool,
    origin: Vec<SegmentJson<'a>>,
}

impl<'a> TemplateJson<'a> {
    fn of(template: &'a RenderedTemplate) -> Self {
        Self {
            name: &template.name,
            path: &template.path,
            text: &template.text,
            random: template.random,
            origin: template.origin.iter().map(SegmentJson::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct SegmentJson<'a> {
    start: usize,
    end: usize,
    kind: &'static str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    offset: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    via: Vec<PlaceJson<'a>>,
}

impl<'a> SegmentJson<'a> {
    fn of(segment: &'a OriginSegment) -> Self {
        let OriginPlace { path, offset } = &segment.place;
        let (kind, key, length, from) = match &segment.kind {
            SegmentKind::Text => ("text", None, None, None),
            SegmentKind::Value { key } => ("value", Some(&**key), None, None),
            SegmentKind::Computed { length, from } => {
                ("computed", None, Some(*length).filter(|length| *length > 0), Some(&**from))
            }
        };
        let via = segment.via.iter().map(|place| PlaceJson { path: &place.path, offset: place.offset });
        let (start, end) = (segment.start, segment.end);
        Self { start, end, kind, path, key, offset: *offset, length, from, via: via.collect() }
    }
}

#[derive(Serialize)]
struct PlaceJson<'a> {
    path: &'a str,
    offset: usize,
}
