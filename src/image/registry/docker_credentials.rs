//! Finds the user's credentials for a registry in Docker's own configuration.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::credential_helper;
use crate::base::{home_folder, read_bounded};

/// The credential that a client shows. It has no `Debug`: it must not end up in a message.
#[derive(Clone)]
pub(super) enum RegistryCredential {
    Password {
        name: String,
        password: String,
    },
    /// A refresh token, to be exchanged at the registry's token service.
    RefreshToken(String),
}

impl RegistryCredential {
    /// The value of an `Authorization` header; none for what is not shown to a registry itself.
    pub(super) fn basic_authorization(&self) -> Option<String> {
        match self {
            Self::Password { name, password } => {
                Some(format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{password}"))))
            }
            Self::RefreshToken(_) => None,
        }
    }
}

/// The names under which Docker stores the credentials of Docker Hub; helpers are called with the first.
const DOCKER_HUB_KEYS: &[&str] =
    &["https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io"];

/// The part of Docker's `config.json` that is about credentials.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DockerConfig {
    auths: HashMap<String, DockerAuth>,
    creds_store: Option<String>,
    cred_helpers: HashMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DockerAuth {
    /// Name and password, a colon between them, in base64.
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
}

/// The user's credentials, read when they are first needed.
pub(super) struct CredentialStore {
    /// The folder of `config.json`.
    folder: Option<PathBuf>,
}

impl CredentialStore {
    pub(super) const fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// The credential for a registry, none where there is none; an error is for the hint beside a refusal.
    pub(super) fn find_credential(&self, host: &str) -> Result<Option<RegistryCredential>, String> {
        let Some(config) = self.folder.as_deref().map(read_docker_config).transpose()?.flatten() else {
            return Ok(None);
        };
        let names: Vec<&str> = if host == "docker.io" { DOCKER_HUB_KEYS.to_vec() } else { vec![host] };
        let own = names.iter().find_map(|name| config.cred_helpers.get(*name));
        let kept = || names.iter().find_map(|name| find_stored(&config.auths, name));
        match own.or(config.creds_store.as_ref()).filter(|helper| !helper.is_empty()) {
            Some(helper) => {
                match credential_helper::get_credential(helper, names.first().copied().unwrap_or(host)) {
                    Ok(Some(credential)) => Ok(Some(credential)),
                    Ok(None) => kept().transpose(),
                    Err(reason) => kept().unwrap_or(Err(reason)).map(Some),
                }
            }
            None => kept().transpose(),
        }
    }
}

/// Docker's own folder: `$DOCKER_CONFIG`, else `~/.docker`.
pub(super) fn docker_folder() -> Option<PathBuf> {
    let named = std::env::var_os("DOCKER_CONFIG").filter(|value| !value.is_empty()).map(PathBuf::from);
    named.or_else(|| home_folder().map(|home| home.join(".docker")))
}

/// The largest configuration of Docker that is read, in bytes.
const MAX_CONFIG_BYTES: u64 = 4 * 1024 * 1024;

fn read_docker_config(folder: &Path) -> Result<Option<DockerConfig>, String> {
    let path = folder.join("config.json");
    match read_bounded(&path, MAX_CONFIG_BYTES) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|_| format!("{} cannot be read: it is not what Docker writes", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
    }
}

/// The credential in the file itself for a registry, whose name may stand there as an address.
fn find_stored(
    auths: &HashMap<String, DockerAuth>,
    name: &str,
) -> Option<Result<RegistryCredential, String>> {
    let mut like: Vec<&String> = auths.keys().filter(|key| host_of_key(key) == host_of_key(name)).collect();
    like.sort_by_key(|key| (key.as_str() != name, key.len()));
    like.into_iter().find_map(|key| decode_credential(key, &auths[key]))
}

fn host_of_key(key: &str) -> &str {
    let rest = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")).unwrap_or(key);
    rest.split('/').next().unwrap_or(rest)
}

fn decode_credential(key: &str, auth: &DockerAuth) -> Option<Result<RegistryCredential, String>> {
    let full = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if let Some(token) = full(&auth.identitytoken) {
        return Some(Ok(RegistryCredential::RefreshToken(token)));
    }
    if let Some(encoded) = full(&auth.auth) {
        let decoded =
            BASE64_STANDARD.decode(encoded.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = decoded.as_deref().and_then(|text| text.split_once(':'));
        return Some(match pair {
            Some((name, password)) => Ok(RegistryCredential::Password {
                name: name.to_owned(),
                // Docker once padded it with zero bytes.
                password: password.trim_end_matches('\0').to_owned(),
            }),
            None => Err(format!("Docker's credentials for {key} are not in the form it writes")),
        });
    }
    Some(Ok(RegistryCredential::Password { name: full(&auth.username)?, password: full(&auth.password)? }))
}
