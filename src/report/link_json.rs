//! Writes the links between containers and Dockerfiles as JSON, each with its evidence.

use serde_json::{Value, json};

use crate::audit::WorkloadReport;
use crate::builds::ImageClaim;
use crate::project::{ImageLink, LinkAnswer, LinkEvidence};

/// The links of a workload's containers.
pub(super) fn workload_links(workload: &WorkloadReport) -> impl Iterator<Item = Value> {
    workload.links.iter().map(|link| {
        json!({
            "path": workload.path.as_str(),
            "object": &*workload.object,
            "container": &*link.container,
            "image": &*link.image,
            "dockerfile": dockerfile_of(&link.answer),
            "stage": stage_of(&link.answer),
            "reason": link.answer.reason(),
            "evidence": evidence_of(&link.answer),
        })
    })
}

/// The link of a service that compose builds: `object` is null, and `container` the service.
pub(super) fn service_link(claim: &ImageClaim, answer: &LinkAnswer) -> Value {
    json!({
        "path": claim.path.as_str(),
        "object": null,
        "container": claim.service,
        "image": null,
        "dockerfile": dockerfile_of(answer),
        "stage": stage_of(answer),
        "reason": answer.reason(),
        "evidence": evidence_of(answer),
    })
}

fn dockerfile_of(answer: &LinkAnswer) -> Option<&str> {
    answer.link().map(|link| link.dockerfile.as_str())
}

fn stage_of(answer: &LinkAnswer) -> Option<&str> {
    answer.link().and_then(|link| link.stage.as_deref())
}

fn evidence_of(answer: &LinkAnswer) -> Vec<Value> {
    let seen = |evidence: &LinkEvidence| json!({"text": evidence.text, "path": evidence.path.as_str(), "line": evidence.line});
    match answer {
        LinkAnswer::Linked(link) => link.evidence.iter().map(seen).collect(),
        LinkAnswer::WithoutDockerfile { evidence, .. } | LinkAnswer::SetOtherwise { evidence, .. } => {
            vec![seen(evidence)]
        }
        LinkAnswer::Undecided(links) => {
            links.iter().flat_map(|link: &ImageLink| &link.evidence).map(seen).collect()
        }
    }
}
