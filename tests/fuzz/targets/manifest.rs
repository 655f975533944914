//! Any text as a manifest: read, audited, fixed, read again.

#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use seaworthy::repo::FileKind;

fuzz_target!(|text: &str| {
    common::audit_and_fix(vec![("deploy.yaml".into(), FileKind::Manifest, text.to_owned())]);
});
