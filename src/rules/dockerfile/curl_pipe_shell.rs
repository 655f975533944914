//! Reports a script that is run straight from the network, unread and unchecked (`curl-pipe-shell`).

use super::run_edits::run_instructions;
use crate::dockerfile::shell::{Invocation, ShellScript, SimpleCommand};
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "curl-pipe-shell",
    severity: Severity::Medium,
    theme: RuleTheme::Build,
    decision: RuleDecision::UncheckedDownload,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("curl-pipe-shell"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];
const INTERPRETERS: [&str; 6] = ["perl", "ruby", "node", "php", "pwsh", "lua"];
/// Programs that compare what came with what was expected.
const CHECKSUM_PROGRAMS: [&str; 16] = [
    "sha256sum",
    "sha512sum",
    "sha384sum",
    "sha224sum",
    "sha1sum",
    "md5sum",
    "shasum",
    "b2sum",
    "gpg",
    "gpg2",
    "gpgv",
    "cosign",
    "openssl",
    "minisign",
    "signify",
    "slsa-verifier",
];

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for run in run_instructions(view) {
        let commands = &run.script.commands;
        for (index, command) in commands.iter().enumerate() {
            let Some(call) = command.effective_invocation().filter(|call| is_download(*call)) else {
                continue;
            };
            if run.script.pipeline_after(index).any(reads_script) || is_substituted(run.script, command) {
                let message = format!("what `{}` fetches is run unseen", call.name());
                out.report(call.program_word().span, message, Ok(None));
            } else if runs_saved_file(run.script, index, call) {
                let message = format!("what `{}` fetches is run without a check in between", call.name());
                out.report(call.program_word().span, message, Ok(None));
            }
        }
    }
}

fn is_download(call: Invocation<'_>) -> bool {
    matches!(call.name(), "curl" | "wget" | "wget2" | "fetch" | "aria2c")
}

fn is_interpreter(name: &str) -> bool {
    SHELLS.contains(&name) || INTERPRETERS.contains(&name) || name.starts_with("python")
}

/// True for a command that runs its input: an interpreter that is given no script of its own.
fn reads_script(command: &SimpleCommand) -> bool {
    let Some(call) = command.effective_invocation().filter(|call| is_interpreter(call.name())) else {
        return false;
    };
    let shell = SHELLS.contains(&call.name());
    for word in call.arguments() {
        match word.text.as_str() {
            "-" | "-s" | "--" | "/dev/stdin" => return true,
            option
                if shell && option.starts_with('-') && option.contains('s') && !option.starts_with("--") =>
            {
                return true;
            }
            option if option.starts_with('-') => {
                let inline =
                    !option.starts_with("--") && option.contains(['c', 'e', 'm', 'n', 'p', 'r', 'l']);
                if inline && (!shell || option.ends_with('c')) {
                    return false;
                }
            }
            _ => return shell && call.arguments().iter().any(|word| word.text == "-o"),
        }
    }
    true
}

/// `sh -c "$(curl …)"`, `eval "$(curl …)"`, `source <(curl …)`, `bash <(curl …)`.
fn is_substituted(script: &ShellScript, command: &SimpleCommand) -> bool {
    let outer = command.parent.and_then(|outer| script.commands.get(outer)).and_then(|outer| {
        let call = outer.effective_invocation()?;
        let holds = |word: &crate::dockerfile::SpannedWord| word.span.covers(command.span);
        let nested = call.arguments().iter().find(|word| holds(word))?;
        Some((call, nested))
    });
    outer.is_some_and(|(call, nested)| match call.name() {
        "eval" | "source" | "." => true,
        name if is_interpreter(name) => {
            let raw = nested.text.trim_start();
            raw.starts_with("$(") || raw.starts_with("<(") || raw.starts_with('`')
        }
        _ => false,
    })
}

/// True when the file that is fetched is run later in the same RUN, and nothing checks it before.
fn runs_saved_file(script: &ShellScript, index: usize, call: Invocation<'_>) -> bool {
    let Some(file) = saved_file(&script.commands[index], call) else { return false };
    let name = file.rsplit('/').next().unwrap_or(&file).to_owned();
    let names = |text: &str| text == file || text.rsplit('/').next() == Some(&name);
    for command in &script.commands[index + 1..] {
        let Some(call) = command.effective_invocation() else { continue };
        if CHECKSUM_PROGRAMS.contains(&call.name()) {
            return false;
        }
        let by_interpreter = (is_interpreter(call.name()) || matches!(call.name(), "source" | "."))
            && call.operands(&[]).next().is_some_and(|word| names(&word.text));
        let itself = call.program_word().text.contains('/') && names(&call.program_word().text);
        if by_interpreter || itself {
            return true;
        }
    }
    false
}

/// The file that a download is saved as.
fn saved_file(command: &SimpleCommand, call: Invocation<'_>) -> Option<String> {
    let redirected =
        command.redirections.iter().find(|r| r.operator.starts_with('>')).map(|r| r.target.text.clone());
    let curl = call.name() == "curl";
    let named = if curl {
        // Clusters too: `-fsSLo file`.
        let words = call.arguments();
        let at = words.iter().position(|word| {
            word.text == "--output"
                || (word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('o'))
        });
        at.and_then(|at| words.get(at + 1)).map(|word| word.text.clone())
    } else {
        let cluster = call.arguments().iter().position(|word| {
            word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('O')
        });
        let next = cluster.and_then(|at| call.arguments().get(at + 1)).map(|word| word.text.clone());
        next.or_else(|| call.option_value(&["--output-document", "-o"]).map(str::to_owned))
    };
    let remote = || {
        let remote_name = !curl || call.find_flag(Some('O'), "remote-name").is_some();
        let url = call.arguments().iter().find(|word| word.text.contains("://")).filter(|_| remote_name)?;
        let path = url.text.split(['?', '#']).next().unwrap_or_default();
        path.rsplit('/').next().filter(|name| !name.is_empty()).map(str::to_owned)
    };
    redirected.or(named).or_else(remote).filter(|file| file != "-" && file != "/dev/null")
}
