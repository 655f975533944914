//! Decides what a plain scalar means to kubectl's parser and to the second parser.

use std::borrow::Cow;

use serde_yaml::{Number, Value};

/// The rules by which a plain scalar gets its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarTyping {
    /// YAML 1.2's, as serde_yaml reads it: `yes` and `0644` are strings.
    CoreSchema,
    /// kubectl's, which reads YAML 1.1: `yes` is true and `0644` is 420.
    GoYaml,
}

/// The value of a plain scalar.
pub(crate) fn type_scalar(text: &str, typing: ScalarTyping) -> Value {
    type_unless_text(text, typing).unwrap_or_else(|| Value::String(text.to_owned()))
}

/// The value of a plain scalar; none where it is a text.
pub(crate) fn type_unless_text(text: &str, typing: ScalarTyping) -> Option<Value> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Some(Value::Null),
        "true" | "True" | "TRUE" => return Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => return Some(Value::Bool(false)),
        _ => {}
    }
    let number = match typing {
        ScalarTyping::GoYaml => {
            if let Some(boolean) = ambiguous_boolean(text) {
                return Some(Value::Bool(boolean));
            }
            parse_go_number(text)
        }
        ScalarTyping::CoreSchema => parse_core_number(text),
    };
    number.map(Value::Number)
}

/// A plain key as kubectl reads it: in JSON keys are texts, and `0x1` is `"1"`.
pub(crate) fn key_text(text: &str) -> Cow<'_, str> {
    match type_unless_text(text, ScalarTyping::GoYaml) {
        Some(Value::Bool(boolean)) => Cow::Owned(boolean.to_string()),
        Some(Value::Number(number)) => Cow::Owned(number.to_string()),
        _ => Cow::Borrowed(text),
    }
}

/// The boolean that YAML 1.1 reads in the text, where YAML 1.2 reads a string.
pub(crate) fn ambiguous_boolean(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

/// True for a text that begins as numbers do, with a digit, a sign or a dot; the test spares an error for each word.
fn may_be_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'))
}

fn parse_core_number(text: &str) -> Option<Number> {
    may_be_number(text).then(|| text.parse().ok()).flatten()
}

/// Numbers as Go's `strconv.ParseInt` reads them with base 0 and underscores taken out, which is what kubectl's YAML
/// library does: a leading zero is octal.
fn parse_go_number(text: &str) -> Option<Number> {
    if !may_be_number(text) {
        return None;
    }
    let plain = text.replace('_', "");
    let (negative, digits) = match plain.strip_prefix(['+', '-']) {
        Some(digits) => (plain.starts_with('-'), digits),
        None => (false, plain.as_str()),
    };
    let magnitude = split_go_radix(digits).and_then(|(digits, radix)| parse_unsigned(digits, radix));
    match magnitude {
        Some(n) if negative => i64::try_from(-i128::from(n)).ok().map(Number::from),
        Some(n) => Some(Number::from(n)),
        None => plain.parse().ok().or_else(|| plain.parse::<f64>().ok().map(Number::from)).map(whole_number),
    }
}

/// `0.0` and `1e3` are whole numbers once they are JSON, which kubectl makes of all that it reads.
fn whole_number(number: Number) -> Number {
    /// Above it a number of 64 bits with a point is not exact.
    const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = number.as_f64().filter(|own| number.is_f64() && own.fract() == 0.0 && own.abs() < MAX_EXACT);
    #[allow(clippy::cast_possible_truncation, reason = "it is whole and exact")]
    whole.map_or(number, |own| Number::from(own as i64))
}

fn split_go_radix(digits: &str) -> Option<(&str, u32)> {
    let bytes = digits.as_bytes();
    match (bytes.first()?, bytes.get(1).map(u8::to_ascii_lowercase)) {
        (b'0', Some(b'x')) => Some((&digits[2..], 16)),
        (b'0', Some(b'o')) => Some((&digits[2..], 8)),
        (b'0', Some(b'b')) => Some((&digits[2..], 2)),
        (b'0', Some(_)) => Some((&digits[1..], 8)),
        _ => Some((digits, 10)),
    }
}

fn parse_unsigned(digits: &str, radix: u32) -> Option<u64> {
    digits
        .starts_with(|c: char| c.is_ascii_alphanumeric())
        .then(|| u64::from_str_radix(digits, radix).ok())?
}
