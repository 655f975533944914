//! Any text as each of the files that steer the program: settings, the user's own, the baseline.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seaworthy::app::UserConfig;
use seaworthy::suppress::Baseline;
use seaworthy::audit::AuditEngine;
use seaworthy::repo::FileKind;
use seaworthy::settings;

const RULES: &[&str] = &["missing-user", "latest-tag", "may-run-as-root"];

fuzz_target!(|text: &str| {
    let lines = text.matches('\n').count() + 1;
    match settings::read(text, RULES) {
        Ok(settings) => {
            let demo = include_str!("../../../assets/demo/tides/Dockerfile");
            let _ = settings.leaves_out("a/b.yaml");
            let _ = AuditEngine::of_texts([("Dockerfile".into(), FileKind::Dockerfile, demo.to_owned())], settings).update();
        }
        Err(fault) => assert!(fault.line <= lines),
    }
    for (line, _) in UserConfig::read(text).problems {
        assert!(line <= lines);
    }
    if let Ok(baseline) = Baseline::read(text) {
        assert_eq!(Baseline::read(&baseline.write()), Ok(baseline));
    }
});
