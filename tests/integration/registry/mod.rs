//! Registries: what they say, how they refuse, and what becomes of it in files. All of it on this machine.

mod answers;
mod caches;
mod credentials;
mod distribution;
mod encrypted;
mod faults;
mod fixes;
mod front;
mod http;
mod online;
mod proxies;
mod repositories;
mod tokens;

use std::time::{Duration, SystemTime};

use seaworthy::image::Reference;
use seaworthy::image::registry::{DigestStatus, RegistryClient, RegistryOptions, TagResolution};

/// Says of a digest that its tag still stands for it.
const CURRENT: DigestStatus = DigestStatus { exists: true, moved_to: None, tag_gone: false };

/// Nobody's registries: no credentials, nothing on disk, little patience.
fn options() -> RegistryOptions {
    RegistryOptions {
        docker_folder: None,
        cache_folder: None,
        timeout: Duration::from_secs(5),
        ..RegistryOptions::default()
    }
}

fn registries() -> RegistryClient {
    RegistryClient::new(options())
}

fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}

/// What a registry says of a tag of many platforms: its digest and the other tags of it, just now.
fn resolution(digest: String, tags: Vec<String>) -> TagResolution {
    TagResolution {
        digest,
        is_single_platform: false,
        tags,
        incomplete_reason: None,
        other_hosts: Vec::new(),
        resolved_at: SystemTime::now(),
    }
}
