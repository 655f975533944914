//! Meets a registry's challenge by a token (distribution specification, "Token Authentication").

use serde::Deserialize;
use ureq::http::Method;

use super::RegistryError;
use super::challenge::Challenge;
use super::docker_credentials::RegistryCredential;
use super::http_client::{ClientRequest, HttpClient};
use super::registry_url::{RegistryUrl, percent_encode};

/// The most bytes of a token service's answer.
const MAX_TOKEN_BYTES: u64 = 1024 * 1024;

#[derive(Deserialize)]
struct TokenReply {
    token: Option<String>,
    access_token: Option<String>,
}

/// The parties to a challenge and its subject.
#[derive(Clone, Copy)]
pub(super) struct ChallengeContext<'a> {
    /// The registry that demands it, and its address.
    pub host: &'a str,
    pub registry: &'a RegistryUrl,
    /// The repository, as the registry calls it.
    pub path: &'a str,
    pub credential: Option<&'a RegistryCredential>,
}

/// The `Authorization` that meets the challenge, with the token service that was queried, if one was; none where it
/// takes credentials and there are none.
pub(super) fn meet_challenge(
    wire: &HttpClient,
    challenge: &Challenge,
    case: ChallengeContext<'_>,
) -> Result<Option<(String, Option<String>)>, RegistryError> {
    let Challenge::Bearer { realm, service } = challenge else {
        return Ok(case
            .credential
            .and_then(RegistryCredential::basic_authorization)
            .map(|basic| (basic, None)));
    };
    let broken = |reason: String| RegistryError::BadAnswer { host: case.host.to_owned(), reason };
    let realm = RegistryUrl::parse(realm)
        .ok_or_else(|| broken("the address of its token service is none".to_owned()))?;
    if let Some(reason) = case.registry.redirect_objection(&realm) {
        return Err(RegistryError::BadRedirect {
            host: case.host.to_owned(),
            to: realm.authority().to_owned(),
            reason,
        });
    }
    // Reading is the only right that is requested, whatever the challenge proposes.
    let mut query = format!("scope={}", percent_encode(&format!("repository:{}:pull", case.path)));
    if let Some(service) = service {
        query = format!("service={}&{query}", percent_encode(service));
    }
    let answer = match case.credential {
        Some(RegistryCredential::RefreshToken(refresh)) => {
            let form = format!(
                "grant_type=refresh_token&client_id=seaworthy&{query}&refresh_token={}",
                percent_encode(refresh)
            );
            wire.send_request(ClientRequest {
                form: Some(&form),
                ..token_request(&Method::POST, &realm, None)
            })?
        }
        credential => {
            let basic = credential.and_then(RegistryCredential::basic_authorization);
            let separator = if realm.as_str().contains('?') { '&' } else { '?' };
            let url = RegistryUrl::parse(&format!("{}{separator}{query}", realm.as_str()))
                .ok_or_else(|| broken("the address of its token service is none".to_owned()))?;
            wire.send_request(token_request(&Method::GET, &url, basic.as_deref()))?
        }
    };
    let service = realm.authority().to_owned();
    match answer.status {
        200 => {
            let reply: Option<TokenReply> = serde_json::from_slice(&answer.body).ok();
            let token = reply.and_then(|reply| reply.token.or(reply.access_token));
            let fits =
                |token: &String| !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
            let token =
                token.filter(fits).ok_or_else(|| broken("its token service gave no token".to_owned()))?;
            Ok(Some((format!("Bearer {token}"), Some(service))))
        }
        400..=404 => Ok(None),
        429 => Err(super::registry_session::rate_limit_error(&service, &answer)),
        status => Err(RegistryError::ServerError { host: service, status }),
    }
}

fn token_request<'a>(
    method: &'a Method,
    url: &'a RegistryUrl,
    authorization: Option<&'a str>,
) -> ClientRequest<'a> {
    ClientRequest {
        method,
        url,
        accept: "application/json",
        authorization,
        form: None,
        limit: MAX_TOKEN_BYTES,
    }
}
