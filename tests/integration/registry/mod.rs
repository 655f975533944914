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

use std::time::Duration;

use seaworthy::image::Reference;
use seaworthy::image::registry::{RegistryClient, RegistryOptions};

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
