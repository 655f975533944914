//! Any text as a path, and after a NUL as a file at it: no report lets through what could steer a terminal, start a
//! workflow command, or break its form.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seaworthy::audit::Engine;
use seaworthy::fix;
use seaworthy::repo::FileKind;
use seaworthy::report::{Paint, Patches, github, json, sarif, text};
use seaworthy::settings::Settings;
use seaworthy::store::Store;

fuzz_target!(|input: &str| {
    let (path, content) = input.split_once('\0').unwrap_or(("a.yaml", input));
    let (build, manifest) = content.split_once('\0').unwrap_or((content, content));
    let texts = [
        (format!("{path}/Dockerfile").as_str().into(), FileKind::Dockerfile, build.to_owned()),
        (format!("{path}.yaml").as_str().into(), FileKind::Manifest, manifest.to_owned()),
    ];
    let engine = Engine::of_texts(texts, Settings::default());
    let mut store = Store::default();
    store.apply(engine.update());
    let offers = fix::offers(&engine, |_| true);
    let steers = |c: char| c.is_control() && c != '\n';
    assert!(!text(&store, &offers, Paint::new(false)).contains(steers));
    let annotations = github(&store);
    assert!(!annotations.contains(steers));
    assert!(annotations.lines().all(|line| {
        ["::error file=", "::warning file=", "::notice file="].iter().any(|start| line.starts_with(start))
    }));
    for report in [json(&store, &offers), sarif(&store, &Patches::default())] {
        assert!(!report.contains(steers));
        serde_json::from_str::<serde::de::IgnoredAny>(&report).expect("it is JSON");
    }
});
