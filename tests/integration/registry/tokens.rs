//! Who asks: tokens, names and passwords, and to whom they are shown.

use std::path::Path;

use seaworthy::image::registry::{ReferenceResolver, RegistryClient, RegistryError, RegistryOptions};

use super::distribution::Distribution;
use super::front::{Front, Reply, index_digest};
use super::{options, reference};

/// base64 of `alice:open sesame`.
const ALICE: &str = "YWxpY2U6b3BlbiBzZXNhbWU=";

fn digest() -> String {
    index_digest("5")
}

fn docker(folder: &Path, config: &str) -> RegistryOptions {
    std::fs::write(folder.join("config.json"), config).unwrap();
    RegistryOptions { docker_folder: Some(folder.to_owned()), ..options() }
}

/// A token service that gives `secret` for the right question, to whoever `accepts` says.
fn service(accepts: impl Fn(Option<&str>) -> bool + Send + Sync + 'static) -> Front {
    Front::new(move |message| {
        let right = "/token?service=the%20registry&scope=repository%3Ateam%2Fapi%3Apull";
        match message.target() == right && accepts(message.header("authorization")) {
            true => Reply::json(r#"{"token":"secret","expires_in":300}"#),
            false => Reply::status(401),
        }
    })
}

/// Demands a token of that service before all else.
fn demands(service: &Front) -> impl Fn(&super::http::Message) -> Option<Reply> + Send + Sync + use<> {
    let challenge = format!(
        r#"Bearer realm="http://{}/token",service="the registry",scope="repository:team/api:pull,push""#,
        service.authority
    );
    move |message| match message.header("authorization") {
        Some("Bearer secret") => None,
        _ => Some(Reply::status(401).with("www-authenticate", &challenge)),
    }
}

#[test]
fn a_token_for_anybody_is_fetched_once_and_asks_for_no_more_than_reading() {
    let Some(registry) = Distribution::start() else { return };
    let (index, _) = registry.push_index("team/api", &["latest", "1.4.2"], "a");
    let tokens = service(|authorization| authorization.is_none());
    let front = Front::before(&registry.authority, demands(&tokens));
    let image = reference(&format!("{}/team/api", front.authority));
    let answer = RegistryClient::new(options()).resolve(&image).unwrap();
    assert_eq!((answer.digest, answer.tags), (index, vec!["1.4.2".to_owned()]));
    assert_eq!(answer.other_hosts, [tokens.authority.as_str()]);
    assert_eq!(tokens.asked().len(), 1);
}

#[test]
fn the_token_service_is_shown_the_credentials_of_its_registry() {
    let Some(registry) = Distribution::start() else { return };
    registry.push_index("team/api", &["1.4.2"], "a");
    let tokens = service(|authorization| authorization == Some(&format!("Basic {ALICE}")));
    let front = Front::before(&registry.authority, demands(&tokens));
    let image = reference(&format!("{}/team/api:1.4.2", front.authority));
    let folder = tempfile::tempdir().unwrap();
    let own = format!(r#"{{"auths":{{"{}":{{"auth":"{ALICE}"}}}}}}"#, front.authority);
    assert!(RegistryClient::new(docker(folder.path(), &own)).resolve(&image).is_ok());

    let other = format!(r#"{{"auths":{{"{}":{{"auth":"{ALICE}"}}}}}}"#, tokens.authority);
    let refused = RegistryClient::new(docker(folder.path(), &other)).resolve(&image);
    assert!(matches!(refused, Err(RegistryError::Unauthorised { .. })), "{refused:?}");
    assert_eq!(tokens.authorizations().last().unwrap(), &None, "another host's credentials are not shown");
}

#[test]
fn an_identity_token_is_exchanged_for_one_that_reads() {
    let tokens = Front::new(|message| {
        let body = String::from_utf8(message.body.clone()).unwrap();
        let right = message.method() == "POST" && body.ends_with("&refresh_token=lasting%2Ftoken");
        if right && body.starts_with("grant_type=refresh_token&client_id=seaworthy&") {
            Reply::json(r#"{"access_token":"secret"}"#)
        } else {
            Reply::status(400)
        }
    });
    let guard = demands(&tokens);
    let front = Front::new(move |message| guard(message).unwrap_or_else(|| Reply::index(&digest())));
    let folder = tempfile::tempdir().unwrap();
    let config = format!(r#"{{"auths":{{"{}":{{"identitytoken":"lasting/token"}}}}}}"#, front.authority);
    let answer = RegistryClient::new(docker(folder.path(), &config))
        .resolve(&reference(&format!("{}/team/api:1.4.2", front.authority)));
    assert_eq!(answer.unwrap().digest, digest());
}

#[test]
fn name_and_password_are_shown_to_a_registry_that_asks_for_them() {
    let Some(registry) = Distribution::start() else { return };
    let (index, _) = registry.push_index("team/api", &["1.4.2"], "a");
    let front = Front::before(&registry.authority, |message| {
        let known = message.header("authorization") == Some(&format!("Basic {ALICE}"));
        (!known).then(|| {
            Reply::status(401).with("www-authenticate", r#"Basic realm="one, two", charset="UTF-8""#)
        })
    });
    let image = reference(&format!("{}/team/api:1.4.2", front.authority));
    let folder = tempfile::tempdir().unwrap();
    let config = format!(r#"{{"auths":{{"https://{}/v2/":{{"auth":"{ALICE}"}}}}}}"#, front.authority);
    let answer = RegistryClient::new(docker(folder.path(), &config)).resolve(&image);
    assert_eq!(answer.unwrap().digest, index);

    let nobody = RegistryClient::new(options()).resolve(&image).unwrap_err().to_string();
    assert!(
        nobody.contains("does not let us read `team/api`") && nobody.contains("`docker login"),
        "{nobody}"
    );
}

#[test]
fn refused_credentials_are_said_to_be_and_are_not_told() {
    let front = Front::new(|_| Reply::status(401).with("www-authenticate", "Basic realm=x"));
    let folder = tempfile::tempdir().unwrap();
    let config = format!(r#"{{"auths":{{"{}":{{"auth":"{ALICE}"}}}}}}"#, front.authority);
    let image = reference(&format!("{}/a:1.0", front.authority));
    let words = RegistryClient::new(docker(folder.path(), &config)).resolve(&image).unwrap_err().to_string();
    assert!(words.ends_with("; the credentials that Docker has for it are refused"), "{words}");
    assert!(!words.contains("sesame") && !words.contains(ALICE));
}

#[test]
fn a_token_service_in_the_inner_network_is_not_asked_for_a_registry_outside() {
    // The registry here is inner itself; a realm without TLS anywhere but on this machine is refused all the same.
    let front = Front::new(|_| {
        Reply::status(401).with("www-authenticate", r#"Bearer realm="http://10.1.2.3/token",service="x""#)
    });
    let refused = RegistryClient::new(options()).resolve(&reference(&format!("{}/a:1.0", front.authority)));
    assert!(
        matches!(&refused, Err(RegistryError::BadRedirect { to, .. }) if to == "10.1.2.3"),
        "{refused:?}"
    );
}

#[test]
fn whoever_a_registry_sends_us_to_does_not_see_its_credentials() {
    let folder = tempfile::tempdir().unwrap();
    let thief = Front::new(|message| match message.target().starts_with("/token") {
        true => Reply::json(r#"{"token":"taken"}"#),
        false => Reply::status(401),
    });
    let realm = format!(r#"Bearer realm="http://{}/token",service="the registry""#, thief.authority);
    let elsewhere = Front::new(move |_| Reply::status(401).with("www-authenticate", &realm));
    let to = format!("http://{}/v2/team/api/manifests/1.4.2", elsewhere.authority);
    let front = Front::new(move |_| Reply::status(307).with("location", &to));
    let config = format!(r#"{{"auths":{{"{}":{{"auth":"{ALICE}"}}}}}}"#, front.authority);
    let answer = RegistryClient::new(docker(folder.path(), &config))
        .resolve(&reference(&format!("{}/team/api:1.4.2", front.authority)));
    assert!(matches!(answer, Err(RegistryError::Unauthorised { .. })), "{answer:?}");
    assert!(thief.asked().is_empty() && elsewhere.authorizations().iter().all(Option::is_none));
}
