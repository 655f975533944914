//! Says which key or mouse event a terminal's control sequence stands for.

use crate::app::{AppEvent, KeyName, KeyPress, MouseEvent, MouseKind};

/// The most bytes of parameters that are kept: no key has more. What is longer stands for nothing.
const MAX_PARAMETERS: usize = 64;

/// What stands between `ESC [` and the last byte of a control sequence.
#[derive(Debug, Default)]
pub(super) struct SequenceParameters {
    text: String,
    is_overlong: bool,
}

impl SequenceParameters {
    pub(super) fn push_byte(&mut self, byte: u8) {
        if self.text.len() < MAX_PARAMETERS {
            self.text.push(char::from(byte));
        } else {
            self.is_overlong = true;
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// True at the begin of a bracketed paste.
    pub(super) fn begins_paste(&self, last: u8) -> bool {
        last == b'~' && self.text == "200"
    }

    /// The event of the sequence that ends with `last`. None for one that is not for us.
    pub(super) fn to_event(&self, last: u8) -> Option<AppEvent> {
        if self.is_overlong {
            return None;
        }
        if let Some(report) = self.text.strip_prefix('<') {
            return mouse_report(report, last);
        }
        // Any other mark is that of an answer, or of a function key of the console.
        if !self.text.bytes().all(|byte| matches!(byte, b'0'..=b';')) {
            return None;
        }
        let mut numbers = self.text.split(';');
        let first = numbers.next().unwrap_or_default();
        let second = numbers.next().unwrap_or("1");
        let code = match last {
            b'I' if self.is_empty() => return Some(AppEvent::FocusGained),
            b'O' if self.is_empty() => return Some(AppEvent::FocusLost),
            // The form in which xterm tells keys that have no sequence of their own.
            b'~' if first == "27" => key_of_code(numbers.next()?)?,
            b'~' => numbered_key(first)?,
            b'u' => key_of_code(first)?,
            // With numbers it is the answer where the cursor stands.
            b'R' if !self.is_empty() => return None,
            letter => lettered_key(letter)?,
        };
        modified_key(code, second)
    }
}

/// The key of `ESC [ letter` or `ESC O letter`.
pub(super) const fn lettered_key(letter: u8) -> Option<KeyName> {
    Some(match letter {
        b'A' => KeyName::Up,
        b'B' => KeyName::Down,
        b'C' => KeyName::Right,
        b'D' => KeyName::Left,
        b'F' => KeyName::End,
        b'H' => KeyName::Home,
        b'P' => KeyName::Function(1),
        b'Q' => KeyName::Function(2),
        b'R' => KeyName::Function(3),
        b'S' => KeyName::Function(4),
        b'Z' => KeyName::BackTab,
        _ => return None,
    })
}

fn numbered_key(number: &str) -> Option<KeyName> {
    Some(match number {
        "1" | "7" => KeyName::Home,
        "2" => KeyName::Insert,
        "3" => KeyName::Delete,
        "4" | "8" => KeyName::End,
        "5" => KeyName::PageUp,
        "6" => KeyName::PageDown,
        // The numbers leave gaps, where terminals of old had a gap between their keys.
        "11" => KeyName::Function(1),
        "12" => KeyName::Function(2),
        "13" => KeyName::Function(3),
        "14" => KeyName::Function(4),
        "15" => KeyName::Function(5),
        "17" => KeyName::Function(6),
        "18" => KeyName::Function(7),
        "19" => KeyName::Function(8),
        "20" => KeyName::Function(9),
        "21" => KeyName::Function(10),
        "23" => KeyName::Function(11),
        "24" => KeyName::Function(12),
        _ => return None,
    })
}

/// The key with this number in Unicode; a second number, after a colon, says what Shift makes of it.
fn key_of_code(code: &str) -> Option<KeyName> {
    let plain = code.split(':').next()?;
    Some(match char::from_u32(plain.parse().ok()?)? {
        '\r' => KeyName::Enter,
        '\t' => KeyName::Tab,
        '\x1b' => KeyName::Esc,
        '\x08' | '\x7f' => KeyName::Backspace,
        c if c.is_control() => return None,
        c => KeyName::Char(c),
    })
}

/// The key with the modifiers that the sequence's second number tells: one more than the sum of 1 for Shift, 2 for
/// Alt, 4 for Ctrl. A key that is let go stands for nothing.
fn modified_key(code: KeyName, modifiers: &str) -> Option<AppEvent> {
    let (mask, kind) = modifiers.split_once(':').unwrap_or((modifiers, "1"));
    let bits = mask.parse::<u8>().ok()?.saturating_sub(1);
    let code = match code {
        KeyName::Tab if bits & 1 != 0 => KeyName::BackTab,
        KeyName::Char(c) if bits & 1 != 0 => KeyName::Char(c.to_uppercase().next().unwrap_or(c)),
        code => code,
    };
    let key = KeyPress { code, alt: bits & 2 != 0, ctrl: bits & 4 != 0 };
    match kind {
        "3" => None,
        "2" => Some(AppEvent::KeyRepeat(key)),
        _ => Some(AppEvent::Key(key)),
    }
}

/// A report such as `0;12;4`: button, column and row; it ends with `m` for a button that is let go.
fn mouse_report(report: &str, last: u8) -> Option<AppEvent> {
    let mut numbers = report.split(';').map(|number| number.parse::<u16>().ok());
    let (button, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    match last {
        b'M' => mouse_event(button, column, row),
        b'm' if button & 0b1110_0011 == 0 => Some(at_cell(MouseKind::Release, column, row)),
        _ => None,
    }
}

/// The mouse event by a report's number: the button in its lowest two bits, 32 while the mouse moves, 64 for the
/// wheel. Columns and rows count from 1.
pub(super) fn mouse_event(button: u16, column: u16, row: u16) -> Option<AppEvent> {
    /// Shift, Alt and Ctrl.
    const HELD_KEYS: u16 = 0b1_1100;
    let kind = match button & !HELD_KEYS {
        0 => MouseKind::Press,
        3 => MouseKind::Release,
        32 => MouseKind::Drag,
        64 => MouseKind::WheelUp,
        65 => MouseKind::WheelDown,
        _ => return None,
    };
    Some(at_cell(kind, column, row))
}

const fn at_cell(kind: MouseKind, column: u16, row: u16) -> AppEvent {
    AppEvent::Mouse(MouseEvent { kind, column: column.saturating_sub(1), row: row.saturating_sub(1) })
}
