//! `relative-workdir`: a directory that depends on the base image.

use crate::dockerfile::{Kind, Scope};
use crate::finding::{Remedy, Severity};
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "relative-workdir",
    severity: Severity::Low,
    theme: Theme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("relative-workdir"),
    checks: &[Check::Build(build)],
};

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    // Per stage, whether its last directory is absolute; an open one may be.
    let mut settled: Vec<bool> = Vec::new();
    for stage in &view.file.stages {
        let mut absolute = match stage.base {
            crate::dockerfile::Base::Stage(base) => settled.get(base).copied().unwrap_or_default(),
            _ => false,
        };
        for instruction in view.file.instructions_of(stage) {
            let Kind::Workdir(word) = &instruction.kind else { continue };
            let path = Scope::at(view.text, view.file, instruction.index).expand(view.text, word);
            if path.open && path.text.starts_with('$') {
                absolute = true;
                out.unknown();
            } else if is_absolute(&path.text) {
                absolute = true;
            } else if !absolute {
                let message =
                    format!("`{}` is relative to a directory that the base image chooses", path.text);
                out.report(word.span, message, Remedy::None);
            }
        }
        settled.push(absolute);
    }
}

/// On Linux, or on Windows.
fn is_absolute(path: &str) -> bool {
    let mut chars = path.chars();
    match (chars.next(), chars.next()) {
        (Some('/' | '\\'), _) => true,
        (Some(drive), Some(':')) => drive.is_ascii_alphabetic(),
        _ => false,
    }
}
