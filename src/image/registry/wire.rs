//! The wire: one HTTP request and its bounded answer. Nothing else in the program opens a socket.

use std::sync::Arc;
use std::time::Duration;

use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use ureq::http::{HeaderMap, Method, Request as HttpRequest, Response};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, AsSendBody, Body, Error as Fault};

use super::Error;
use super::url::Url;

/// What is asked.
#[derive(Clone, Copy)]
pub(super) struct Request<'a> {
    pub method: &'a Method,
    pub url: &'a Url,
    /// The media types that are understood, the best first.
    pub accept: &'a str,
    pub authorization: Option<&'a str>,
    /// The body of a POST, as a form.
    pub form: Option<&'a str>,
    /// The most bytes that the answer's body may have.
    pub limit: u64,
}

/// What is answered, whatever its status.
pub(super) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

pub(super) struct Wire {
    agent: Agent,
}

impl Wire {
    /// Certificates are judged as the system does, so that a company's own authority counts; proxies come from the
    /// environment. Redirects are not followed here: whether they may be is for the caller to say.
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

    pub(super) fn send(&self, request: Request<'_>) -> Result<Answer, Error> {
        let host = request.url.authority();
        self.exchange(request).map_err(|fault| error(host, &fault))
    }

    fn exchange(&self, request: Request<'_>) -> Result<Answer, Fault> {
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
            Some(form) => self.run(request.url, asked.body(form).map_err(Fault::Http)?)?,
            None => self.run(request.url, asked.body(()).map_err(Fault::Http)?)?,
        };
        let body = answer.body_mut().with_config().limit(request.limit).read_to_vec()?;
        Ok(Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
    }

    /// No proxy stands between a machine and itself.
    fn run(&self, to: &Url, asked: HttpRequest<impl AsSendBody>) -> Result<Response<Body>, Fault> {
        let config = self.agent.configure_request(asked);
        self.agent.run(if to.is_loopback() { config.proxy(None) } else { config }.build())
    }
}

fn error(host: &str, fault: &Fault) -> Error {
    let host = host.to_owned();
    match fault {
        Fault::Timeout(_) => Error::Slow { host },
        Fault::BodyExceedsLimit(_) | Fault::LargeResponseHeader(..) => Error::TooLarge { host },
        Fault::HostNotFound => Error::Offline { host, reason: "no such name".to_owned() },
        Fault::ConnectionFailed => Error::Offline { host, reason: "no connection".to_owned() },
        Fault::ConnectProxyFailed(reason) => {
            Error::Offline { host, reason: format!("the proxy says {reason}") }
        }
        Fault::InvalidProxyUrl => Error::Offline { host, reason: "the proxy's address is wrong".to_owned() },
        Fault::Rustls(fault) => tls(host, fault),
        Fault::Tls(reason) => Error::Certificate { host, reason: (*reason).to_owned() },
        Fault::Io(io) => match io.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            Some(fault) => tls(host, fault),
            None if io.kind() == std::io::ErrorKind::TimedOut => Error::Slow { host },
            None => Error::Offline { host, reason: io.to_string() },
        },
        other => Error::Broken { host, reason: other.to_string() },
    }
}

fn tls(host: String, fault: &rustls::Error) -> Error {
    match fault {
        rustls::Error::InvalidMessage(_) => Error::NoTls { host },
        rustls::Error::InvalidCertificate(reason) => Error::Certificate { host, reason: reason.to_string() },
        other => Error::Certificate { host, reason: other.to_string() },
    }
}
