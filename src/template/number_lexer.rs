//! The numbers of Go templates: how far one reaches, and what it is worth.

/// How many bytes at the start of `text` are a number; else the bytes that look like a wrong one.
pub(super) fn scan_number(text: &str) -> Result<usize, String> {
    let bytes = text.as_bytes();
    let mut at = usize::from(bytes.first().is_some_and(|byte| matches!(byte, b'+' | b'-')));
    let mut digits: fn(u8) -> bool = |byte| byte.is_ascii_digit() || byte == b'_';
    let mut exponents: &[u8] = b"eE";
    if bytes.get(at) == Some(&b'0') {
        at += 1;
        match bytes.get(at) {
            Some(b'x' | b'X') => {
                digits = |byte| byte.is_ascii_hexdigit() || byte == b'_';
                exponents = b"pP";
                at += 1;
            }
            Some(b'o' | b'O') => {
                digits = |byte| matches!(byte, b'0'..=b'7' | b'_');
                at += 1;
            }
            Some(b'b' | b'B') => {
                digits = |byte| matches!(byte, b'0' | b'1' | b'_');
                at += 1;
            }
            _ => {}
        }
    }
    let run = |at: &mut usize| {
        while bytes.get(*at).is_some_and(|byte| digits(*byte)) {
            *at += 1;
        }
    };
    run(&mut at);
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        run(&mut at);
    }
    if bytes.get(at).is_some_and(|byte| exponents.contains(byte)) {
        at += 1;
        if bytes.get(at).is_some_and(|byte| matches!(byte, b'+' | b'-')) {
            at += 1;
        }
        while bytes.get(at).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'_') {
            at += 1;
        }
    }
    match text.get(at..).and_then(|rest| rest.chars().next()) {
        // A sign would begin the second part of a complex number, which no chart has.
        Some(next) if matches!(next, '_' | '+' | '-') || next.is_alphanumeric() => {
            Err(text[..at + next.len_utf8()].to_owned())
        }
        _ => Ok(at),
    }
}

/// A constant as the language reads it: one text may be a whole number and a fraction, the place decides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberConstant {
    pub int: Option<i64>,
    /// Too large for a signed number, not for an unsigned one.
    pub uint: Option<u64>,
    pub float: Option<f64>,
    /// Written with a point or an exponent.
    pub is_fraction: bool,
}

/// The worth of a number's text; none where Go refuses it.
pub(super) fn parse_number(text: &str) -> Option<NumberConstant> {
    let int = parse_int(text);
    let uint = if int.is_none() { parse_uint(text) } else { None };
    let hex = text.trim_start_matches(['+', '-']).to_ascii_lowercase().starts_with("0x");
    let looks_float = !hex && text.contains(['.', 'e', 'E']);
    let float = match (int, uint) {
        (Some(value), _) => Some(value as f64),
        (None, Some(value)) => Some(value as f64),
        (None, None) if looks_float => parse_float(text),
        (None, None) => return None,
    };
    let value = float?;
    let whole = int.or_else(|| (value as i64 as f64 == value).then_some(value as i64));
    Some(NumberConstant { int: whole, uint, float, is_fraction: looks_float })
}

/// Go's `strconv.ParseInt` with base zero: prefixes, underscores between digits, range of 64 bits.
pub(super) fn parse_int(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let value = i128::from(parse_uint(digits)?);
    i64::try_from(if negative { -value } else { value }).ok()
}

/// Go's `strconv.ParseUint` with base zero.
pub(super) fn parse_uint(text: &str) -> Option<u64> {
    let lower = text.to_ascii_lowercase();
    let (base, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &lower[..]),
    };
    if digits.is_empty() || digits.contains('+') || digits.contains('-') {
        return None;
    }
    if !digits.contains('_') {
        return u64::from_str_radix(digits, base).ok();
    }
    // An underscore may stand between digits, or between a prefix and a digit.
    let after_prefix = base != 10 && digits.starts_with('_');
    if digits.contains("__") || digits.ends_with('_') || (digits.starts_with('_') && !after_prefix) {
        return None;
    }
    u64::from_str_radix(&digits.replace('_', ""), base).ok()
}

/// Go's `strconv.ParseFloat`, without hexadecimal fractions.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    if text.contains('_') {
        return None;
    }
    let unsigned = text.trim_start_matches(['+', '-']);
    let lower = unsigned.to_ascii_lowercase();
    if text.len() - unsigned.len() > 1 {
        return None;
    }
    let value = match lower.as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        _ if lower.starts_with(|first: char| first.is_ascii_digit() || first == '.') => {
            lower.parse::<f64>().ok()?
        }
        _ => return None,
    };
    if value.is_infinite() && !lower.starts_with('i') {
        return None;
    }
    Some(if text.starts_with('-') { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reaches_as_far_as_go_says() {
        assert_eq!(scan_number("12 "), Ok(2));
        assert_eq!(scan_number("-0x1F)"), Ok(5));
        assert_eq!(scan_number("1e-3|"), Ok(4));
        assert!(scan_number("12a").is_err());
    }

    #[test]
    fn whole_fractions_are_whole_numbers_too() {
        let number = parse_number("42.0").expect("a number");
        assert_eq!((number.int, number.is_fraction), (Some(42), true));
        assert_eq!(parse_number("0644").and_then(|n| n.int), Some(420));
        assert_eq!(parse_number("1_000").and_then(|n| n.int), Some(1000));
        assert_eq!(parse_number("9223372036854775808").and_then(|n| n.uint), Some(9_223_372_036_854_775_808));
        assert_eq!(parse_number("09"), None);
    }
}
