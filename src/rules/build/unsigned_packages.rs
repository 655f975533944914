//! `unsigned-packages`: nobody checks who signed what is installed.

use super::run::{Run, reword, runs};
use crate::dockerfile::Word;
use crate::dockerfile::shell::Simple;
use crate::finding::{Remedy, Safety, Severity};
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "unsigned-packages",
    severity: Severity::High,
    theme: Theme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("unsigned-packages"),
    checks: &[Check::Build(build)],
};

/// Programs, and their options that turn the check off.
const OPTIONS: [(&[&str], &[&str]); 5] = [
    (&["apk"], &["--allow-untrusted"]),
    (&["apt-get", "apt", "aptitude"], &["--allow-unauthenticated", "--force-yes"]),
    (&["yum", "dnf", "dnf5", "microdnf", "tdnf"], &["--nogpgcheck", "--no-gpgchecks"]),
    (&["zypper"], &["--no-gpg-checks", "--no-gpg-check"]),
    (&["rpm"], &["--nosignature", "--nodigest", "--nofiledigest", "--noverify"]),
];

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    for run in runs(view) {
        for command in &run.script.commands {
            let found = unchecked(command);
            for word in &found {
                let message = format!("`{}` installs without checking who signed it", word.text);
                out.report(word.span, message, remedy(&run, command, word));
            }
        }
    }
}

fn unchecked(command: &Simple) -> Vec<&Word> {
    let Some(call) = command.effective() else { return Vec::new() };
    let options =
        OPTIONS.iter().find(|(programs, _)| programs.contains(&call.name())).map(|(_, options)| *options);
    let is_option = |word: &&Word| options.is_some_and(|options| options.contains(&word.text.as_str()));
    call.arguments().iter().filter(is_option).collect()
}

fn remedy(run: &Run<'_>, command: &Simple, word: &Word) -> Remedy {
    match run.editable(command) {
        Ok(()) if !TAKEN_OUT.contains(&word.text.as_str()) => {
            Remedy::Withheld(format!("what `{}` stands for here, a person must say", word.text))
        }
        Ok(()) => {
            let intents = vec![reword(run.instruction, word.span, "")];
            Remedy::change(format!("Take `{}` out", word.text), Safety::Review, intents)
                .but("packages whose key the image does not have are refused")
        }
        Err(why) => Remedy::Withheld(why),
    }
}

/// The options that nothing else depends on.
const TAKEN_OUT: [&str; 8] = [
    "--allow-untrusted",
    "--allow-unauthenticated",
    "--force-yes",
    "--nogpgcheck",
    "--no-gpg-checks",
    "--nosignature",
    "--nodigest",
    "--nofiledigest",
];
