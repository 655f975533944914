//! What Helm 4.2 makes of small charts whose traps are none of the larger ones': each expected text is Helm's own.

use seaworthy::helm::{LoadedChart, RenderOptions, SegmentKind, SourceFile, ValuesFile, render_chart};

const METADATA: &str = "apiVersion: v2\nname: small\nversion: 1.0.0\n";

/// The texts of a chart's templates by their names, or why it is refused.
fn render(files: &[(&str, &str)]) -> Result<Vec<(String, String)>, String> {
    let file = |(name, text): &(&str, &str)| SourceFile {
        name: (*name).to_owned(),
        disk_path: (*name).to_owned(),
        data: text.as_bytes().into(),
    };
    let chart =
        LoadedChart::from_files(files.iter().map(file).collect()).map_err(|error| error.to_string())?;
    let rendered = render_chart(&chart, &RenderOptions::default()).map_err(|error| error.to_string())?;
    Ok(rendered.templates.into_iter().map(|template| (template.name, template.text.to_string())).collect())
}

/// What one template renders to with these values.
fn render_template(values: &str, template: &str) -> Result<String, String> {
    let files = [("Chart.yaml", METADATA), ("values.yaml", values), ("templates/a.yaml", template)];
    render(&files).map(|texts| texts.into_iter().map(|(_, text)| text).collect())
}

fn assert_renders(values: &str, template: &str, expected: &str) {
    assert_eq!(render_template(values, template).as_deref(), Ok(expected), "{template} of {values}");
}

fn assert_refused(values: &str, template: &str) {
    let rendered = render_template(values, template);
    assert!(rendered.is_err(), "{template} of {values}: {rendered:?}");
}

#[test]
fn values_end_with_their_first_document_however_the_next_begins() {
    assert_renders("  a: 1\nb: 2\n", "{{ toJson .Values }}", r#"{"a":1}"#);
    assert_renders("a: 1\n...\nb: 2\n", "{{ toJson .Values }}", r#"{"a":1}"#);
    assert_renders("a: 1\nb: 1\n--- \nb: 2\n", "{{ toJson .Values }}", r#"{"a":1,"b":2}"#);
    assert_renders("a: 1\n--- # more\nb: 2\n", "{{ toJson .Values }}", r#"{"a":1,"b":2}"#);
}

#[test]
fn a_comment_may_stand_right_behind_a_value() {
    let values = "a: 'x'# one\nb: [1]# two\nc: y# none\nd: \"#\"# three\n";
    assert_renders(values, "{{ toJson .Values }}", r##"{"a":"x","b":[1],"c":"y# none","d":"#"}"##);
}

#[test]
fn a_key_without_its_colon_is_told_at_the_line_behind_it() {
    let template = "{{ (fromYaml .Values.text).Error }}";
    let expected = "error converting YAML to JSON: yaml: line 5: could not find expected ':'";
    assert_renders("text: \"a:\\nb: c\\nd e\\n\\n# x\\nf: g\\n\"\n", template, expected);
}

#[test]
fn nothing_is_assigned_to_a_variable_that_was_not_declared() {
    assert_refused("{}\n", "{{ $x = 1 }}");
    assert_refused("{}\n", "{{ range $x = list 1 }}{{ end }}");
    assert_renders("{}\n", "{{ $x := 1 }}{{ $x = 2 }}{{ $x }}", "2");
}

#[test]
fn lists_of_nothing_are_null_where_go_has_no_list() {
    let template = "{{ toJson (rest list) }} {{ toJson (regexFindAll `x` `a` -1) }} {{ toYaml (initial list) }} {{ toJson (concat list) }} {{ toJson (rest (list 1)) }}";
    assert_renders("{}\n", template, "null null null null []");
}

#[test]
fn merging_takes_no_nil_unless_it_overwrites() {
    let template =
        "{{ toJson (merge dict (dict `a` nil)) }} {{ toJson (mergeOverwrite dict (dict `a` nil)) }}";
    assert_renders("{}\n", template, r#"{} {"a":null}"#);
}

#[test]
fn arguments_of_the_wrong_type_are_refused() {
    for template in [
        "{{ dateModify `1h` `2020-01-02` }}",
        "{{ unixEpoch 5 }}",
        "{{ toToml nil }}",
        "{{ dig `a` 1 (dict) (dict) }}",
    ] {
        assert_refused("{}\n", template);
    }
    assert_renders("{}\n", "{{ toToml (list (dict)) }}", "toml: top-level values must be Go maps or structs");
}

#[test]
fn a_version_prints_as_its_parts_where_a_function_gets_it() {
    let template = "{{ .Capabilities.KubeVersion }} {{ print .Capabilities.KubeVersion }}";
    assert_renders("{}\n", template, "v1.36.0 {v1.36.0 v1.36.0 1 36}");
}

#[test]
fn json_is_refused_in_gos_words() {
    let of = |text: &str| render_template("{}\n", &format!("{{{{ (fromJson `{text}`).Error }}}}"));
    assert_eq!(of("2024-02").as_deref(), Ok("invalid character '-' after top-level value"));
    assert_eq!(of("[1.]").as_deref(), Ok("invalid character ']' after decimal point in numeric literal"));
    assert_eq!(of("-x").as_deref(), Ok("invalid character 'x' in numeric literal"));
}

#[test]
fn a_caret_is_no_negation_in_patterns_of_files() {
    let files = [
        ("Chart.yaml", METADATA),
        ("a.txt", "a"),
        ("b.txt", "b"),
        ("templates/a.yaml", "{{ range $p, $_ := .Files.Glob `[^a].txt` }}{{ $p }}{{ end }}"),
    ];
    assert_eq!(render(&files), Ok(vec![("templates/a.yaml".to_owned(), "a.txt".to_owned())]));
}

#[test]
fn lines_of_a_file_that_is_not_there_are_none_and_of_an_empty_one_an_error() {
    let lines = |name: &str| {
        let template = format!("{{{{ len (.Files.Lines `{name}`) }}}}");
        let files = [("Chart.yaml", METADATA), ("empty.txt", ""), ("templates/a.yaml", &*template)];
        render(&files).map(|texts| texts.into_iter().map(|(_, text)| text).collect::<String>())
    };
    assert_eq!(lines("none.txt").as_deref(), Ok("0"));
    assert!(lines("empty.txt").is_err());
}

#[test]
fn deeper_globals_of_a_subchart_come_into_its_parents() {
    let files = [
        ("Chart.yaml", METADATA),
        ("values.yaml", "global: {m: {a: {}, b: 1}}\n"),
        ("templates/a.yaml", "{{ toJson .Values.global }}"),
        ("charts/kid/Chart.yaml", "apiVersion: v2\nname: kid\nversion: 1.0.0\n"),
        ("charts/kid/values.yaml", "global: {m: {a: {c: 2}, d: 3}}\n"),
    ];
    let expected = r#"{"m":{"a":{"c":2},"b":1}}"#;
    assert_eq!(render(&files), Ok(vec![("templates/a.yaml".to_owned(), expected.to_owned())]));
}

#[test]
fn a_byte_that_is_no_utf_8_is_text_like_any_other() {
    let file = |name: &str, data: &[u8]| SourceFile {
        name: name.to_owned(),
        disk_path: name.to_owned(),
        data: data.into(),
    };
    let files = vec![
        file("Chart.yaml", b"apiVersion: v2\nname: small\nversion: 1.0.0\n"),
        file("templates/a.yaml", b"{{/* caf\xe9 */}}a: \xe9{{ 1 }}\xe2\x82{{ \"b\" }}\n"),
    ];
    let chart = LoadedChart::from_files(files).expect("a chart");
    let rendered = render_chart(&chart, &RenderOptions::default()).expect("a render");
    assert_eq!(rendered.templates[0].text, "a: \u{fffd}1\u{fffd}\u{fffd}b\n");
    let rendered = &rendered.templates[0];
    let last = rendered.origin.last().expect("an origin");
    assert_eq!(last.end, rendered.text.len());
    // What stands for them is no copy of the file; the text around is.
    let source = "{{/* caf? */}}a: ?{{ 1 }}??{{ \"b\" }}\n";
    let mut copied = String::new();
    for segment in &rendered.origin {
        let text = &rendered.text[segment.start..segment.end];
        if segment.kind == SegmentKind::Text {
            assert_eq!(&source[segment.place.offset..][..text.len()], text);
            copied.push_str(text);
        }
    }
    assert_eq!(copied, "a: 1b\n");
}

#[test]
fn keys_and_certificates_are_as_long_as_helms() {
    let template = "{{ $ca := genCA \"a\" 3650 }}{{ $cert := genSignedCert \"svc.default.svc.cluster.local\" (list \"127.0.0.1\" \"::1\") \
        (list \"a.b\" \"cc.dd.svc\") 365 $ca }}{{ $own := genSelfSignedCert \"*.x\" nil (list \"a.b\") 36500 }}\
        {{ range list $ca.Cert $ca.Key $cert.Cert $own.Cert (genPrivateKey \"rsa\") (genPrivateKey \"ecdsa\") }}{{ len . }} {{ end }}\
        {{ genPrivateKey \"other\" }}";
    assert_renders("{}\n", template, "1107 1675 1212 1090 3243 227 Unknown type other");
    assert_refused("{}\n", "{{ genSelfSignedCert \"a\" (list \"no address\") nil 1 }}");
    assert_refused("{}\n", "{{ decryptAES \"key\" \"text\" }}");
}

#[test]
fn escapes_and_tags_of_values_are_go_yamls() {
    assert_renders(
        "a: \"it\\'s \\\"so\\\" \\\\\\'\"\nb: 'x\\'\n",
        "{{ .Values.a }}{{ .Values.b }}",
        "it's \"so\" \\'x\\",
    );
    assert_refused("a: \"x\\/y\"\n", "{{ .Values.a }}");
    assert_refused("a: \"\\ud83d\\ude00\"\n", "{{ .Values.a }}");
    assert_renders(
        "a: !Ref y\nb: !!int \"3\"\nc: !!float 3\n",
        "{{ toJson .Values }}",
        "{\"a\":\"y\",\"b\":3,\"c\":3}",
    );
    assert_refused("a: !!int x\n", "{{ .Values.a }}");
    assert_refused("a: .inf\n", "{{ .Values.a }}");
}

#[test]
fn to_yaml_of_what_yaml_refuses_is_nothing() {
    assert_renders("a: \"x\\x7fy\"\n", "[{{ toYaml .Values.a }}]", "[]");
}

/// Characters that end lines to YAML 1.1, and to nobody else.
#[test]
fn the_lines_ends_of_unicode_are_indented_as_helm_indents_them() {
    let of = |text: &str| format!("a: \"{text}\"\n");
    for (text, expected) in [
        ("x\\u2028y", "a: 'x\u{2028}  y'"),
        ("a b\\u2028c d", "a: 'a b\u{2028}  c d'"),
        ("x\\u2029\\u2028 y", "a: \"x\\P\\L y\""),
        ("it's\\u2028it's", "a: 'it''s\u{2028}  it''s'"),
        ("x\\u2028", "a: 'x\u{2028}'"),
        ("x\\ny\\u2028z", "a: |-\n  x\n  y\u{2028}  z"),
        ("x\\n\\u2028z", "a: |-\n  x\n\u{2028}  z"),
        ("x\\nz\\u2028", "a: |\n  x\n  z\u{2028}"),
        ("\\u2028x\\nz\\n", "a: |2\n\u{2028}  x\n  z"),
        ("a\\nb\\u2028\\u2028c\\n\\n", "a: |+\n  a\n  b\u{2028}\u{2028}  c\n"),
    ] {
        assert_renders(&of(text), "{{ toYaml .Values }}", expected);
    }
    assert_renders("\"k\\u2028l\": 1\n", "{{ toYaml .Values }}", "? 'k\u{2028}  l'\n: 1");
}

/// A block scalar keeps such a character, which the parser does not tell of: refused, and never another text. Outside of
/// scalars it ends a line, however often.
#[test]
fn a_separator_in_a_block_scalar_is_refused_and_elsewhere_ends_its_line() {
    assert_refused("a: |-\n  x\n  y\u{2028}  z\n", "{{ toJson .Values }}");
    assert_refused("# \u{2028}\na: |-\n  x\n  y\u{2028}  z\n", "{{ toJson .Values }}");
    let comments = "# \u{2028}\n".repeat(500);
    assert_renders(&format!("{comments}a: 1\n"), "{{ toJson .Values }}", r#"{"a":1}"#);
    assert_renders("b: 1 # \u{2028}c: 2\na: \"x\u{2028} y\"\n", "{{ .Values.b }}{{ .Values.c }}", "12");
}

/// `toYaml` reads its own JSON as YAML, and there a next line folds.
#[test]
fn a_next_line_folds() {
    for (text, expected) in [
        ("x\\u0085y", "a: x y"),
        ("x \\u0085 \\u0085 y", "a: |-\n  x\n  y"),
        ("\\u0085x", "a: ' x'"),
        ("x\\u0085", "a: 'x '"),
        ("x\\u0085\\u0085\\u0085y z", "a: |-\n  x\n\n  y z"),
        ("x\\ny\\u0085z", "a: |-\n  x\n  y z"),
    ] {
        assert_renders(&format!("a: \"{text}\"\n"), "{{ toYaml .Values }}", expected);
    }
    assert_renders("\"k\\u0085l\": 1\n", "{{ toYaml .Values }}", "");
}

#[test]
fn what_is_tagged_as_binary_is_read_as_base_64() {
    let values = "a: !!binary \"aGVsbG8=\"\n!!binary \"a2V5\": 1\nc: !!binary |\n  aGVsbG8g\n  d29ybGQ=\nl: [!!binary aGk=]\n";
    let expected = r#"{"a":"hello","c":"hello world","key":1,"l":["hi"]}"#;
    assert_renders(values, "{{ toJson .Values }}", expected);
    assert_renders("a: !!binary \"gIE=\"\n", "{{ .Values.a }}", "\u{fffd}\u{fffd}");
    assert_refused("a: !!binary \"not base 64!\"\n", "{{ .Values.a }}");
}

/// Helm reads the chart's own values line by line, and ends each; a file that a person gives is read as it is.
#[test]
fn a_last_line_without_its_end_has_one_in_the_charts_own_values_only() {
    for (values, own, given) in [
        ("a: |\n  x", r#"{"a":"x\n"}"#, r#"{"a":"x"}"#),
        ("a: >\n  x", r#"{"a":"x\n"}"#, r#"{"a":"x"}"#),
        ("a: |+\n  x", r#"{"a":"x\n"}"#, r#"{"a":"x"}"#),
        ("a: |-\n  x", r#"{"a":"x"}"#, r#"{"a":"x"}"#),
        ("a: |\r\n  x", r#"{"a":"x\n"}"#, r#"{"a":"x"}"#),
        ("a:\n- |\n x", r#"{"a":["x\n"]}"#, r#"{"a":["x"]}"#),
        ("---\na: |\n  x\n---\nb: |\n  y", r#"{"a":"x\n","b":"y\n"}"#, r#"{"a":"x\n"}"#),
        ("a: |", r#"{"a":""}"#, r#"{"a":""}"#),
    ] {
        assert_renders(values, "{{ toJson .Values }}", own);
        assert_eq!(render_with_given(values, "{{ toJson .Values }}").as_deref(), Ok(given), "{values}");
    }
}

/// What a template renders to with a values file that a person gives.
fn render_with_given(values: &str, template: &str) -> Result<String, String> {
    let file = |name: &str, text: &str| SourceFile {
        name: name.to_owned(),
        disk_path: name.to_owned(),
        data: text.as_bytes().into(),
    };
    let files = vec![file("Chart.yaml", METADATA), file("templates/a.yaml", template)];
    let chart = LoadedChart::from_files(files).map_err(|error| error.to_string())?;
    let given = ValuesFile { path: "given.yaml".to_owned(), data: values.as_bytes().into() };
    let options = RenderOptions { values: vec![given], ..RenderOptions::default() };
    let rendered = render_chart(&chart, &options).map_err(|error| error.to_string())?;
    Ok(rendered.templates.into_iter().map(|template| template.text.to_string()).collect())
}

#[test]
fn dates_keep_the_zone_that_they_were_written_with() {
    let read =
        |layout: &str, text: &str, then: &str| format!("{{{{ toDate \"{layout}\" \"{text}\" {then} }}}}");
    for (layout, text, then, expected) in [
        ("2006-01-02 15:04 MST", "2020-05-06 10:00 PST", "", "2020-05-06 10:00:00 +0000 PST"),
        ("2006-01-02 15:04 MST", "2020-05-06 10:00 PST", "| date \"15:04 MST\"", "10:00 UTC"),
        ("2006-01-02 15:04 -0700", "2020-05-06 10:00 +0300", "", "2020-05-06 10:00:00 +0300 +0300"),
        ("2006-01-02 15:04 -0700", "2020-05-06 10:00 +0300", "| date \"15:04\"", "07:00"),
        ("2006-01-02 15:04 MST", "2020-05-06 10:00 GMT+3", "", "2020-05-06 13:00:00 +0300 GMT+3"),
        ("2006-01-02 MST", "2020-05-06 pst", "", "0001-01-01 00:00:00 +0000 UTC"),
        (
            "2006-01-02T15:04:05Z07:00",
            "2020-05-06T10:00:00+01:00",
            "| toJson",
            "\"2020-05-06T10:00:00+01:00\"",
        ),
    ] {
        assert_renders("{}\n", &read(layout, text, then), expected);
    }
}

/// No table of zones is here: what only one tells is marked, and never given out as known.
#[test]
fn what_another_zone_shows_is_not_given_out_as_known() {
    let date = "(toDate \"2006-01-02\" \"2020-05-06\")";
    for (template, random) in [
        (format!("{{{{ dateInZone \"15:04\" {date} \"Europe/Berlin\" }}}}"), true),
        (format!("{{{{ date_in_zone \"15:04\" {date} \"EST\" }}}}"), true),
        ("{{ htmlDateInZone 86399 \"Asia/Tokyo\" }}".to_owned(), true),
        ("{{ htmlDateInZone 86399 \"UTC\" }}".to_owned(), false),
        (format!("{{{{ dateInZone \"15:04 MST\" {date} \"GMT\" }}}}"), false),
    ] {
        assert_eq!(is_random(&template), random, "{template}");
    }
}

fn is_random(template: &str) -> bool {
    let file = |name: &str, text: &str| SourceFile {
        name: name.to_owned(),
        disk_path: name.to_owned(),
        data: text.as_bytes().into(),
    };
    let files = vec![file("Chart.yaml", METADATA), file("templates/a.yaml", template)];
    let chart = LoadedChart::from_files(files).expect("a chart");
    let rendered = render_chart(&chart, &RenderOptions::default()).expect("it renders");
    rendered.templates.iter().all(|template| template.random)
}

/// The values themselves are of a type of their own, which `dig` does not take.
#[test]
fn the_values_are_no_plain_map() {
    let values = "m: {a: 1}\n";
    for template in [
        "{{ dig \"m\" \"a\" \"d\" .Values }}",
        "{{ dig \"m\" \"a\" \"d\" (deepCopy .Values) }}",
        "{{ dig \"v\" \"m\" \"d\" (dict \"v\" .Values) }}",
        "{{ dig \"Chart\" \"Name\" \"d\" $ }}",
        "{{ dig \"a\" \"d\" .Chart.Annotations }}",
    ] {
        assert_refused(values, template);
    }
    assert_renders(values, "{{ dig \"a\" \"d\" .Values.m }}", "1");
    assert_renders(values, "{{ dig \"m\" \"a\" \"d\" (merge (dict) .Values) }}", "1");
    assert_renders(values, "{{ typeOf (set .Values \"a\" 1) }}", "map[string]interface {}");
    assert_renders(values, "{{ typeOf (deepCopy .Values) }}", "common.Values");
}

#[test]
fn a_chart_without_annotations_has_null_for_them() {
    let files = |metadata: &'static str, template: &'static str| {
        [("Chart.yaml", metadata), ("templates/a.yaml", template)]
    };
    let template = "{{ toJson .Chart.Annotations }} {{ toYaml .Chart.Annotations }} {{ .Chart.Annotations }}";
    let rendered = render(&files(METADATA, template)).expect("it renders");
    assert_eq!(rendered[0].1, "null null map[]");
    let metadata = "apiVersion: v2\nname: small\nversion: 1.0.0\nannotations: {}\n";
    let rendered = render(&files(metadata, template)).expect("it renders");
    assert_eq!(rendered[0].1, "{} {} map[]");
}

#[test]
fn what_a_chart_says_is_one_line_of_printable_text() {
    let metadata = "apiVersion: v2\nname: small\nversion: 1.0.0\nappVersion: \"v1\\tx\\n\"\nkeywords: [\"a\\u0001b\"]\nannotations: {a: \"x\\ny\"}\n";
    let template =
        "{{ .Chart.AppVersion | quote }} {{ toJson .Chart.Keywords }} {{ toJson .Chart.Annotations }}";
    let rendered = render(&[("Chart.yaml", metadata), ("templates/a.yaml", template)]).expect("it renders");
    assert_eq!(rendered[0].1, r#""v1 x " ["ab"] {"a":"x\ny"}"#);
}

#[test]
fn a_certificate_is_a_struct() {
    let of = |text: &str| format!("{{{{ $c := genCA \"x\" 1 }}}}{text}");
    assert_renders("{}\n", &of("{{ typeOf $c }} {{ kindOf $c }}"), "sprig.certificate struct");
    assert_renders("{}\n", &of("{{ toYaml $c | trunc 5 }} {{ print $c | trunc 12 }}"), "Cert: {-----BEGIN ");
    assert_renders("{}\n", &of("{{ (genSignedCert \"y\" nil nil 1 $c).Key | trunc 10 }}"), "-----BEGIN");
    for template in ["{{ get $c \"Cert\" }}", "{{ $c.Nope }}", "{{ index $c \"Cert\" }}", "{{ keys $c }}"] {
        assert_refused("{}\n", &of(template));
    }
    assert!(is_random("{{ genCA \"x\" 1 | print }}"));
}

#[test]
fn parts_of_a_url_are_escaped_as_go_escapes_them() {
    let join = |parts: &str| format!("{{{{ urlJoin (dict {parts}) }}}}");
    for (parts, expected) in [
        ("`scheme` `http` `host` `h` `path` `/a b?c`", "http://h/a%20b%3Fc"),
        ("`scheme` `http` `host` `a b` `path` `x`", "http://a%20b/x"),
        ("`path` `a:b`", "./a:b"),
        ("`scheme` `http` `host` `h` `path` `/` `fragment` `a b#c`", "http://h/#a%20b%23c"),
        ("`scheme` `http` `host` `h` `path` `/` `query` `a b`", "http://h/?a b"),
        ("`scheme` `http` `host` `h` `userinfo` `u:p@q`", "http://u:p%40q@h"),
        ("`scheme` `http` `host` `h` `userinfo` `u/x:p`", "http://h"),
    ] {
        assert_renders("{}\n", &join(parts), expected);
    }
    assert_refused("{}\n", &join("`scheme` `http` `host` `h` `userinfo` `u p`"));
}

#[test]
fn hexadecimal_texts_bear_their_mark() {
    for (verb, expected) in
        [("%#x", "0x6162"), ("%#X", "0X6162"), ("%# x", "0x61 0x62"), ("%.1x", "61"), ("%-#8x|", "0x6162  |")]
    {
        assert_renders("{}\n", &format!("{{{{ printf \"{verb}\" \"ab\" }}}}"), expected);
    }
}

#[test]
fn what_a_render_hid_it_reads_again() {
    let template = "{{ decryptAES \"k\" (encryptAES \"k\" \"plain\") }} {{ encryptAES \"k\" \"0123456789abcdef\" | len }}";
    assert_renders("{}\n", template, "plain 64");
    assert_refused("{}\n", "{{ decryptAES \"x\" (encryptAES \"k\" \"plain\") }}");
    assert!(is_random("{{ encryptAES \"k\" \"plain\" }}"));
}

/// Outside quotes a next line and the separators of Unicode end a line in YAML 1.1.
#[test]
fn the_ends_of_lines_of_unicode_end_lines_of_values() {
    for end in ["\u{85}", "\u{2028}", "\u{2029}"] {
        for values in ["a: x%y\n", "a: |\n  x%y\n", "# x%y\na: b\n", "x%y: b\n", "a: b # x%y\n"] {
            assert_refused(&values.replace('%', end), "{{ toJson .Values }}");
        }
        assert_renders(&format!("a: x{end}b: c\n"), "{{ toJson .Values }}", r#"{"a":"x","b":"c"}"#);
        assert_renders(&format!("a: x{end}\n"), "{{ toJson .Values }}", r#"{"a":"x"}"#);
    }
    assert_renders("a: \"x\u{85}y\"\nb: 'x\u{85}y'\n", "{{ toJson .Values }}", r#"{"a":"x y","b":"x y"}"#);
}
