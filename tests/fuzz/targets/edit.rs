//! Any text, up to its first NUL, as a manifest, and the rest as a way into it: whatever the editor makes, it has proven.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seaworthy::kubernetes::{MANIFEST_CONVENTIONS, parse_manifest};
use seaworthy::yaml::edit::{YamlEdit, apply_verified};
use seaworthy::yaml::{PathStep, YamlPath};

fn way(text: &str) -> YamlPath {
    let step = |part: &str| part.parse::<usize>().map_or_else(|_| PathStep::from(part), PathStep::from);
    text.split('/').filter(|part| !part.is_empty()).map(step).collect()
}

fuzz_target!(|text: &str| {
    let (text, path) =
        text.split_once('\0').unwrap_or((text, "spec/containers/0/securityContext/runAsNonRoot"));
    let path = way(path);
    let text = format!("apiVersion: v1\nkind: Pod\n{text}");
    let ops = [
        YamlEdit::Set { path: path.clone(), to: true.into() },
        YamlEdit::Append { path: path.clone(), item: "ALL".into() },
        YamlEdit::Remove { path },
    ];
    for document in 0..parse_manifest(&text).documents.len().min(4) {
        for op in &ops {
            if let Ok(after) = apply_verified(MANIFEST_CONVENTIONS, &text, document, std::slice::from_ref(op))
            {
                assert_eq!(parse_manifest(&after).documents.len(), parse_manifest(&text).documents.len());
            }
        }
        let _ = apply_verified(MANIFEST_CONVENTIONS, &text, document, &ops);
    }
});
