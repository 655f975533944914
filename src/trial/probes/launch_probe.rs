//! Describes the probes of a container: what a kubelet asks it, and how often.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A probe of the manifest's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchProbe {
    pub kind: ProbeKind,
    pub action: ProbeAction,
    pub timing: ProbeTiming,
}

/// What a probe decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProbeKind {
    /// Whether the others are made.
    Startup,
    Readiness,
    Liveness,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProbeAction {
    /// A command in the container.
    Exec(Vec<String>),
    /// The port takes connections.
    Port { host: String, port: u16 },
    /// The port answers a request well.
    Http(HttpProbe),
    /// The port's health service says that it serves.
    Grpc { port: u16, service: String },
}

/// A request of HTTP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpProbe {
    pub is_encrypted: bool,
    /// An address; empty for the pod's own.
    pub host: String,
    pub port: u16,
    pub path: String,
    pub headers: Vec<(String, String)>,
}

/// How often a probe is made, and how many answers decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeTiming {
    pub delay: Duration,
    pub period: Duration,
    /// The longest that one may take.
    pub patience: Duration,
    pub successes: u32,
    pub failures: u32,
}

impl Default for ProbeTiming {
    /// Source: Kubernetes API, `Probe`.
    fn default() -> Self {
        let (delay, period, patience) = (Duration::ZERO, Duration::from_secs(10), Duration::from_secs(1));
        Self { delay, period, patience, successes: 1, failures: 3 }
    }
}

impl ProbeTiming {
    /// The time after which a kubelet ends a container whose startup probe was never met.
    #[must_use]
    pub fn start_time(self) -> Duration {
        self.delay + self.period * self.failures
    }
}

impl ProbeKind {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Startup => "startup",
            Self::Readiness => "readiness",
            Self::Liveness => "liveness",
        }
    }
}

impl ProbeAction {
    /// True where it is made through the network of the pod.
    #[must_use]
    pub const fn is_asked_by_network(&self) -> bool {
        !matches!(self, Self::Exec(_))
    }

    #[must_use]
    pub const fn port(&self) -> Option<u16> {
        match self {
            Self::Exec(_) => None,
            Self::Port { port, .. } | Self::Grpc { port, .. } => Some(*port),
            Self::Http(http) => Some(http.port),
        }
    }
}

impl HttpProbe {
    /// The address that is asked, as a kubelet makes it: by the pod's own address where no other is said.
    #[must_use]
    pub fn url(&self, host: &str) -> String {
        let scheme = if self.is_encrypted { "https" } else { "http" };
        let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
        format!("{scheme}://{host}:{}/{}", self.port, self.path.trim_start_matches('/'))
    }
}

impl fmt::Display for ProbeAction {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exec(words) => write!(to, "`{}`", words.join(" ")),
            Self::Port { port, .. } => write!(to, "port {port}"),
            Self::Http(http) => {
                let scheme = if http.is_encrypted { "HTTPS" } else { "HTTP" };
                write!(to, "{scheme} GET {} on port {}", http.path, http.port)
            }
            Self::Grpc { port, .. } => write!(to, "gRPC health on port {port}"),
        }
    }
}
