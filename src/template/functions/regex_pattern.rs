//! Patterns of RE2, as Go reads them, written as Rust's `regex` reads the same.

use regex::escape;

/// How often Go lets something repeat.
const MAX_REPEAT: u32 = 1000;

/// Names of classes such as `[[:alpha:]]`.
const CLASS_NAMES: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];

struct PatternReader<'a> {
    rest: &'a str,
    out: String,
    /// Whether there is something that an operator may repeat, and whether it is repeated already.
    atom: AtomState,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum AtomState {
    None,
    Plain,
    Repeated,
}

/// What stands in a class.
enum ClassItem {
    Char(String),
    /// Several characters, which begin and end no range.
    Set(String),
}

/// The pattern in Rust's way, or Go's refusal of it in short.
pub(super) fn translate_pattern(pattern: &str) -> Result<String, &'static str> {
    let out = String::with_capacity(pattern.len() + 8);
    let mut reader = PatternReader { rest: pattern, out, atom: AtomState::None };
    while let Some(char) = reader.rest.chars().next() {
        reader.read_part(char)?;
    }
    Ok(reader.out)
}

impl<'a> PatternReader<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn copy(&mut self, length: usize) {
        let taken = self.take(length);
        self.out.push_str(taken);
    }

    fn put_atom(&mut self, text: &str) {
        self.out.push_str(text);
        self.atom = AtomState::Plain;
    }

    fn read_part(&mut self, char: char) -> Result<(), &'static str> {
        match char {
            '\\' => self.read_escape(),
            '[' => self.read_class(),
            '*' | '+' | '?' => {
                let operator = self.take(1);
                self.put_repeat(operator)
            }
            '{' => match repeat_length(self.rest) {
                Some(length) => {
                    let operator = self.take(length);
                    check_counts(operator)?;
                    self.put_repeat(operator)
                }
                None => {
                    self.take(1);
                    self.put_atom("\\{");
                    Ok(())
                }
            },
            '(' => self.read_group(),
            '|' => {
                self.copy(1);
                self.atom = AtomState::None;
                Ok(())
            }
            '}' | ']' => {
                let text = escape(self.take(1));
                self.put_atom(&text);
                Ok(())
            }
            _ => {
                let text = self.take(char.len_utf8());
                self.put_atom(text);
                Ok(())
            }
        }
    }

    /// An operator with the `?` that makes it lazy. Go lets none follow another.
    fn put_repeat(&mut self, operator: &str) -> Result<(), &'static str> {
        match self.atom {
            AtomState::None => return Err("missing argument to repetition operator"),
            AtomState::Repeated => return Err("invalid nested repetition operator"),
            AtomState::Plain => {}
        }
        self.out.push_str(operator);
        if self.rest.starts_with('?') {
            self.copy(1);
        }
        self.atom = AtomState::Repeated;
        Ok(())
    }

    fn read_group(&mut self) -> Result<(), &'static str> {
        self.copy(1);
        self.atom = AtomState::None;
        let Some(inner) = self.rest.strip_prefix('?') else { return Ok(()) };
        if inner.starts_with("P<") || inner.starts_with('<') {
            let end = inner.find('>').ok_or("invalid named capture")?;
            self.copy(end + 2);
            return Ok(());
        }
        let end = inner.find([':', ')']).ok_or("missing closing )")?;
        if !inner[..end].chars().all(|flag| matches!(flag, 'i' | 'm' | 's' | 'U' | '-')) {
            return Err("invalid or unsupported Perl syntax");
        }
        self.copy(end + 2);
        Ok(())
    }

    fn read_escape(&mut self) -> Result<(), &'static str> {
        let char = self.rest[1..].chars().next().ok_or("trailing backslash at end of expression")?;
        if char == 'Q' {
            let body = &self.rest[2..];
            let end = body.find("\\E");
            let quoted = &body[..end.unwrap_or(body.len())];
            self.rest = end.map_or("", |end| &body[end + 2..]);
            for char in quoted.chars() {
                self.put_atom(&escape(char.encode_utf8(&mut [0; 4])));
            }
            return Ok(());
        }
        match char {
            'A' | 'z' => {
                let text = self.take(2);
                self.put_atom(text);
            }
            'b' | 'B' => {
                let text = format!("(?-u:{})", self.take(2));
                self.put_atom(&text);
            }
            _ => match self.escaped_item()? {
                ClassItem::Set(set) => self.put_atom(&format!("[{set}]")),
                ClassItem::Char(text) => self.put_atom(&text),
            },
        }
        Ok(())
    }

    /// An escape that may stand in a class too, as it may be written there.
    fn escaped_item(&mut self) -> Result<ClassItem, &'static str> {
        let char = self.rest[1..].chars().next().ok_or("trailing backslash at end of expression")?;
        let set = match char {
            'd' => "0-9",
            'D' => "[^0-9]",
            'w' => "0-9A-Za-z_",
            'W' => "[^0-9A-Za-z_]",
            's' => "\\t\\n\\f\\r ",
            'S' => "[^\\t\\n\\f\\r ]",
            'p' | 'P' => {
                let length = match self.rest[2..].chars().next().ok_or("invalid character class range")? {
                    '{' => self.rest.find('}').ok_or("invalid character class range")? + 1,
                    name => 2 + name.len_utf8(),
                };
                return Ok(ClassItem::Set(self.take(length).to_owned()));
            }
            _ => return self.escaped_char(char).map(ClassItem::Char),
        };
        self.take(2);
        Ok(ClassItem::Set(set.to_owned()))
    }

    fn escaped_char(&mut self, char: char) -> Result<String, &'static str> {
        match char {
            'a' | 'f' | 't' | 'n' | 'r' | 'v' => Ok(self.take(2).to_owned()),
            'x' if self.rest[2..].starts_with('{') => {
                let length = self.rest.find('}').ok_or("invalid escape sequence")? + 1;
                Ok(self.take(length).to_owned())
            }
            'x' => {
                let digits = self.rest.get(2..4).ok_or("invalid escape sequence")?;
                let code = u32::from_str_radix(digits, 16).map_err(|_| "invalid escape sequence")?;
                self.take(4);
                Ok(code_escape(code))
            }
            '0'..='7' => self.read_octal(),
            _ if char.is_ascii_alphanumeric() || !char.is_ascii() => Err("invalid escape sequence"),
            _ => {
                self.take(2);
                Ok(code_escape(u32::from(char)))
            }
        }
    }

    /// `\012`; a single digit but zero would be a reference back.
    fn read_octal(&mut self) -> Result<String, &'static str> {
        let digits = self.rest[1..].bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
        if digits == 1 && !self.rest[1..].starts_with('0') {
            return Err("invalid escape sequence");
        }
        let text = self.take(1 + digits);
        let code = u32::from_str_radix(&text[1..], 8).map_err(|_| "invalid escape sequence")?;
        Ok(code_escape(code))
    }

    /// `[…]`: a bracket, a hyphen, `&&` or `--` within means itself in Go where it is no range.
    fn read_class(&mut self) -> Result<(), &'static str> {
        self.copy(1);
        if self.rest.starts_with('^') {
            self.copy(1);
        }
        let mut is_first = true;
        loop {
            let char = self.rest.chars().next().ok_or("missing closing ]")?;
            if char == ']' && !is_first {
                break;
            }
            is_first = false;
            match self.class_item(char)? {
                ClassItem::Set(set) => self.out.push_str(&set),
                ClassItem::Char(low) => {
                    self.out.push_str(&low);
                    self.read_range_end()?;
                }
            }
        }
        self.take(1);
        self.put_atom("]");
        Ok(())
    }

    fn read_range_end(&mut self) -> Result<(), &'static str> {
        let Some(high) = self.rest.strip_prefix('-').and_then(|rest| rest.chars().next()) else {
            return Ok(());
        };
        if high == ']' {
            return Ok(());
        }
        self.copy(1);
        match self.class_item(high)? {
            ClassItem::Char(high) => self.out.push_str(&high),
            ClassItem::Set(_) => return Err("invalid character class range"),
        }
        Ok(())
    }

    fn class_item(&mut self, char: char) -> Result<ClassItem, &'static str> {
        if char == '\\' {
            return self.escaped_item();
        }
        if let Some(inner) = self.rest.strip_prefix("[:")
            && let Some(end) = inner.find(":]")
        {
            if !CLASS_NAMES.contains(&inner[..end].trim_start_matches('^')) {
                return Err("invalid character class range");
            }
            return Ok(ClassItem::Set(self.take(end + 4).to_owned()));
        }
        self.take(char.len_utf8());
        Ok(ClassItem::Char(code_escape(u32::from(char))))
    }
}

fn code_escape(code: u32) -> String {
    format!("\\x{{{code:x}}}")
}

/// The length of `{n}`, `{n,}` or `{n,m}` at the beginning; all else is a brace.
fn repeat_length(text: &str) -> Option<usize> {
    let end = text.find('}')?;
    let inner = &text[1..end];
    let (low, high) = inner.split_once(',').unwrap_or((inner, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (!low.is_empty() && is_number(low) && is_number(high)).then_some(end + 1)
}

fn check_counts(operator: &str) -> Result<(), &'static str> {
    let inner = &operator[1..operator.len() - 1];
    let counts: Vec<Option<u32>> =
        inner.split(',').filter(|text| !text.is_empty()).map(|text| text.parse().ok()).collect();
    let fits =
        counts.iter().all(|count| count.is_some_and(|count| count <= MAX_REPEAT)) && counts.is_sorted();
    if fits { Ok(()) } else { Err("invalid repeat count") }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a pattern fits in a text; none where Go refuses the pattern.
    fn fits(pattern: &str, text: &str) -> Option<bool> {
        let pattern = translate_pattern(pattern).ok()?;
        regex::Regex::new(&pattern).ok().map(|regex| regex.is_match(text))
    }

    #[test]
    fn what_go_takes_literally_is_literal() {
        for (pattern, text) in [
            (r"^(?P<x>a)(?<y>b)(?i:C)$", "abc"),
            (r"(?i)^A$", "a"),
            (r"^{{.*}}$", "{{ x }}"),
            (r"^a{,3}$", "a{,3}"),
            (r"^\<a\>$", "<a>"),
            (r"^[[&&a]+$", "[&&"),
            (r"^[\w-.]+$", "a-.b"),
            (r"^[]a]+$", "]a"),
            (r"^[--/]$", "."),
            (r"^\Qa.b\E+$", "a.bb"),
            (r"^]}\012$", "]}\n"),
        ] {
            assert_eq!(fits(pattern, text), Some(true), "{pattern}");
        }
    }

    #[test]
    fn what_go_refuses_is_refused() {
        for pattern in [
            "a**", "*a", "(?=a)", "(?x)a", "a{2,1}", "a{1001}", "[a", "\\h", "\\1", "[a-\\d]", "[[:x:]]",
            "a\\",
        ] {
            assert_eq!(fits(pattern, "a"), None, "{pattern}");
        }
    }
}
