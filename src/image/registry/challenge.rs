//! Reads a registry's demand for credentials: the `WWW-Authenticate` header (RFC 9110, 11.6.1).

use super::http_client::HttpAnswer;

/// The way in which a client must authenticate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Challenge {
    /// A token from this service.
    Bearer { realm: String, service: Option<String> },
    /// Name and password.
    Basic,
}

impl Challenge {
    /// The one to meet, of all that the answer holds: a token where there is the choice.
    pub(super) fn from_answer(answer: &HttpAnswer) -> Option<Self> {
        let headers = answer.headers.get_all("www-authenticate");
        let texts = headers.iter().filter_map(|value| value.to_str().ok());
        let all: Vec<Self> = texts.flat_map(parse_header).collect();
        let bearer = all.iter().find(|challenge| matches!(challenge, Self::Bearer { .. }));
        bearer.or(all.first()).cloned()
    }
}

/// The challenges of one header that are understood.
fn parse_header(text: &str) -> Vec<Challenge> {
    let mut schemes: Vec<(&str, Vec<(&str, String)>)> = Vec::new();
    for part in split_at_commas(text) {
        let part = part.trim();
        // A scheme stands before a parameter, with a blank between them, or alone.
        let (scheme, parameter) = match part.split_once(' ') {
            Some((scheme, rest)) if !scheme.contains(['=', '"']) => (Some(scheme), rest.trim()),
            _ if part.contains('=') => (None, part),
            _ => (Some(part), ""),
        };
        schemes.extend(scheme.map(|scheme| (scheme, Vec::new())));
        if let (Some((_, parameters)), Some((name, value))) = (schemes.last_mut(), parameter.split_once('='))
        {
            parameters.push((name.trim(), unquote_parameter(value.trim())));
        }
    }
    schemes.into_iter().filter_map(|(scheme, parameters)| parse_challenge(scheme, &parameters)).collect()
}

fn parse_challenge(scheme: &str, parameters: &[(&str, String)]) -> Option<Challenge> {
    let of = |wanted: &str| {
        parameters.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.clone())
    };
    if scheme.eq_ignore_ascii_case("bearer") {
        Some(Challenge::Bearer { realm: of("realm")?, service: of("service") })
    } else {
        scheme.eq_ignore_ascii_case("basic").then_some(Challenge::Basic)
    }
}

/// At the commas that no quotes enclose.
fn split_at_commas(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn unquote_parameter(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return text.to_owned();
    };
    let mut out = String::with_capacity(inner.len());
    let mut escaped = false;
    for c in inner.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            out.push(c);
            escaped = false;
        }
    }
    out
}
