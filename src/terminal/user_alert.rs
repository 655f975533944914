//! Alerts the user to a new finding through the terminal: by its bell, or by a notification that it shows.
//!
//! The text is the program's own: nothing that a repository holds reaches the terminal this way.

use std::io::{self, Write};

use crate::app::AlertMethod;
use crate::finding::Severity;

/// Alerts to a finding of this severity, where it is high or critical.
pub(super) fn alert_user(method: AlertMethod, severity: Severity) -> io::Result<()> {
    let mut out = io::stdout();
    write_alert(&mut out, method, severity)?;
    out.flush()
}

/// True for a finding that is worth an alert.
pub(super) const fn is_alerting(severity: Severity) -> bool {
    matches!(severity, Severity::High | Severity::Critical)
}

fn write_alert(out: &mut impl Write, method: AlertMethod, severity: Severity) -> io::Result<()> {
    if !is_alerting(severity) {
        return Ok(());
    }
    let text = format!("a new {} finding", severity.name());
    match method {
        AlertMethod::None => Ok(()),
        AlertMethod::Bell => out.write_all(b"\x07"),
        AlertMethod::Osc9 => write!(out, "\x1b]9;seaworthy: {text}\x07"),
        AlertMethod::Osc777 => write!(out, "\x1b]777;notify;seaworthy;{text}\x07"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_high_alerts_and_only_in_the_chosen_way() {
        let written = |method, severity| {
            let mut out = Vec::new();
            write_alert(&mut out, method, severity).expect("it is there");
            String::from_utf8(out).expect("it is there")
        };
        assert_eq!(written(AlertMethod::Bell, Severity::High), "\x07");
        assert_eq!(written(AlertMethod::Bell, Severity::Medium), "");
        assert_eq!(written(AlertMethod::None, Severity::Critical), "");
        assert_eq!(
            written(AlertMethod::Osc777, Severity::Critical),
            "\x1b]777;notify;seaworthy;a new critical finding\x07"
        );
    }
}
