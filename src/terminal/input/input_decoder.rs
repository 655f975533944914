//! Decodes the terminal's bytes, one by one, into the app's events. Bytes may come in any pieces: nothing that a read
//! cut in two is taken for keys, and no sequence, whole or broken, stops the keys behind it.

use std::time::Duration;

use super::control_sequence::{SequenceParameters, lettered_key, mouse_event};
use crate::app::{AppEvent, KeyName, KeyPress};

/// The time for a sequence to go on after its first bytes, which keys send as well: Esc, or Alt with another.
const KEY_PATIENCE: Duration = Duration::from_millis(30);
/// The time for the rest of what can only be a sequence, over a slow line too.
const SEQUENCE_PATIENCE: Duration = Duration::from_millis(500);
/// The time for the rest of a paste to come: what is cut off must not be taken for keys.
const PASTE_PATIENCE: Duration = Duration::from_secs(3);
/// The most bytes of a paste that are kept.
const MAX_PASTE: usize = 1 << 20;
/// What ends a paste.
const PASTE_END: &[u8] = b"\x1b[201~";

/// What the next byte belongs to.
#[derive(Debug, Default)]
enum DecoderState {
    #[default]
    Ground,
    /// After `ESC`.
    Escape,
    /// After `ESC O`.
    SingleShift,
    /// After `ESC [`.
    Control(SequenceParameters),
    /// After `ESC [ M`: button, column and row, each in a byte.
    OldMouse(Vec<u8>),
    /// In an answer of the terminal to something that is no question of ours any more. With the letter that began it,
    /// and true after an `ESC` that may end it.
    Answer { opener: u8, is_empty: bool, after_escape: bool },
    /// In a character of more than one byte.
    Character { bytes: Vec<u8>, length: usize, alt: bool },
    /// In a paste.
    Paste(Vec<u8>),
}

#[derive(Default)]
pub(super) struct InputDecoder {
    state: DecoderState,
}

impl InputDecoder {
    /// How long to wait for the next byte; None where nothing is begun.
    pub(super) const fn patience(&self) -> Option<Duration> {
        match &self.state {
            DecoderState::Ground => None,
            DecoderState::Escape
            | DecoderState::SingleShift
            | DecoderState::Answer { is_empty: true, after_escape: false, .. } => Some(KEY_PATIENCE),
            DecoderState::Control(parameters) if parameters.is_empty() => Some(KEY_PATIENCE),
            DecoderState::Paste(_) => Some(PASTE_PATIENCE),
            _ => Some(SEQUENCE_PATIENCE),
        }
    }

    /// Ends what was begun, as no more of it came.
    pub(super) fn give_up_waiting(&mut self, events: &mut Vec<AppEvent>) {
        match std::mem::take(&mut self.state) {
            DecoderState::Escape => events.push(press_key(KeyName::Esc, false)),
            DecoderState::SingleShift => events.push(press_key(KeyName::Char('O'), true)),
            DecoderState::Control(parameters) if parameters.is_empty() => {
                events.push(press_key(KeyName::Char('['), true));
            }
            DecoderState::Answer { opener, is_empty: true, after_escape: false } => {
                events.push(press_key(KeyName::Char(char::from(opener)), true));
            }
            DecoderState::Paste(text) => events.push(paste_text(&text)),
            _ => {}
        }
    }

    /// Takes the next byte.
    pub(super) fn take_byte(&mut self, byte: u8, events: &mut Vec<AppEvent>) {
        self.state = match std::mem::take(&mut self.state) {
            DecoderState::Ground => start_key(byte, false, events),
            DecoderState::Escape => after_escape(byte, events),
            DecoderState::SingleShift => {
                events.extend(lettered_key(byte).map(|code| press_key(code, false)));
                if byte == b'M' {
                    events.push(press_key(KeyName::Enter, false));
                }
                if byte == b'\x1b' { DecoderState::Escape } else { DecoderState::Ground }
            }
            DecoderState::Control(parameters) => in_control(parameters, byte, events),
            DecoderState::OldMouse(bytes) => in_old_mouse(bytes, byte, events),
            DecoderState::Answer { opener, after_escape, .. } => {
                in_answer(opener, after_escape, byte, events)
            }
            DecoderState::Character { bytes, length, alt } => in_character(bytes, length, alt, byte, events),
            DecoderState::Paste(text) => in_paste(text, byte, events),
        };
    }
}

/// A byte that begins something, after `ESC` where `alt` says so.
fn start_key(byte: u8, alt: bool, events: &mut Vec<AppEvent>) -> DecoderState {
    let (code, ctrl) = match byte {
        b'\x1b' => return DecoderState::Escape,
        b'\r' => (KeyName::Enter, false),
        b'\t' => (KeyName::Tab, false),
        b'\x7f' => (KeyName::Backspace, false),
        0 => (KeyName::Char(' '), true),
        1..=26 => (KeyName::Char(char::from(byte - 1 + b'a')), true),
        28..=31 => (KeyName::Char(char::from(byte - 28 + b'4')), true),
        b' '..=b'~' => (KeyName::Char(char::from(byte)), false),
        0xc2..=0xf4 => {
            let length = usize::try_from(byte.leading_ones()).unwrap_or(1);
            return DecoderState::Character { bytes: vec![byte], length, alt };
        }
        // No character begins with it.
        _ => return DecoderState::Ground,
    };
    events.push(AppEvent::Key(KeyPress { code, ctrl, alt }));
    DecoderState::Ground
}

fn after_escape(byte: u8, events: &mut Vec<AppEvent>) -> DecoderState {
    match byte {
        b'[' => DecoderState::Control(SequenceParameters::default()),
        b'O' => DecoderState::SingleShift,
        b'\x1b' => {
            events.push(press_key(KeyName::Esc, false));
            DecoderState::Escape
        }
        opener @ (b']' | b'P' | b'X' | b'^' | b'_') => {
            DecoderState::Answer { opener, is_empty: true, after_escape: false }
        }
        byte => start_key(byte, true, events),
    }
}

fn in_control(mut parameters: SequenceParameters, byte: u8, events: &mut Vec<AppEvent>) -> DecoderState {
    match byte {
        b'M' if parameters.is_empty() => DecoderState::OldMouse(Vec::new()),
        // The console of Linux tells its first function keys so: `ESC [ [ A`.
        b'[' if parameters.is_empty() => {
            parameters.push_byte(byte);
            DecoderState::Control(parameters)
        }
        b' '..=b'?' => {
            parameters.push_byte(byte);
            DecoderState::Control(parameters)
        }
        b'@'..=b'~' if parameters.begins_paste(byte) => DecoderState::Paste(Vec::new()),
        b'@'..=b'~' => {
            events.extend(parameters.to_event(byte));
            DecoderState::Ground
        }
        // Broken off.
        byte => start_key(byte, false, events),
    }
}

fn in_old_mouse(mut bytes: Vec<u8>, byte: u8, events: &mut Vec<AppEvent>) -> DecoderState {
    bytes.push(byte);
    let [button, column, row] = bytes[..] else { return DecoderState::OldMouse(bytes) };
    let number = |byte: u8| u16::from(byte.saturating_sub(32));
    events.extend(mouse_event(number(button), number(column), number(row)));
    DecoderState::Ground
}

fn in_answer(opener: u8, after_escape: bool, byte: u8, events: &mut Vec<AppEvent>) -> DecoderState {
    match (byte, after_escape) {
        (b'\\', true) | (b'\x07', _) => DecoderState::Ground,
        (b'\x1b', _) => DecoderState::Answer { opener, is_empty: false, after_escape: true },
        // Something else begins here.
        (byte, true) => self::after_escape(byte, events),
        _ => DecoderState::Answer { opener, is_empty: false, after_escape: false },
    }
}

fn in_character(
    mut bytes: Vec<u8>,
    length: usize,
    alt: bool,
    byte: u8,
    events: &mut Vec<AppEvent>,
) -> DecoderState {
    if !(0x80..0xc0).contains(&byte) {
        // Broken off.
        return start_key(byte, false, events);
    }
    bytes.push(byte);
    if bytes.len() < length {
        return DecoderState::Character { bytes, length, alt };
    }
    let character = std::str::from_utf8(&bytes).ok().and_then(|text| text.chars().next());
    events.extend(character.filter(|c| !c.is_control()).map(|c| press_key(KeyName::Char(c), alt)));
    DecoderState::Ground
}

fn in_paste(mut text: Vec<u8>, byte: u8, events: &mut Vec<AppEvent>) -> DecoderState {
    if text.len() >= MAX_PASTE {
        // What is kept last is only looked at for the end.
        let kept = MAX_PASTE - PASTE_END.len();
        text.remove(kept);
    }
    text.push(byte);
    if let Some(whole) = text.strip_suffix(PASTE_END) {
        events.push(paste_text(whole));
        return DecoderState::Ground;
    }
    DecoderState::Paste(text)
}

fn paste_text(bytes: &[u8]) -> AppEvent {
    AppEvent::Paste(String::from_utf8_lossy(bytes).into_owned())
}

const fn press_key(code: KeyName, alt: bool) -> AppEvent {
    AppEvent::Key(KeyPress { code, ctrl: false, alt })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{MouseEvent, MouseKind};

    fn decode(pieces: &[&[u8]]) -> Vec<AppEvent> {
        let (mut decoder, mut events) = (InputDecoder::default(), Vec::new());
        for piece in pieces {
            piece.iter().for_each(|byte| decoder.take_byte(*byte, &mut events));
        }
        if decoder.patience().is_some() {
            decoder.give_up_waiting(&mut events);
        }
        assert!(decoder.patience().is_none());
        events
    }

    fn described(bytes: &[u8]) -> String {
        let whole = format!("{:?}", decode(&[bytes]));
        for at in 0..bytes.len() {
            let cut = format!("{:?}", decode(&[&bytes[..at], &bytes[at..]]));
            assert_eq!(cut, whole, "{} cut at {at}", bytes.escape_ascii());
        }
        whole
    }

    /// A key, with Ctrl, with Alt.
    type WantedKey = (KeyName, bool, bool);

    fn keys(wanted: &[WantedKey]) -> String {
        let key = |&(code, ctrl, alt): &WantedKey| AppEvent::Key(KeyPress { code, ctrl, alt });
        format!("{:?}", wanted.iter().map(key).collect::<Vec<_>>())
    }

    #[test]
    fn keys_are_told_by_each_of_their_sequences() {
        use KeyName::{
            BackTab, Backspace, Char, Delete, Down, End, Enter, Esc, Function, Home, Insert, PageUp, Tab, Up,
        };
        let cases: &[(&[u8], &[WantedKey])] = &[
            (b"aG", &[(Char('a'), false, false), (Char('G'), false, false)]),
            (
                "é漢😀".as_bytes(),
                &[(Char('é'), false, false), (Char('漢'), false, false), (Char('😀'), false, false)],
            ),
            (
                b"\r\n\t\x7f\x03\x00",
                &[
                    (Enter, false, false),
                    (Char('j'), true, false),
                    (Tab, false, false),
                    (Backspace, false, false),
                    (Char('c'), true, false),
                    (Char(' '), true, false),
                ],
            ),
            (
                b"\x1b[A\x1bOB\x1b[H\x1b[4~\x1b[5~\x1b[3~\x1b[Z",
                &[
                    (Up, false, false),
                    (Down, false, false),
                    (Home, false, false),
                    (End, false, false),
                    (PageUp, false, false),
                    (Delete, false, false),
                    (BackTab, false, false),
                ],
            ),
            (b"\x1b[1;5A\x1b[1;3B\x1b[6;5:3~", &[(Up, true, false), (Down, false, true)]),
            (
                b"\x1b[97;5u\x1b[27;2;97~\x1b[9;2u\x1b[13u",
                &[
                    (Char('a'), true, false),
                    (Char('A'), false, false),
                    (BackTab, false, false),
                    (Enter, false, false),
                ],
            ),
            (
                b"\x1bq\x1b\r\x1b\xc3\xa9",
                &[(Char('q'), false, true), (Enter, false, true), (Char('é'), false, true)],
            ),
            (b"\x1b\x1b[A\x1b", &[(Esc, false, false), (Up, false, false), (Esc, false, false)]),
            (b"\x1b[", &[(Char('['), false, true)]),
            (b"\x1bO", &[(Char('O'), false, true)]),
            (b"\x1b]", &[(Char(']'), false, true)]),
            (
                b"\x1bOP\x1bOS\x1b[15~\x1b[24;5~\x1b[2~\x1b[R",
                &[
                    (Function(1), false, false),
                    (Function(4), false, false),
                    (Function(5), false, false),
                    (Function(12), true, false),
                    (Insert, false, false),
                    (Function(3), false, false),
                ],
            ),
            // What is no key, or broken off, or no text at all.
            (
                b"\x1b[[A\x1b[99~\x1b[?1;2c\x1b[12;40R\x1b]11;rgb:f/f/f\x07\x1bP1\x1b\\a",
                &[(Char('a'), false, false)],
            ),
            (b"\x1b[<0;1\x1b[A", &[(Up, false, false)]),
            (b"\xc3q\xff\xf0\x9f\x1b[A\xc2\x9b", &[(Char('q'), false, false), (Up, false, false)]),
        ];
        for (bytes, wanted) in cases {
            assert_eq!(described(bytes), keys(wanted), "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn the_mouse_is_told_in_both_forms() {
        let at = |kind, column, row| AppEvent::Mouse(MouseEvent { kind, column, row });
        let wanted = [
            at(MouseKind::Press, 299, 4),
            at(MouseKind::Drag, 299, 4),
            at(MouseKind::Release, 299, 4),
            at(MouseKind::WheelDown, 0, 0),
            at(MouseKind::Press, 0, 0),
            at(MouseKind::Release, 150, 1),
        ];
        let bytes =
            b"\x1b[<0;300;5M\x1b[<32;300;5M\x1b[<0;300;5m\x1b[<65;0;0M\x1b[M !!\x1b[M#\xb7\"\x1b[<35;9;9M";
        assert_eq!(described(bytes), format!("{wanted:?}"));
    }

    #[test]
    fn a_paste_is_text_whatever_stands_in_it() {
        let wanted =
            [AppEvent::Paste("q\u{1b}[A\r\u{fffd}".to_owned()), AppEvent::Key(KeyPress::from_char('j'))];
        assert_eq!(described(b"\x1b[200~q\x1b[A\r\xff\x1b[201~j"), format!("{wanted:?}"));
        let long = [b"\x1b[200~".as_slice(), &vec![b'x'; MAX_PASTE * 2], PASTE_END, b"j"].concat();
        let events = decode(&[&long]);
        let [AppEvent::Paste(text), AppEvent::Key(_)] = events.as_slice() else { panic!("{}", events.len()) };
        assert!(text.len() <= MAX_PASTE);
    }
}
