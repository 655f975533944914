//! Sends one HTTP request and reads its bounded answer, for the registry client. No other file of the room opens a socket.

use std::sync::Arc;
use std::time::Duration;

use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use ureq::http::{HeaderMap, Method, Request as HttpRequest, Response};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, AsSendBody, Body, Error as Fault};

use super::RegistryError;
use super::registry_url::RegistryUrl;

/// One request.
#[derive(Clone, Copy)]
pub(super) struct ClientRequest<'a> {
    pub method: &'a Method,
    pub url: &'a RegistryUrl,
    /// The media types that are understood, the best first.
    pub accept: &'a str,
    pub authorization: Option<&'a str>,
    /// The body of a POST, as a form.
    pub form: Option<&'a str>,
    /// The most bytes that the answer's body may have.
    pub limit: u64,
}

/// The answer, whatever its status.
pub(super) struct HttpAnswer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl HttpAnswer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

pub(super) struct HttpClient {
    agent: Agent,
}

impl HttpClient {
    /// Certificates are verified as the system does, so that a company's own authority counts; proxies come from the
    /// environment. Redirects are not followed here: the caller decides about them.
    pub(super) fn new(patience: Duration) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(provider)
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(patience / 2))
            .timeout_global(Some(patience))
            .user_agent(concat!("seaworthy/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.into() }
    }

    pub(super) fn send_request(&self, request: ClientRequest<'_>) -> Result<HttpAnswer, RegistryError> {
        let host = request.url.authority();
        self.exchange_messages(request).map_err(|fault| map_error(host, &fault))
    }

    fn exchange_messages(&self, request: ClientRequest<'_>) -> Result<HttpAnswer, Fault> {
        let mut asked = HttpRequest::builder()
            .method(request.method.clone())
            .uri(request.url.as_str())
            .header(ACCEPT, request.accept);
        if let Some(authorization) = request.authorization {
            asked = asked.header(AUTHORIZATION, authorization);
        }
        if request.form.is_some() {
            asked = asked.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let mut answer = match request.form {
            Some(form) => self.run_request(request.url, asked.body(form).map_err(Fault::Http)?)?,
            None => self.run_request(request.url, asked.body(()).map_err(Fault::Http)?)?,
        };
        let body = answer.body_mut().with_config().limit(request.limit).read_to_vec()?;
        Ok(HttpAnswer { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
    }

    /// No proxy stands between a machine and itself.
    fn run_request(
        &self,
        to: &RegistryUrl,
        asked: HttpRequest<impl AsSendBody>,
    ) -> Result<Response<Body>, Fault> {
        let config = self.agent.configure_request(asked);
        self.agent.run(if to.is_loopback() { config.proxy(None) } else { config }.build())
    }
}

fn map_error(host: &str, fault: &Fault) -> RegistryError {
    let host = host.to_owned();
    match fault {
        Fault::Timeout(_) => RegistryError::TimedOut { host },
        Fault::BodyExceedsLimit(_) | Fault::LargeResponseHeader(..) => RegistryError::TooLarge { host },
        Fault::HostNotFound => RegistryError::Offline { host, reason: "no such name".to_owned() },
        Fault::ConnectionFailed => RegistryError::Offline { host, reason: "no connection".to_owned() },
        Fault::ConnectProxyFailed(reason) => {
            RegistryError::Offline { host, reason: format!("the proxy says {reason}") }
        }
        Fault::InvalidProxyUrl => {
            RegistryError::Offline { host, reason: "the proxy's address is wrong".to_owned() }
        }
        Fault::Rustls(fault) => map_tls_error(host, fault),
        Fault::Tls(reason) => RegistryError::Certificate { host, reason: (*reason).to_owned() },
        Fault::Io(io) => match io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(fault) => map_tls_error(host, fault),
            None if io.kind() == std::io::ErrorKind::TimedOut => RegistryError::TimedOut { host },
            None => RegistryError::Offline { host, reason: io.to_string() },
        },
        other => RegistryError::BadAnswer { host, reason: other.to_string() },
    }
}

fn map_tls_error(host: String, fault: &rustls::Error) -> RegistryError {
    match fault {
        rustls::Error::InvalidMessage(_) => RegistryError::NoTls { host },
        rustls::Error::InvalidCertificate(reason) => {
            RegistryError::Certificate { host, reason: reason.to_string() }
        }
        other => RegistryError::Certificate { host, reason: other.to_string() },
    }
}
