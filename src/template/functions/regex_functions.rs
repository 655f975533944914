//! Regular expressions of RE2, which Rust's are too.

use std::time::{Duration, Instant};

use regex::bytes::{Regex, RegexBuilder};

use super::argument_access::{int, text};
use super::regex_pattern::translate_pattern;
use super::split_functions::{strings, strings_or_nil};
use crate::template::call_error::CallError;
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*};
use crate::template::origin_text::{OriginText, TextBuilder};
use crate::template::render_state::RenderState;
use crate::template::template_value::TemplateValue;

/// How large a compiled expression may be, in bytes.
const MAX_COMPILED: usize = 4 * 1024 * 1024;

/// How many expressions of a render are kept compiled.
const MAX_CACHED: usize = 500;

/// What compiling an expression costs.
const COMPILE_STEPS: usize = 5000;

/// How long the matches of one call may take. Finding one is linear in the text; finding all need not be, in Go neither.
const MAX_TIME: Duration = Duration::from_secs(5);

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("regexMatch", &[Text, Text], |state, arguments| {
        let found =
            compile(state, &text(arguments, 0)).map(|regex| regex.is_match(text(arguments, 1).bytes()));
        Ok(TemplateValue::bool(found.unwrap_or(false)))
    }),
    FunctionSpec::new("mustRegexMatch", &[Text, Text], |state, arguments| {
        Ok(TemplateValue::bool(compile(state, &text(arguments, 0))?.is_match(text(arguments, 1).bytes())))
    }),
    FunctionSpec::new("regexFind", &[Text, Text], call_find),
    FunctionSpec::new("mustRegexFind", &[Text, Text], call_find),
    FunctionSpec::new("regexFindAll", &[Text, Text, Int], call_find_all),
    FunctionSpec::new("mustRegexFindAll", &[Text, Text, Int], call_find_all),
    FunctionSpec::new("regexReplaceAll", &[Text, Text, Text], |state, arguments| {
        replace(state, arguments, true)
    }),
    FunctionSpec::new("mustRegexReplaceAll", &[Text, Text, Text], |state, arguments| {
        replace(state, arguments, true)
    }),
    FunctionSpec::new("regexReplaceAllLiteral", &[Text, Text, Text], |state, arguments| {
        replace(state, arguments, false)
    }),
    FunctionSpec::new("mustRegexReplaceAllLiteral", &[Text, Text, Text], |state, arguments| {
        replace(state, arguments, false)
    }),
    FunctionSpec::new("regexSplit", &[Text, Text, Int], call_split),
    FunctionSpec::new("mustRegexSplit", &[Text, Text, Int], call_split),
    FunctionSpec::new("regexQuoteMeta", &[Text], |state, arguments| {
        super::case_functions::map_text(state, arguments, quote_meta)
    }),
];

fn quote_meta(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        if "\\.+*?()|[]{}^$".contains(char) {
            out.push('\\');
        }
        out.push(char);
    }
    out
}

fn compile(state: &mut RenderState, pattern: &OriginText) -> Result<Regex, CallError> {
    if let Some(regex) = state.regexes.get(pattern.bytes()) {
        return Ok(regex.clone());
    }
    state.charge_steps(COMPILE_STEPS + pattern.len())?;
    let string = pattern.as_str();
    let translated = translate_pattern(&string)
        .map_err(|reason| CallError::new(format!("error parsing regexp: {reason}: `{string}`")))?;
    let regex = RegexBuilder::new(&translated)
        .size_limit(MAX_COMPILED)
        .dfa_size_limit(MAX_COMPILED)
        .build()
        .map_err(|_| CallError::new(format!("error parsing regexp: {string}")))?;
    if state.regexes.len() < MAX_CACHED {
        state.regexes.insert(pattern.bytes().to_vec(), regex.clone());
    }
    Ok(regex)
}

/// Holds the matches of one call to their time.
struct MatchClock {
    begun: Instant,
    matches: u32,
}

impl MatchClock {
    fn start() -> Self {
        Self { begun: Instant::now(), matches: 0 }
    }

    fn check(&mut self) -> Result<(), CallError> {
        self.matches = self.matches.wrapping_add(1);
        if self.matches.is_multiple_of(64) && self.begun.elapsed() > MAX_TIME {
            return Err("the regular expression takes too long on this text".into());
        }
        Ok(())
    }
}

fn call_find(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let regex = compile(state, &text(arguments, 0))?;
    let value = text(arguments, 1);
    Ok(match regex.find(value.bytes()) {
        Some(found) => value.slice(found.range()).into(),
        None => state.plain_text("").into(),
    })
}

/// A count as Go reads it: a negative one is all.
fn limit_of(count: i64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn call_find_all(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let regex = compile(state, &text(arguments, 0))?;
    let value = text(arguments, 1);
    let mut clock = MatchClock::start();
    let mut parts = Vec::new();
    for found in regex.find_iter(value.bytes()).take(limit_of(int(arguments, 2))) {
        clock.check()?;
        state.charge_values(1)?;
        parts.push(value.slice(found.range()));
    }
    Ok(strings_or_nil(parts))
}

fn call_split(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let regex = compile(state, &text(arguments, 0))?;
    let (value, limit) = (text(arguments, 1), limit_of(int(arguments, 2)));
    if limit == 0 {
        return Ok(strings_or_nil(Vec::new()));
    }
    if !text(arguments, 0).is_empty() && value.is_empty() {
        return Ok(strings(vec![value]));
    }
    let (mut parts, mut begin, mut end) = (Vec::new(), 0, 0);
    let mut clock = MatchClock::start();
    for found in regex.find_iter(value.bytes()) {
        clock.check()?;
        if parts.len() + 1 >= limit {
            break;
        }
        end = found.start();
        if found.end() != 0 {
            state.charge_values(1)?;
            parts.push(value.slice(begin..end));
        }
        begin = found.end();
    }
    if end != value.len() {
        parts.push(value.slice(begin..value.len()));
    }
    Ok(strings(parts))
}

fn replace(state: &mut RenderState, arguments: &[TemplateValue], expands: bool) -> CallResult {
    let regex = compile(state, &text(arguments, 0))?;
    let (value, with) = (text(arguments, 1), text(arguments, 2));
    let mut builder = TextBuilder::default();
    let mut at = 0;
    let mut clock = MatchClock::start();
    for found in regex.captures_iter(value.bytes()) {
        clock.check()?;
        state.charge_steps(1)?;
        if builder.is_full() {
            break;
        }
        let Some(whole) = found.get(0) else { continue };
        builder.push_slice(&value, at..whole.start());
        if expands {
            expand(&mut builder, &value, &with, &found);
        } else {
            builder.push_text(&with);
        }
        at = whole.end();
    }
    builder.push_slice(&value, at..value.len());
    Ok(builder.finish().into())
}

/// Adds the replacement with `$1`, `${1}` and `$name` put in.
fn expand(
    builder: &mut TextBuilder,
    value: &OriginText,
    with: &OriginText,
    found: &regex::bytes::Captures<'_>,
) {
    let bytes = with.bytes();
    let mut at = 0;
    while let Some(next) = bytes[at..].iter().position(|byte| *byte == b'$') {
        builder.push_slice(with, at..at + next);
        at += next;
        if bytes.get(at + 1) == Some(&b'$') {
            builder.push_slice(with, at..at + 1);
            at += 2;
            continue;
        }
        let Some((name, length)) = group_name(&bytes[at + 1..]) else {
            builder.push_slice(with, at..at + 1);
            at += 1;
            continue;
        };
        let group = match name.parse::<usize>() {
            Ok(index) => found.get(index),
            Err(_) => found.name(name),
        };
        if let Some(group) = group {
            builder.push_slice(value, group.range());
        }
        at += 1 + length;
    }
    builder.push_slice(with, at..with.len());
}

/// The group that a reference names, and how many bytes that takes.
fn group_name(rest: &[u8]) -> Option<(&str, usize)> {
    let braced = rest.first() == Some(&b'{');
    let start = usize::from(braced);
    let length =
        rest[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
    if length == 0 || (braced && rest.get(start + length) != Some(&b'}')) {
        return None;
    }
    let name = std::str::from_utf8(&rest[start..start + length]).ok()?;
    Some((name, start + length + usize::from(braced)))
}
