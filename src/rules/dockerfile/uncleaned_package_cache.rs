//! Reports caches of package managers in a layer that stays (`uncleaned-package-cache`).

use super::package_caches::{KeptArchives, fills_cache, find_caches, is_cleaned, is_mounted};
use super::package_calls::{PackageManager, package_call};
use super::run_edits::{RunInstruction, reword_edit, run_instructions};
use crate::dockerfile::StageBase;
use crate::finding::{Edit, Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::text::Span;

pub(crate) static RULE: Rule = Rule {
    id: "uncleaned-package-cache",
    severity: Severity::Info,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("uncleaned-package-cache"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    let last = view.file.stages.last();
    let kept: Vec<usize> =
        last.into_iter().flat_map(|last| view.file.stage_chain(last)).map(|stage| stage.index).collect();
    let (archives, needed) = (KeptArchives::read(view), NeededLists::read(view));
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
            let commands = run.script.commands.iter().enumerate();
            let filling: Vec<usize> = commands
                .filter(|(index, command)| {
                    package_call(command).filter(|call| call.manager == manager).is_some_and(|call| {
                        find_caches(&run, *index, &call).iter().any(|cache| {
                            fills_cache((&run, *index), &call, cache, &archives)
                                && !is_mounted(&run, cache)
                                && !is_cleaned(&run, *index, &call, cache)
                        })
                    })
                })
                .map(|(index, _)| index)
                .collect();
            if let Some(call) = filling.first().and_then(|first| package_call(&run.script.commands[*first])) {
                let message = format!("`{}` leaves its cache in the image", call.invocation.name());
                out.report(
                    call.invocation.program_word().span,
                    message,
                    propose_fix(&run, &filling, &needed),
                );
            }
        }
    }
}

/// A flag for each call, or one cleaning after them all.
fn propose_fix(
    run: &RunInstruction<'_>,
    filling: &[usize],
    needed: &NeededLists,
) -> Result<Option<Fix>, String> {
    let mut title = String::new();
    let mut edits = Vec::new();
    for index in filling {
        let (what, edit) = plan_edit(run, *index, needed)?;
        title = what;
        edits.push(edit);
    }
    Ok(Some(
        Fix::new(title, Safety::Review, edits)
            .with_caution("a later instruction that lived on the cache fetches it again, or fails"),
    ))
}

fn plan_edit(run: &RunInstruction<'_>, index: usize, needed: &NeededLists) -> Result<(String, Edit), String> {
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
        (PackageManager::Apt, _) if !call.refreshes() => "apt-get clean".to_owned(),
        (PackageManager::Apt, _) => "rm -rf /var/lib/apt/lists/*".to_owned(),
        (PackageManager::Zypper, _) => "zypper clean --all".to_owned(),
        (PackageManager::Dnf, "dnf5") => return Err("dnf5 keeps its cache in a place of its own".to_owned()),
        (PackageManager::Dnf, name) => format!("{name} clean all"),
    };
    if command.words.first().is_some_and(|word| word.text == "sudo") {
        return Err("it runs by `sudo`, and so would the cleaning".to_owned());
    }
    if call.manager == PackageManager::Apt && call.refreshes() && needed.are_needed_after(run) {
        return Err("a later `RUN` installs from the lists that this one fetches".to_owned());
    }
    Ok((format!("Add `{clean}`"), run.append_edit(&clean)?))
}

/// By stage the last RUN, there or in a stage built on it, that installs without an update of its own.
struct NeededLists(Vec<Option<usize>>);

impl NeededLists {
    fn read(view: &DockerfileView<'_>) -> Self {
        let mut last = vec![None; view.file.stages.len()];
        for run in run_instructions(view).filter(installs_from_lists) {
            if let Some(own) = run.instruction.stage.and_then(|stage| last.get_mut(stage)) {
                *own = Some(run.instruction.index);
            }
        }
        for stage in view.file.stages.iter().rev() {
            if let StageBase::Stage(base) = stage.base
                && base < stage.index
            {
                last[base] = last[base].max(last[stage.index]);
            }
        }
        Self(last)
    }

    fn are_needed_after(&self, run: &RunInstruction<'_>) -> bool {
        let last = run.instruction.stage.and_then(|stage| *self.0.get(stage)?);
        last.is_some_and(|last| last > run.instruction.index)
    }
}

fn installs_from_lists(run: &RunInstruction<'_>) -> bool {
    let calls = run.script.commands.iter().filter_map(package_call);
    let apt = calls.filter(|call| call.manager == PackageManager::Apt);
    apt.take_while(|call| !call.refreshes()).any(|call| call.installs() || call.upgrades())
}
