//! Go's `printf`: verbs, flags, widths, and the words for what does not fit.

use super::format_verb::push_verb;
use super::go_print::push_value;
use super::origin_table::ComputedId;
use super::origin_text::{OriginText, TextBuilder};
use super::template_value::TemplateValue;

/// Go takes widths up to a million, Rust's own formatting up to 65,535, and charts up to a hundred.
const MAX_WIDTH: usize = 60_000;

/// The flags and numbers between `%` and its verb.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FormatFlags {
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

impl FormatFlags {
    pub(super) fn is_plain(&self) -> bool {
        !self.plus
            && !self.sharp
            && !self.space
            && !self.zero
            && self.width.is_none()
            && self.precision.is_none()
    }
}

struct FormatRun<'a> {
    format: &'a OriginText,
    arguments: &'a [TemplateValue],
    glue: ComputedId,
    builder: TextBuilder,
    at: usize,
    next: usize,
    reordered: bool,
    bad_index: bool,
}

/// `fmt.Sprintf`: the format's own bytes keep their origin, as do strings and scalars that are put in as they are.
pub(super) fn format_text(format: &OriginText, arguments: &[TemplateValue], glue: ComputedId) -> OriginText {
    let builder = TextBuilder::default();
    let mut run =
        FormatRun { format, arguments, glue, builder, at: 0, next: 0, reordered: false, bad_index: false };
    run.run();
    run.builder.finish()
}

/// `fmt.Sprint`: a space between two operands neither of which is a string.
pub(super) fn print_operands(arguments: &[TemplateValue], glue: ComputedId) -> OriginText {
    let mut builder = TextBuilder::default();
    let mut was_text = true;
    for (index, argument) in arguments.iter().enumerate() {
        let is_text = matches!(argument, TemplateValue::Text(_));
        if index > 0 && !is_text && !was_text {
            builder.push_computed(" ", glue);
        }
        push_value(&mut builder, argument, glue);
        was_text = is_text;
    }
    builder.finish()
}

/// `fmt.Sprintln`: a space between all operands, a line's end behind them.
pub(super) fn print_line(arguments: &[TemplateValue], glue: ComputedId) -> OriginText {
    let mut builder = TextBuilder::default();
    for (index, argument) in arguments.iter().enumerate() {
        if index > 0 {
            builder.push_computed(" ", glue);
        }
        push_value(&mut builder, argument, glue);
    }
    builder.push_computed("\n", glue);
    builder.finish()
}

impl FormatRun<'_> {
    fn byte(&self) -> Option<u8> {
        self.format.bytes().get(self.at).copied()
    }

    fn run(&mut self) {
        while self.at < self.format.len() {
            let rest = &self.format.bytes()[self.at..];
            let plain = rest.iter().position(|byte| *byte == b'%').unwrap_or(rest.len());
            self.builder.push_slice(self.format, self.at..self.at + plain);
            self.at += plain;
            if self.at < self.format.len() {
                self.at += 1;
                self.bad_index = false;
                self.run_verb();
            }
        }
        if !self.reordered && self.next < self.arguments.len() {
            self.push_extra();
        }
    }

    fn push_extra(&mut self) {
        self.builder.push_computed("%!(EXTRA ", self.glue);
        for (index, argument) in self.arguments[self.next..].iter().enumerate() {
            if index > 0 {
                self.builder.push_computed(", ", self.glue);
            }
            self.builder.push_computed(argument.type_name(), self.glue);
            if !argument.is_nil() {
                self.builder.push_computed("=", self.glue);
                push_value(&mut self.builder, argument, self.glue);
            }
        }
        self.builder.push_computed(")", self.glue);
    }

    fn run_verb(&mut self) {
        let mut flags = self.read_flags();
        self.read_index();
        if self.byte() == Some(b'*') {
            self.at += 1;
            self.read_star_width(&mut flags);
        } else {
            flags.width = self.read_number();
        }
        if self.byte() == Some(b'.') {
            self.at += 1;
            self.read_index();
            if self.byte() == Some(b'*') {
                self.at += 1;
                flags.precision = self.take_int().and_then(|value| usize::try_from(value).ok());
            } else {
                flags.precision = Some(self.read_number().unwrap_or(0));
            }
        }
        self.read_index();
        let text = self.format.as_str();
        let Some(verb) = text.get(self.at..).and_then(|rest| rest.chars().next()) else {
            self.builder.push_computed("%!(NOVERB)", self.glue);
            return;
        };
        self.at += verb.len_utf8();
        if verb == '%' {
            self.builder.push_computed("%", self.glue);
        } else if self.bad_index {
            self.builder.push_computed(format!("%!{verb}(BADINDEX)"), self.glue);
        } else if let Some(argument) = self.arguments.get(self.next) {
            self.next += 1;
            push_verb(&mut self.builder, argument, verb, flags, self.glue);
        } else {
            self.builder.push_computed(format!("%!{verb}(MISSING)"), self.glue);
        }
    }

    fn read_flags(&mut self) -> FormatFlags {
        let mut flags = FormatFlags::default();
        loop {
            match self.byte() {
                Some(b'+') => flags.plus = true,
                Some(b'-') => flags.minus = true,
                Some(b'#') => flags.sharp = true,
                Some(b' ') => flags.space = true,
                Some(b'0') => flags.zero = true,
                _ => return flags,
            }
            self.at += 1;
        }
    }

    fn read_number(&mut self) -> Option<usize> {
        let digits = self.format.bytes()[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let text = &self.format.bytes()[self.at..self.at + digits];
        let value = std::str::from_utf8(text).ok()?.parse::<usize>().ok();
        self.at += digits;
        value.filter(|value| *value <= MAX_WIDTH)
    }

    fn take_int(&mut self) -> Option<i64> {
        let value = match self.arguments.get(self.next) {
            Some(TemplateValue::Int(value, ..)) => Some(*value),
            _ => None,
        };
        self.next += 1;
        value
    }

    fn read_star_width(&mut self, flags: &mut FormatFlags) {
        match self.take_int() {
            Some(width) => {
                flags.minus |= width < 0;
                flags.width = usize::try_from(width.unsigned_abs()).ok().filter(|width| *width <= MAX_WIDTH);
            }
            None => self.builder.push_computed("%!(BADWIDTH)", self.glue),
        }
    }

    /// `[2]`: which operand comes next.
    fn read_index(&mut self) {
        if self.byte() != Some(b'[') {
            return;
        }
        self.reordered = true;
        let rest = &self.format.bytes()[self.at + 1..];
        let Some(end) = rest.iter().position(|byte| *byte == b']') else {
            self.bad_index = true;
            self.at += 1;
            return;
        };
        let number = std::str::from_utf8(&rest[..end]).ok().and_then(|text| text.parse::<usize>().ok());
        self.at += end + 2;
        match number.and_then(|number| number.checked_sub(1)).filter(|index| *index < self.arguments.len()) {
            Some(index) => self.next = index,
            None => self.bad_index = true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::origin_table::{ActionSite, OriginTable};

    fn print(format: &str, arguments: &[TemplateValue]) -> String {
        let mut table = OriginTable::default();
        let file = table.add_file("x");
        let glue = table.add_computed(ActionSite { file, offset: 0, length: 0 }, Vec::new());
        let format = OriginText::from_file(file, 0, format);
        format_text(&format, arguments, glue).as_str().into_owned()
    }

    fn text(text: &str) -> TemplateValue {
        let mut table = OriginTable::default();
        TemplateValue::Text(OriginText::from_file(table.add_file("x"), 0, text))
    }

    #[test]
    fn verbs_print_as_go_prints_them() {
        let ints: Vec<TemplateValue> = (0..7).map(|_| TemplateValue::int(42)).collect();
        assert_eq!(print("%5d|%-5d|%05d|%x|%o|%b|%+d", &ints), "   42|42   |00042|2a|52|101010|+42");
        assert_eq!(
            print("%5s|%.2s|%q", &[text("abc"), text("abc"), text("a\"b\n")]),
            "  abc|ab|\"a\\\"b\\n\""
        );
        assert_eq!(
            print("%d %s", &[TemplateValue::Float(1e6, None), TemplateValue::NIL]),
            "%!d(float64=1e+06) %!s(<nil>)"
        );
    }

    #[test]
    fn what_does_not_fit_is_said_in_gos_words() {
        assert_eq!(print("%s", &[]), "%!s(MISSING)");
        assert_eq!(print("%", &[]), "%!(NOVERB)");
        assert_eq!(print("%s", &[text("a"), text("b")]), "a%!(EXTRA string=b)");
        assert_eq!(print("%[2]s %[1]s", &[text("a"), text("b")]), "b a");
    }
}
