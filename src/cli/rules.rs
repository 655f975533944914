//! Runs `rules`: prints all rules, as a table for the terminal or for a document, or as JSON.

use std::fmt::Write;

use serde_json::json;

use super::args::RulesFormat;
use super::{EXIT_CLEAN, print_stdout};
use crate::rules::{ALL_RULES, Rule};

pub(super) fn run(format: RulesFormat) -> anyhow::Result<u8> {
    match format {
        RulesFormat::Text => print_stdout(&rules_table())?,
        RulesFormat::Markdown => print_stdout(&rules_markdown())?,
        RulesFormat::Json => {
            let rules: Vec<_> = ALL_RULES.iter().map(|rule| rule_json(rule)).collect();
            print_stdout(&format!("{:#}\n", json!(rules)))?;
        }
    }
    Ok(EXIT_CLEAN)
}

fn rules_table() -> String {
    let width = ALL_RULES.iter().map(|rule| rule.id.len()).max().unwrap_or_default();
    let mut out = String::new();
    for rule in ALL_RULES {
        let _ = writeln!(
            out,
            "{:width$}  {:8}  {:10}  {}",
            rule.id,
            rule.severity,
            rule.theme.name(),
            rule.parse_page().summary
        );
    }
    out
}

fn rules_markdown() -> String {
    let mut out = String::from("| rule | severity | theme | what is wrong |\n|---|---|---|---|\n");
    for rule in ALL_RULES {
        let summary = rule.parse_page().summary.replace('|', "\\|");
        let _ = writeln!(out, "| `{}` | {} | {} | {summary} |", rule.id, rule.severity, rule.theme.name());
    }
    out
}

fn rule_json(rule: &Rule) -> serde_json::Value {
    let page = rule.parse_page();
    let others: serde_json::Map<_, _> =
        page.tool_ids().into_iter().map(|(tool, ids)| (tool.to_owned(), json!(ids))).collect();
    json!({
        "id": rule.id,
        "severity": rule.severity.name(),
        "theme": rule.theme.name(),
        "article": rule.article,
        "summary": page.summary,
        "other_tools": others,
    })
}
