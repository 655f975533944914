//! A chart on the screen: what its templates render, where each line was written, and the values in effect.

use std::path::Path;

use proptest::prelude::*;
use seaworthy::app::{AppEvent, FullscreenView, Pane};
use seaworthy::theme::{ColourTheme, TerminalFeatures};

use crate::looks::assert_looks_of;
use crate::real::Demo;
use crate::stage::text;

pub(crate) const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/charts/lighthouse");
pub(crate) const FILES: [&str; 7] = [
    "Chart.yaml",
    "values.yaml",
    "ci/busy-values.yaml",
    "templates/_helpers.tpl",
    "templates/deployment.yaml",
    "templates/serviceaccount.yaml",
    "templates/service.yaml",
];

/// A chart in the shape of `helm create`, scanned.
pub(crate) fn chart(width: u16, height: u16) -> Demo {
    let read = |path: &&'static str| {
        let text = std::fs::read_to_string(Path::new(CHART).join(path)).unwrap();
        (format!("lighthouse/{path}"), text)
    };
    let files: Vec<(String, String)> = FILES.iter().map(read).collect();
    let files: Vec<(&str, String)> = files.iter().map(|(path, text)| (path.as_str(), text.clone())).collect();
    Demo::of(&files, width, height)
}

const DEMO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo");

/// The chart of `seaworthy demo`, with its template in view.
pub(crate) fn demo_chart(width: u16, height: u16) -> Demo {
    let paths = [
        "wharf/Chart.yaml",
        "wharf/values.yaml",
        "wharf/values-storm.yaml",
        "wharf/templates/_helpers.tpl",
        "wharf/templates/deployment.yaml",
    ];
    let read = |path: &&'static str| (*path, std::fs::read_to_string(Path::new(DEMO).join(path)).unwrap());
    let files: Vec<_> = paths.iter().map(read).collect();
    let mut demo = Demo::of(&files, width, height);
    open_file(&mut demo, "wharf/templates/deployment.yaml", 8);
    demo
}

/// Shows a file by the keys of a person: in the tree, and from there in the source.
pub(crate) fn open_file(demo: &mut Demo, path: &str, line: usize) {
    demo.keys("1 g g");
    for _ in 0..40 {
        if demo.state.current_path().is_some_and(|own| own.as_str() == path) {
            demo.keys("3 g g");
            while demo.state.source.cursor.row + 1 < line {
                demo.keys("j");
            }
            return;
        }
        demo.keys("j");
    }
    panic!("{path} is not in the tree");
}

pub(crate) fn place(demo: &Demo) -> (String, usize) {
    (demo.state.current_path().unwrap().to_string(), demo.state.source.cursor.row + 1)
}

#[test]
fn a_template_is_shown_as_rendered_and_each_line_leads_to_where_it_is_written() {
    let mut demo = chart(120, 30);
    open_file(&mut demo, "lighthouse/templates/deployment.yaml", 8);
    demo.keys("R");
    insta::assert_snapshot!("chart-rendered", text(&demo.buffer()));
    assert_eq!(demo.state.fullscreen, Some(FullscreenView::Rendered));
    let page = demo.state.rendered.as_ref().unwrap();
    let row = page.cursor.row;
    demo.keys("g d");
    assert_eq!(place(&demo), ("lighthouse/values.yaml".to_owned(), 2), "the value of that line");
    assert_eq!((demo.state.focus, demo.state.fullscreen), (Pane::Source, None));
    demo.keys("Ctrl-o");
    assert_eq!(demo.state.fullscreen, Some(FullscreenView::Rendered));
    assert_eq!(demo.state.rendered.as_ref().unwrap().cursor.row, row);
    // Esc goes back to where a person came from, however far they looked around there.
    demo.keys("g d j j Esc");
    assert_eq!(demo.state.fullscreen, Some(FullscreenView::Rendered));
    assert_eq!(demo.state.rendered.as_ref().unwrap().cursor.row, row);
    demo.keys("g d 2 3 Esc");
    assert_eq!(
        (demo.state.fullscreen, demo.state.focus),
        (None, Pane::Findings),
        "who went on is not taken back"
    );
    demo.keys("Ctrl-o");
    // The same line has a text, too: in the template.
    demo.keys("l g d");
    assert_eq!(place(&demo), ("lighthouse/templates/deployment.yaml".to_owned(), 8));
    demo.keys("Ctrl-o R");
    assert_eq!(demo.state.fullscreen, None);
}

#[test]
fn what_a_helper_writes_leads_to_the_helper_and_to_what_includes_it() {
    let mut demo = chart(120, 30);
    open_file(&mut demo, "lighthouse/templates/_helpers.tpl", 6);
    demo.keys("R");
    let page = demo.state.rendered.as_ref().unwrap();
    let templates: Vec<&str> = page.parts.iter().map(|part| part.template.file_name()).collect();
    assert_eq!(templates, ["deployment.yaml", "service.yaml", "serviceaccount.yaml"], "all that it reaches");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("app.kubernetes.io/name: lighthouse"), "{drawn}");
    let origins = demo.state.rendered.as_ref().unwrap();
    let origins = origins.origins_at(&demo.state.store, origins.cursor.row);
    let places: Vec<String> =
        origins.iter().map(|origin| format!("{}:{}", origin.path.file_name(), origin.line)).collect();
    assert!(places.contains(&"_helpers.tpl:6".to_owned()), "{places:?}");
    assert!(places.contains(&"deployment.yaml:6".to_owned()), "{places:?}");
}

#[test]
fn a_key_takes_the_next_value_set() {
    let mut demo = chart(280, 40);
    open_file(&mut demo, "lighthouse/templates/deployment.yaml", 8);
    let drawn = text(&demo.buffer());
    assert!(drawn.contains(r#"replicas: {{ .Values.replicaCount }}  = "1""#), "{drawn}");
    demo.keys("V");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains(r#"replicas: {{ .Values.replicaCount }}  = "4""#), "{drawn}");
    assert!(drawn.contains("ci/busy-values.yaml: value set 2 of 2"), "{drawn}");
    demo.keys("R");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("replicas: 4") && drawn.contains("busy-values.yaml:1 replicaCount"), "{drawn}");
    demo.keys("V");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("replicas: 1") && drawn.contains("the chart's own values, 1 of 2"), "{drawn}");
}

#[test]
fn a_rendered_template_in_every_look() {
    assert_looks_of("chart-rendered-looks", |width, height, theme| {
        let mut demo = chart(width, height);
        open_file(&mut demo, "lighthouse/templates/deployment.yaml", 8);
        demo.keys("R");
        demo.buffer_in(theme)
    });
}

#[test]
fn the_values_in_effect_stand_beside_the_actions_of_a_template() {
    for (width, name) in [(160, "chart-values-wide"), (80, "chart-values-narrow")] {
        let mut demo = chart(width, 40);
        open_file(&mut demo, "lighthouse/templates/deployment.yaml", 20);
        insta::assert_snapshot!(name, text(&demo.buffer()));
    }
}

#[test]
fn a_line_is_drawn_as_it_is_with_and_without_values_beside_it() {
    // The columns of the text alone: values stand behind it, and wrapping knows nothing of them.
    for width in (60..=160).step_by(7) {
        let mut with = chart(width, 30);
        open_file(&mut with, "lighthouse/templates/deployment.yaml", 1);
        let rows = |demo: &Demo| -> Vec<_> {
            demo.state.file_panes().into_iter().flat_map(|pane| pane.view.rows).collect()
        };
        let laid_out = rows(&with);
        with.state.values = seaworthy::app::ValuesInEffect::default();
        assert_eq!(laid_out, rows(&with), "{width}");
    }
}

#[test]
fn a_save_of_each_file_of_the_chart_is_on_the_screen() {
    let mut demo = chart(280, 40);
    open_file(&mut demo, "lighthouse/templates/deployment.yaml", 4);
    let sees = |demo: &mut Demo, words: &str| {
        let drawn = text(&demo.buffer());
        assert!(drawn.contains(words), "{words} is not there: {drawn}");
    };
    demo.edit("lighthouse/values.yaml", "replicaCount: 1", "replicaCount: 7");
    sees(&mut demo, r#"= "7""#);
    demo.edit("lighthouse/Chart.yaml", "name: lighthouse", "name: beacon");
    sees(&mut demo, r#"= "beacon""#);
    demo.edit(
        "lighthouse/templates/_helpers.tpl",
        "default .Chart.Name",
        "printf \"old-%s\" .Chart.Name | default",
    );
    sees(&mut demo, r#"= "old-beacon""#);
    demo.edit("lighthouse/templates/deployment.yaml", "replicas: {{", "paused: false\n  replicas: {{");
    demo.keys("R");
    sees(&mut demo, "paused: false");
    demo.keys("V");
    sees(&mut demo, "replicas: 4");
    demo.edit("lighthouse/ci/busy-values.yaml", "replicaCount: 4", "replicaCount: 9");
    sees(&mut demo, "replicas: 9");
}

/// Whatever is judged anew with a file of a chart, the log names what a person did: one file saved, one deleted.
#[test]
fn the_log_names_the_file_of_a_chart_that_was_saved_or_deleted() {
    let mut demo = chart(120, 40);
    let last = |demo: &Demo| {
        let change = demo.state.change_log.entries.front().expect("it is logged");
        (change.kind.word(), change.files.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    demo.edit("lighthouse/values.yaml", "replicaCount: 1", "replicaCount: 7");
    assert_eq!(last(&demo), ("saved", vec!["lighthouse/values.yaml".to_owned()]));
    demo.remove("lighthouse/templates/service.yaml");
    assert_eq!(last(&demo), ("deleted", vec!["lighthouse/templates/service.yaml".to_owned()]));
}

#[test]
fn the_chart_of_the_demo_shows_values_and_fixes_in_its_template() {
    let mut demo = demo_chart(160, 45);
    insta::assert_snapshot!("chart-demo", text(&demo.buffer()));
}

#[test]
fn a_file_of_no_chart_has_nothing_to_render() {
    let mut demo = Demo::new(120, 30);
    demo.keys("2 R");
    assert_eq!(demo.state.fullscreen, None);
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("no part of a chart that renders"), "{drawn}");
}

const BRANCHES: &str = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "branches.name" (list .Values.name $) }}
  labels: {app: {{ include "branches.name" (list "" $) }}}
data:
  {{- if .Values.fast }}
  fast: "yes"
  {{- else }}
  fast: "no"
  {{- end }}
  {{- if .Values.slow }}
  slow: {{ .Values.slow }}
  more: "of it"
  {{- else if .Values.other }}
  slow: other
  {{- end }}
  {{- range .Values.none }}
  {{ . }}: "1"
  {{- end }}
  {{- with .Values.name }}
  name: {{ . }}
  {{- end }}
"#;
const BRANCHES_HELPERS: &str = "{{- define \"branches.name\" -}}\n{{- if index . 0 }}\nb-{{ index . 0 }}\n{{- else }}\n{{- (index . 1).Chart.Name }}\n{{- end }}\n{{- end }}\n";

/// A chart whose branches are taken and not taken.
fn branches(width: u16, height: u16) -> Demo {
    let files = [
        ("b/Chart.yaml", "apiVersion: v2\nname: b\nversion: 0.1.0\n"),
        ("b/values.yaml", "name: given\nfast: true\nslow: false\nother: false\nnone: []\n"),
        ("b/ci/off-values.yaml", "fast: false\nslow: true\nnone: [x]\n"),
        ("b/templates/map.yaml", BRANCHES),
        ("b/templates/_helpers.tpl", BRANCHES_HELPERS),
    ];
    Demo::of(&files.map(|(path, text)| (path, text.to_owned())), width, height)
}

/// The line of the template on the screen that holds these words, without its frame.
fn line_with(demo: &mut Demo, words: &str) -> String {
    let drawn = text(&demo.buffer());
    let line = drawn.lines().find(|line| line.contains(words));
    line.unwrap_or_else(|| panic!("{words} is not there: {drawn}")).to_owned()
}

#[test]
fn conditions_and_branches_that_are_not_taken_are_marked() {
    let mut demo = branches(160, 36);
    open_file(&mut demo, "b/templates/map.yaml", 1);
    assert!(line_with(&mut demo, "{{- if .Values.fast }}").contains("‹true›"));
    assert!(
        line_with(&mut demo, "fast: \"no\"").contains("░")
            && line_with(&mut demo, "fast: \"no\"").contains("not rendered")
    );
    assert!(!line_with(&mut demo, "fast: \"yes\"").contains("░"));
    assert!(line_with(&mut demo, "{{- if .Values.slow }}").contains("‹false›"));
    let inner = line_with(&mut demo, "more: \"of it\"");
    assert!(
        inner.contains("░") && !inner.contains("not rendered"),
        "the first line of a branch says it: {inner}"
    );
    assert!(line_with(&mut demo, "{{- else if .Values.other }}").contains("‹false›"));
    assert!(line_with(&mut demo, "{{- range .Values.none }}").contains("‹empty›"));
    assert!(line_with(&mut demo, "{{- with .Values.name }}").contains("‹true›"));
    let buffer = demo.buffer();
    insta::assert_snapshot!(
        "chart-branches",
        format!("{}\n{}", text(&buffer), crate::every::styles(&buffer))
    );
    // With the other value set it is the other way round.
    demo.keys("V");
    assert!(line_with(&mut demo, "{{- if .Values.fast }}").contains("‹false›"));
    assert!(line_with(&mut demo, "fast: \"yes\"").contains("░"));
    assert!(
        line_with(&mut demo, "{{- else if .Values.other }}").contains("░"),
        "the whole of what is passed over"
    );
    assert!(!line_with(&mut demo, "{{- range .Values.none }}").contains("‹empty›"));
}

#[test]
fn a_helper_that_is_included_both_ways_says_so_and_nothing_of_it_is_passed_over() {
    let mut demo = branches(160, 36);
    open_file(&mut demo, "b/templates/_helpers.tpl", 1);
    assert!(line_with(&mut demo, "{{- if index . 0 }}").contains("‹true and false›"));
    assert!(!text(&demo.buffer()).contains("░"));
}

#[test]
fn the_marks_of_branches_have_signs_without_unicode() {
    let mut demo = branches(160, 36);
    open_file(&mut demo, "b/templates/map.yaml", 1);
    let ascii = TerminalFeatures { ascii_only: true, ..TerminalFeatures::default() };
    let drawn = text(&demo.buffer_in(&ColourTheme::by_name("dark", ascii)));
    let line = |words: &str| drawn.lines().find(|line| line.contains(words)).unwrap().to_owned();
    assert!(line("{{- if .Values.fast }}").contains("<true>"), "{drawn}");
    assert!(line("fast: \"no\"").contains(" % "), "{drawn}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_order_of_keys_on_a_chart_is_drawn(
        keys in prop::collection::vec((0..16usize, 20..200u16), 1..40),
    ) {
        let pressed =
            ["R", "V", "g d", "Ctrl-o", "j", "k", "l", "h", "G", "g g", "Esc", "Enter", "Tab", "1", "]"];
        let mut demo = chart(120, 30);
        for (key, width) in keys {
            match pressed.get(key) {
                Some(keys) => {
                    demo.keys(keys);
                }
                None => demo.event(AppEvent::Resize(width, width / 4)),
            }
            demo.buffer();
            prop_assert!(!demo.state.shows_rendered() || demo.state.rendered.is_some());
        }
    }
}
