//! One verb of `printf` for one value.

use super::go_format::FormatFlags;
use super::go_number::format_float_verb;
use super::go_print::{print_plain, push_scalar, push_value, scalar_text};
use super::go_quote::{push_quoted, quote_char};
use super::origin_table::ComputedId;
use super::origin_text::{OriginText, TextBuilder};
use super::template_value::TemplateValue;

/// How deep printed values may be nested.
const MAX_DEPTH: usize = 200;

/// Adds a value as the verb prints it.
pub(super) fn push_verb(
    builder: &mut TextBuilder,
    value: &TemplateValue,
    verb: char,
    flags: FormatFlags,
    glue: ComputedId,
) {
    push_nested(builder, value, verb, flags, glue, 0);
}

/// One value within others; what is nested too deeply is left out, since a map may hold itself.
fn push_nested(
    builder: &mut TextBuilder,
    value: &TemplateValue,
    verb: char,
    flags: FormatFlags,
    glue: ComputedId,
    depth: usize,
) {
    if depth > MAX_DEPTH || builder.is_full() {
        return;
    }
    // With `%v` a plus asks for field names, not for a sign.
    let flags = if verb == 'v' { FormatFlags { plus: false, ..flags } } else { flags };
    if verb == 'T' {
        builder.push_computed(pad(value.type_name(), flags, false), glue);
        return;
    }
    match value {
        TemplateValue::Nil(_) if verb == 'v' => builder.push_computed(pad("<nil>", flags, false), glue),
        TemplateValue::Nil(_) => builder.push_computed(format!("%!{verb}(<nil>)"), glue),
        TemplateValue::Bool(flag, literal) if matches!(verb, 't' | 'v') => {
            push_padded(builder, &flag.to_string(), literal.as_ref(), flags, glue);
        }
        TemplateValue::Int(..) => push_int(builder, value, verb, flags, glue),
        TemplateValue::Float(number, _) => push_float(builder, value, *number, verb, flags, glue),
        TemplateValue::Text(text) | TemplateValue::Bytes(text) if matches!(verb, 's' | 'q' | 'x' | 'X') => {
            push_string(builder, text, verb, flags, glue);
        }
        TemplateValue::Text(text) if verb == 'v' && flags.sharp => push_quoted(builder, text, glue, false),
        TemplateValue::Text(text) if verb == 'v' => push_string(builder, text, 's', flags, glue),
        TemplateValue::List(list) => {
            let open =
                if verb == 'v' && flags.sharp { format!("{}{{", value.type_name()) } else { "[".to_owned() };
            let (between, close) = if verb == 'v' && flags.sharp { (", ", "}") } else { (" ", "]") };
            builder.push_computed(open, glue);
            for (index, item) in list.items().iter().enumerate() {
                if index > 0 {
                    builder.push_computed(between, glue);
                }
                push_item(builder, item, verb, flags, glue, depth);
            }
            builder.push_computed(close, glue);
        }
        TemplateValue::Map(_) => push_map(builder, value, verb, flags, glue, depth),
        TemplateValue::Object(object) if matches!(verb, 'v' | 's') => {
            builder.push_computed(object.print(), glue);
        }
        TemplateValue::Bytes(_) if verb == 'v' => push_value(builder, value, glue),
        _ => push_bad(builder, value, verb, glue),
    }
}

fn push_item(
    builder: &mut TextBuilder,
    item: &TemplateValue,
    verb: char,
    flags: FormatFlags,
    glue: ComputedId,
    depth: usize,
) {
    // Nil inside a container prints without a verb's complaint.
    match item {
        TemplateValue::Nil(_) if flags.sharp => builder.push_computed("interface {}(nil)", glue),
        TemplateValue::Nil(_) => builder.push_computed("<nil>", glue),
        item => push_nested(builder, item, verb, flags, glue, depth + 1),
    }
}

fn push_map(
    builder: &mut TextBuilder,
    value: &TemplateValue,
    verb: char,
    flags: FormatFlags,
    glue: ComputedId,
    depth: usize,
) {
    let TemplateValue::Map(map) = value else { return };
    let sharp = verb == 'v' && flags.sharp;
    let open = if sharp { format!("{}{{", value.type_name()) } else { "map[".to_owned() };
    builder.push_computed(open, glue);
    for (index, (key, entry)) in map.entries().iter().enumerate() {
        if index > 0 {
            builder.push_computed(if sharp { ", " } else { " " }, glue);
        }
        match &entry.key_text {
            Some(text) if text.bytes() == key.as_bytes() => {
                push_verb(builder, &TemplateValue::Text(text.clone()), verb, flags, glue);
            }
            _ => {
                let text = OriginText::from_computed(glue, key.as_bytes());
                push_verb(builder, &TemplateValue::Text(text), verb, flags, glue);
            }
        }
        builder.push_computed(":", glue);
        push_item(builder, &entry.value, verb, flags, glue, depth);
    }
    builder.push_computed(if sharp { "}" } else { "]" }, glue);
}

/// `%!d(string=abc)`
fn push_bad(builder: &mut TextBuilder, value: &TemplateValue, verb: char, glue: ComputedId) {
    builder.push_computed(format!("%!{verb}({}=", value.type_name()), glue);
    push_value(builder, value, glue);
    builder.push_computed(")", glue);
}

fn push_int(
    builder: &mut TextBuilder,
    value: &TemplateValue,
    verb: char,
    flags: FormatFlags,
    glue: ComputedId,
) {
    let TemplateValue::Int(number, _, literal) = value else { return };
    let magnitude = number.unsigned_abs();
    let digits = match verb {
        'd' | 'v' if flags.is_plain() => {
            let text = scalar_text(value).unwrap_or_default();
            push_scalar(builder, &text, literal, glue);
            return;
        }
        'd' | 'v' => magnitude.to_string(),
        'b' => format!("{magnitude:b}"),
        'o' | 'O' => format!("{magnitude:o}"),
        'x' => format!("{magnitude:x}"),
        'X' => format!("{magnitude:X}"),
        'c' | 'q' | 'U' => {
            let char = u32::try_from(*number).ok().and_then(char::from_u32).unwrap_or('\u{fffd}');
            let text = match verb {
                'c' => char.to_string(),
                'q' => quote_char(char, flags.plus),
                _ if flags.sharp && char != '\u{fffd}' => format!("U+{:04X} '{char}'", *number),
                _ => format!("U+{:04X}", *number),
            };
            builder.push_computed(pad(&text, flags, false), glue);
            return;
        }
        'e' | 'f' | 'g' | 's' | 't' => return push_bad(builder, value, verb, glue),
        _ => return push_bad(builder, value, verb, glue),
    };
    let sign = sign_of(*number < 0, flags);
    // Zeros fill the width before a mark of the base comes in front.
    let filled = match (flags.precision, flags.width) {
        (Some(precision), _) => precision,
        (None, Some(width)) if flags.zero && !flags.minus => width.saturating_sub(sign.len()),
        _ => 0,
    };
    let mark = match verb {
        'O' => "0o",
        'b' if flags.sharp => "0b",
        'o' if flags.sharp => "0",
        'x' if flags.sharp => "0x",
        'X' if flags.sharp => "0X",
        _ => "",
    };
    builder.push_computed(pad(&format!("{sign}{mark}{digits:0>filled$}"), flags, false), glue);
}

fn push_float(
    builder: &mut TextBuilder,
    value: &TemplateValue,
    number: f64,
    verb: char,
    flags: FormatFlags,
    glue: ComputedId,
) {
    let text = match verb {
        'v' | 'g' if flags.is_plain() => {
            push_value(builder, value, glue);
            return;
        }
        'v' | 'g' => format_float_verb(number, 'g', flags.precision),
        'G' => format_float_verb(number, 'g', flags.precision).to_uppercase(),
        'e' | 'E' | 'f' | 'F' => format_float_verb(number, verb, Some(flags.precision.unwrap_or(6))),
        'b' if number.is_finite() => binary_float(number),
        'x' if number.is_finite() && flags.precision.is_none() => hex_float(number),
        'X' if number.is_finite() && flags.precision.is_none() => hex_float(number).to_uppercase(),
        _ => return push_bad(builder, value, verb, glue),
    };
    let digits = text.trim_start_matches(['-', '+']);
    let sign = sign_of(number.is_sign_negative() && !number.is_nan(), flags);
    builder.push_computed(pad_number(sign, digits, flags, number.is_finite()), glue);
}

/// The bits of a number before its point, and of its exponent, as the standard of floats lays them out.
fn float_parts(number: f64) -> (u64, i64) {
    let bits = number.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7ff) as i64);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

/// `7074231776675438p-51`
fn binary_float(number: f64) -> String {
    let (mantissa, exponent) = float_parts(number);
    format!("{mantissa}p{exponent:+}")
}

/// `0x1.921f9f01b866ep+01`
fn hex_float(number: f64) -> String {
    let (mantissa, exponent) = float_parts(number);
    if mantissa == 0 {
        return "0x0p+00".to_owned();
    }
    let shift = mantissa.leading_zeros() - 11;
    let (mantissa, exponent) = (mantissa << shift, exponent - i64::from(shift) + 52);
    let digits = format!("{:013x}", mantissa & ((1 << 52) - 1));
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("0x1{point}{digits}p{sign}{:02}", exponent.abs())
}

fn sign_of(negative: bool, flags: FormatFlags) -> &'static str {
    match (negative, flags.plus, flags.space) {
        (true, ..) => "-",
        (false, true, _) => "+",
        (false, false, true) => " ",
        _ => "",
    }
}

fn pad_number(sign: &str, digits: &str, flags: FormatFlags, zeros: bool) -> String {
    let width = flags.width.unwrap_or(0);
    if flags.zero && !flags.minus && zeros {
        let inner = width.saturating_sub(sign.len());
        return format!("{sign}{digits:0>inner$}");
    }
    pad(&format!("{sign}{digits}"), flags, false)
}

fn pad(text: &str, flags: FormatFlags, zeros: bool) -> String {
    let width = flags.width.unwrap_or(0);
    match (flags.minus, zeros) {
        (true, _) => format!("{text:<width$}"),
        (false, true) => format!("{text:0>width$}"),
        (false, false) => format!("{text:>width$}"),
    }
}

fn push_string(
    builder: &mut TextBuilder,
    text: &OriginText,
    verb: char,
    flags: FormatFlags,
    glue: ComputedId,
) {
    let text = match flags.precision {
        Some(precision) if !matches!(verb, 'x' | 'X') => {
            let string = text.as_str();
            let end = string.char_indices().nth(precision).map_or(text.len(), |(at, _)| at);
            text.slice(0..end)
        }
        _ => text.clone(),
    };
    let mut inner = TextBuilder::default();
    match verb {
        's' => inner.push_text(&text),
        'q' if flags.sharp && !text.bytes().contains(&b'`') => {
            inner.push_computed("`", glue);
            inner.push_text(&text);
            inner.push_computed("`", glue);
        }
        'q' => push_quoted(&mut inner, &text, glue, flags.plus),
        _ => inner.push_computed(hex_text(text.bytes(), verb == 'X', flags), glue),
    }
    let inner = inner.finish();
    let width = flags.width.unwrap_or(0).saturating_sub(inner.as_str().chars().count());
    let fill = if flags.zero && !flags.minus { "0" } else { " " }.repeat(width);
    if !flags.minus {
        builder.push_computed(&fill, glue);
    }
    builder.push_text(&inner);
    if flags.minus {
        builder.push_computed(fill, glue);
    }
}

fn hex_text(bytes: &[u8], upper: bool, flags: FormatFlags) -> String {
    let bytes = flags.precision.and_then(|limit| bytes.get(..limit)).unwrap_or(bytes);
    let pairs: Vec<String> =
        bytes.iter().map(|byte| if upper { format!("{byte:02X}") } else { format!("{byte:02x}") }).collect();
    let mark = match (flags.sharp && !bytes.is_empty(), upper) {
        (false, _) => "",
        (true, false) => "0x",
        (true, true) => "0X",
    };
    match flags.space {
        true => pairs.iter().map(|pair| format!("{mark}{pair}")).collect::<Vec<_>>().join(" "),
        false => format!("{mark}{}", pairs.concat()),
    }
}

fn push_padded(
    builder: &mut TextBuilder,
    text: &str,
    literal: Option<&OriginText>,
    flags: FormatFlags,
    glue: ComputedId,
) {
    if flags.is_plain() {
        push_scalar(builder, text, &literal.cloned(), glue);
    } else {
        builder.push_computed(pad(text, flags, false), glue);
    }
}

/// `%v` of a value as a text of its own.
pub(super) fn print_value(value: &TemplateValue, glue: ComputedId) -> OriginText {
    match value {
        TemplateValue::Text(text) => text.clone(),
        other => print_plain(other, glue),
    }
}
