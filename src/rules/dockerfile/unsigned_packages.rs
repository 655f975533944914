//! Reports packages that are installed without a check of their signatures (`unsigned-packages`).

use super::run_edits::{RunInstruction, reword_edit, run_instructions};
use crate::dockerfile::SpannedWord;
use crate::dockerfile::shell::SimpleCommand;
use crate::finding::{Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "unsigned-packages",
    severity: Severity::High,
    theme: RuleTheme::Build,
    decision: RuleDecision::UncheckedSupply,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("unsigned-packages"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

/// Programs, and their options that turn the check off.
const UNSIGNED_OPTIONS: [(&[&str], &[&str]); 5] = [
    (&["apk"], &["--allow-untrusted"]),
    (&["apt-get", "apt", "aptitude"], &["--allow-unauthenticated", "--force-yes"]),
    (&["yum", "dnf", "dnf5", "microdnf", "tdnf"], &["--nogpgcheck", "--no-gpgchecks"]),
    (&["zypper"], &["--no-gpg-checks", "--no-gpg-check"]),
    (&["rpm"], &["--nosignature", "--nodigest", "--nofiledigest", "--noverify"]),
];

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for run in run_instructions(view) {
        for command in &run.script.commands {
            let found = unsigned_options(command);
            for word in &found {
                let message = format!("`{}` installs without checking who signed it", word.text);
                out.report(word.span, message, propose_fix(&run, command, word));
            }
        }
    }
}

fn unsigned_options(command: &SimpleCommand) -> Vec<&SpannedWord> {
    let Some(call) = command.effective_invocation() else { return Vec::new() };
    let options = UNSIGNED_OPTIONS
        .iter()
        .find(|(programs, _)| programs.contains(&call.name()))
        .map(|(_, options)| *options);
    let is_option =
        |word: &&SpannedWord| options.is_some_and(|options| options.contains(&word.text.as_str()));
    call.arguments().iter().filter(is_option).collect()
}

fn propose_fix(
    run: &RunInstruction<'_>,
    command: &SimpleCommand,
    word: &SpannedWord,
) -> Result<Option<Fix>, String> {
    run.check_editable(command)?;
    if !REMOVABLE_OPTIONS.contains(&word.text.as_str()) {
        return Err(format!("what `{}` stands for here, a person must say", word.text));
    }
    let edits = vec![reword_edit(run.instruction, word.span, "")];
    Ok(Some(
        Fix::new(format!("Take `{}` out", word.text), Safety::Review, edits)
            .with_caution("packages whose key the image does not have are refused"),
    ))
}

/// The options that nothing else depends on.
const REMOVABLE_OPTIONS: [&str; 8] = [
    "--allow-untrusted",
    "--allow-unauthenticated",
    "--force-yes",
    "--nogpgcheck",
    "--no-gpg-checks",
    "--nosignature",
    "--nodigest",
    "--nofiledigest",
];
