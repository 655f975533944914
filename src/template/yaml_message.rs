//! What go-yaml says of a text that is no YAML, since charts print its words.

use granit_parser::ErrorKind;

use super::template_value::TemplateValue;

/// go-yaml's message for an error of the event parser, at a line from 1 and a byte offset.
pub(super) fn go_message(kind: &ErrorKind, text: &str, offset: usize, line: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    match kind {
        ErrorKind::UnclosedFlowCollection { open } => unclosed_flow(text, *open),
        ErrorKind::InvalidColonPlacement
        | ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator => {
            let open = open_bracket(before);
            at_token(line, flow_message(open))
        }
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => {
            at_token(line, "did not find expected node content")
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => at_token(line, "did not find expected key"),
        ErrorKind::ExpectedBlockSequenceEntry => at_token(line, "did not find expected '-' indicator"),
        ErrorKind::SimpleKeyExpected => at_scan(next_line(text, line), "could not find expected ':'"),
        ErrorKind::UnclosedQuotedScalar => at_scan(last_line(text), "found unexpected end of stream"),
        ErrorKind::UnknownQuotedScalarEscape => at_scan(line, "found unknown escape character"),
        ErrorKind::InvalidQuotedScalarHexEscape => at_scan(line, "did not find expected hexdecimal number"),
        ErrorKind::UnknownAnchor => format!("unknown anchor '{}' referenced", anchor_name(text, offset)),
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => {
            "control characters are not allowed".to_owned()
        }
        ErrorKind::UnexpectedCharacter { .. }
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabNotAllowed => at_scan(line, "found character that cannot start any token"),
        ErrorKind::TabInPlainScalar | ErrorKind::TabInIndentation => {
            at_scan(line + 1, "found a tab character that violates indentation")
        }
        ErrorKind::MappingValueNotAllowed => at_scan(line, "mapping values are not allowed in this context"),
        ErrorKind::BlockSequenceEntryNotAllowed => {
            at_scan(line, "block sequence entries are not allowed in this context")
        }
        ErrorKind::MissingAnchorOrAliasName => {
            at_scan(line, "did not find expected alphabetic or numeric character")
        }
        ErrorKind::UnclosedVerbatimTag => at_scan(line, "did not find the expected '>'"),
        ErrorKind::InvalidBlockScalarHeader => at_scan(line, "did not find expected comment or line break"),
        ErrorKind::UnsupportedYamlMajorVersion => "found incompatible YAML document".to_owned(),
        other => at_scan(line, &other.to_string()),
    }
}

/// A key that is a map, as Go shows it.
pub(super) fn show_key(key: &TemplateValue) -> String {
    match key {
        TemplateValue::Map(map) => {
            let entries = map.entries();
            let inner = entries.iter().map(|(name, entry)| format!("{name:?}:{}", show_key(&entry.value)));
            format!("map[interface {{}}]interface {{}}{{{}}}", inner.collect::<Vec<_>>().join(", "))
        }
        TemplateValue::List(_) => "[]interface {}{}".to_owned(),
        TemplateValue::Nil(_) => "interface {}(nil)".to_owned(),
        other => show_plain(other),
    }
}

pub(super) fn show_plain(value: &TemplateValue) -> String {
    value.literal().map_or_else(|| "<nil>".to_owned(), |text| format!("{:?}", text.as_str()))
}

/// The scanner counts lines from 1 and leaves the first one out.
fn at_scan(line: usize, message: &str) -> String {
    if line > 1 { format!("line {line}: {message}") } else { message.to_owned() }
}

/// The parser counts lines from 0 and leaves that one out.
fn at_token(line: usize, message: &str) -> String {
    if line > 1 { format!("line {}: {message}", line - 1) } else { message.to_owned() }
}

/// The next line that is not blank behind one, all from 1; where there is none, the line behind the last one.
fn next_line(text: &str, line: usize) -> usize {
    let below = text.lines().enumerate().skip(line).find(|(_, line)| !line.trim().is_empty());
    below.map_or_else(|| text.lines().count() + 1, |(index, _)| index + 1)
}

/// The line behind the last one, in which the text ends.
fn last_line(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count() + 1
}

fn flow_message(open: char) -> &'static str {
    if open == '{' { "did not find expected ',' or '}'" } else { "did not find expected ',' or ']'" }
}

/// The bracket that is open at the end of a text, strings left out of account.
fn open_bracket(text: &str) -> char {
    let mut open = Vec::new();
    for char in text.chars() {
        match char {
            '[' | '{' => open.push(char),
            ']' | '}' => {
                open.pop();
            }
            _ => {}
        }
    }
    open.pop().unwrap_or('[')
}

fn unclosed_flow(text: &str, open: char) -> String {
    let wants_node = text.trim_end().ends_with(['[', '{', ',']);
    let message = if wants_node { "did not find expected node content" } else { flow_message(open) };
    let lines = text.bytes().filter(|byte| *byte == b'\n').count();
    let line = if text.ends_with('\n') { lines } else { lines + 1 };
    format!("line {line}: {message}")
}

fn anchor_name(text: &str, offset: usize) -> &str {
    let rest = text.get(offset..).unwrap_or("").trim_start_matches('*');
    let length = rest.find(|char: char| !char.is_ascii_alphanumeric() && char != '_' && char != '-');
    &rest[..length.unwrap_or(rest.len())]
}
