//! Finds tokens that a pod's own volumes mount, for fixes that only stop the automatic mount.
//!
//! Source: Kubernetes, "Managing Service Accounts" (bound tokens, projected volumes, Secrets of service accounts).

use serde_yaml::Value;

use super::PodPlace;
use crate::kubernetes::model::Volume;
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::yaml::path;

/// The folder in which every client of the API looks for its token.
const TOKEN_FOLDER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
/// The name that the API server gives the volume of a token that it mounts by itself.
pub const AUTOMATIC_VOLUME_PREFIX: &str = "kube-api-access-";

pub fn find_token_volumes(place: PodPlace<'_>) -> Vec<ProgramNeed> {
    let volumes = place.pod.model.volumes.valid_items();
    let found = volumes.filter_map(|(at, volume)| {
        let name = volume.name.get()?;
        if !holds_token(place, volume, name) {
            return None;
        }
        let span = place.pod.span_of(&path!["volumes", at, "name"])?;
        Some(ProgramNeed {
            kind: NeedKind::TokenVolume(name.clone()),
            certainty: NeedCertainty::Shown,
            reason: format!("the volume `{name}` mounts the token by itself").into(),
            evidence: vec![place.evidence_at(format!("the volume `{name}` holds the token"), span)],
        })
    });
    found.collect()
}

/// A projected token for the API itself, for nobody else; the Secret of an account; or a volume in the token's place.
fn holds_token(place: PodPlace<'_>, volume: &Volume, name: &str) -> bool {
    let projected = volume.source_of_type("projected").and_then(|source| source.get("sources"));
    let sources = projected.and_then(Value::as_sequence).into_iter().flatten();
    let mut tokens = sources.filter_map(|source| source.get("serviceAccountToken"));
    let secret = volume.source_of_type("secret").and_then(|source| source.get("secretName")?.as_str());
    tokens.any(|token| token.get("audience").is_none_or(Value::is_null))
        || secret.is_some_and(is_account_secret)
        || (secret.is_some() && is_in_token_folder(place, name))
}

/// The name that Kubernetes gave the Secret of an account: `default-token-x7k2p`.
fn is_account_secret(name: &str) -> bool {
    name.rsplit_once("-token-").is_some_and(|(account, end)| {
        !account.is_empty()
            && end.len() == 5
            && end.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

fn is_in_token_folder(place: PodPlace<'_>, volume: &str) -> bool {
    let mut mounts =
        place.pod.containers.iter().flat_map(|container| container.model.volume_mounts.valid_items());
    mounts.any(|(_, mount)| {
        mount.name.is(volume)
            && mount.mount_path.get().is_some_and(|path| path.trim_end_matches('/') == TOKEN_FOLDER)
    })
}
