//! Names the reasons why a registry gives no answer, in words for the screen, with what to do.

/// The failure of one image, or of its whole registry. Queries about the other images go on all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    #[error("{host} cannot be reached ({reason}): check the name, the network and HTTPS_PROXY")]
    Offline { host: String, reason: String },
    #[error("{host} took too long to answer: try again later")]
    TimedOut { host: String },
    #[error(
        "the certificate of {host} is not trusted ({reason}): add its authority's certificate to the system's, or \
         name the file in SSL_CERT_FILE"
    )]
    Certificate { host: String, reason: String },
    #[error(
        "{host} does not speak TLS: if plain http is right for it, name it under `http` in `[registries]` of config.toml"
    )]
    NoTls { host: String },
    #[error(
        "{host} does not let us read `{name}`: it is not there, or private; `docker login {host}` signs in{hint}"
    )]
    Unauthorised {
        host: String,
        name: String,
        /// The fault of the credentials that there are, after a semicolon; else empty.
        hint: String,
    },
    #[error("{host} has no `{name}`: check the name and the tag")]
    NotFound { host: String, name: String },
    #[error("{host} limits how often it is asked: try again {}", retry_phrase(*.seconds))]
    RateLimited {
        host: String,
        /// The pause that the registry demands, where it names one.
        seconds: Option<u64>,
    },
    #[error("the answer of {host} is too large to be one about an image")]
    TooLarge { host: String },
    #[error("the answer of {host} makes no sense: {reason}")]
    BadAnswer { host: String, reason: String },
    #[error("{host} has trouble of its own (status {status}): try again later")]
    ServerError { host: String, status: u16 },
    #[error("{host} sends us to {to}, where it should not: {reason}")]
    BadRedirect { host: String, to: String, reason: &'static str },
    #[error("stopped before {host} was asked")]
    Cancelled { host: String },
}

impl RegistryError {
    /// True when it holds for everything of that registry, so that there is no use in further queries.
    #[must_use]
    pub const fn affects_whole_registry(&self) -> bool {
        matches!(
            self,
            Self::Offline { .. }
                | Self::TimedOut { .. }
                | Self::Certificate { .. }
                | Self::NoTls { .. }
                | Self::RateLimited { .. }
        )
    }
}

fn retry_phrase(seconds: Option<u64>) -> String {
    match seconds {
        None => "later".to_owned(),
        Some(seconds @ 0..=90) => format!("in {seconds} s"),
        Some(seconds @ 91..=5400) => format!("in {} min", seconds.div_ceil(60)),
        Some(seconds) => format!("in {} h", seconds.div_ceil(3600)),
    }
}
