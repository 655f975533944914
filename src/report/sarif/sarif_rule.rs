//! Writes a rule as SARIF has it: its page as Markdown and as plain text, its severity, and other tools' ids for it.

use serde_json::{Value, json};

use crate::finding::Severity;
use crate::rules::Rule;

pub(super) fn rule_descriptor(rule: &Rule) -> Value {
    let page = rule.parse_page();
    let body = rule.text.trim_start().split_once('\n').map_or("", |(_, body)| body).trim();
    json!({
        "id": rule.id,
        "shortDescription": {"text": strip_markdown(page.summary)},
        "fullDescription": {"text": strip_markdown(page.section_body("What it is").unwrap_or(page.summary))},
        "help": {"text": strip_markdown(body), "markdown": body},
        "defaultConfiguration": {"level": severity_level(rule.severity)},
        "properties": {
            "tags": ["security", rule.theme.name()],
            "precision": "high",
            "security-severity": security_severity(rule.severity),
        },
    })
}

/// A page without its marks, for readers that show no Markdown.
fn strip_markdown(markdown: &str) -> String {
    let mut out = Vec::new();
    let mut fenced = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            out.push(format!("    {line}"));
        } else if let Some(row) = line.strip_prefix('|') {
            // The row under a table's head only rules it.
            if !row.starts_with("---") {
                let cells: Vec<&str> = row.trim_end_matches('|').split('|').map(str::trim).collect();
                out.push(format!("- {}", cells.join(": ")));
            }
        } else {
            out.push(line.trim_start_matches('#').trim_start().replace('`', ""));
        }
    }
    out.join("\n")
}

pub(super) const fn severity_level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The number that code scanning ranks by, on the scale of CVSS.
const fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.5",
    }
}
