//! Any text as each of the files that steer the program: settings, the user's own, the baseline.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seaworthy::app::UserConfig;
use seaworthy::audit::AuditEngine;
use seaworthy::repo::FileKind;
use seaworthy::settings;
use seaworthy::suppress::Baseline;

const RULES: &[&str] = &["missing-user", "latest-tag", "may-run-as-root"];

fuzz_target!(|text: &str| {
    let lines = text.matches('\n').count() + 1;
    match settings::parse_settings(text, RULES) {
        Ok(settings) => {
            let demo = include_str!("../../../assets/demo/tides/Dockerfile");
            let _ = settings.is_excluded("a/b.yaml");
            let _ = AuditEngine::from_texts(
                [("Dockerfile".into(), FileKind::Dockerfile, demo.to_owned())],
                settings,
            )
            .full_update();
        }
        Err(fault) => assert!(fault.line <= lines),
    }
    for (line, _) in UserConfig::parse_toml(text).problems {
        assert!(line <= lines);
    }
    if let Ok(baseline) = Baseline::parse_json(text) {
        assert_eq!(Baseline::parse_json(&baseline.to_json()), Ok(baseline));
    }
});
