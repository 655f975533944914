//! Who the user is to a registry, as Docker's own configuration says.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;

use super::helper;

/// What shows who asks. It has no `Debug`: it must not end up in a message.
#[derive(Clone)]
pub(super) enum Credential {
    Password {
        name: String,
        password: String,
    },
    /// A refresh token, to be exchanged at the registry's token service.
    Identity(String),
}

impl Credential {
    /// The value of an `Authorization` header; none for what is not shown to a registry itself.
    pub(super) fn basic(&self) -> Option<String> {
        match self {
            Self::Password { name, password } => {
                Some(format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{password}"))))
            }
            Self::Identity(_) => None,
        }
    }
}

/// Under which names Docker keeps the credentials of Docker Hub; the first is the one that helpers are asked for.
const HUB: &[&str] = &["https://index.docker.io/v1/", "index.docker.io", "docker.io", "registry-1.docker.io"];

/// The part of Docker's `config.json` that is about credentials.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Config {
    auths: HashMap<String, Auth>,
    creds_store: Option<String>,
    cred_helpers: HashMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Auth {
    /// Name and password, a colon between them, in base64.
    auth: Option<String>,
    username: Option<String>,
    password: Option<String>,
    identitytoken: Option<String>,
}

/// The user's credentials, read when they are first needed.
pub(super) struct Credentials {
    /// The folder of `config.json`.
    folder: Option<PathBuf>,
}

impl Credentials {
    pub(super) const fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// The credential for a registry, none where there is none; an error is for the hint beside a refusal.
    pub(super) fn of(&self, host: &str) -> Result<Option<Credential>, String> {
        let Some(config) = self.folder.as_deref().map(read).transpose()?.flatten() else { return Ok(None) };
        let names: Vec<&str> = if host == "docker.io" { HUB.to_vec() } else { vec![host] };
        let own = names.iter().find_map(|name| config.cred_helpers.get(*name));
        let kept = || names.iter().find_map(|name| stored(&config.auths, name));
        match own.or(config.creds_store.as_ref()).filter(|helper| !helper.is_empty()) {
            Some(helper) => match helper::get(helper, names.first().copied().unwrap_or(host)) {
                Ok(Some(credential)) => Ok(Some(credential)),
                Ok(None) => kept().transpose(),
                Err(reason) => kept().unwrap_or(Err(reason)).map(Some),
            },
            None => kept().transpose(),
        }
    }
}

/// Docker's own folder: `$DOCKER_CONFIG`, else `~/.docker`.
pub(super) fn docker_folder() -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || named("HOME").or_else(|| named("USERPROFILE")).map(|home| home.join(".docker"));
    named("DOCKER_CONFIG").or_else(home)
}

fn read(folder: &Path) -> Result<Option<Config>, String> {
    let path = folder.join("config.json");
    match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|_| format!("{} cannot be read: it is not what Docker writes", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{} cannot be read: {error}", path.display())),
    }
}

/// What the file itself holds for a registry, whose name may stand there as an address.
fn stored(auths: &HashMap<String, Auth>, name: &str) -> Option<Result<Credential, String>> {
    let mut like: Vec<&String> = auths.keys().filter(|key| bare(key) == bare(name)).collect();
    like.sort_by_key(|key| (key.as_str() != name, key.len()));
    like.into_iter().find_map(|key| credential(key, &auths[key]))
}

fn bare(key: &str) -> &str {
    let rest = key.strip_prefix("https://").or_else(|| key.strip_prefix("http://")).unwrap_or(key);
    rest.split('/').next().unwrap_or(rest)
}

fn credential(key: &str, auth: &Auth) -> Option<Result<Credential, String>> {
    let full = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    if let Some(token) = full(&auth.identitytoken) {
        return Some(Ok(Credential::Identity(token)));
    }
    if let Some(encoded) = full(&auth.auth) {
        let decoded =
            BASE64_STANDARD.decode(encoded.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let pair = decoded.as_deref().and_then(|text| text.split_once(':'));
        return Some(match pair {
            Some((name, password)) => Ok(Credential::Password {
                name: name.to_owned(),
                // Docker once padded it with zero bytes.
                password: password.trim_end_matches('\0').to_owned(),
            }),
            None => Err(format!("Docker's credentials for {key} are not in the form it writes")),
        });
    }
    Some(Ok(Credential::Password { name: full(&auth.username)?, password: full(&auth.password)? }))
}
