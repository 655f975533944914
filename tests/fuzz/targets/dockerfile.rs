//! Any text as a Dockerfile: read, audited, fixed, read again.

#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;
use seaworthy::repo::FileKind;

fuzz_target!(|text: &str| {
    common::audit_and_fix(vec![("Dockerfile".into(), FileKind::Dockerfile, text.to_owned())]);
});
