//! Queries one registry in one run, for the registry client: its address, its tokens, and a pause after trouble.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use ureq::http::Method;

use super::challenge::Challenge;
use super::docker_credentials::{CredentialStore, RegistryCredential};
use super::http_client::{ClientRequest, HttpAnswer, HttpClient};
use super::registry_url::RegistryUrl;
use super::{CancelFlag, RegistryError, token_service};

/// Docker Hub, in references and on the wire.
pub(super) const HUB_NAME: &str = "docker.io";
pub(super) const HUB_ADDRESS: &str = "registry-1.docker.io";
/// The most redirects that are followed.
const MAX_REDIRECTS: usize = 3;
/// The pause after trouble with a registry.
const TROUBLE_PAUSE: Duration = Duration::from_secs(20);

/// A query about a repository, such as `GET manifests/latest`.
#[derive(Clone, Copy)]
pub(super) struct RegistryQuery<'a> {
    pub method: &'a Method,
    /// The repository, as the registry calls it.
    pub path: &'a str,
    /// The part of the address after the repository.
    pub endpoint: &'a str,
    pub accept: &'a str,
    /// The most bytes that the answer may have.
    pub limit: u64,
}

/// The context that all sessions share, and the flag that stops this query.
#[derive(Clone, Copy)]
pub(super) struct SessionContext<'a> {
    pub wire: &'a HttpClient,
    pub credentials: &'a CredentialStore,
    pub cancel: &'a CancelFlag,
}

pub(super) struct Session {
    /// The registry as references name it.
    host: String,
    /// Scheme and host; the second is for a registry that may be reached in plain text but does have TLS.
    origins: Vec<String>,
    /// Index of the one that answers.
    origin: OnceLock<usize>,
    /// The `Authorization` that met the challenge, by repository.
    authorizations: Mutex<HashMap<String, String>>,
    /// Docker's credential for it, until it is refused: the user may sign in meanwhile.
    credential: Mutex<Option<Result<Option<RegistryCredential>, String>>>,
    /// The other hosts that got requests: token services, and targets of redirects.
    other_hosts: Mutex<BTreeSet<String>>,
    /// The reason to send no queries for a while, and its time.
    trouble: Mutex<Option<(RegistryError, Instant)>>,
}

impl Session {
    /// `plain` allows queries without TLS.
    pub(super) fn new(host: &str, plain: bool) -> Self {
        // Docker Hub is one name in references and another on the wire.
        let address = if host == HUB_NAME { HUB_ADDRESS } else { host };
        let secure = format!("https://{address}");
        Self {
            host: host.to_owned(),
            origins: if plain { vec![format!("http://{address}"), secure] } else { vec![secure] },
            origin: OnceLock::new(),
            authorizations: Mutex::default(),
            credential: Mutex::default(),
            other_hosts: Mutex::default(),
            trouble: Mutex::default(),
        }
    }

    pub(super) fn list_other_hosts(&self) -> Vec<String> {
        lock_mutex(&self.other_hosts).iter().cloned().collect()
    }

    /// The answer, with any challenge met and redirects followed; statuses of failure are errors.
    pub(super) fn send_query(
        &self,
        shared: SessionContext<'_>,
        question: RegistryQuery<'_>,
    ) -> Result<HttpAnswer, RegistryError> {
        if let Some(trouble) = self.current_trouble() {
            return Err(trouble);
        }
        let answer =
            self.try_origins(shared, question).and_then(|answer| self.check_status(question, answer));
        if let Some(error) = answer.as_ref().err().filter(|error| error.affects_whole_registry()) {
            *lock_mutex(&self.trouble) = Some((error.clone(), Instant::now()));
        }
        answer
    }

    /// The reason why it is left alone for now, where it is.
    fn current_trouble(&self) -> Option<RegistryError> {
        let trouble = lock_mutex(&self.trouble);
        let (error, since) = trouble.as_ref()?;
        let gone = since.elapsed();
        match error {
            // The registry has named the pause itself.
            RegistryError::RateLimited { host, seconds: Some(seconds) } => {
                let left = seconds.checked_sub(gone.as_secs()).filter(|left| *left > 0)?;
                Some(RegistryError::RateLimited { host: host.clone(), seconds: Some(left) })
            }
            error => (gone < TROUBLE_PAUSE).then(|| error.clone()),
        }
    }

    /// A person requests another try. A registry that limits requests is left alone all the same.
    pub(super) fn clear_trouble(&self) {
        let mut trouble = lock_mutex(&self.trouble);
        *trouble = trouble.take().filter(|(error, _)| matches!(error, RegistryError::RateLimited { .. }));
    }

    /// Tries TLS where plain text turns out to be the wrong language.
    fn try_origins(
        &self,
        shared: SessionContext<'_>,
        question: RegistryQuery<'_>,
    ) -> Result<HttpAnswer, RegistryError> {
        let first = self.origin.get().copied().unwrap_or_default();
        let answer = self.query_authorized(shared, question, &self.origins[first]);
        let spoke_tls = match &answer {
            Ok(answer) => answer.status == 400,
            Err(error) => matches!(error, RegistryError::BadAnswer { .. }),
        };
        if spoke_tls && self.origin.get().is_none() && self.origins.len() > 1 {
            let secure = self.query_authorized(shared, question, &self.origins[1]);
            if matches!(secure, Ok(_) | Err(RegistryError::Certificate { .. })) {
                let _ = self.origin.set(1);
                return secure;
            }
        }
        let _ = self.origin.set(first);
        answer
    }

    /// Sends the query, meets the challenge if there is one, and sends it again.
    fn query_authorized(
        &self,
        shared: SessionContext<'_>,
        question: RegistryQuery<'_>,
        origin: &str,
    ) -> Result<HttpAnswer, RegistryError> {
        let address = format!("{origin}/v2/{}/{}", question.path, question.endpoint);
        let url = RegistryUrl::parse(&address).ok_or_else(|| RegistryError::BadAnswer {
            host: self.host.clone(),
            reason: "it has no address".to_owned(),
        })?;
        let known = lock_mutex(&self.authorizations).get(question.path).cloned();
        let (answer, own) = self.follow_redirects(shared, question, &url, known.as_deref())?;
        // Whoever else demands credentials, those of this registry are not for them.
        if answer.status != 401 || !own {
            return Ok(answer);
        }
        let Some(challenge) = Challenge::from_answer(&answer) else { return Ok(answer) };
        let credential = self.load_credential(shared);
        let case = token_service::ChallengeContext {
            host: &self.host,
            registry: &url,
            path: question.path,
            credential: credential.as_ref(),
        };
        let Some((authorization, service)) = token_service::meet_challenge(shared.wire, &challenge, case)?
        else {
            return Ok(answer);
        };
        lock_mutex(&self.other_hosts).extend(service.filter(|service| service != url.authority()));
        let (answer, own) = self.follow_redirects(shared, question, &url, Some(&authorization))?;
        if answer.status != 401 || !own {
            lock_mutex(&self.authorizations).insert(question.path.to_owned(), authorization);
        }
        Ok(answer)
    }

    fn load_credential(&self, shared: SessionContext<'_>) -> Option<RegistryCredential> {
        let mut known = lock_mutex(&self.credential);
        known.get_or_insert_with(|| shared.credentials.find_credential(&self.host)).clone().ok().flatten()
    }

    /// Follows redirects where they may lead, and returns true for an answer of the registry itself. Credentials stay
    /// with the registry.
    fn follow_redirects(
        &self,
        shared: SessionContext<'_>,
        question: RegistryQuery<'_>,
        start: &RegistryUrl,
        authorization: Option<&str>,
    ) -> Result<(HttpAnswer, bool), RegistryError> {
        let mut url = start.clone();
        for _ in 0..=MAX_REDIRECTS {
            if shared.cancel.is_cancelled() {
                return Err(RegistryError::Cancelled { host: self.host.clone() });
            }
            let own = url.origin() == start.origin();
            let request = ClientRequest {
                method: question.method,
                url: &url,
                accept: question.accept,
                authorization: authorization.filter(|_| own),
                form: None,
                limit: question.limit,
            };
            let answer = shared.wire.send_request(request)?;
            if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
                return Ok((answer, own));
            }
            let to = answer.header("location").and_then(|location| url.join_location(location));
            let to = to.ok_or_else(|| self.bad_answer("it sends us nowhere"))?;
            if let Some(reason) = url.redirect_objection(&to) {
                let to = to.authority().to_owned();
                return Err(RegistryError::BadRedirect { host: self.host.clone(), to, reason });
            }
            if to.authority() != start.authority() {
                lock_mutex(&self.other_hosts).insert(to.authority().to_owned());
            }
            url = to;
        }
        Err(self.bad_answer("it sends us round in circles"))
    }

    fn check_status(
        &self,
        question: RegistryQuery<'_>,
        answer: HttpAnswer,
    ) -> Result<HttpAnswer, RegistryError> {
        let host = self.host.clone();
        match answer.status {
            200..=299 => Ok(answer),
            // 405 is for the caller: there is more than one way to query.
            405 => Ok(answer),
            401 | 403 => Err(RegistryError::Unauthorised {
                host,
                name: question.path.to_owned(),
                hint: match lock_mutex(&self.credential).take() {
                    Some(Err(reason)) => format!("; {reason}"),
                    Some(Ok(Some(_))) => "; the credentials that Docker has for it are refused".to_owned(),
                    _ => String::new(),
                },
            }),
            404 => Err(RegistryError::NotFound { host, name: queried_reference(question) }),
            429 => Err(rate_limit_error(&self.host, &answer)),
            status => Err(RegistryError::ServerError { host, status }),
        }
    }

    pub(super) fn bad_answer(&self, reason: &str) -> RegistryError {
        RegistryError::BadAnswer { host: self.host.clone(), reason: reason.to_owned() }
    }
}

/// The reference that a query is about, as people write it.
fn queried_reference(question: RegistryQuery<'_>) -> String {
    match question.endpoint.strip_prefix("manifests/") {
        Some(digest) if digest.contains(':') => format!("{}@{digest}", question.path),
        Some(tag) => format!("{}:{tag}", question.path),
        None => question.path.to_owned(),
    }
}

pub(super) fn rate_limit_error(host: &str, answer: &HttpAnswer) -> RegistryError {
    let seconds = answer.header("retry-after").and_then(|value| value.trim().parse().ok());
    RegistryError::RateLimited { host: host.to_owned(), seconds }
}

/// The state left by a thread that died is still good: nothing is stored half-written.
pub(super) fn lock_mutex<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
