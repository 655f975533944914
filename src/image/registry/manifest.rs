//! What a registry holds under a tag or a digest.

use ring::digest::{SHA256, SHA512, digest};
use serde::Deserialize;
use ureq::http::Method;

use super::Error;
use super::session::{Question, Session, Shared};
use super::wire::Answer;
use crate::image::Digest;

/// What a tag may point to, an index first: it covers every platform, and its digest is the one to pin.
const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, \
                      application/vnd.docker.distribution.manifest.list.v2+json, \
                      application/vnd.oci.image.manifest.v1+json, \
                      application/vnd.docker.distribution.manifest.v2+json";
/// The most bytes of a manifest (distribution specification, "Pushing Manifests").
const LARGEST: u64 = 4 * 1024 * 1024;

/// A manifest, by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Manifest {
    pub digest: String,
    /// Whether it is one platform's alone, as an image that is built for one only has no index.
    pub single: bool,
}

/// What all manifests and indexes begin with.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    schema_version: u32,
}

/// What the tag or digest points to. HEAD costs the registry little and, at Docker Hub, none of the user's pulls; GET
/// is for registries that give HEAD no digest, and then the digest is computed.
pub(super) fn find(
    shared: Shared<'_>,
    session: &Session,
    path: &str,
    which: &str,
) -> Result<Manifest, Error> {
    let what = format!("manifests/{which}");
    let ask = |method| {
        let question = Question { method, path, what: &what, accept: ACCEPT, limit: LARGEST };
        session.ask(shared, question)
    };
    let answer = ask(&Method::HEAD)?;
    if let (200, Some(said)) = (answer.status, said(&answer)) {
        return manifest(session, &answer, said.to_owned());
    }
    let answer = ask(&Method::GET)?;
    let is_manifest =
        serde_json::from_slice(&answer.body).is_ok_and(|Head { schema_version }| schema_version == 2);
    if answer.status != 200 || !is_manifest {
        return Err(session.broken("what it sends is no image's manifest"));
    }
    let own = match said(&answer).or(Some(which)).and_then(Digest::parse).map(Digest::algorithm) {
        Some("sha512") => format!("sha512:{}", hex(digest(&SHA512, &answer.body).as_ref())),
        _ => format!("sha256:{}", hex(digest(&SHA256, &answer.body).as_ref())),
    };
    if said(&answer).is_some_and(|said| said != own) {
        return Err(session.broken("the digest that it names is not that of what it sent"));
    }
    manifest(session, &answer, own)
}

fn manifest(session: &Session, answer: &Answer, digest: String) -> Result<Manifest, Error> {
    let kind = answer.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let single = match kind {
        "application/vnd.oci.image.index.v1+json"
        | "application/vnd.docker.distribution.manifest.list.v2+json" => false,
        "application/vnd.oci.image.manifest.v1+json"
        | "application/vnd.docker.distribution.manifest.v2+json" => true,
        _ => return Err(session.broken("what it has is no image that runs today")),
    };
    Ok(Manifest { digest, single })
}

/// The digest that the answer names, where it is one that pins.
fn said(answer: &Answer) -> Option<&str> {
    let text = answer.header("docker-content-digest")?;
    Digest::parse(text).filter(|digest| digest.is_well_formed())?;
    Some(text)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
