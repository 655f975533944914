//! Any text as YAML: every span lies where it should, lines and events give one tree, a look says what a parse does, both
//! parsers agree or the document is left alone, and what is read of a kustomization, a template or an exception is read
//! without a stumble.

#![no_main]

#[path = "../../integration/manifest/breaches/mod.rs"]
mod breaches;

use libfuzzer_sys::fuzz_target;
use seaworthy::kubernetes::{parse_manifest, read_kustomization};
use seaworthy::suppress::{find_in_dockerfile, find_in_manifest};

fuzz_target!(|text: &str| {
    for text in [
        text.to_owned(),
        format!("apiVersion: v1\nkind: Pod\n{text}"),
        format!("{text}\napiVersion: v1\nkind: Pod\n"),
    ] {
        assert_eq!(breaches::breaches(&text), Vec::<String>::new());
        let _ = read_kustomization(&text);
        let exceptions = find_in_manifest(&text, &parse_manifest(&text));
        let comments = exceptions.iter().filter_map(|exception| exception.comment.as_ref());
        comments.for_each(|comment| assert!(text.get(comment.span.start..comment.span.end).is_some()));
    }
    let _ = find_in_dockerfile(text, &seaworthy::dockerfile::parse(text));
});
