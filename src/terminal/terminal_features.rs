//! Detects the terminal's features for the app, from its environment and by asking it.

use crate::theme::{ColourDepth, TerminalFeatures};

/// The number of colours by the environment. The variables are passed in as they are.
#[must_use]
pub fn detect_colour_depth(variable: impl Fn(&str) -> Option<String>) -> ColourDepth {
    let term = variable("TERM").unwrap_or_default();
    let colour = variable("COLORTERM").unwrap_or_default();
    if variable("NO_COLOR").is_some_and(|value| !value.is_empty()) || term == "dumb" {
        ColourDepth::None
    } else if colour.contains("truecolor") || colour.contains("24bit") || term.ends_with("-direct") {
        ColourDepth::TrueColour
    } else if term.contains("256color") || variable("WT_SESSION").is_some() {
        ColourDepth::Indexed
    } else {
        ColourDepth::Sixteen
    }
}

/// Detects all features. Asks the terminal for its background, so it comes before anything else reads from it.
/// `colour` is the command line's own choice, which comes before the environment's.
pub(super) fn detect_features(ascii: bool, colour: Option<bool>) -> TerminalFeatures {
    let variable = |name: &str| match (name, colour) {
        ("NO_COLOR", Some(is_on)) => (!is_on).then(|| "1".to_owned()),
        _ => std::env::var(name).ok(),
    };
    let depth = detect_colour_depth(variable);
    let linux_console = variable("TERM").is_some_and(|term| term == "linux" || term == "dumb");
    let light = light_by_environment(variable("COLORFGBG").as_deref())
        .or_else(|| if linux_console || depth == ColourDepth::None { None } else { background::is_light() });
    TerminalFeatures {
        colour_depth: depth,
        has_light_background: light.unwrap_or(false),
        ascii_only: ascii || linux_console,
    }
}

/// True for a light background by the environment: some terminals set `foreground;background` in the sixteen colours.
fn light_by_environment(value: Option<&str>) -> Option<bool> {
    let background: u8 = value?.rsplit(';').next()?.parse().ok()?;
    Some(matches!(background, 7 | 9..=15))
}

#[cfg(not(unix))]
mod background {
    pub(super) const fn is_light() -> Option<bool> {
        None
    }
}

#[cfg(unix)]
mod background {
    //! Asks for the background together with a second question that every terminal answers, so that a terminal which
    //! does not know the first is not waited for. One that answers neither costs a tenth of a second.

    use std::io::Write;

    use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

    use crate::theme::luminance;

    /// The questions: the background, then the kind of terminal.
    const BACKGROUND_QUERY: &[u8] = b"\x1b]11;?\x1b\\\x1b[c";

    pub(super) fn is_light() -> Option<bool> {
        let terminal = std::fs::OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
        let before = tcgetattr(&terminal).ok()?;
        tcsetattr(&terminal, OptionalActions::Now, &answer_modes(&before)).ok()?;
        let answer = query_background(&terminal);
        tcsetattr(&terminal, OptionalActions::Now, &before).ok()?;
        parse_background(&answer?)
    }

    /// The terminal's modes for the answers: a read returns with the bytes that are there, or after a tenth of a
    /// second.
    fn answer_modes(before: &Termios) -> Termios {
        let mut modes = before.clone();
        modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
        modes.special_codes[SpecialCodeIndex::VMIN] = 0;
        modes.special_codes[SpecialCodeIndex::VTIME] = 1;
        modes
    }

    fn query_background(mut terminal: &std::fs::File) -> Option<Vec<u8>> {
        terminal.write_all(BACKGROUND_QUERY).ok()?;
        let mut answer = Vec::new();
        let mut some = [0; 64];
        // The last answer ends with a `c`; no answer is longer than this, in bytes.
        while answer.len() < 256 && answer.last() != Some(&b'c') {
            match rustix::io::read(terminal, &mut some) {
                Ok(0) | Err(_) => break,
                Ok(count) => answer.extend_from_slice(&some[..count]),
            }
        }
        Some(answer)
    }

    /// True where an answer such as `]11;rgb:ffff/ffff/dddd` is nearer to white than to black.
    fn parse_background(answer: &[u8]) -> Option<bool> {
        let text = String::from_utf8_lossy(answer);
        let (_, colour) = text.split_once("rgb:")?;
        let mut parts = colour.split('/').map(|part| {
            let digits: String = part.chars().take_while(char::is_ascii_hexdigit).take(2).collect();
            u8::from_str_radix(&digits, 16).ok()
        });
        let mut next = || parts.next().flatten();
        Some(luminance([next()?, next()?, next()?]) > 0.4)
    }
}
