//! Any text as a path, and after a NUL as a file at it: no report lets through what could steer a terminal, start a
//! workflow command, or break its form.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seaworthy::audit::{AuditEngine, FileReport};
use seaworthy::fix::Planner;
use seaworthy::repo::FileKind;
use seaworthy::report::{
    AnnotationStyle, JsonReport, LoggedFile, LoggedFixes, PatchesByFinding, ReportCounts, ReportSurroundings, ReportedFiles, TextPaint, TextReport, TextStyle, write_github, write_sarif,
};
use seaworthy::settings::Settings;
use seaworthy::store::Store;

fuzz_target!(|input: &str| {
    let (path, content) = input.split_once('\0').unwrap_or(("a.yaml", input));
    let (build, manifest) = content.split_once('\0').unwrap_or((content, content));
    let texts = [
        (format!("{path}/Dockerfile").as_str().into(), FileKind::Dockerfile, build.to_owned()),
        (format!("{path}.yaml").as_str().into(), FileKind::Manifest, manifest.to_owned()),
    ];
    let engine = AuditEngine::from_texts(texts, Settings::default());
    let mut store = Store::default();
    store.apply_update(engine.full_update());
    let (offers, units) = (Planner::new(&engine).verify(|_| true), engine.unit_table());
    let steers = |c: char| c.is_control() && c != '\n';
    let (mut text, mut json) = (Vec::new(), Vec::new());
    let style = TextStyle { paint: TextPaint::new(false), are_fixes_proven: true };
    let lowered_bar = &engine.lowered_bar();
    let around = ReportSurroundings { ignored_count: 0, mended_count: 0, lowered_bar };
    let mut whole = TextReport::default();
    whole
        .append_part(&TextReport::from_store(&store, |_, _| offers.clone(), style), &mut text)
        .expect("memory takes it");
    whole
        .write_summary(engine.score(), engine.score_factors(), around, style, &mut text)
        .expect("memory takes it");
    let visit = |take: &mut dyn FnMut(&Store) -> std::io::Result<()>| take(&store);
    let files = ReportedFiles { with_findings: &visit, without_findings: &visit };
    JsonReport { units: &units, services: &[], score: engine.score(), bar: None, ignored_count: 0, images: None }
        .write_report(&files, |_, _| offers.clone(), &mut json)
        .expect("memory takes it");
    let mut annotations = Vec::new();
    let counts = ReportCounts::from_store(&store, &offers);
    let style = AnnotationStyle { below: path, are_fixes_proven: true };
    write_github(&visit, (&counts, around), |_, _| offers.clone(), style, &mut annotations)
        .expect("memory takes it");
    let [text, json, annotations] =
        [text, json, annotations].map(|report| String::from_utf8(report).expect("it is text"));
    assert!(!text.contains(steers));
    assert!(!annotations.contains(steers));
    let mut lines: Vec<&str> = annotations.lines().collect();
    assert!(lines.pop().is_some_and(|counts| counts.ends_with(" allowed or known")));
    let commands = ["::error file=", "::warning file=", "::notice file=", "::group::", "::endgroup::"];
    assert!(lines.iter().all(|line| commands.iter().any(|start| line.starts_with(start))));
    let mut log = Vec::new();
    let files: Vec<_> = store.files().cloned().collect();
    let logged = |file: &FileReport| LoggedFile {
        findings: store.findings_in(&file.path).into(),
        fixes: Box::new(|_| LoggedFixes { patches: PatchesByFinding::default(), offers: offers.clone() }),
    };
    write_sarif(&files, logged, path, (around, 0), &mut log).expect("memory takes it");
    for report in [json, String::from_utf8(log).expect("it is text")] {
        assert!(!report.contains(steers));
        serde_json::from_str::<serde::de::IgnoredAny>(&report).expect("it is JSON");
    }
});
