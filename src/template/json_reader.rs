//! Reads JSON as Go's decoder does, each scalar with the bytes that it is written as.

use std::collections::BTreeMap;

use super::number_lexer::parse_float;
use super::origin_table::ChainId;
use super::origin_text::{OriginText, TextBuilder};
use super::template_value::{NilKind, TemplateValue};
use super::value_collection::{MapEntry, ValueList, ValueMap};
use super::value_copy::MAP_NODES;

const MAX_DEPTH: usize = 400;

/// The value of a whole text, or Go's words for what is wrong with it. Takes the nodes that were read off `left`, which
/// ends the reading where there are none left.
pub(super) fn read_json(text: &OriginText, left: &mut usize) -> Result<TemplateValue, String> {
    let mut reader = JsonReader { text, at: 0, left };
    let value = reader.read(0)?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(value),
        Some(byte) => Err(format!("invalid character {} after top-level value", show(byte))),
    }
}

fn show(byte: u8) -> String {
    super::go_quote::quote_char(char::from(byte), false)
}

struct JsonReader<'a> {
    text: &'a OriginText,
    at: usize,
    left: &'a mut usize,
}

impl JsonReader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    /// The next byte that is no space.
    fn next_byte(&mut self) -> Result<u8, String> {
        self.skip_space();
        self.peek().ok_or_else(|| "unexpected end of JSON input".to_owned())
    }

    fn count(&mut self, nodes: usize) -> Result<(), String> {
        let left = self.left.checked_sub(nodes);
        *self.left = left.unwrap_or(0);
        left.map(|_| ()).ok_or_else(|| "too large".to_owned())
    }

    fn unexpected<T>(&self, byte: u8, context: &str) -> Result<T, String> {
        Err(format!("invalid character {} {context}", show(byte)))
    }

    fn read(&mut self, depth: usize) -> Result<TemplateValue, String> {
        if depth > MAX_DEPTH {
            return Err("exceeded max depth".to_owned());
        }
        self.count(1)?;
        match self.next_byte()? {
            b'{' => self.read_object(depth),
            b'[' => self.read_array(depth),
            b'"' => self.read_string().map(TemplateValue::Text),
            b't' => self.read_word("true").map(|text| TemplateValue::Bool(true, Some(text))),
            b'f' => self.read_word("false").map(|text| TemplateValue::Bool(false, Some(text))),
            b'n' => self.read_word("null").map(|_| TemplateValue::Nil(NilKind::Interface)),
            b'-' | b'0'..=b'9' => self.read_number(),
            byte => self.unexpected(byte, "looking for beginning of value"),
        }
    }

    fn read_word(&mut self, word: &str) -> Result<OriginText, String> {
        let start = self.at;
        for expected in word.bytes() {
            match self.peek() {
                Some(byte) if byte == expected => self.at += 1,
                Some(byte) => {
                    let context = format!("in literal {word} (expecting {})", show(expected));
                    return self.unexpected(byte, &context);
                }
                None => return Err("unexpected end of JSON input".to_owned()),
            }
        }
        Ok(self.text.slice(start..self.at))
    }

    fn read_number(&mut self) -> Result<TemplateValue, String> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        // A number that begins with a nought ends there: what follows is none of it.
        match self.peek() {
            Some(b'0') => self.at += 1,
            _ => self.read_digits("in numeric literal")?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.read_digits("after decimal point in numeric literal")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.read_digits("in exponent of numeric literal")?;
        }
        let literal = self.text.slice(start..self.at);
        match parse_float(&literal.as_str()) {
            Some(number) => Ok(TemplateValue::Float(number, Some(literal))),
            None => Err("invalid character in numeric literal".to_owned()),
        }
    }

    fn read_digits(&mut self, context: &str) -> Result<(), String> {
        match self.peek() {
            Some(b'0'..=b'9') => {}
            Some(byte) => return self.unexpected(byte, context),
            None => return Err("unexpected end of JSON input".to_owned()),
        }
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        Ok(())
    }

    fn read_array(&mut self, depth: usize) -> Result<TemplateValue, String> {
        self.at += 1;
        let mut items = Vec::new();
        if self.next_byte()? == b']' {
            self.at += 1;
            return Ok(TemplateValue::list(items));
        }
        loop {
            items.push(self.read(depth + 1)?);
            match self.next_byte()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Ok(TemplateValue::List(ValueList::new(items)));
                }
                byte => return self.unexpected(byte, "after array element"),
            }
        }
    }

    fn read_object(&mut self, depth: usize) -> Result<TemplateValue, String> {
        self.at += 1;
        let mut entries = BTreeMap::new();
        self.count(MAP_NODES)?;
        if self.next_byte()? == b'}' {
            self.at += 1;
            return Ok(TemplateValue::Map(ValueMap::default()));
        }
        loop {
            match self.next_byte()? {
                b'"' => {}
                byte => return self.unexpected(byte, "looking for beginning of object key string"),
            }
            let key = self.read_string()?;
            self.count(1)?;
            match self.next_byte()? {
                b':' => self.at += 1,
                byte => return self.unexpected(byte, "after object key"),
            }
            let value = self.read(depth + 1)?;
            entries.insert(key.as_str().as_ref().into(), MapEntry { key_text: Some(key), value });
            match self.next_byte()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Ok(TemplateValue::Map(ValueMap::written(entries, None, None)));
                }
                byte => return self.unexpected(byte, "after object key:value pair"),
            }
        }
    }

    fn read_string(&mut self) -> Result<OriginText, String> {
        self.at += 1;
        let mut builder = TextBuilder::default();
        let mut run = self.at;
        loop {
            match self.peek() {
                None => return Err("unexpected end of JSON input".to_owned()),
                Some(b'"') => {
                    builder.push_slice(self.text, run..self.at);
                    self.at += 1;
                    return Ok(builder.finish());
                }
                Some(b'\\') => {
                    builder.push_slice(self.text, run..self.at);
                    let place = self.at;
                    let char = self.read_escape()?;
                    if let Some(source) = self.text.source_at(place) {
                        for byte in char.to_string().bytes() {
                            builder.push(&[byte], ChainId::NONE, source);
                        }
                    }
                    run = self.at;
                }
                Some(byte) if byte < b' ' => return self.unexpected(byte, "in string literal"),
                Some(_) => self.at += 1,
            }
        }
    }

    fn read_escape(&mut self) -> Result<char, String> {
        self.at += 1;
        let Some(kind) = self.peek() else { return Err("unexpected end of JSON input".to_owned()) };
        self.at += 1;
        Ok(match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.read_hex()?;
                let surrogate = (0xd800..0xdc00).contains(&high);
                if surrogate && self.text.bytes()[self.at..].starts_with(b"\\u") {
                    self.at += 2;
                    let low = self.read_hex()?;
                    let value = 0x10000 + ((high - 0xd800) << 10) + low.wrapping_sub(0xdc00);
                    return Ok(char::from_u32(value).unwrap_or('\u{fffd}'));
                }
                char::from_u32(high).unwrap_or('\u{fffd}')
            }
            byte => return self.unexpected(byte, "in string escape code"),
        })
    }

    fn read_hex(&mut self) -> Result<u32, String> {
        let digits = self.text.bytes().get(self.at..self.at + 4).unwrap_or_default();
        let text = std::str::from_utf8(digits).unwrap_or_default();
        let value = u32::from_str_radix(text, 16)
            .map_err(|_| "invalid character in \\u hexadecimal character escape".to_owned())?;
        if text.len() != 4 {
            return Err("unexpected end of JSON input".to_owned());
        }
        self.at += 4;
        Ok(value)
    }
}
