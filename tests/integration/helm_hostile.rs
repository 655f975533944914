//! Whatever a chart's files hold, rendering ends, in a text or a message, and never in a panic.

use proptest::prelude::*;
use seaworthy::helm::{LoadedChart, RenderOptions, RenderedChart, SourceFile, render_chart};

/// A chart of one template and one values file.
fn small_chart(template: &[u8], values: &[u8]) -> Result<RenderedChart, String> {
    let file = |name: &str, data: &[u8]| SourceFile {
        name: name.to_owned(),
        disk_path: name.to_owned(),
        data: data.into(),
    };
    let files = vec![
        file("Chart.yaml", b"apiVersion: v2\nname: small\nversion: 0.1.0\n"),
        file("templates/a.yaml", template),
        file("values.yaml", values),
    ];
    let loaded = LoadedChart::from_files(files).map_err(|error| error.to_string())?;
    render_chart(&loaded, &RenderOptions::default()).map_err(|error| error.to_string())
}

#[test]
fn deeply_nested_values_are_freed_without_a_deep_stack() {
    let template = r#"{{ $x := dict }}{{ range until 120000 }}{{ $x = dict "a" (list $x) }}{{ end }}done"#;
    let rendered = small_chart(template.as_bytes(), b"").expect("renders");
    assert_eq!(rendered.templates[0].text, "done");
}

#[test]
fn what_templates_make_of_many_parts_counts_before_it_is_made() {
    for template in [
        r#"{{ $x := splitList "" (repeat 100000 (repeat 100 "a")) }}"#,
        r#"{{ $x := split "" (repeat 100000 (repeat 100 "a")) }}"#,
        r#"{{ $x := list }}{{ range until 400000 }}{{ $x = list $x (dict "a" 1) }}{{ end }}"#,
        r#"{{ $x := toJson (until 900000) | fromJsonArray }}"#,
    ] {
        let refused = small_chart(template.as_bytes(), b"").expect_err(template);
        assert!(refused.contains("the templates make too much"), "{template}: {refused}");
    }
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut values = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = vec![format!("*a{}", level - 1); 10].join(", ");
        values.push_str(&format!("a{level}: &a{level} [{below}]\n"));
    }
    assert!(small_chart(b"x", values.as_bytes()).is_err());
}

/// Pieces of the language, so that much of what is drawn gets past the parser.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("{{ ".to_owned()),
        Just(" }}".to_owned()),
        Just("{{- ".to_owned()),
        Just(" -}}".to_owned()),
        Just("{{ end }}".to_owned()),
        Just("{{ else }}".to_owned()),
        Just("{{ if .Values.a }}".to_owned()),
        Just("{{ range $k, $v := .Values }}".to_owned()),
        Just("{{ with .Values.m }}".to_owned()),
        Just("{{ define \"d\" }}".to_owned()),
        Just("{{ include \"d\" . | nindent 2 }}".to_owned()),
        Just("{{ toYaml .Values | fromYaml | toJson }}".to_owned()),
        Just("{{ tpl .Values.t . }}".to_owned()),
        Just("{{ printf \"%5.2v|%q|%x\" .Values.a .Values.m .Values.l }}".to_owned()),
        Just("{{ .Values.l | join \",\" | trunc -3 | upper | quote }}".to_owned()),
        Just("{{ $x := .Values.a }}{{ $x }}".to_owned()),
        Just("{{ regexReplaceAll \"(a+)b?\" .Values.s \"${1}x\" }}".to_owned()),
        "[ -~\\n]{0,12}",
        ".{0,6}",
    ]
}

fn function_call() -> impl Strategy<Value = String> {
    let names = seaworthy::template::functions::function_names();
    let argument = prop_oneof![
        Just(".Values.a"),
        Just(".Values.l"),
        Just(".Values.m"),
        Just(".Values.s"),
        Just(".Values.none"),
        Just("-1"),
        Just("0"),
        Just("3"),
        Just("9223372036854775807"),
        Just("1.5"),
        Just("\"\""),
        Just("\"a-b.c\""),
        Just("\"é\\xff\""),
        Just("nil"),
        Just("true"),
        Just("(list 1 \"a\" nil)"),
        Just("(dict \"a\" 1)"),
        Just("(until 3)"),
        Just("now"),
        Just("$"),
    ];
    (prop::sample::select(names), prop::collection::vec(argument, 0..5))
        .prop_map(|(name, arguments)| format!("{{{{ {name} {} }}}}", arguments.join(" ")))
}

const VALUES: &str = "a: 12\nl: [b, 3, null]\nm: {x: {y: 1}, z: 2.5}\ns: aab\nt: '{{ .Values.a }}'\n";

/// Each byte of each text has one origin.
fn check_cover(rendered: &RenderedChart) {
    for template in &rendered.templates {
        let mut at = 0;
        for segment in &template.origin {
            assert_eq!(segment.start, at);
            assert!(segment.end > at);
            at = segment.end;
        }
        assert_eq!(at, template.text.len());
    }
}

fn check_outcome(outcome: Result<RenderedChart, String>) {
    match outcome {
        Ok(rendered) => check_cover(&rendered),
        Err(error) => assert!(!error.contains("unexpectedly"), "{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_a_chart_or_a_message(template in prop::collection::vec(any::<u8>(), 0..80), values in prop::collection::vec(any::<u8>(), 0..80)) {
        check_outcome(small_chart(&template, &values));
    }

    #[test]
    fn any_pieces_of_the_language_are_a_chart_or_a_message(pieces in prop::collection::vec(fragment(), 0..10)) {
        check_outcome(small_chart(pieces.concat().as_bytes(), VALUES.as_bytes()));
    }

    #[test]
    fn any_values_are_values_or_a_message(values in "[a-c:\\[\\]{}\\-#&*!|>'\"%@, \\n\\t0-9]{0,60}") {
        check_outcome(small_chart(b"{{ toYaml .Values }}{{ toJson .Values }}", values.as_bytes()));
    }

    #[test]
    fn any_call_of_any_function_gives_a_value_or_a_message(call in function_call()) {
        check_outcome(small_chart(call.as_bytes(), VALUES.as_bytes()));
    }
}
