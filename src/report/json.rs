//! The report as JSON: a contract, to which fields are added and in which none is changed.

use serde_json::{Value, json};

use crate::audit::{FileReport, Listed, WorkloadReport};
use crate::fix::{Checked, FindingKey, Offer, Offers};
use crate::store::Store;
use crate::text::{Source, printable_json};

/// The version of the contract.
const SCHEMA: u32 = 1;

/// The whole report, pretty-printed, with a final newline; pinned images where registries were asked about them.
#[must_use]
pub fn json(store: &Store, offers: &Offers, images: Option<&[Checked]>) -> String {
    let mut report = json!({
        "schema": SCHEMA,
        "files": store.files().map(file).collect::<Vec<_>>(),
        "findings": findings(store, offers),
        "workloads": store.workloads().map(workload).collect::<Vec<_>>(),
        "score": store.score(),
    });
    if let Some(images) = images {
        report["images"] = images.iter().map(|checked| image(store, checked)).collect();
    }
    printable_json(format!("{report:#}\n"))
}

fn file(file: &FileReport) -> Value {
    json!({
        "path": file.path.as_str(),
        "kind": file.kind.name(),
        "status": file.status.name(),
        "reason": file.status.reason(),
        "documents": file.documents,
    })
}

fn findings(store: &Store, offers: &Offers) -> Vec<Value> {
    let mut out = Vec::new();
    for file in store.files() {
        let empty = Source::new("");
        let source = file.source.as_ref().unwrap_or(&empty);
        for (key, listed) in store.findings_in(&file.path) {
            out.push(finding(&key, listed, source, offers.get(&key)));
        }
    }
    out
}

fn finding(key: &FindingKey, listed: &Listed, source: &Source, offer: Option<&Offer>) -> Value {
    let finding = &listed.finding;
    let (fix, withheld) = match offer {
        Some(Offer::Fix { title, safety, resolves }) => {
            (json!({"title": title, "safety": safety.name(), "resolves": resolves}), Value::Null)
        }
        Some(Offer::Withheld(reason)) => (Value::Null, json!(reason)),
        Some(Offer::None) | None => (Value::Null, Value::Null),
    };
    json!({
        "rule": finding.rule,
        "severity": finding.severity.name(),
        "path": key.path.as_str(),
        "start": position(source, finding.span.start),
        "end": position(source, finding.span.end),
        "object": finding.subject.object.as_deref(),
        "container": finding.subject.container.as_deref(),
        "message": finding.message,
        "fix": fix,
        "withheld": withheld,
        "suppressed": listed.suppressed.as_ref().map(|s| json!({"by": s.by, "reason": s.reason})),
    })
}

/// A pinned image: whether its registry still has the digest, and what its tag is now. What nobody can tell is null.
fn image(store: &Store, Checked { pin, standing }: &Checked) -> Value {
    let empty = Source::new("");
    let source = store.file(&pin.path).and_then(|file| file.source.as_ref()).unwrap_or(&empty);
    let said = standing.as_ref().ok();
    let tag = pin.image.tag().zip(said).map(|(_, said)| match said {
        said if said.tag_gone => "gone",
        said if said.moved_to.is_some() => "moved",
        _ => "same",
    });
    json!({
        "path": pin.path.as_str(),
        "start": position(source, pin.span.start),
        "end": position(source, pin.span.end),
        "image": pin.image.text(),
        "exists": said.map(|said| said.exists),
        "tag": tag,
        "tag_digest": said.and_then(|said| said.moved_to.as_deref()),
        "error": standing.as_ref().err(),
    })
}

fn position(source: &Source, offset: usize) -> Value {
    let at = source.position(offset);
    json!({"line": at.line, "column": at.column, "offset": at.offset})
}

fn workload(workload: &WorkloadReport) -> Value {
    json!({
        "path": workload.path.as_str(),
        "object": &*workload.object,
        "pod_security": workload.pod_security.map(crate::audit::PodSecurity::name),
        "obstacles": workload.obstacles,
        "score": workload.score,
        "dockerfile": workload.dockerfile.as_ref().map(|(path, evidence)| json!({
            "path": path.as_str(),
            "evidence": evidence,
        })),
    })
}
