//! `system-directory`: a place that belongs to the kernel.

use crate::dockerfile::{Instruction, Kind, Scope, Word};
use crate::finding::{Remedy, Severity};
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "system-directory",
    severity: Severity::Medium,
    theme: Theme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("system-directory"),
    checks: &[Check::Build(build)],
};

const DIRECTORIES: [&str; 3] = ["/proc", "/sys", "/dev"];

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    for instruction in &view.file.instructions {
        match &instruction.kind {
            Kind::Workdir(word) => judge(view, instruction, word, out),
            Kind::Volume(words) => words.iter().for_each(|word| judge(view, instruction, word, out)),
            _ => {}
        }
    }
}

fn judge(view: &BuildView<'_>, instruction: &Instruction, word: &Word, out: &mut Findings<'_>) {
    let value = Scope::at(view.text, view.file, instruction.index).expand(view.text, word);
    let Some(path) = value.known() else { return out.unknown() };
    let keyword = instruction.keyword.name();
    let path = path.trim_end_matches('/');
    let below =
        |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if DIRECTORIES.iter().any(|folder| below(folder)) {
        out.report(word.span, format!("`{keyword} {path}` is at a directory of the kernel's"), Remedy::None);
    } else if path.is_empty() && value.text.starts_with('/') && matches!(instruction.kind, Kind::Volume(_)) {
        out.report(word.span, "`VOLUME /` covers the whole image", Remedy::None);
    }
}
