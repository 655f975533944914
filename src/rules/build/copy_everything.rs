//! `copy-everything`: all that lies about goes into the image.

use crate::dockerfile::{Kind, Scope};
use crate::finding::{Remedy, Severity};
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "copy-everything",
    severity: Severity::Low,
    theme: Theme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("copy-everything"),
    checks: &[Check::Build(build)],
};

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    if view.has_ignore_file {
        return;
    }
    for instruction in &view.file.instructions {
        let Kind::Copy { sources, .. } = &instruction.kind else { continue };
        if instruction.flag("from").next().is_some() || instruction.flag("exclude").next().is_some() {
            continue;
        }
        let scope = Scope::at(view.text, view.file, instruction.index);
        let whole = sources.iter().find(|word| is_whole(scope.expand(view.text, word).known()));
        if let Some(word) = whole {
            let message = "the whole folder is copied, and no `.dockerignore` keeps anything out";
            out.report(word.span, message, Remedy::None);
        }
    }
}

/// The build's whole context, however it is written.
fn is_whole(source: Option<&str>) -> bool {
    source.is_some_and(|source| matches!(source.trim_start_matches("./"), "" | "." | "/" | "*" | "/*" | "/."))
}
