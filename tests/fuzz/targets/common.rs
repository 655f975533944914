//! What every target demands of a fix: that it is what was promised.

use std::collections::HashMap;

use seaworthy::audit::AuditEngine;
use seaworthy::finding::Safety;
use seaworthy::fix::{FixOrder, Planner};
use seaworthy::repo::{FileKind, RelPath};
use seaworthy::settings::Settings;

/// Audits the texts, makes every fix, and audits what comes of it.
pub fn audit_and_fix(texts: Vec<(RelPath, FileKind, String)>) {
    let engine = AuditEngine::from_texts(texts.clone(), Settings::default());
    for (path, _, text) in &texts {
        for finding in engine.findings_in(path) {
            assert!(finding.span.start <= finding.span.end && finding.span.end <= text.len());
            assert!(text.is_char_boundary(finding.span.start) && text.is_char_boundary(finding.span.end));
        }
    }
    let outcome = Planner::new(&engine)
        .plan(&FixOrder::Rules { accepts: &|_| true, max_safety: Safety::Review })
        .unwrap();
    let mut after: HashMap<RelPath, String> =
        texts.iter().map(|(path, _, text)| (path.clone(), text.clone())).collect();
    for patch in &outcome.patches {
        assert_ne!(patch.before.text(), patch.after.text());
        after.insert(patch.path.clone(), patch.after.text().to_owned());
    }
    let fixed: Vec<_> =
        texts.into_iter().map(|(path, kind, _)| (path.clone(), kind, after[&path].clone())).collect();
    let again = AuditEngine::from_texts(fixed, Settings::default());
    for key in &outcome.resolves {
        let alike = |engine: &AuditEngine| {
            engine.findings_in(&key.path).filter(|f| f.rule == key.rule && f.subject == key.subject).count()
        };
        assert!(alike(&again) < alike(&engine), "{} still stands", key.rule);
    }
    let second = Planner::new(&again)
        .plan(&FixOrder::Rules { accepts: &|_| true, max_safety: Safety::Review })
        .unwrap();
    assert!(second.patches.is_empty(), "a second run changes {:?}", second.patches);
}
