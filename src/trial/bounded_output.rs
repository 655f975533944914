//! Keeps the first and the last of what a program prints, however much that is, for the reasons of its end.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use crate::text::make_printable;

/// The bytes that are kept of the beginning, and of the end.
const KEPT_BYTES: usize = 64 * 1024;
/// The longest line that is shown, in characters.
const MAX_LINE_LENGTH: usize = 500;

/// The output of a program, filled while it runs.
#[derive(Clone, Debug, Default)]
pub(super) struct BoundedOutput {
    kept: Arc<Mutex<KeptOutput>>,
}

#[derive(Debug, Default)]
struct KeptOutput {
    first: Vec<u8>,
    last: Vec<u8>,
    total: u64,
}

impl BoundedOutput {
    /// Reads to the end beside whatever else is done.
    pub(super) fn read_aside(&self, from: Option<impl Read + Send + 'static>) {
        let (output, Some(mut from)) = (self.clone(), from) else { return };
        std::thread::spawn(move || {
            let mut buffer = [0; 16 * 1024];
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                output.append(&buffer[..count]);
            }
        });
    }

    pub(super) fn append(&self, bytes: &[u8]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.total = kept.total.saturating_add(bytes.len() as u64);
        let room = KEPT_BYTES.saturating_sub(kept.first.len()).min(bytes.len());
        kept.first.extend_from_slice(&bytes[..room]);
        kept.last.extend_from_slice(&bytes[room..]);
        if kept.last.len() > 2 * KEPT_BYTES {
            let surplus = kept.last.len() - KEPT_BYTES;
            kept.last.drain(..surplus);
        }
    }

    /// The kept lines, without anything that a terminal would act on.
    pub(super) fn lines(&self) -> Vec<String> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = kept.first.clone();
        if kept.total > (kept.first.len() + kept.last.len()) as u64 {
            bytes.extend_from_slice(b"\n...\n");
        }
        bytes.extend_from_slice(&kept.last);
        let text = String::from_utf8_lossy(&bytes);
        let shown = text.lines().map(|line| {
            let line = make_printable(line.trim_end());
            line.chars().take(MAX_LINE_LENGTH).collect::<String>()
        });
        shown.filter(|line| !line.trim().is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_are_kept_of_very_much() {
        let output = BoundedOutput::default();
        output.append(b"the first line\n");
        for _ in 0..100_000 {
            output.append(b"0123456789\n");
        }
        output.append(b"the last line\x1b[2J\n");
        let lines = output.lines();
        assert_eq!(lines.first().map(String::as_str), Some("the first line"));
        let last = lines.last().expect("there are lines");
        assert!(last.starts_with("the last line") && !last.contains('\u{1b}'), "{last}");
        assert!(lines.len() < 20_000 && lines.iter().any(|line| line == "..."), "{}", lines.len());
    }
}
