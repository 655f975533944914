//! Reads addresses, for the registry client: where a request goes, and where it may be sent on to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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

/// The names that systems give this machine in `/etc/hosts`.
const LOOPBACK_NAMES: [&str; 7] = [
    "localhost",
    "localhost.localdomain",
    "localhost4",
    "localhost6",
    "localhost6.localdomain6",
    "ip6-localhost",
    "ip6-loopback",
];

/// True when it is, by its address in whichever form, in a network that is not the internet.
fn is_inner(authority: &str) -> bool {
    let host = host_of(authority).trim_end_matches('.').to_ascii_lowercase();
    LOOPBACK_NAMES.contains(&host.as_str())
        || host.ends_with(".localhost")
        || parse_loose_ip(&host).is_some_and(|address| match address {
            IpAddr::V4(address) => is_inner_v4(address),
            IpAddr::V6(address) => is_inner_v6(address),
        })
}

/// The networks that are no part of the internet (the IANA registry of special-purpose addresses).
fn is_inner_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_link_local()
        || address.is_loopback()
        || address.is_multicast()
        || matches!((a, b, c), (0 | 240..=255, ..) | (100, 64..=127, _) | (198, 18 | 19, _) | (192, 0, 0))
}

fn is_inner_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, .., f, g, h] = address.segments();
    let inner_v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_inner_v4(Ipv4Addr::new(a, b, c, d))
    };
    let starts_with = |start: &[u16]| address.segments().starts_with(start);
    address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || address.is_multicast()
        // The old site-local addresses.
        || a & 0xffc0 == 0xfec0
        // Those of translators within a network (RFC 8215).
        || starts_with(&[0x64, 0xff9b, 1])
        // Those that stand for one of the older kind: mapped, compatible, translated, 6to4, ISATAP, Teredo.
        || address.to_ipv4_mapped().is_some_and(is_inner_v4)
        || starts_with(&[0, 0, 0, 0, 0, 0]) && inner_v4(g, h)
        || starts_with(&[0, 0, 0, 0, 0xffff, 0]) && inner_v4(g, h)
        || starts_with(&[0x64, 0xff9b]) && inner_v4(g, h)
        || a == 0x2002 && inner_v4(b, c)
        || f == 0x5efe && inner_v4(g, h)
        || starts_with(&[0x2001, 0]) && inner_v4(!g, !h)
}

/// The address that a system's resolver takes the host for: it also reads `127.1`, `2130706433` and `0x7f.0.0.1`
/// (inet_aton(3)).
fn parse_loose_ip(host: &str) -> Option<IpAddr> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let (bare, _zone) = bare.split_once('%').unwrap_or((bare, ""));
    bare.parse().ok().or_else(|| parse_inet_aton(bare).map(IpAddr::V4))
}

fn parse_inet_aton(host: &str) -> Option<Ipv4Addr> {
    let parts: Option<Vec<u32>> = host.split('.').map(parse_c_number).collect();
    let parts = parts?;
    let (last, first) = parts.split_last()?;
    if first.len() > 3 || first.iter().any(|part| *part > 255) {
        return None;
    }
    // The last number fills all bytes that the others leave.
    let left = 32 - 8 * first.len();
    if left < 32 && last >> left != 0 {
        return None;
    }
    let high = first.iter().fold(0, |sum, part| sum << 8 | part);
    let high = if first.is_empty() { 0 } else { high << left };
    Some(Ipv4Addr::from(high | last))
}

/// A number as C writes it: `0x7f`, `0177`, `127`.
fn parse_c_number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some("") => ("0", 16),
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (&text[1..], 8),
        None => (text, 10),
    };
    let is_number = digits.chars().all(|c| c.is_digit(radix));
    if is_number { u32::from_str_radix(digits, radix).ok() } else { None }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inner_address_is_one_in_whichever_form() {
        let inner = [
            "127.0.0.1",
            "127.1",
            "127.0.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "017700000001",
            "0177.0.0.01",
            "127.0.0.1.",
            "localhost.",
            "a.localhost",
            "LOCALHOST",
            "10.1",
            "167772161",
            "0xa9fea9fe",
            "2852039166",
            "169.254.169.254",
            "0251.0376.0251.0376",
            "192.168.1",
            "0",
            "0.0.0.0",
            "0x0",
            "100.64.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[::ffff:10.0.0.1]",
            "[::127.0.0.1]",
            "[64:ff9b::a00:1]",
            "[2002:7f00:1::]",
            "[fe80::1%25eth0]",
            "[fd00::1]",
            "[fec0::1]",
            "[::ffff:0:127.0.0.1]",
            "[64:ff9b:1::8.8.8.8]",
            "[2606:4700::5efe:10.0.0.1]",
            "[2001:0:808:808::80ff:fffe]",
            "localhost.localdomain",
            "ip6-localhost:5000",
            "127.1:5000",
            "2130706433:5000",
            "[::1]:5000",
        ];
        for host in inner {
            assert!(is_inner(host), "{host}");
        }
        let outer = [
            "8.8.8.8",
            "134744072",
            "0x08080808",
            "8.8",
            "ghcr.io",
            "registry-1.docker.io",
            "1.2.3.4.5",
            "4294967296",
            "256.1.1.1",
            "127.0.0.1.example.com",
            "0x7f.example",
            "[2606:4700::1111]",
            "[2002:808:808::]",
            "[::ffff:0:8.8.8.8]",
            "[2001:0:808:808::f7f7:f7f7]",
            "[2001:4860:4860::8888]",
            "localhost.example.com",
            "10.example.com",
            "",
        ];
        for host in outer {
            assert!(!is_inner(host), "{host}");
        }
    }

    #[test]
    fn nobody_on_the_internet_leads_into_the_inner_network() {
        let from = RegistryUrl::parse("https://ghcr.io/v2/").expect("an address");
        for to in [
            "https://2130706433/",
            "https://127.1/token",
            "https://0xa9fea9fe/latest",
            "https://[::ffff:a00:1]/",
        ] {
            let to = RegistryUrl::parse(to).expect("an address");
            assert!(from.redirect_objection(&to).is_some(), "{to:?}");
        }
    }
}
