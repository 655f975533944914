//! Any bytes as a template and as its values: the chart renders, or is refused in words, and each byte has one origin.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use seaworthy::helm::{LoadedChart, RenderOptions, SegmentKind, SourceFile, render_chart};

const CHART: &[u8] = b"apiVersion: v2\nname: fuzz\nversion: 0.1.0\n";
const HELPERS: &[u8] = b"{{ define \"name\" }}{{ .Values.name | default .Chart.Name | trunc 63 }}{{ end }}";

fn source(name: &str, data: &[u8]) -> SourceFile {
    SourceFile { name: name.to_owned(), disk_path: name.to_owned(), data: Arc::from(data) }
}

/// The input is a template and, behind the first NUL, a values file.
fn render(data: &[u8]) {
    let cut = data.iter().position(|byte| *byte == 0);
    let (template, values) = cut.map_or((data, &b""[..]), |at| (&data[..at], &data[at + 1..]));
    let files = vec![
        source("Chart.yaml", CHART),
        source("templates/_helpers.tpl", HELPERS),
        source("templates/a.yaml", template),
        source("values.yaml", values),
    ];
    let chart = LoadedChart::from_files(files).unwrap();
    let outcome = render_chart(&chart, &RenderOptions::default());
    let rendered = match outcome {
        Ok(rendered) => rendered,
        Err(error) => {
            let words = error.to_string();
            assert!(!words.is_empty() && !words.contains("unexpectedly"), "{words}");
            return;
        }
    };
    for own in &rendered.templates {
        let mut at = 0;
        for segment in &own.origin {
            assert!(segment.start == at && segment.end > at);
            at = segment.end;
            let written = match &*segment.place.path {
                "templates/a.yaml" => template,
                "values.yaml" => values,
                "templates/_helpers.tpl" => HELPERS,
                _ => CHART,
            };
            if !matches!(segment.kind, SegmentKind::Computed { .. }) {
                let from = segment.place.offset;
                let bytes = &own.text.as_bytes()[segment.start..segment.end];
                assert_eq!(&written[from..from + bytes.len()], bytes);
            }
        }
        assert_eq!(at, own.text.len());
    }
    assert_eq!(Ok(rendered), render_chart(&chart, &RenderOptions::default()));
}

fuzz_target!(|data: &[u8]| render(data));
