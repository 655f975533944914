//! Fetches the manifest that a registry has under a tag or a digest, for resolving references.

use ring::digest::{SHA256, SHA512, digest};
use serde::Deserialize;
use ureq::http::Method;

use super::RegistryError;
use super::http_client::HttpAnswer;
use super::registry_session::{RegistryQuery, Session, SessionContext};
use crate::image::ImageDigest;

/// The media types that a tag may point to, an index first: it covers every platform, and its digest is the one to pin.
const MANIFEST_TYPES: &str = "application/vnd.oci.image.index.v1+json, \
                      application/vnd.docker.distribution.manifest.list.v2+json, \
                      application/vnd.oci.image.manifest.v1+json, \
                      application/vnd.docker.distribution.manifest.v2+json";
/// The most bytes of a manifest (distribution specification, "Pushing Manifests").
const MAX_MANIFEST_BYTES: u64 = 4 * 1024 * 1024;

/// A manifest, by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ImageManifest {
    pub digest: String,
    /// True when it is one platform's alone, as an image that is built for one only has no index.
    pub is_single_platform: bool,
    /// True when the digest was computed from the manifest's bytes; else a header alone names it.
    pub is_verified: bool,
}

/// The fields that all manifests and indexes begin with.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ManifestHead {
    schema_version: u32,
}

/// The manifest that the tag or digest points to. HEAD costs the registry little and, at Docker Hub, none of the user's
/// pulls; GET is for registries that give HEAD no digest, and then the digest is computed.
pub(super) fn fetch_manifest(
    shared: SessionContext<'_>,
    session: &Session,
    path: &str,
    which: &str,
) -> Result<ImageManifest, RegistryError> {
    let what = format!("manifests/{which}");
    let ask = |method| {
        let question = RegistryQuery {
            method,
            path,
            endpoint: &what,
            accept: MANIFEST_TYPES,
            limit: MAX_MANIFEST_BYTES,
        };
        session.send_query(shared, question)
    };
    let answer = ask(&Method::HEAD)?;
    if let (200, Some(said)) = (answer.status, announced_digest(&answer)) {
        return classify_manifest(session, &answer, said.to_owned(), false);
    }
    let answer = ask(&Method::GET)?;
    if answer.status != 200 || !is_manifest(&answer.body) {
        return Err(session.bad_answer("what it sends is no image's manifest"));
    }
    let own = compute_digest(announced_digest(&answer).unwrap_or(which), &answer.body);
    if announced_digest(&answer).is_some_and(|said| said != own) {
        return Err(session.bad_answer("the digest that it names is not that of what it sent"));
    }
    classify_manifest(session, &answer, own, true)
}

/// The same, by the bytes of the manifest itself: a digest that is to be written is taken from no header alone.
pub(super) fn fetch_verified_manifest(
    shared: SessionContext<'_>,
    session: &Session,
    path: &str,
    which: &str,
) -> Result<ImageManifest, RegistryError> {
    let named = fetch_manifest(shared, session, path, which)?;
    if named.is_verified {
        return Ok(named);
    }
    let endpoint = format!("manifests/{}", named.digest);
    let question = RegistryQuery {
        method: &Method::GET,
        path,
        endpoint: &endpoint,
        accept: MANIFEST_TYPES,
        limit: MAX_MANIFEST_BYTES,
    };
    let answer = session.send_query(shared, question)?;
    if answer.status != 200 || compute_digest(&named.digest, &answer.body) != named.digest {
        return Err(session.bad_answer("the digest that it names is not that of what it sent"));
    }
    if !is_manifest(&answer.body) {
        return Err(session.bad_answer("what it sends is no image's manifest"));
    }
    classify_manifest(session, &answer, named.digest, true)
}

fn is_manifest(body: &[u8]) -> bool {
    serde_json::from_slice(body).is_ok_and(|ManifestHead { schema_version }| schema_version == 2)
}

/// The digest of the bytes, by the algorithm of another one.
fn compute_digest(like: &str, body: &[u8]) -> String {
    match ImageDigest::parse(like).map(ImageDigest::algorithm) {
        Some("sha512") => format!("sha512:{}", encode_hex(digest(&SHA512, body).as_ref())),
        _ => format!("sha256:{}", encode_hex(digest(&SHA256, body).as_ref())),
    }
}

fn classify_manifest(
    session: &Session,
    answer: &HttpAnswer,
    digest: String,
    is_verified: bool,
) -> Result<ImageManifest, RegistryError> {
    let kind = answer.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let single = match kind {
        "application/vnd.oci.image.index.v1+json"
        | "application/vnd.docker.distribution.manifest.list.v2+json" => false,
        "application/vnd.oci.image.manifest.v1+json"
        | "application/vnd.docker.distribution.manifest.v2+json" => true,
        _ => return Err(session.bad_answer("what it has is no image that runs today")),
    };
    Ok(ImageManifest { digest, is_single_platform: single, is_verified })
}

/// The digest that the answer names, where it is one that pins.
fn announced_digest(answer: &HttpAnswer) -> Option<&str> {
    let text = answer.header("docker-content-digest")?;
    ImageDigest::parse(text).filter(|digest| digest.is_well_formed())?;
    Some(text)
}

fn encode_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
