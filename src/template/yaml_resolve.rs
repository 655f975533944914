//! What a plain scalar means to the YAML that Helm reads: YAML 1.1 as go-yaml resolves it.

use super::base_encoding::decode_base64;
use super::number_lexer::{parse_float, parse_int, parse_uint};
use super::origin_text::replace_invalid_bytes;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum ResolvedScalar {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    /// A date, which stays a text when it is read and is quoted when it is written.
    Timestamp,
    Text,
}

pub(super) fn resolve_scalar(text: &str) -> ResolvedScalar {
    let Some(first) = text.bytes().next() else { return ResolvedScalar::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => resolve_word(text),
        b'.' => match text {
            ".nan" | ".NaN" | ".NAN" => ResolvedScalar::Float(f64::NAN),
            ".inf" | ".Inf" | ".INF" => ResolvedScalar::Float(f64::INFINITY),
            _ => float_of(text),
        },
        b'0'..=b'9' | b'+' | b'-' => resolve_number(text),
        _ => ResolvedScalar::Text,
    }
}

/// What a scalar with a tag of YAML's own means: `str` of `!!str`. go-yaml's words where it is not of that type.
pub(super) fn resolve_tagged(text: &str, tag: &str) -> Result<ResolvedScalar, String> {
    if !matches!(tag, "null" | "bool" | "int" | "float") {
        return Ok(ResolvedScalar::Text);
    }
    let resolved = resolve_scalar(text);
    let own = match resolved {
        ResolvedScalar::Null => "null",
        ResolvedScalar::Bool(_) => "bool",
        ResolvedScalar::Int(_) | ResolvedScalar::Uint(_) => "int",
        ResolvedScalar::Float(_) => "float",
        ResolvedScalar::Timestamp => "timestamp",
        ResolvedScalar::Text => "str",
    };
    if own == tag || (own, tag) == ("int", "float") {
        return Ok(resolved);
    }
    Err(format!("cannot decode !!{own} `{text}` as a !!{tag}"))
}

/// What a scalar with the tag `!!binary` says in base 64. Helm goes by JSON, where a byte that is no UTF-8 is replaced.
pub(super) fn decode_binary(text: &str) -> Result<String, String> {
    let bytes = decode_base64(text.as_bytes())
        .map_err(|_| "yaml: !!binary value contains invalid base64 data".to_owned())?;
    Ok(replace_invalid_bytes(&bytes, "\u{fffd}").into_owned())
}

fn resolve_word(text: &str) -> ResolvedScalar {
    match text {
        "~" | "null" | "Null" | "NULL" => ResolvedScalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            ResolvedScalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            ResolvedScalar::Bool(false)
        }
        _ => ResolvedScalar::Text,
    }
}

fn float_of(text: &str) -> ResolvedScalar {
    parse_float(text).map_or(ResolvedScalar::Text, ResolvedScalar::Float)
}

fn resolve_number(text: &str) -> ResolvedScalar {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => return ResolvedScalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return ResolvedScalar::Float(f64::NEG_INFINITY),
        _ if is_timestamp(text) => return ResolvedScalar::Timestamp,
        _ => {}
    }
    let plain = text.replace('_', "");
    if let Some(value) = parse_int(&plain) {
        return ResolvedScalar::Int(value);
    }
    if let Some(value) = parse_uint(&plain) {
        return ResolvedScalar::Uint(value);
    }
    if is_yaml_float(&plain) {
        return float_of(&plain);
    }
    if let Some(value) = plain.strip_prefix("-0b").and_then(|digits| i64::from_str_radix(digits, 2).ok()) {
        return ResolvedScalar::Int(-value);
    }
    ResolvedScalar::Text
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_yaml_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_fits = match mantissa.split_once('.') {
        Some(("", part)) => digits(part),
        Some((whole, part)) => digits(whole) && (part.is_empty() || digits(part)),
        None => digits(mantissa),
    };
    mantissa_fits && exponent.is_none_or(|text| digits(text.strip_prefix(['-', '+']).unwrap_or(text)))
}

/// The forms of go-yaml: a date, or a date and a time.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return false;
    }
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], Some((&text[at..=at], &text[at + 1..]))),
        None => (text, None),
    };
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let in_range = |part: Option<&str>, low: u32, high: u32| {
        part.filter(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|part| part.parse::<u32>().ok())
            .is_some_and(|value| (low..=high).contains(&value))
    };
    let date_fits = year.is_some_and(|year| year.len() == 4)
        && in_range(month, 1, 12)
        && in_range(day, 1, days_of(year, month))
        && parts.next().is_none();
    date_fits && time.is_none_or(|(letter, time)| is_time(time, letter != " "))
}

fn days_of(year: Option<&str>, month: Option<&str>) -> u32 {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    let year = number(year);
    match number(month) {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// `15:4:5.999`, with a zone behind it or not.
fn is_time(text: &str, zoned: bool) -> bool {
    let (clock, zone) = match text.find(['Z', '+', '-']) {
        Some(at) => (&text[..at], Some(&text[at..])),
        None => (text, None),
    };
    if zoned != zone.is_some() {
        return false;
    }
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let parts: Vec<&str> = clock.split(':').collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let limits = [24, 60, 60];
    let clock_fits = parts.len() == 3
        && parts.iter().zip(limits).all(|(part, limit)| {
            part.len() <= 2 && digits(part) && part.parse::<u32>().is_ok_and(|value| value < limit)
        });
    let zone_fits = zone.is_none_or(|zone| {
        zone == "Z"
            || (zone.len() == 6 && zone.as_bytes()[3] == b':' && digits(&zone[1..3]) && digits(&zone[4..6]))
    });
    clock_fits && digits(fraction) && zone_fits
}

/// Numbers to the base of sixty, which older YAML reads where newer reads a text.
pub(super) fn is_base60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (clock, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let mut parts = clock.split(':');
    let first = parts.next().unwrap_or("");
    let first_fits = first.starts_with(|char: char| char.is_ascii_digit())
        && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    let rest: Vec<&str> = parts.collect();
    first_fits
        && !rest.is_empty()
        && rest.iter().all(|part| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']))
        && fraction.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_numbers_resolve_as_go_yaml_resolves_them() {
        for (text, resolved) in [
            ("", ResolvedScalar::Null),
            ("~", ResolvedScalar::Null),
            ("on", ResolvedScalar::Bool(true)),
            ("0644", ResolvedScalar::Int(420)),
            ("0x1F", ResolvedScalar::Int(31)),
            ("1_000", ResolvedScalar::Int(1000)),
            ("1e3", ResolvedScalar::Float(1000.0)),
            ("-0", ResolvedScalar::Int(0)),
            ("2001-12-14", ResolvedScalar::Timestamp),
            ("2001-13-14", ResolvedScalar::Text),
            ("1.2.3", ResolvedScalar::Text),
            ("1e", ResolvedScalar::Text),
            (".5", ResolvedScalar::Float(0.5)),
            ("12345678901234567890", ResolvedScalar::Uint(12_345_678_901_234_567_890)),
        ] {
            assert_eq!(resolve_scalar(text), resolved, "{text:?}");
        }
        assert!(is_base60("12:34:56") && !is_base60("12:99") && !is_base60("12"));
    }
}
