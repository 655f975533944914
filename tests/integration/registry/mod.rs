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
use seaworthy::image::registry::{Options, Registries};

/// Nobody's registries: no credentials, nothing on disk, little patience.
fn options() -> Options {
    Options { docker: None, cache: None, patience: Duration::from_secs(5), ..Options::default() }
}

fn registries() -> Registries {
    Registries::new(options())
}

fn reference(text: &str) -> Reference {
    Reference::parse(text).unwrap()
}
