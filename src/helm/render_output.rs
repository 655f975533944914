//! A rendered chart in the forms of `seaworthy render`: as `helm template` prints it, and as JSON with all origins.

use serde_json::{Map, Value, json};

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
    let templates: Vec<Value> = chart.templates.iter().map(template_value).collect();
    let skipped: Vec<Value> =
        chart.skipped.iter().map(|own| json!({ "path": own.path, "reason": own.reason })).collect();
    json!({
        "schema": 1,
        "chart": chart.chart,
        "release": chart.release,
        "namespace": chart.namespace,
        "kube_version": chart.kube_version,
        "templates": templates,
        "skipped": skipped,
    })
    .to_string()
}

fn template_value(template: &RenderedTemplate) -> Value {
    let origin: Vec<Value> = template.origin.iter().map(segment_value).collect();
    json!({
        "name": template.name,
        "path": template.path,
        "text": template.text,
        "random": template.random,
        "origin": origin,
    })
}

fn segment_value(segment: &OriginSegment) -> Value {
    let mut value = Map::new();
    value.insert("start".to_owned(), json!(segment.start));
    value.insert("end".to_owned(), json!(segment.end));
    let kind = match &segment.kind {
        SegmentKind::Text => "text",
        SegmentKind::Value { .. } => "value",
        SegmentKind::Computed { .. } => "computed",
    };
    value.insert("kind".to_owned(), json!(kind));
    value.insert("path".to_owned(), json!(&*segment.place.path));
    if let SegmentKind::Value { key } = &segment.kind {
        value.insert("key".to_owned(), json!(&**key));
    }
    value.insert("offset".to_owned(), json!(segment.place.offset));
    if let SegmentKind::Computed { length, from } = &segment.kind {
        if *length > 0 {
            value.insert("length".to_owned(), json!(length));
        }
        value.insert("from".to_owned(), json!(&**from));
    }
    if !segment.via.is_empty() {
        let via: Vec<Value> = segment.via.iter().map(place_value).collect();
        value.insert("via".to_owned(), json!(via));
    }
    Value::Object(value)
}

fn place_value(place: &OriginPlace) -> Value {
    json!({ "path": &*place.path, "offset": place.offset })
}
