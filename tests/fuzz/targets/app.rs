//! Any text, cut in two at its first NUL, as a Dockerfile and the manifest beside it.

#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use seaworthy::repo::FileKind;

fuzz_target!(|text: &str| {
    let (build, manifest) = text.split_once('\0').unwrap_or((text, text));
    common::audit_and_fix(vec![
        ("Dockerfile".into(), FileKind::Dockerfile, build.to_owned()),
        ("deploy.yaml".into(), FileKind::Manifest, manifest.to_owned()),
    ]);
});
