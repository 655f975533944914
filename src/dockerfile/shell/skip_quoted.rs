//! Finds the ends of quotes, parentheses and here-documents in shell text, in one pass without recursion.

/// The place where the single quote opened before `start` closes, and the place after it; `end` twice when it never
/// does. In `$'…'` (`escapes`) a backslash escapes.
pub(super) fn after_single_quote(text: &str, start: usize, end: usize, escapes: bool) -> (usize, usize) {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < end {
        match bytes[at] {
            b'\'' => return (at, at + 1),
            b'\\' if escapes => at += 2,
            _ => at += 1,
        }
    }
    (end, end)
}

/// The place after the `close` that matches what was opened before `start`, and whether there is one.
pub(super) fn find_closing(text: &str, start: usize, end: usize, close: u8) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut open = vec![close];
    let mut at = start;
    while at < end
        && let Some(&inner) = open.last()
    {
        let byte = bytes[at];
        match (byte, inner) {
            (b'\\', _) => at += 1,
            _ if byte == inner => drop(open.pop()),
            (b'$', _) if at + 1 < end && matches!(bytes[at + 1], b'(' | b'{') => {
                at += 1;
                open.push(if bytes[at] == b'(' { b')' } else { b'}' });
            }
            (b'`' | b'"', b')' | b'}') | (b'`', b'"') => open.push(byte),
            (b'(', b')') => open.push(b')'),
            (b'\'', b')') => at = after_single_quote(text, at + 1, end, false).1.saturating_sub(1),
            (b'#', b')') if begins_word(bytes, at) => at = find_line_end(text, at, end).saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    let mut at = at.min(end);
    while !text.is_char_boundary(at) {
        at += 1;
    }
    (at, open.is_empty())
}

fn begins_word(bytes: &[u8], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| matches!(bytes[before], b' ' | b'\t' | b'\n' | b';' | b'('))
}

/// The newline that ends the line of `at`, or `end`.
pub(super) fn find_line_end(text: &str, at: usize, end: usize) -> usize {
    text.get(at..end).and_then(|rest| rest.find('\n')).map_or(end, |newline| at + newline)
}

/// The place after the bodies of `heredocs`, which begin at `at`.
pub(super) fn skip_bodies(text: &str, at: usize, end: usize, heredocs: &[(String, bool)]) -> usize {
    let mut at = at;
    for (terminator, strip_tabs) in heredocs {
        while at < end {
            let stop = find_line_end(text, at, end);
            let line = text.get(at..stop).unwrap_or_default().trim_end_matches('\r');
            let line = if *strip_tabs { line.trim_start_matches('\t') } else { line };
            at = (stop + 1).min(end);
            if line == terminator {
                break;
            }
        }
    }
    at
}
