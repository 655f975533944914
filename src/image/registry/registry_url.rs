//! Reads addresses, for the registry client: where a request goes, and where it may be sent on to.

use std::net::{IpAddr, Ipv4Addr};

/// An absolute `http` or `https` address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RegistryUrl {
    text: String,
    /// The bytes of the host with its port.
    authority: (usize, usize),
}

impl RegistryUrl {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let start = ["https://", "http://"].iter().find(|scheme| text.starts_with(**scheme))?.len();
        let rest = &text[start..];
        let end = start + rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let clean = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        let bare = start < end && !text[start..end].contains('@');
        (clean && bare).then(|| Self { text: text.to_owned(), authority: (start, end) })
    }

    /// The address that a `Location` means, relative to this one.
    pub(super) fn join_location(&self, location: &str) -> Option<Self> {
        if location.starts_with("//") {
            let scheme = if self.is_secure() { "https:" } else { "http:" };
            Self::parse(&format!("{scheme}{location}"))
        } else if location.starts_with('/') {
            Self::parse(&format!("{}{location}", self.origin()))
        } else {
            Self::parse(location)
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port.
    pub(super) fn origin(&self) -> &str {
        &self.text[..self.authority.1]
    }

    pub(super) fn authority(&self) -> &str {
        &self.text[self.authority.0..self.authority.1]
    }

    pub(super) fn is_secure(&self) -> bool {
        self.text.starts_with("https:")
    }

    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(self.authority())
    }

    /// The reason why a request that went to this address must not go on to that one. A registry on the internet names
    /// no address of the inner network, and nobody leads from TLS to plain text.
    pub(super) fn redirect_objection(&self, to: &Self) -> Option<&'static str> {
        if self.is_secure() && !to.is_secure() {
            return Some("the way there is not encrypted");
        }
        if !to.is_secure() && !to.is_loopback() && self.authority() != to.authority() {
            return Some("the way there is not encrypted");
        }
        let inner = is_inner(to.authority()) && !is_inner(self.authority());
        inner.then_some("that is an address of the inner network")
    }
}

/// True when a host with its port is this machine itself, by its address or as `localhost`.
#[must_use]
pub fn is_loopback(authority: &str) -> bool {
    let host = host_of(authority);
    host.eq_ignore_ascii_case("localhost") || parse_ip(host).is_some_and(|address| address.is_loopback())
}

/// True when it is, by its address, in a network that is not the internet.
fn is_inner(authority: &str) -> bool {
    let v4 = |v4: Ipv4Addr| v4.is_private() || v4.is_link_local() || v4.is_loopback() || v4.is_unspecified();
    is_loopback(authority)
        || parse_ip(host_of(authority)).is_some_and(|address| match address {
            IpAddr::V4(address) => v4(address),
            IpAddr::V6(address) => {
                address.is_loopback()
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
                    || address.is_unspecified()
                    || address.to_ipv4_mapped().is_some_and(v4)
            }
        })
}

fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => host,
        _ => authority,
    }
}

fn parse_ip(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// The text with everything but unreserved characters as `%XX` (RFC 3986).
pub(super) fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
