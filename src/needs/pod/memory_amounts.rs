//! Reads amounts of memory as programs write them, for the needs that options and variables state.
//!
//! Sources: java(1) (`-Xmx`: bytes, k, m, g, t), Node.js' `--max-old-space-size` (MiB), package runtime of Go (`GOMEMLIMIT`:
//! B, KiB, MiB, GiB, TiB), redis.conf (k = 1000, kb = 1024), PostgreSQL, "Parameter Names and Values" (kB, MB, GB are powers
//! of 1024; a bare number of buffers counts 8 KiB).

const KIB: u64 = 1024;

/// An amount with its unit; none without a unit, since a bare number may count anything. A small letter counts as a
/// large one: nobody states memory in thousandths.
pub(super) fn parse_amount(text: &str) -> Option<u64> {
    let (number, unit) = split_unit(text)?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "k" | "kb" | "ki" | "kib" => KIB,
        "m" | "mb" | "mi" | "mib" => KIB.pow(2),
        "g" | "gb" | "gi" | "gib" => KIB.pow(3),
        "t" | "tb" | "ti" | "tib" => KIB.pow(4),
        "b" => 1,
        _ => return None,
    };
    scale_number(number, factor)
}

/// An amount whose bare number counts so many bytes.
pub(super) fn parse_amount_in(text: &str, bare: u64) -> Option<u64> {
    parse_amount(text).or_else(|| scale_number(text.trim(), bare))
}

fn split_unit(text: &str) -> Option<(&str, &str)> {
    let text = text.trim().trim_matches(['"', '\'']);
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
    Some((&text[..end], text[end..].trim()))
}

/// Whole bytes; nothing where it is no number of a sensible size.
fn scale_number(number: &str, factor: u64) -> Option<u64> {
    const MOST: u64 = 1 << 50;
    if let Ok(whole) = number.parse::<u64>() {
        return whole.checked_mul(factor).filter(|bytes| (1..=MOST).contains(bytes));
    }
    let (whole, part) = number.split_once('.')?;
    let (whole, tenths) = (whole.parse::<u64>().ok()?, part.get(..1)?.parse::<u64>().ok()?);
    (whole.checked_mul(factor)?.checked_add(tenths * factor / 10)).filter(|bytes| (1..=MOST).contains(bytes))
}

/// As people say it: `1.2Gi`, `640Mi`.
pub(in crate::needs) fn show_amount(bytes: u64) -> String {
    let mebibytes = bytes.div_ceil(KIB.pow(2));
    if mebibytes >= 10 * KIB && mebibytes.is_multiple_of(KIB) {
        format!("{}Gi", mebibytes / KIB)
    } else {
        format!("{mebibytes}Mi")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_that_people_write() {
        for (text, bytes) in [
            ("512m", Some(512 << 20)),
            ("1g", Some(1 << 30)),
            ("1Gi", Some(1 << 30)),
            ("1.5GB", Some((1 << 30) + (1 << 29))),
            ("100mb", Some(100 << 20)),
            ("2048k", Some(2 << 20)),
            ("50%", None),
            ("512", None),
            ("$(HEAP)", None),
            ("99999999t", None),
        ] {
            assert_eq!(parse_amount(text), bytes, "{text}");
        }
        assert_eq!(parse_amount_in("4096", KIB * KIB), Some(4 << 30));
        assert_eq!((show_amount(640 << 20), show_amount(16 << 30)), ("640Mi".into(), "16Gi".into()));
    }
}
