//! Holds the registries of one run with their answers so far, for commands and the screen.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime};

use super::answer_cache::AnswerCache;
use super::docker_credentials::CredentialStore;
use super::equal_tags::EqualTags;
use super::http_client::HttpClient;
use super::image_manifest::ImageManifest;
use super::registry_session::{Session, SessionContext, lock_mutex};
use super::{
    CancelFlag, DigestStatus, ReferenceResolver, RegistryError, TagResolution, answer_cache,
    docker_credentials, equal_tags, image_manifest, registry_url,
};
use crate::image::{ImageDigest, Reference, TagKind};

/// The options of a registry client.
#[derive(Clone, Debug)]
pub struct RegistryOptions {
    /// Registries that may be reached in plain text, as references name them. This machine itself always may.
    pub plain_http_hosts: BTreeSet<String>,
    /// The folder of Docker's `config.json`; none to send no credentials.
    pub docker_folder: Option<PathBuf>,
    /// The folder for answers; none to keep them for this run only.
    pub cache_folder: Option<PathBuf>,
    /// The longest that one request may take.
    pub timeout: Duration,
}

impl Default for RegistryOptions {
    /// The user's own: credentials as Docker has them, answers under `$XDG_CACHE_HOME`.
    fn default() -> Self {
        Self {
            plain_http_hosts: BTreeSet::new(),
            docker_folder: docker_credentials::docker_folder(),
            cache_folder: crate::base::cache_folder(),
            timeout: Duration::from_secs(15),
        }
    }
}

/// A client of all registries, which remembers their answers.
pub struct RegistryClient {
    plain_http_hosts: BTreeSet<String>,
    wire: HttpClient,
    credentials: CredentialStore,
    sessions: Mutex<HashMap<String, Arc<Session>>>,
    cache: AnswerCache,
    /// Recent answers, read from disk at first use.
    resolutions: OnceLock<Mutex<BTreeMap<String, TagResolution>>>,
}

impl RegistryClient {
    #[must_use]
    pub fn new(options: RegistryOptions) -> Self {
        Self {
            plain_http_hosts: options.plain_http_hosts,
            wire: HttpClient::new(options.timeout),
            credentials: CredentialStore::new(options.docker_folder),
            sessions: Mutex::default(),
            cache: AnswerCache::new(options.cache_folder.as_deref()),
            resolutions: OnceLock::new(),
        }
    }

    /// The same registries, queried until this is set.
    pub fn with_cancel<'a>(&'a self, cancel: &'a CancelFlag) -> impl ReferenceResolver + 'a {
        CancellableClient { client: self, cancel }
    }

    /// The recent answer about the reference; sends no request.
    #[must_use]
    pub fn cached_resolution(&self, reference: &Reference) -> Option<TagResolution> {
        let known = lock_mutex(self.resolutions());
        known
            .get(&resolution_key(reference))
            .filter(|known| answer_cache::is_fresh(known.resolved_at))
            .cloned()
    }

    /// Forgets the answer about the reference, and any trouble with its registry: the next query is sent anew.
    pub fn forget_resolution(&self, reference: &Reference) {
        self.session_for(reference.host()).clear_trouble();
        lock_mutex(self.resolutions()).remove(&resolution_key(reference));
    }

    /// The other hosts that got requests on behalf of these: token services, and targets of redirects.
    #[must_use]
    pub fn other_hosts(&self, hosts: &BTreeSet<&str>) -> BTreeSet<String> {
        let sessions = lock_mutex(&self.sessions);
        hosts
            .iter()
            .filter_map(|host| sessions.get(*host))
            .flat_map(|session| session.list_other_hosts())
            .collect()
    }

    /// Stores the answers on disk, for the next run.
    pub fn save_cache(&self) {
        if let Some(known) = self.resolutions.get() {
            self.cache.save_answers(&lock_mutex(known));
        }
    }

    fn session_for(&self, host: &str) -> Arc<Session> {
        let mut sessions = lock_mutex(&self.sessions);
        let plain = registry_url::is_loopback(host) || self.plain_http_hosts.contains(host);
        Arc::clone(sessions.entry(host.to_owned()).or_insert_with(|| Arc::new(Session::new(host, plain))))
    }

    fn resolutions(&self) -> &Mutex<BTreeMap<String, TagResolution>> {
        self.resolutions.get_or_init(|| Mutex::new(self.cache.load_answers()))
    }
}

/// The key under which an answer is stored.
fn resolution_key(reference: &Reference) -> String {
    format!("{}:{}", reference.name(), reference.tag().unwrap_or("latest"))
}

/// Nobody stops it.
impl ReferenceResolver for RegistryClient {
    fn resolve(&self, reference: &Reference) -> Result<TagResolution, RegistryError> {
        self.with_cancel(&CancelFlag::default()).resolve(reference)
    }

    fn check_digest(&self, reference: &Reference) -> Result<DigestStatus, RegistryError> {
        self.with_cancel(&CancelFlag::default()).check_digest(reference)
    }
}

struct CancellableClient<'a> {
    client: &'a RegistryClient,
    cancel: &'a CancelFlag,
}

impl CancellableClient<'_> {
    fn fetch_manifest(
        &self,
        session: &Session,
        path: &str,
        which: &str,
    ) -> Result<ImageManifest, RegistryError> {
        image_manifest::fetch_manifest(self.session_context(), session, path, which)
    }

    const fn session_context(&self) -> SessionContext<'_> {
        SessionContext { wire: &self.client.wire, credentials: &self.client.credentials, cancel: self.cancel }
    }
}

impl ReferenceResolver for CancellableClient<'_> {
    fn resolve(&self, reference: &Reference) -> Result<TagResolution, RegistryError> {
        let tag = reference.tag().unwrap_or("latest");
        if let Some(known) = self.client.cached_resolution(reference) {
            return Ok(known);
        }
        let session = self.client.session_for(reference.host());
        let path = reference.path();
        // Its digest is to be written.
        let manifest = image_manifest::fetch_verified_manifest(self.session_context(), &session, &path, tag)?;
        let EqualTags { tags, incomplete_reason: unseen } = if TagKind::from_tag(tag) == TagKind::Version {
            EqualTags::default()
        } else {
            // The digest is of use without them; not all registries list tags to everybody.
            match equal_tags::find_equal_tags(self.session_context(), &session, &path, tag, &manifest.digest)
            {
                Ok(like) => like,
                Err(error @ RegistryError::Cancelled { .. }) => return Err(error),
                Err(error) => EqualTags {
                    tags: Vec::new(),
                    incomplete_reason: Some(format!("its tags are not known: {error}")),
                },
            }
        };
        let resolution = TagResolution {
            digest: manifest.digest,
            is_single_platform: manifest.is_single_platform,
            tags,
            incomplete_reason: unseen,
            other_hosts: session.list_other_hosts(),
            resolved_at: SystemTime::now(),
        };
        lock_mutex(self.client.resolutions()).insert(resolution_key(reference), resolution.clone());
        Ok(resolution)
    }

    fn check_digest(&self, reference: &Reference) -> Result<DigestStatus, RegistryError> {
        let not_found = || RegistryError::NotFound {
            host: reference.host().to_owned(),
            name: reference.text().to_owned(),
        };
        let digest = reference
            .digest()
            .filter(|digest: &ImageDigest<'_>| digest.is_well_formed())
            .ok_or_else(not_found)?;
        let session = self.client.session_for(reference.host());
        let find = |which: &str| self.fetch_manifest(&session, &reference.path(), which);
        let exists = match find(digest.as_str()) {
            Ok(_) => true,
            Err(RegistryError::NotFound { .. }) => false,
            Err(error) => return Err(error),
        };
        let (now, tag_gone) = match reference.tag().map(find) {
            Some(Ok(manifest)) if manifest.digest == digest.as_str() => (None, false),
            // The digest that took its place may be written next.
            Some(Ok(manifest)) => {
                let path = reference.path();
                let context = self.session_context();
                let verified =
                    image_manifest::fetch_verified_manifest(context, &session, &path, &manifest.digest)?;
                (Some(verified.digest), false)
            }
            None => (None, false),
            Some(Err(RegistryError::NotFound { .. })) => (None, true),
            Some(Err(error)) => return Err(error),
        };
        Ok(DigestStatus { exists, moved_to: now.filter(|now| now != digest.as_str()), tag_gone })
    }
}
