//! Tokens: how a registry's challenge is met (distribution specification, "Token Authentication").

use serde::Deserialize;
use ureq::http::Method;

use super::Error;
use super::challenge::Challenge;
use super::credentials::Credential;
use super::url::{Url, encode};
use super::wire::{Request, Wire};

/// The most bytes of a token service's answer.
const LARGEST: u64 = 1024 * 1024;

#[derive(Deserialize)]
struct Reply {
    token: Option<String>,
    access_token: Option<String>,
}

/// Who asks whom for what.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    /// The registry that demands it, and its address.
    pub host: &'a str,
    pub registry: &'a Url,
    /// The repository, as the registry calls it.
    pub path: &'a str,
    pub credential: Option<&'a Credential>,
}

/// The `Authorization` that meets the challenge, with the token service that was asked, if one was; none where it takes
/// credentials and there are none.
pub(super) fn meet(
    wire: &Wire,
    challenge: &Challenge,
    case: Case<'_>,
) -> Result<Option<(String, Option<String>)>, Error> {
    let Challenge::Bearer { realm, service } = challenge else {
        return Ok(case.credential.and_then(Credential::basic).map(|basic| (basic, None)));
    };
    let broken = |reason: String| Error::Broken { host: case.host.to_owned(), reason };
    let realm =
        Url::parse(realm).ok_or_else(|| broken("the address of its token service is none".to_owned()))?;
    if let Some(reason) = case.registry.forbids(&realm) {
        return Err(Error::Astray { host: case.host.to_owned(), to: realm.authority().to_owned(), reason });
    }
    // Reading is all that is ever asked for, whatever the challenge proposes.
    let mut query = format!("scope={}", encode(&format!("repository:{}:pull", case.path)));
    if let Some(service) = service {
        query = format!("service={}&{query}", encode(service));
    }
    let answer = match case.credential {
        Some(Credential::Identity(refresh)) => {
            let form = format!(
                "grant_type=refresh_token&client_id=seaworthy&{query}&refresh_token={}",
                encode(refresh)
            );
            wire.send(Request { form: Some(&form), ..request(&Method::POST, &realm, None) })?
        }
        credential => {
            let basic = credential.and_then(Credential::basic);
            let separator = if realm.as_str().contains('?') { '&' } else { '?' };
            let url = Url::parse(&format!("{}{separator}{query}", realm.as_str()))
                .ok_or_else(|| broken("the address of its token service is none".to_owned()))?;
            wire.send(request(&Method::GET, &url, basic.as_deref()))?
        }
    };
    let service = realm.authority().to_owned();
    match answer.status {
        200 => {
            let reply: Option<Reply> = serde_json::from_slice(&answer.body).ok();
            let token = reply.and_then(|reply| reply.token.or(reply.access_token));
            let fits =
                |token: &String| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
            let token =
                token.filter(fits).ok_or_else(|| broken("its token service gave no token".to_owned()))?;
            Ok(Some((format!("Bearer {token}"), Some(service))))
        }
        400..=404 => Ok(None),
        429 => Err(super::session::rate_limited(&service, &answer)),
        status => Err(Error::Trouble { host: service, status }),
    }
}

fn request<'a>(method: &'a Method, url: &'a Url, authorization: Option<&'a str>) -> Request<'a> {
    Request { method, url, accept: "application/json", authorization, form: None, limit: LARGEST }
}
