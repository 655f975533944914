//! Numbers as Go writes them: `%v`, JSON, and formats with a verb.

/// Go's `%v` of a fraction: the shortest digits, with an exponent below -4 and from 6 on.
pub fn format_float(value: f64) -> String {
    if let Some(special) = format_special(value) {
        return special;
    }
    let (digits, exponent) = shortest_digits(value);
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if !(-4..6).contains(&exponent) && exponent != 0 {
        // Go's limit is at 21 digits only in JSON.
        return format!("{sign}{}", exponent_form(&digits, exponent));
    }
    format!("{sign}{}", plain_form(&digits, exponent))
}

/// A number in JSON; none where JSON has no word for it.
pub fn format_json_float(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let (digits, exponent) = shortest_digits(value);
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value != 0.0 && !(-6..21).contains(&exponent) {
        let text = exponent_form(&digits, exponent);
        // JSON's encoder writes e-9 where `strconv` writes e-09.
        let text = match text.split_once("e-0") {
            Some((mantissa, power)) if power.len() == 1 => format!("{mantissa}e-{power}"),
            _ => text,
        };
        return Some(format!("{sign}{text}"));
    }
    Some(format!("{sign}{}", plain_form(&digits, exponent)))
}

/// `%f`, `%e` or `%g` with a number of digits; no number is the shortest.
pub fn format_float_verb(value: f64, verb: char, precision: Option<usize>) -> String {
    if let Some(special) = format_special(value) {
        return special;
    }
    match (verb, precision) {
        ('f' | 'F', Some(precision)) => format!("{value:.precision$}"),
        ('f' | 'F', None) => {
            let (digits, exponent) = shortest_digits(value);
            let sign = if value.is_sign_negative() { "-" } else { "" };
            format!("{sign}{}", plain_form(&digits, exponent))
        }
        ('e' | 'E', precision) => {
            let text = match precision {
                Some(precision) => format!("{value:.precision$e}"),
                None => format!("{value:e}"),
            };
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            let exponent: i32 = exponent.parse().unwrap_or(0);
            let sign = if exponent < 0 { '-' } else { '+' };
            let letter = if verb == 'E' { 'E' } else { 'e' };
            format!("{mantissa}{letter}{sign}{:02}", exponent.abs())
        }
        (_, Some(precision)) => format_general(value, precision.max(1)),
        (_, None) => format_float(value),
    }
}

/// `%g` with a number of digits.
fn format_general(value: f64, precision: usize) -> String {
    let text = format!("{:.*e}", precision - 1, value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let trimmed = digits.trim_end_matches('0');
    let digits = if trimmed.is_empty() { "0" } else { trimmed };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if exponent < -4 || exponent >= i32::try_from(precision).unwrap_or(i32::MAX) {
        return format!("{sign}{}", exponent_form(digits, exponent));
    }
    format!("{sign}{}", plain_form(digits, exponent))
}

fn format_special(value: f64) -> Option<String> {
    if value.is_nan() {
        return Some("NaN".to_owned());
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned());
    }
    None
}

/// The shortest digits that mean the value, and the exponent of the first.
fn shortest_digits(value: f64) -> (String, i32) {
    let text = format!("{:e}", value.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    (digits, exponent.parse().unwrap_or(0))
}

fn exponent_form(digits: &str, exponent: i32) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{first}{point}{rest}e{sign}{:02}", exponent.abs())
}

fn plain_form(digits: &str, exponent: i32) -> String {
    let count = i32::try_from(digits.len()).unwrap_or(i32::MAX);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    if exponent < 0 {
        return format!("0.{}{digits}", zeros(-exponent - 1));
    }
    if exponent + 1 >= count {
        return format!("{digits}{}", zeros(exponent + 1 - count));
    }
    let (whole, part) = digits.split_at(usize::try_from(exponent + 1).unwrap_or(0));
    format!("{whole}.{part}")
}

/// A fraction as a whole number, as amd64 converts it: what does not fit is the smallest.
pub fn float_to_int(value: f64) -> i64 {
    if value.is_nan() || !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value) {
        return i64::MIN;
    }
    value as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_print_as_go_prints_them() {
        for (value, text) in [
            (42.0, "42"),
            (1e6, "1e+06"),
            (999_999.0, "999999"),
            (12_345_678.5, "1.23456785e+07"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-0.0, "-0"),
            (1.5, "1.5"),
            (1e21, "1e+21"),
        ] {
            assert_eq!(format_float(value), text);
        }
    }

    #[test]
    fn json_has_its_own_limits() {
        for (value, text) in
            [(1e20, "100000000000000000000"), (1e21, "1e+21"), (0.000_001, "0.000001"), (1e-7, "1e-7")]
        {
            assert_eq!(format_json_float(value).as_deref(), Some(text));
        }
        assert_eq!(format_json_float(f64::NAN), None);
    }

    #[test]
    fn what_overflows_is_the_smallest_number() {
        assert_eq!(float_to_int(1.234e19), i64::MIN);
        assert_eq!(float_to_int(-1.9), -1);
    }
}
