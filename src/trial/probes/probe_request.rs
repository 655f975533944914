//! Asks a port what a kubelet would ask it, and judges the answer as a kubelet does.
//!
//! Sources: Kubernetes, "Configure Liveness, Readiness and Startup Probes", and `pkg/probe/http`: a status from 200 to 399 is
//! well, certificates are not verified, redirects to the same host are followed, others are as good as an answer.

use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::Agent;
use ureq::tls::TlsConfig;

use super::grpc_health::ask_health;
use super::launch_probe::{HttpProbe, LaunchProbe, ProbeAction};

/// The most redirects that are followed.
const MAX_REDIRECTS: usize = 10;
/// Where a pod is asked that has no network but its own: at an address of its own which is not the usual one, as a kubelet
/// asks; else where only the pod itself would.
const OWN_ADDRESSES: [&str; 3] = ["127.0.0.2", "127.0.0.1", "::1"];

/// Makes a probe once: the answer in words, or why it is none.
pub(super) fn make_request(probe: &LaunchProbe) -> Result<String, String> {
    let end = Instant::now() + probe.timing.patience;
    let host = match &probe.action {
        ProbeAction::Http(HttpProbe { host, .. }) | ProbeAction::Port { host, .. } => host.as_str(),
        _ => "",
    };
    let addresses: Vec<&str> =
        if host.is_empty() || host == "localhost" { OWN_ADDRESSES.to_vec() } else { vec![host] };
    let mut reason = "there is nothing to ask".to_owned();
    for (at, address) in addresses.iter().enumerate() {
        match ask_at(probe, address, end) {
            Ok(words) if at > 0 && host.is_empty() => {
                return Ok(format!("{words} at {address} alone, where no kubelet asks"));
            }
            Ok(words) => return Ok(words),
            Err(Refusal::NotOpen(words)) if at == 0 => reason = words,
            Err(Refusal::NotOpen(_)) => {}
            Err(Refusal::Answered(words)) => return Err(words),
        }
    }
    Err(reason)
}

/// Why a request is not met: what is not open may be so elsewhere.
enum Refusal {
    NotOpen(String),
    Answered(String),
}

fn ask_at(probe: &LaunchProbe, address: &str, end: Instant) -> Result<String, Refusal> {
    let port = probe.action.port().unwrap_or_default();
    let ip: IpAddr =
        address.parse().map_err(|_| Refusal::Answered(format!("the host `{address}` is not known here")))?;
    let left = end.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    let late = || format!("did not answer within {} s", probe.timing.patience.as_secs());
    let refused = |error: &std::io::Error| match error.kind() {
        ErrorKind::ConnectionRefused => Refusal::NotOpen("nothing listens there".to_owned()),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => Refusal::NotOpen(late()),
        _ => Refusal::Answered(error.to_string()),
    };
    if let ProbeAction::Http(http) = &probe.action {
        return ask_http(http, address, left).map_err(|error| match error {
            ureq::Error::Io(error) => refused(&error),
            ureq::Error::Timeout(_) => Refusal::Answered(late()),
            ureq::Error::StatusCode(status) => Refusal::Answered(format!("answered {status}")),
            ureq::Error::TooManyRedirects => {
                Refusal::Answered(format!("redirected more than {MAX_REDIRECTS} times"))
            }
            other => Refusal::Answered(format!("gave no answer of HTTP: {other}")),
        });
    }
    let stream =
        TcpStream::connect_timeout(&SocketAddr::new(ip, port), left).map_err(|error| refused(&error))?;
    match &probe.action {
        ProbeAction::Grpc { service, .. } => {
            ask_health(stream, &format!("{address}:{port}"), service, end).map_err(Refusal::Answered)
        }
        _ => Ok("takes connections".to_owned()),
    }
}

/// The status in words.
fn ask_http(http: &HttpProbe, address: &str, patience: Duration) -> Result<String, ureq::Error> {
    let tls = TlsConfig::builder()
        .disable_verification(true)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let config = Agent::config_builder()
        .tls_config(tls)
        .proxy(None)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_idle_connections(0)
        .timeout_global(Some(patience))
        .user_agent("kube-probe/1.33")
        .build();
    let agent: Agent = config.into();
    let mut url = http.url(address);
    for _ in 0..=MAX_REDIRECTS {
        // Each probe is a connection of its own.
        let mut request = agent.get(&url).header("connection", "close");
        for (name, value) in &http.headers {
            request = request.header(name, value);
        }
        let answer = request.call()?;
        let status = answer.status().as_u16();
        let onwards = answer.headers().get("location").and_then(|location| location.to_str().ok());
        match onwards.and_then(|location| follow(&url, location)).filter(|_| (300..400).contains(&status)) {
            Some(next) => url = next,
            None if (200..400).contains(&status) => return Ok(format!("answered {status}")),
            None => return Err(ureq::Error::StatusCode(status)),
        }
    }
    Err(ureq::Error::TooManyRedirects)
}

/// The address that a redirect leads to; none where that is another host.
fn follow(from: &str, location: &str) -> Option<String> {
    let (scheme, rest) = from.split_once("://")?;
    let authority = rest.split('/').next()?;
    if location.contains("://") {
        let (_, other) = location.split_once("://")?;
        let other = other.split(['/', '?', '#']).next()?;
        return (host_of(other) == host_of(authority)).then(|| location.to_owned());
    }
    if let Some(other) = location.strip_prefix("//") {
        let other = other.split('/').next()?;
        return (host_of(other) == host_of(authority)).then(|| format!("{scheme}:{location}"));
    }
    if location.starts_with('/') {
        return Some(format!("{scheme}://{authority}{location}"));
    }
    let path = rest[authority.len()..].split(['?', '#']).next().unwrap_or_default();
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    Some(format!("{scheme}://{authority}{folder}/{location}"))
}

fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_are_followed_to_the_same_host() {
        let from = "http://127.0.0.2:8080/a/b";
        assert_eq!(follow(from, "/c").as_deref(), Some("http://127.0.0.2:8080/c"));
        assert_eq!(follow(from, "c?x").as_deref(), Some("http://127.0.0.2:8080/a/c?x"));
        assert_eq!(follow(from, "https://127.0.0.2:8443/").as_deref(), Some("https://127.0.0.2:8443/"));
        assert_eq!(follow(from, "https://login.example/"), None);
        assert_eq!(follow(from, "//login.example/"), None);
    }
}
