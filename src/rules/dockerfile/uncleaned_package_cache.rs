//! Reports caches of package managers in a layer that stays (`uncleaned-package-cache`).

use super::package_calls::{PackageCall, PackageManager, package_call};
use super::run_edits::{RunInstruction, reword_edit, run_instructions};
use crate::dockerfile::VariableValue;
use crate::dockerfile::shell::Invocation;
use crate::finding::{Edit, Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleKinds, RuleTheme};
use crate::text::Span;

pub(crate) static RULE: Rule = Rule {
    id: "uncleaned-package-cache",
    severity: Severity::Info,
    theme: RuleTheme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("uncleaned-package-cache"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    let last = view.file.stages.last();
    let kept: Vec<usize> =
        last.into_iter().flat_map(|last| view.file.stage_chain(last)).map(|stage| stage.index).collect();
    for run in
        run_instructions(view).filter(|run| run.instruction.stage.is_none_or(|stage| kept.contains(&stage)))
    {
        for manager in [
            PackageManager::Apt,
            PackageManager::Apk,
            PackageManager::Dnf,
            PackageManager::Zypper,
            PackageManager::Pip,
        ] {
            if run.has_cache_mount(cache_folders(manager)) {
                continue;
            }
            let commands = run.script.commands.iter().enumerate();
            let filling: Vec<usize> = commands
                .filter(|(index, command)| {
                    package_call(command).is_some_and(|call| {
                        call.manager == manager
                            && fills_cache(&run, *index, &call)
                            && !is_cleaned(&run, *index, &call)
                    })
                })
                .map(|(index, _)| index)
                .collect();
            if let Some(call) = filling.first().and_then(|first| package_call(&run.script.commands[*first])) {
                let message = format!("`{}` leaves its cache in the image", call.invocation.name());
                out.report(call.invocation.program_word().span, message, propose_fix(&run, &filling));
            }
        }
    }
}

/// The folders where each stores its downloads.
const fn cache_folders(manager: PackageManager) -> &'static [&'static str] {
    match manager {
        PackageManager::Apt => &["/var/lib/apt/lists"],
        PackageManager::Apk => &["/var/cache/apk", "/etc/apk/cache"],
        PackageManager::Dnf => &["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5"],
        PackageManager::Zypper => &["/var/cache/zypp"],
        PackageManager::Pip => &["/root/.cache/pip"],
    }
}

/// True when a call leaves something behind.
fn fills_cache(run: &RunInstruction<'_>, index: usize, call: &PackageCall<'_>) -> bool {
    match call.manager {
        PackageManager::Apt => call.refreshes(),
        PackageManager::Apk => {
            let fetches =
                ["no-cache", "no-network"].iter().all(|flag| call.invocation.find_flag(None, flag).is_none());
            call.installs() && fetches
        }
        PackageManager::Dnf => call.installs() || call.refreshes(),
        PackageManager::Zypper => call.installs() || call.refreshes() || call.upgrades(),
        PackageManager::Pip => {
            call.installs()
                && call.invocation.find_flag(None, "no-cache-dir").is_none()
                && !pip_keeps_none(run, index)
        }
    }
}

/// True when `PIP_NO_CACHE_DIR` turns the cache off.
fn pip_keeps_none(run: &RunInstruction<'_>, index: usize) -> bool {
    let says_yes = |value: &str| {
        !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "off" | "no" | "false" | "n" | "f")
    };
    let earlier = run.script.commands[..=index].iter().rev().flat_map(|command| {
        let exported = command.called_program().filter(|call| call.name() == "export");
        let own = command.span == run.script.commands[index].span || command.words.is_empty();
        let assigned = command.assignments.iter().filter(move |_| own);
        assigned.chain(exported.into_iter().flat_map(Invocation::arguments))
    });
    let here = earlier.filter_map(|word| word.text.strip_prefix("PIP_NO_CACHE_DIR=")).next();
    match (here, run.variable_value("PIP_NO_CACHE_DIR")) {
        (Some(value), _) => says_yes(value),
        (None, VariableValue::Set(value)) => says_yes(&value),
        (None, _) => false,
    }
}

/// True when a command after it, in the same RUN, takes the cache away.
fn is_cleaned(run: &RunInstruction<'_>, index: usize, call: &PackageCall<'_>) -> bool {
    run.script.commands[index + 1..].iter().any(|command| {
        let Some(later) = command.effective_invocation() else { return false };
        let removes = matches!(later.name(), "rm" | "find" | "truncate" | "unlink");
        let roots: &[&str] = match call.manager {
            PackageManager::Apt => &["/var/lib/apt", "/var/lib/{"],
            PackageManager::Apk => &["/var/cache/apk", "/etc/apk/cache", "/var/cache/{", "/var/cache/*"],
            PackageManager::Dnf => {
                &["/var/cache/dnf", "/var/cache/yum", "/var/cache/{", "/var/cache/*", "/var/cache/libdnf5"]
            }
            PackageManager::Zypper => &["/var/cache/zypp", "/var/cache/{", "/var/cache/*"],
            PackageManager::Pip => &["/root/.cache", "~/.cache", "$HOME/.cache", "${HOME}/.cache"],
        };
        let whole = |text: &str| matches!(text.trim_end_matches(['/', '*']), "/var/cache" | "/var/lib");
        let at_root = later.arguments().iter().any(|word| {
            roots.iter().any(|root| word.text.starts_with(root))
                || whole(&word.text) && word.text != "/var/lib/"
        });
        let cleans = package_call(command).is_some_and(|later| {
            let same = later.manager == call.manager
                && (call.manager != PackageManager::Dnf || later.invocation.name() == call.invocation.name());
            let verb = later.verb.text.as_str();
            same && match call.manager {
                PackageManager::Apt => matches!(verb, "dist-clean" | "distclean"),
                PackageManager::Apk | PackageManager::Pip => verb == "cache",
                PackageManager::Dnf => verb == "clean",
                PackageManager::Zypper => matches!(verb, "clean" | "cc"),
            }
        });
        removes && at_root || cleans
    })
}

/// A flag for each call, or one cleaning after them all.
fn propose_fix(run: &RunInstruction<'_>, filling: &[usize]) -> Result<Option<Fix>, String> {
    let mut title = String::new();
    let mut edits = Vec::new();
    for index in filling {
        let (what, edit) = plan_edit(run, *index)?;
        title = what;
        edits.push(edit);
    }
    Ok(Some(
        Fix::new(title, Safety::Review, edits)
            .with_caution("a later instruction that lived on the cache fetches it again, or fails"),
    ))
}

fn plan_edit(run: &RunInstruction<'_>, index: usize) -> Result<(String, Edit), String> {
    let command = &run.script.commands[index];
    let call = package_call(command).ok_or("it is no call of a package manager")?;
    run.check_editable(command)?;
    let flag = |flag: &str| {
        let edit = reword_edit(run.instruction, Span::empty_at(call.verb.span.end), format!(" {flag}"));
        (format!("Add `{flag}`"), edit)
    };
    let clean = match (call.manager, call.invocation.name()) {
        (PackageManager::Apk, _) => return Ok(flag("--no-cache")),
        (PackageManager::Pip, _) => return Ok(flag("--no-cache-dir")),
        (PackageManager::Apt, _) => "rm -rf /var/lib/apt/lists/*".to_owned(),
        (PackageManager::Zypper, _) => "zypper clean --all".to_owned(),
        (PackageManager::Dnf, "dnf5") => return Err("dnf5 keeps its cache in a place of its own".to_owned()),
        (PackageManager::Dnf, name) => format!("{name} clean all"),
    };
    if command.words.first().is_some_and(|word| word.text == "sudo") {
        return Err("it runs by `sudo`, and so would the cleaning".to_owned());
    }
    if call.manager == PackageManager::Apt && lists_are_needed(run) {
        return Err("a later `RUN` installs from the lists that this one fetches".to_owned());
    }
    Ok((format!("Add `{clean}`"), run.append_edit(&clean)?))
}

/// True when a RUN after this one, here or in a stage built on it, installs without an update of its own.
fn lists_are_needed(run: &RunInstruction<'_>) -> bool {
    let builds_on = |stage: Option<usize>| {
        let stage = stage.and_then(|stage| run.view.file.stages.get(stage));
        stage.is_some_and(|stage| {
            run.view.file.stage_chain(stage).any(|s| Some(s.index) == run.instruction.stage)
        })
    };
    run_instructions(&run.view)
        .filter(|later| later.instruction.index > run.instruction.index && builds_on(later.instruction.stage))
        .any(|later| {
            let apt = later
                .script
                .commands
                .iter()
                .filter_map(package_call)
                .filter(|c| c.manager == PackageManager::Apt);
            apt.take_while(|call| !call.refreshes()).any(|call| call.installs() || call.upgrades())
        })
}
