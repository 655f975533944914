//! Any text, up to its first NUL, as a manifest, and the rest as a way into it: whatever the editor makes, it has proven.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seaworthy::manifest::MANIFEST_CONVENTIONS;
use seaworthy::manifest::edit::{Op, mend};
use seaworthy::manifest::{Path, Step, parse};

fn way(text: &str) -> Path {
    let step = |part: &str| part.parse::<usize>().map_or_else(|_| Step::from(part), Step::from);
    text.split('/').filter(|part| !part.is_empty()).map(step).collect()
}

fuzz_target!(|text: &str| {
    let (text, path) = text.split_once('\0').unwrap_or((text, "spec/containers/0/securityContext/runAsNonRoot"));
    let path = way(path);
    let text = format!("apiVersion: v1\nkind: Pod\n{text}");
    let ops = [
        Op::Set { path: path.clone(), to: true.into() },
        Op::Append { path: path.clone(), item: "ALL".into() },
        Op::Remove { path },
    ];
    for document in 0..parse(&text).documents.len().min(4) {
        for op in &ops {
            if let Ok(after) = mend(MANIFEST_CONVENTIONS, &text, document, std::slice::from_ref(op)) {
                assert_eq!(parse(&after).documents.len(), parse(&text).documents.len());
            }
        }
        let _ = mend(MANIFEST_CONVENTIONS, &text, document, &ops);
    }
});
