//! All registries of one run, with what they have said so far.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, SystemTime};

use super::cache::Cache;
use super::credentials::Credentials;
use super::manifest::Manifest;
use super::session::{Session, Shared, lock};
use super::tags::Like;
use super::wire::Wire;
use super::{Cancel, Error, Resolution, Resolve, Standing, cache, credentials, manifest, tags, url};
use crate::image::{Digest, Reference, TagKind};

/// How registries are asked.
#[derive(Clone, Debug)]
pub struct Options {
    /// Registries that may be asked in plain text, as references name them. This machine itself always may.
    pub plain: BTreeSet<String>,
    /// Where Docker's `config.json` lies; none to ask as nobody.
    pub docker: Option<PathBuf>,
    /// The folder for answers; none to keep them for this run only.
    pub cache: Option<PathBuf>,
    /// How long one request may take.
    pub patience: Duration,
}

impl Default for Options {
    /// The user's own: credentials as Docker has them, answers under `$XDG_CACHE_HOME`.
    fn default() -> Self {
        Self {
            plain: BTreeSet::new(),
            docker: credentials::docker_folder(),
            cache: cache::folder(),
            patience: Duration::from_secs(15),
        }
    }
}

/// Asks each registry, and remembers what it said.
pub struct Registries {
    plain: BTreeSet<String>,
    wire: Wire,
    credentials: Credentials,
    sessions: Mutex<HashMap<String, Arc<Session>>>,
    cache: Cache,
    /// What was said lately, read from disk when it is first needed.
    known: OnceLock<Mutex<BTreeMap<String, Resolution>>>,
}

impl Registries {
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            plain: options.plain,
            wire: Wire::new(options.patience),
            credentials: Credentials::new(options.docker),
            sessions: Mutex::default(),
            cache: Cache::new(options.cache.as_deref()),
            known: OnceLock::new(),
        }
    }

    /// The same registries, asked until this is set.
    pub fn until<'a>(&'a self, cancel: &'a Cancel) -> impl Resolve + 'a {
        Until { all: self, cancel }
    }

    /// What was said of the reference lately; asks nobody.
    #[must_use]
    pub fn known_of(&self, reference: &Reference) -> Option<Resolution> {
        let known = lock(self.known());
        known.get(&key(reference)).filter(|known| cache::is_fresh(known.at)).cloned()
    }

    /// Forgets what was said of the reference, and what trouble there was: it is asked about anew.
    pub fn forget(&self, reference: &Reference) {
        self.session(reference.host()).forgive();
        lock(self.known()).remove(&key(reference));
    }

    /// Who else was asked on behalf of these hosts: token services, and where they sent us.
    #[must_use]
    pub fn others(&self, hosts: &BTreeSet<&str>) -> BTreeSet<String> {
        let sessions = lock(&self.sessions);
        hosts.iter().filter_map(|host| sessions.get(*host)).flat_map(|session| session.others()).collect()
    }

    /// Keeps on disk what was said, for the next run.
    pub fn keep(&self) {
        if let Some(known) = self.known.get() {
            self.cache.save(&lock(known));
        }
    }

    fn session(&self, host: &str) -> Arc<Session> {
        let mut sessions = lock(&self.sessions);
        let plain = url::is_loopback(host) || self.plain.contains(host);
        Arc::clone(sessions.entry(host.to_owned()).or_insert_with(|| Arc::new(Session::new(host, plain))))
    }

    fn known(&self) -> &Mutex<BTreeMap<String, Resolution>> {
        self.known.get_or_init(|| Mutex::new(self.cache.load()))
    }
}

/// Under which name answers are kept.
fn key(reference: &Reference) -> String {
    format!("{}:{}", reference.name(), reference.tag().unwrap_or("latest"))
}

/// Nobody stops it.
impl Resolve for Registries {
    fn resolve(&self, reference: &Reference) -> Result<Resolution, Error> {
        self.until(&Cancel::default()).resolve(reference)
    }

    fn standing(&self, reference: &Reference) -> Result<Standing, Error> {
        self.until(&Cancel::default()).standing(reference)
    }
}

struct Until<'a> {
    all: &'a Registries,
    cancel: &'a Cancel,
}

impl Until<'_> {
    fn find(&self, session: &Session, path: &str, which: &str) -> Result<Manifest, Error> {
        manifest::find(self.shared(), session, path, which)
    }

    const fn shared(&self) -> Shared<'_> {
        Shared { wire: &self.all.wire, credentials: &self.all.credentials, cancel: self.cancel }
    }
}

impl Resolve for Until<'_> {
    fn resolve(&self, reference: &Reference) -> Result<Resolution, Error> {
        let tag = reference.tag().unwrap_or("latest");
        if let Some(known) = self.all.known_of(reference) {
            return Ok(known);
        }
        let session = self.all.session(reference.host());
        let path = reference.path();
        let manifest = self.find(&session, &path, tag)?;
        let Like { tags, unseen } = if TagKind::of(tag) == TagKind::Version {
            Like::default()
        } else {
            // The digest is of use without them; not all registries list tags to everybody.
            match tags::like(self.shared(), &session, &path, tag, &manifest.digest) {
                Ok(like) => like,
                Err(error @ Error::Cancelled { .. }) => return Err(error),
                Err(error) => {
                    Like { tags: Vec::new(), unseen: Some(format!("its tags are not known: {error}")) }
                }
            }
        };
        let resolution = Resolution {
            digest: manifest.digest,
            single: manifest.single,
            tags,
            unseen,
            hosts: session.others(),
            at: SystemTime::now(),
        };
        lock(self.all.known()).insert(key(reference), resolution.clone());
        Ok(resolution)
    }

    fn standing(&self, reference: &Reference) -> Result<Standing, Error> {
        let not_found =
            || Error::NotFound { host: reference.host().to_owned(), name: reference.text().to_owned() };
        let digest =
            reference.digest().filter(|digest: &Digest<'_>| digest.is_well_formed()).ok_or_else(not_found)?;
        let session = self.all.session(reference.host());
        let find = |which: &str| self.find(&session, &reference.path(), which);
        let exists = match find(digest.as_str()) {
            Ok(_) => true,
            Err(Error::NotFound { .. }) => false,
            Err(error) => return Err(error),
        };
        let (now, tag_gone) = match reference.tag().map(find) {
            Some(Ok(manifest)) => (Some(manifest.digest), false),
            None => (None, false),
            Some(Err(Error::NotFound { .. })) => (None, true),
            Some(Err(error)) => return Err(error),
        };
        Ok(Standing { exists, moved_to: now.filter(|now| now != digest.as_str()), tag_gone })
    }
}
