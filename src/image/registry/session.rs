//! One registry in one run: how it is reached, the tokens it gave, and whether it is of use to ask it on.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use ureq::http::Method;

use super::challenge::Challenge;
use super::credentials::{Credential, Credentials};
use super::token;
use super::url::Url;
use super::wire::{Answer, Request, Wire};
use super::{Cancel, Error};

/// Docker Hub, in references and on the wire.
pub(super) const HUB: &str = "docker.io";
pub(super) const HUB_ADDRESS: &str = "registry-1.docker.io";
/// How often a registry may send us on.
const REDIRECTS: usize = 3;
/// For how long a registry in trouble is left alone.
const REST: Duration = Duration::from_secs(20);

/// What is asked of a repository: `GET manifests/latest`, say.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub method: &'a Method,
    /// The repository, as the registry calls it.
    pub path: &'a str,
    /// What follows the repository in the address.
    pub what: &'a str,
    pub accept: &'a str,
    /// The most bytes that the answer may have.
    pub limit: u64,
}

/// What all sessions share, and what tells this question to stop.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    pub wire: &'a Wire,
    pub credentials: &'a Credentials,
    pub cancel: &'a Cancel,
}

pub(super) struct Session {
    /// The registry as references name it.
    host: String,
    /// Scheme and host; the second is for a registry that may be asked in plain text but does speak TLS.
    origins: Vec<String>,
    /// Which of them answers.
    origin: OnceLock<usize>,
    /// What met the challenge, by repository.
    authorizations: Mutex<HashMap<String, String>>,
    /// What Docker has for it, until it is refused: the user may sign in meanwhile.
    credential: Mutex<Option<Result<Option<Credential>, String>>>,
    /// Who else was asked: token services, and where redirects led.
    others: Mutex<BTreeSet<String>>,
    /// Why there is no use in asking on for a while, and since when.
    trouble: Mutex<Option<(Error, Instant)>>,
}

impl Session {
    /// `plain` says that the registry may be asked without TLS.
    pub(super) fn new(host: &str, plain: bool) -> Self {
        // Docker Hub is one name in references and another on the wire.
        let address = if host == HUB { HUB_ADDRESS } else { host };
        let secure = format!("https://{address}");
        Self {
            host: host.to_owned(),
            origins: if plain { vec![format!("http://{address}"), secure] } else { vec![secure] },
            origin: OnceLock::new(),
            authorizations: Mutex::default(),
            credential: Mutex::default(),
            others: Mutex::default(),
            trouble: Mutex::default(),
        }
    }

    pub(super) fn others(&self) -> Vec<String> {
        lock(&self.others).iter().cloned().collect()
    }

    /// The answer, with any challenge met and redirects followed; statuses that say what went wrong are errors.
    pub(super) fn ask(&self, shared: Shared<'_>, question: Question<'_>) -> Result<Answer, Error> {
        if let Some(trouble) = self.trouble() {
            return Err(trouble);
        }
        let answer = self.reach(shared, question).and_then(|answer| self.judge(question, answer));
        if let Some(error) = answer.as_ref().err().filter(|error| error.concerns_all()) {
            *lock(&self.trouble) = Some((error.clone(), Instant::now()));
        }
        answer
    }

    /// Why it is left alone for now, where it is.
    fn trouble(&self) -> Option<Error> {
        let trouble = lock(&self.trouble);
        let (error, since) = trouble.as_ref()?;
        let gone = since.elapsed();
        match error {
            // It has said itself for how long.
            Error::RateLimited { host, seconds: Some(seconds) } => {
                let left = seconds.checked_sub(gone.as_secs()).filter(|left| *left > 0)?;
                Some(Error::RateLimited { host: host.clone(), seconds: Some(left) })
            }
            error => (gone < REST).then(|| error.clone()),
        }
    }

    /// A person asks for another try. A registry that limits how often it is asked is left alone all the same.
    pub(super) fn forgive(&self) {
        let mut trouble = lock(&self.trouble);
        *trouble = trouble.take().filter(|(error, _)| matches!(error, Error::RateLimited { .. }));
    }

    /// Tries TLS where plain text turns out to be the wrong language.
    fn reach(&self, shared: Shared<'_>, question: Question<'_>) -> Result<Answer, Error> {
        let first = self.origin.get().copied().unwrap_or_default();
        let answer = self.authorised(shared, question, &self.origins[first]);
        let spoke_tls = match &answer {
            Ok(answer) => answer.status == 400,
            Err(error) => matches!(error, Error::Broken { .. }),
        };
        if spoke_tls && self.origin.get().is_none() && self.origins.len() > 1 {
            let secure = self.authorised(shared, question, &self.origins[1]);
            if matches!(secure, Ok(_) | Err(Error::Certificate { .. })) {
                let _ = self.origin.set(1);
                return secure;
            }
        }
        let _ = self.origin.set(first);
        answer
    }

    /// Asks, meets the challenge if there is one, and asks again.
    fn authorised(&self, shared: Shared<'_>, question: Question<'_>, origin: &str) -> Result<Answer, Error> {
        let address = format!("{origin}/v2/{}/{}", question.path, question.what);
        let url = Url::parse(&address).ok_or_else(|| Error::Broken {
            host: self.host.clone(),
            reason: "it has no address".to_owned(),
        })?;
        let known = lock(&self.authorizations).get(question.path).cloned();
        let (answer, own) = self.follow(shared, question, &url, known.as_deref())?;
        // Whoever else demands credentials, those of this registry are not for them.
        if answer.status != 401 || !own {
            return Ok(answer);
        }
        let Some(challenge) = Challenge::of(&answer) else { return Ok(answer) };
        let credential = self.credential(shared);
        let case = token::Case {
            host: &self.host,
            registry: &url,
            path: question.path,
            credential: credential.as_ref(),
        };
        let Some((authorization, service)) = token::meet(shared.wire, &challenge, case)? else {
            return Ok(answer);
        };
        lock(&self.others).extend(service.filter(|service| service != url.authority()));
        let (answer, own) = self.follow(shared, question, &url, Some(&authorization))?;
        if answer.status != 401 || !own {
            lock(&self.authorizations).insert(question.path.to_owned(), authorization);
        }
        Ok(answer)
    }

    fn credential(&self, shared: Shared<'_>) -> Option<Credential> {
        let mut known = lock(&self.credential);
        known.get_or_insert_with(|| shared.credentials.of(&self.host)).clone().ok().flatten()
    }

    /// Follows redirects where they may lead, and says whether the answer is the registry's own. What shows who asks
    /// stays with the registry.
    fn follow(
        &self,
        shared: Shared<'_>,
        question: Question<'_>,
        start: &Url,
        authorization: Option<&str>,
    ) -> Result<(Answer, bool), Error> {
        let mut url = start.clone();
        for _ in 0..=REDIRECTS {
            if shared.cancel.is_set() {
                return Err(Error::Cancelled { host: self.host.clone() });
            }
            let own = url.origin() == start.origin();
            let request = Request {
                method: question.method,
                url: &url,
                accept: question.accept,
                authorization: authorization.filter(|_| own),
                form: None,
                limit: question.limit,
            };
            let answer = shared.wire.send(request)?;
            if !matches!(answer.status, 301 | 302 | 303 | 307 | 308) {
                return Ok((answer, own));
            }
            let to = answer.header("location").and_then(|location| url.join(location));
            let to = to.ok_or_else(|| self.broken("it sends us nowhere"))?;
            if let Some(reason) = url.forbids(&to) {
                let to = to.authority().to_owned();
                return Err(Error::Astray { host: self.host.clone(), to, reason });
            }
            if to.authority() != start.authority() {
                lock(&self.others).insert(to.authority().to_owned());
            }
            url = to;
        }
        Err(self.broken("it sends us round in circles"))
    }

    fn judge(&self, question: Question<'_>, answer: Answer) -> Result<Answer, Error> {
        let host = self.host.clone();
        match answer.status {
            200..=299 => Ok(answer),
            // 405 is for the caller: there is more than one way to ask.
            405 => Ok(answer),
            401 | 403 => Err(Error::Unauthorised {
                host,
                name: question.path.to_owned(),
                hint: match lock(&self.credential).take() {
                    Some(Err(reason)) => format!("; {reason}"),
                    Some(Ok(Some(_))) => "; the credentials that Docker has for it are refused".to_owned(),
                    _ => String::new(),
                },
            }),
            404 => Err(Error::NotFound { host, name: name(question) }),
            429 => Err(rate_limited(&self.host, &answer)),
            status => Err(Error::Trouble { host, status }),
        }
    }

    pub(super) fn broken(&self, reason: &str) -> Error {
        Error::Broken { host: self.host.clone(), reason: reason.to_owned() }
    }
}

/// The reference that a question is about, as people write it.
fn name(question: Question<'_>) -> String {
    match question.what.strip_prefix("manifests/") {
        Some(digest) if digest.contains(':') => format!("{}@{digest}", question.path),
        Some(tag) => format!("{}:{tag}", question.path),
        None => question.path.to_owned(),
    }
}

pub(super) fn rate_limited(host: &str, answer: &Answer) -> Error {
    let seconds = answer.header("retry-after").and_then(|value| value.trim().parse().ok());
    Error::RateLimited { host: host.to_owned(), seconds }
}

/// What a thread that died has left is still good: nothing is kept half-written.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
