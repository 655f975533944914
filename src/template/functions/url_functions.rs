//! URLs to maps and back, as sprig does with Go's `net/url`.

use super::argument_access::{map, text};
use crate::template::call_error::CallError;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::origin_text::OriginText;
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;
use crate::template::text_edit::EscapedUnit;
use crate::template::value_collection::ValueMap;

pub(super) const FUNCTIONS: &[FunctionSpec] =
    &[FunctionSpec::new("urlParse", &[Text], call_parse), FunctionSpec::new("urlJoin", &[Map], call_join)];

/// Go's `url.QueryEscape`, character by character.
pub(super) fn escape_query(unit: EscapedUnit) -> Option<String> {
    match unit {
        EscapedUnit::Char(' ') => Some("+".to_owned()),
        EscapedUnit::Char(char) if char.is_ascii_alphanumeric() || "-_.~".contains(char) => None,
        EscapedUnit::Char(char) => {
            Some(char.to_string().bytes().map(|byte| format!("%{byte:02X}")).collect())
        }
        EscapedUnit::Byte(byte) => Some(format!("%{byte:02X}")),
    }
}

/// Where the parts of a URL stand in it.
#[derive(Debug, Default, PartialEq, Eq)]
struct UrlParts<'a> {
    scheme: &'a str,
    userinfo: &'a str,
    host: &'a str,
    path: &'a str,
    opaque: &'a str,
    query: &'a str,
    fragment: &'a str,
}

fn split_url(url: &str) -> Option<UrlParts<'_>> {
    let mut parts = UrlParts::default();
    let (rest, fragment) = url.split_once('#').unwrap_or((url, ""));
    parts.fragment = fragment;
    let mut rest = rest;
    if let Some((scheme, after)) = rest.split_once(':') {
        let letters = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        if letters {
            (parts.scheme, rest) = (scheme, after);
        } else if scheme.is_empty() {
            return None;
        }
    }
    if let Some((before, query)) = rest.split_once('?') {
        (rest, parts.query) = (before, query);
    }
    if !rest.starts_with('/') && !parts.scheme.is_empty() {
        parts.opaque = rest;
        return Some(parts);
    }
    if let Some(after) = rest.strip_prefix("//") {
        let end = after.find('/').unwrap_or(after.len());
        let (authority, path) = after.split_at(end);
        parts.path = path;
        (parts.userinfo, parts.host) = authority.rsplit_once('@').unwrap_or(("", authority));
    } else {
        parts.path = rest;
    }
    Some(parts)
}

fn decode_percent(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = text.get(at + 1..at + 3)?;
            out.push(u8::from_str_radix(digits, 16).ok()?);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    Some(out)
}

fn call_parse(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let url = text(arguments, 0);
    let string = url.as_str();
    let bad = || CallError::new(format!("unable to parse url: parse {string:?}: invalid URL"));
    let parts = split_url(&string)
        .filter(|_| !string.contains(|char: char| char.is_ascii_control()))
        .ok_or_else(bad)?;
    let own = ValueMap::default();
    // A part that stands in the URL as it is keeps its origin.
    let mut insert = |name: &str, part: &str, decoded: Option<Vec<u8>>| {
        let start = (part.as_ptr() as usize).saturating_sub(string.as_ptr() as usize);
        let value = match decoded {
            Some(decoded) if decoded != part.as_bytes() => state.computed(decoded, arguments),
            _ if part.is_empty() || string.len() != url.len() => state.computed(part.as_bytes(), arguments),
            _ => url.slice(start..start + part.len()),
        };
        own.insert(name, value.into());
    };
    let lower = parts.scheme.to_ascii_lowercase();
    insert("scheme", parts.scheme, Some(lower.into_bytes()));
    insert("host", parts.host, Some(decode_percent(parts.host).ok_or_else(bad)?));
    let name = parts.host.rsplit_once(':').map_or(parts.host, |(name, _)| name);
    insert("hostname", name.trim_start_matches('[').trim_end_matches(']'), None);
    insert("path", parts.path, Some(decode_percent(parts.path).ok_or_else(bad)?));
    insert("query", parts.query, None);
    insert("opaque", parts.opaque, None);
    insert("fragment", parts.fragment, Some(decode_percent(parts.fragment).ok_or_else(bad)?));
    insert("userinfo", parts.userinfo, None);
    Ok(TemplateValue::Map(own))
}

fn part_of(own: &ValueMap, name: &str) -> Result<String, CallError> {
    match own.get(name) {
        None => Ok(String::new()),
        Some(TemplateValue::Text(text)) => Ok(text.as_str().into_owned()),
        Some(other) => Err(format!(
            "unable to parse {name} key, must be of type string, but {} found",
            other.type_name()
        )
        .into()),
    }
}

/// A part of a URL, each of which keeps other characters as they are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PathPart {
    Path,
    Host,
    User,
    Fragment,
}

/// Go's `url.URL` writes a part so.
fn escape_part(text: &str, part: PathPart) -> String {
    if part == PathPart::Path && text == "*" {
        return text.to_owned();
    }
    let kept = match part {
        PathPart::Path => "$&+,/:;=@",
        PathPart::Host => "!$&'()*+,;=:[]<>\"",
        PathPart::User => "$&+,;=",
        PathPart::Fragment => "$&+,/:;=?@!()*",
    };
    let is_kept =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || kept.as_bytes().contains(&byte);
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match is_kept(byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A name and password as a URL holds them; none where what is given ends before a URL's user does.
fn parse_user(userinfo: &str) -> Result<Option<String>, CallError> {
    if userinfo.is_empty() || userinfo.contains(['/', '?', '#']) {
        return Ok(None);
    }
    let bad = |reason: &str| {
        CallError::new(format!(
            "unable to parse userinfo in dict: parse \"proto://{userinfo}@host\": {reason}"
        ))
    };
    let allowed = |char: char| char.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(char);
    if !userinfo.chars().all(allowed) {
        return Err(bad("net/url: invalid userinfo"));
    }
    let decoded = |text: &str| {
        let bytes = decode_percent(text).ok_or_else(|| bad("invalid URL escape"))?;
        Ok::<String, CallError>(escape_part(&String::from_utf8_lossy(&bytes), PathPart::User))
    };
    Ok(Some(match userinfo.split_once(':') {
        Some((name, password)) => format!("{}:{}", decoded(name)?, decoded(password)?),
        None => decoded(userinfo)?,
    }))
}

fn call_join(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let own = map(arguments, 0);
    let part = |name: &str| part_of(&own, name);
    let (scheme, host, path, opaque) = (part("scheme")?, part("host")?, part("path")?, part("opaque")?);
    let (query, fragment, userinfo) = (part("query")?, part("fragment")?, part("userinfo")?);
    let user = parse_user(&userinfo)?;
    let path = escape_part(&path, PathPart::Path);
    let mut url = String::new();
    if !scheme.is_empty() {
        url.push_str(&format!("{scheme}:"));
    }
    if opaque.is_empty() {
        if !host.is_empty() || user.is_some() || (!scheme.is_empty() && !path.is_empty()) {
            url.push_str("//");
        }
        if let Some(user) = &user {
            url.push_str(&format!("{user}@"));
        }
        url.push_str(&escape_part(&host, PathPart::Host));
        if !path.is_empty() && !path.starts_with('/') && !host.is_empty() {
            url.push('/');
        }
        if url.is_empty() && path.split('/').next().is_some_and(|first| first.contains(':')) {
            url.push_str("./");
        }
        url.push_str(&path);
    } else {
        url.push_str(&opaque);
    }
    if !query.is_empty() {
        url.push_str(&format!("?{query}"));
    }
    if !fragment.is_empty() {
        url.push_str(&format!("#{}", escape_part(&fragment, PathPart::Fragment)));
    }
    let text: OriginText = state.computed(url, arguments);
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_its_parts() {
        let parts = split_url("http://u:p@h:1/p?q#f").expect("a URL");
        assert_eq!((parts.scheme, parts.userinfo, parts.host, parts.path), ("http", "u:p", "h:1", "/p"));
        assert_eq!((parts.query, parts.fragment), ("q", "f"));
        assert_eq!(split_url("mailto:a@b").map(|parts| parts.opaque), Some("a@b"));
        assert_eq!(split_url("a/b").map(|parts| parts.path), Some("a/b"));
    }
}
