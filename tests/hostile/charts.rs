//! Hostile charts: templates without an end, archives that are more than they seem, links that lead elsewhere.

use std::io::Write;
use std::os::unix::fs::symlink;

use crate::run::{Ran, run};
use crate::trees::{Tree, of};

const CHART: &str = "apiVersion: v2\nname: c\nversion: 0.1.0\n";

/// Templates that end in a message at once, or soon.
const ENDLESS: [&str; 20] = [
    r#"{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}"#,
    r#"{{ define "a" }}{{ include "b" . }}{{ end }}{{ define "b" }}{{ include "a" . }}{{ end }}{{ include "a" . }}"#,
    r#"{{ define "a" }}{{ template "a" . }}{{ end }}{{ template "a" . }}"#,
    r#"{{ $t := "{{ tpl .t . }}" }}{{ tpl $t (dict "t" $t) }}"#,
    "{{ until 2000000000 }}",
    "{{ untilStep 0 2000000000 1 }}",
    "{{ seq 1 2000000000 }}",
    r#"{{ repeat 1000000000 "abcdefgh" }}"#,
    r#"{{ indent 1000000000000 "a" }}"#,
    r#"{{ indent 1000 (repeat 1000000 "a\n") }}"#,
    r#"{{ $x := list 1 }}{{ range until 64 }}{{ $x = list $x $x }}{{ end }}{{ deepCopy $x }}"#,
    r#"{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toYaml $d }}"#,
    r#"{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toJson $d }}"#,
    r#"{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toToml $d }}{{ fail "so" }}"#,
    r#"{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ deepCopy $d }}"#,
    r#"{{ regexMatch "((a{100}){100}){100}" "a" }}{{ fail "so" }}"#,
    "{{ randAlphaNum 2000000000 }}",
    r#"{{ fromYaml (repeat 1000000 "- ") }}{{ fail "so" }}"#,
    r#"{{ $x := repeat 1000000 "a" }}{{ range until 1000000 }}{{ $y := contains "b" $x }}{{ end }}"#,
    "{{ .Values.a.b.c }}",
];

/// Templates that use up a bound before they do: seconds in a build without optimizations.
const SLOW: [&str; 16] = [
    r#"{{ define "a" }}{{ if lt . 60 }}{{ include "a" (add1 .) }}{{ include "a" (add1 .) }}{{ end }}x{{ end }}{{ include "a" 0 }}"#,
    "{{ range until 1000000 }}{{ range until 1000000 }}{{ end }}{{ end }}",
    "{{ range 1000000000000 }}{{ end }}",
    r#"{{ $x := "a" }}{{ range until 64 }}{{ $x = print $x $x }}{{ end }}{{ $x }}"#,
    r#"{{ $x := "aaaaaaaa" }}{{ range until 64 }}{{ $x = replace "a" "aaaaaaaa" $x }}{{ end }}"#,
    r#"{{ $x := list 1 }}{{ range until 64 }}{{ $x = list $x $x }}{{ end }}{{ toJson $x }}"#,
    r#"{{ $x := list 1 }}{{ range until 64 }}{{ $x = list $x $x }}{{ end }}{{ $x }}"#,
    r#"{{ $x := list 1 }}{{ range until 64 }}{{ $x = concat $x $x }}{{ end }}"#,
    r#"{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ $_ := set $d "e" $d }}{{ printf "%#v" $d }}"#,
    r#"{{ regexReplaceAll "" (repeat 3000000 "a") (repeat 1000 "b") }}"#,
    r#"{{ regexFindAll ".*[^a]|a" (repeat 200000 "a") -1 }}"#,
    r#"{{ join (repeat 10000000 "x") (until 1000) }}"#,
    r#"{{ range until 100000 }}{{ $x := regexMatch (printf "a{1,900}%d" .) "x" }}{{ end }}"#,
    r#"{{ $x := repeat 1000000 "a" }}{{ range until 1000000 }}{{ $y := sha256sum $x }}{{ end }}"#,
    r#"{{ $x := until 100000 }}{{ range until 100000 }}{{ $y := toYaml $x }}{{ end }}"#,
    r#"{{ $x := until 100000 }}{{ range until 100000 }}{{ $y := has -1 $x }}{{ end }}"#,
];

fn render(tree: &Tree) -> Ran {
    let home = tempfile::tempdir().unwrap();
    run(&tree.path(), home.path(), &["render", "--format", "json"])
}

fn chart(name: &str, template: &str) -> Tree {
    of(
        name,
        &[
            ("Chart.yaml", CHART.to_owned()),
            ("values.yaml", "x: 1\n".to_owned()),
            ("templates/a.yaml", template.to_owned()),
        ],
    )
}

/// It refuses, in one line that says why.
fn expect_refusal(ran: &Ran, case: &str) {
    assert_eq!(ran.code, 2, "{case}: {}", ran.out);
    assert!(ran.err.starts_with("seaworthy: ") && ran.err.len() < 1000, "{case}: {}", ran.err);
    assert!(!ran.err.contains("unexpectedly"), "{case}: {}", ran.err);
}

#[test]
fn templates_without_an_end_end_in_a_message() {
    let slow: &[&str] = if crate::full() { &SLOW } else { &[SLOW[8]] };
    for template in ENDLESS.iter().chain(slow) {
        expect_refusal(&render(&chart("endless", template)), template);
    }
}

/// Templates that hold very much of what is small, or read much at each step.
const WIDE: [&str; 11] = [
    r#"{{ $x := splitList "" (repeat 10000000 "a") }}"#,
    r#"{{ $x := split "" (repeat 10000000 "a") }}"#,
    r#"{{ $x := splitn "" 5000000 (repeat 10000000 "a") }}"#,
    r#"{{ $x := regexSplit "" (repeat 1000000 "aaaaaaaaaa") -1 }}"#,
    r#"{{ $x := regexFindAll "a" (repeat 1000000 "aaaaaaaaaa") -1 }}"#,
    r#"{{ $x := fromJson (printf "{\"a\":[%s 1]}" (repeat 500000 "1,1,1,1,1,1,1,1,1,1,")) }}"#,
    r#"{{ $x := list }}{{ range until 12 }}{{ $x = append $x (until 800000) }}{{ end }}"#,
    r#"{{ $x := list }}{{ range until 1000000 }}{{ $x = list $x (dict "a" 1) }}{{ end }}"#,
    r#"{{ $t := printf "a:\n%s" (repeat 100000 "- {b: c}\n") }}{{ $x := list }}{{ range until 50 }}{{ $x = append $x (fromYaml $t) }}{{ end }}"#,
    r#"{{ $x := toToml (dict "a" (until 400000)) }}{{ $y := list }}{{ range until 50 }}{{ $y = append $y (fromToml $x) }}{{ end }}"#,
    r#"{{ $x := repeat 1000000 "aaaaaaaaaa" }}{{ range until 1000 }}{{ $y := adler32sum $x }}{{ end }}"#,
];

/// What one render may hold, in MiB, with the program itself.
const RENDER_MEBIBYTES: u64 = 400;

#[test]
fn what_a_template_makes_counts_before_it_is_made() {
    let tried = if crate::full() { &WIDE[..] } else { &WIDE[..4] };
    for template in tried {
        let ran = render(&chart("wide", template));
        expect_refusal(&ran, template);
        assert!(ran.mebibytes < RENDER_MEBIBYTES, "{template}: {} MiB", ran.mebibytes);
    }
}

#[test]
fn the_value_sets_of_all_charts_share_one_bound() {
    let (tree, home) = (Tree::new("many-sets"), tempfile::tempdir().unwrap());
    let large = format!("{{{{ repeat 100000 \"{}\" }}}}", "#".repeat(100));
    for at in 0..crate::many(20, 4) {
        tree.file(&format!("c{at}/Chart.yaml"), CHART);
        tree.file(&format!("c{at}/values.yaml"), "x: 1\n");
        tree.file(&format!("c{at}/templates/a.yaml"), &large);
        (0..crate::many(20, 4)).for_each(|set| tree.file(&format!("c{at}/values-{set}.yaml"), "y: 1\n"));
    }
    let ran = run(&tree.path(), home.path(), &["check", "--format", "json"]);
    let spent = ran.out.matches("take more than all renders may together").count();
    let rendered = ran.out.matches("\"status\": \"built\"").count();
    assert!(ran.code < 2 && spent > 0, "{} {spent} {rendered}: {}", ran.code, ran.err);
    assert!(ran.mebibytes < RENDER_MEBIBYTES, "{} MiB", ran.mebibytes);
}

#[test]
fn templates_that_are_nested_without_an_end_end_in_a_message() {
    let deep = crate::many(100_000, 20_000);
    for (case, template) in [
        ("parentheses", format!("{{{{ {}1{} }}}}", "(".repeat(deep), ")".repeat(deep))),
        ("blocks", "{{ if true }}".repeat(deep)),
        ("else if", format!("{{{{ if false }}}}{}{{{{ end }}}}", "{{ else if false }}".repeat(deep))),
        ("brackets of YAML", format!("{{{{ fromYaml \"{}\" }}}}{{{{ fail \"so\" }}}}", "[".repeat(deep))),
        ("brackets of JSON", format!("{{{{ fromJson \"{}\" }}}}{{{{ fail \"so\" }}}}", "[".repeat(deep))),
        ("brackets of TOML", format!("{{{{ fromToml \"a={}\" }}}}{{{{ fail \"so\" }}}}", "[".repeat(deep))),
    ] {
        expect_refusal(&render(&chart("nested", &template)), case);
    }
    let pipes = format!("{{{{ 1 {} }}}}", "| add 1 ".repeat(deep));
    assert_eq!(render(&chart("pipes", &pipes)).code, 0);
}

/// An entry of an archive: its type, its path, its bytes or where it leads.
struct ArchiveEntry<'a> {
    kind: tar::EntryType,
    path: &'a str,
    data: &'a [u8],
}

fn file<'a>(path: &'a str, data: &'a [u8]) -> ArchiveEntry<'a> {
    ArchiveEntry { kind: tar::EntryType::Regular, path, data }
}

fn archive(entries: &[ArchiveEntry<'_>]) -> Vec<u8> {
    let gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(gz);
    for entry in entries {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(entry.kind);
        // The library's own way refuses the paths that are meant here.
        let name = &mut header.as_old_mut().name;
        name[..entry.path.len()].copy_from_slice(entry.path.as_bytes());
        let data = match entry.kind {
            tar::EntryType::Regular => entry.data,
            _ => {
                header.set_link_name_literal(entry.data).unwrap();
                &[]
            }
        };
        header.set_size(data.len() as u64);
        header.set_cksum();
        builder.append(&header, data).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

/// A chart with that archive as its subchart.
fn with_subchart(data: &[u8]) -> Tree {
    let tree = chart("archive", "x: 1\n");
    tree.file("charts/sub.tgz", data);
    tree
}

const SUB: &[u8] = b"apiVersion: v2\nname: sub\nversion: 0.1.0\n";

#[test]
fn archives_lead_nowhere_and_hold_no_more_than_they_may() {
    let zeros = vec![b'#'; 6 << 20];
    let parts: Vec<String> = (0..30).map(|part| format!("sub/files/{part}")).collect();
    let many: Vec<String> = (0..25_000).map(|part| format!("sub/{part}")).collect();
    let part = &zeros[..4 << 20];
    let cases = [
        ("one large file", vec![file("sub/Chart.yaml", SUB), file("sub/templates/a.yaml", &zeros)]),
        ("many large files", parts.iter().map(|path| file(path, part)).collect()),
        ("very many files", many.iter().map(|path| file(path, b"")).collect()),
        ("above", vec![file("sub/Chart.yaml", SUB), file("sub/../../a", b"x")]),
        ("absolute", vec![file("/etc/cron.d/a", b"x")]),
        ("no folder", vec![file("Chart.yaml", SUB)]),
        ("nothing", vec![]),
    ];
    for (case, entries) in cases {
        expect_refusal(&render(&with_subchart(&archive(&entries))), case);
    }
    expect_refusal(&render(&with_subchart(b"\x1f\x8b\x08\x00 no more of it")), "cut off");
    let secret = "/etc/hostname";
    let links = archive(&[
        file("sub/Chart.yaml", SUB),
        ArchiveEntry { kind: tar::EntryType::Symlink, path: "sub/templates/a.yaml", data: secret.as_bytes() },
        ArchiveEntry { kind: tar::EntryType::Link, path: "sub/values.yaml", data: secret.as_bytes() },
    ]);
    let ran = render(&with_subchart(&links));
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let templates = report["templates"].as_array().unwrap();
    let linked = templates.iter().find(|own| own["name"] == "charts/sub/templates/a.yaml").unwrap();
    assert_eq!(linked["text"], "");
}

#[test]
fn archives_within_archives_share_one_bound() {
    let part = vec![b'#'; 4 << 20];
    let parts: Vec<String> = (0..20).map(|part| format!("sub/files/{part}")).collect();
    let mut files: Vec<ArchiveEntry<'_>> = parts.iter().map(|path| file(path, &part)).collect();
    files.insert(0, file("sub/Chart.yaml", SUB));
    let inner = archive(&files);
    let names: Vec<String> = (0..8).map(|part| format!("sub/charts/{part}.tgz")).collect();
    let mut outer: Vec<ArchiveEntry<'_>> = names.iter().map(|path| file(path, &inner)).collect();
    outer.insert(0, file("sub/Chart.yaml", SUB));
    let ran = render(&with_subchart(&archive(&outer)));
    expect_refusal(&ran, "eight times eighty MiB");
    assert!(ran.err.contains("too large together"), "{}", ran.err);
}

#[test]
fn folders_of_charts_that_lead_elsewhere_end_in_a_message() {
    let home = tempfile::tempdir().unwrap();
    let refuse = |tree: &Tree, case: &str| expect_refusal(&render(tree), case);
    let looped = chart("looped", "x: 1\n");
    std::fs::create_dir(looped.path().join("loop")).unwrap();
    for name in ["a", "b"] {
        symlink(".", looped.path().join("loop").join(name)).unwrap();
    }
    refuse(&looped, "links to themselves");
    let dangling = chart("dangling", "x: 1\n");
    symlink("/nonexistent", dangling.path().join("templates/b.yaml")).unwrap();
    refuse(&dangling, "a link to nothing");
    let device = chart("device", "x: 1\n");
    symlink("/dev/zero", device.path().join("templates/b.yaml")).unwrap();
    refuse(&device, "a device");
    let pipe = chart("pipe", "x: 1\n");
    let made =
        std::process::Command::new("mkfifo").arg(pipe.path().join("templates/b.yaml")).status().unwrap();
    assert!(made.success());
    refuse(&pipe, "a pipe");
    let large = chart("large", "x: 1\n");
    let mut file = std::fs::File::create(large.path().join("templates/b.yaml")).unwrap();
    file.write_all(&vec![b'x'; 6 << 20]).unwrap();
    refuse(&large, "a large file");
    let values = home.path().join("values.yaml");
    symlink("/dev/zero", &values).unwrap();
    let tree = chart("values", "x: 1\n");
    let arguments = ["render", "--values", values.to_str().unwrap()];
    expect_refusal(&run(&tree.path(), home.path(), &arguments), "values that never end");
}
