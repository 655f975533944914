//! Reports ADD where COPY does the same with less magic (`add-instead-of-copy`).

use super::run_edits::reword_edit;
use crate::dockerfile::{Instruction, InstructionKind, Keyword, VariableScope};
use crate::finding::{Fix, Safety, Severity};
use crate::repo::SourceContent;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "add-instead-of-copy",
    severity: Severity::Low,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("add-instead-of-copy"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

/// Ends of the names of archives, and of compressed files too: ADD decides by the content, so these may be unpacked.
const ARCHIVES: [&str; 17] = [
    ".tar", ".z", ".gz", ".bz2", ".lz", ".lzma", ".xz", ".zst", ".tz", ".tb2", ".tbz", ".tbz2", ".tgz",
    ".tlz", ".tpz", ".txz", ".tzst",
];

/// Flags that COPY does not take.
const OWN_FLAGS: [&str; 3] = ["checksum", "keep-git-dir", "unpack"];

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for instruction in view.file.instructions_with_onbuild().filter(|i| i.keyword == Keyword::Add) {
        let InstructionKind::Copy { sources, .. } = &instruction.kind else { continue };
        let scope = VariableScope::at_instruction(view.text, view.file, instruction.index);
        let sources: Vec<_> = sources.iter().map(|word| scope.expand_word(view.text, word)).collect();
        if sources.iter().any(|source| is_remote(&source.text) || is_archive(&source.text)) {
            continue;
        }
        if sources.iter().any(|source| source.unresolved) {
            out.mark_unknown();
            continue;
        }
        let contents: Vec<_> = sources.iter().map(|source| view.context.content_of(&source.text)).collect();
        if contents.contains(&SourceContent::Archive) {
            continue;
        }
        let own_flag = instruction.flags.iter().find(|flag| OWN_FLAGS.contains(&flag.name.as_str()));
        let unseen = contents.iter().position(|content| *content == SourceContent::Unknown);
        let fix = match (own_flag, unseen.and_then(|at| sources.get(at))) {
            (Some(flag), _) => Err(format!("`COPY` takes no `--{}`", flag.name)),
            (_, Some(source)) if source.text.contains(['*', '?', '[']) => {
                Err("what the pattern matches may be an archive".to_owned())
            }
            (_, unseen) => {
                Ok(Some(propose_fix(view, instruction, unseen.map(|source| source.text.as_str()))))
            }
        };
        out.report(instruction.keyword_span, "`ADD` of local files, which `COPY` copies as they are", fix);
    }
}

/// The keyword replaced; safe where all sources are known to be no archives, whatever they are called.
fn propose_fix(view: &DockerfileView<'_>, instruction: &Instruction, unseen: Option<&str>) -> Fix {
    let lower = instruction.keyword_span.slice(view.text).starts_with('a');
    let edits = vec![reword_edit(instruction, instruction.keyword_span, if lower { "copy" } else { "COPY" })];
    let safety = if unseen.is_some() { Safety::Review } else { Safety::Safe };
    let fix = Fix::new("Copy by `COPY`", safety, edits);
    match unseen {
        Some(source) => fix.with_caution(format!(
            "`{source}` does not lie beside the Dockerfile: if it is an archive, `COPY` no longer unpacks it"
        )),
        None => fix,
    }
}

/// A URL or a Git address.
fn is_remote(source: &str) -> bool {
    source.contains("://") || source.starts_with("git@") || source.starts_with("github.com/")
}

fn is_archive(source: &str) -> bool {
    let name = source.to_ascii_lowercase();
    ARCHIVES.iter().any(|ending| name.ends_with(ending))
}
