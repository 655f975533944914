//! Runs `trial`: says what will be run, runs an app as it is and hardened, and prints what it needs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{anyhow, bail};

use super::args::TrialArgs;
use super::named_paths::PathAccess;
use super::{
    EXIT_CLEAN, EXIT_FAILED, EXIT_FOUND, open_history, print_error, print_note, print_stdout, run_audit,
};
use crate::audit::AuditEngine;
use crate::fix::{FixPlan, Planner};
use crate::rules::BOUND_RULES;
use crate::service::{settings_plan, workspace};
use crate::settings::{SETTINGS_FILE, SettingsChange};
use crate::text::diff::unified_patch;
use crate::text::{make_printable, make_printable_lines, quote_shell_word};
use crate::trial::{
    AppTrial, ContainerEngine, TrialError, TrialOptions, TrialOutcome, TrialRecord, TrialResult, TrialStep,
    TrialTarget, preview_lines, remove_leftovers, result_lines, run_time, step_lines,
};

pub(super) fn run(args: &TrialArgs) -> anyhow::Result<u8> {
    let access = if args.save { PathAccess::Write } else { PathAccess::Read };
    let mut audit = run_audit::run_audit(std::slice::from_ref(&args.path), access)?;
    let targets = choose_targets(&audit, args.app.as_deref())?;
    let is_stopped = watch_signals()?;
    let is_awaited = || !is_stopped.load(Ordering::Relaxed);
    let engine = ContainerEngine::find(audit.settings().engine.as_deref(), &is_awaited)?;
    for left in remove_leftovers(&engine, &is_awaited)? {
        print_note(&format!("removed what an earlier trial left: {left}"));
    }
    let status = try_all(args, &engine, &mut audit, targets, &is_awaited);
    let left = engine.cleaning.left();
    for (thing, reason) in &left {
        print_note(&format!("seaworthy: not removed: {thing} ({reason}); the next trial tries again"));
    }
    match status {
        Ok(None) => {
            let end = if left.is_empty() {
                "and what it made is removed"
            } else {
                "and not all that it made is removed"
            };
            print_note(&format!("seaworthy: the trial was stopped, {end}"));
            Ok(EXIT_FAILED)
        }
        Ok(Some(status)) => Ok(status),
        Err(error) => Err(error),
    }
}

/// Tries the apps; the worst of their statuses, none where it was stopped.
fn try_all(
    args: &TrialArgs,
    engine: &ContainerEngine,
    audit: &mut AuditEngine,
    targets: Vec<TrialTarget>,
    is_awaited: &dyn Fn() -> bool,
) -> anyhow::Result<Option<u8>> {
    let time = args.time.map_or_else(|| run_time(audit.settings()), Duration::from_secs);
    let mut options =
        TrialOptions { has_network: args.network, keeps_images: args.keep, ..TrialOptions::watching(time) };
    if let Some(mebibytes) = args.disk {
        options.max_written = mebibytes * 1024 * 1024;
    }
    let mut worst = EXIT_CLEAN;
    for (at, target) in targets.into_iter().enumerate() {
        if at > 0 {
            print_stdout("\n")?;
        }
        let status = match try_app(engine, audit, target, options, is_awaited) {
            Ok(result) => {
                keep_result(audit, &result);
                let status = print_result(args, &result)?;
                if args.save {
                    save_result(audit, &result)?;
                }
                status
            }
            Err(TrialError::Stopped) => return Ok(None),
            Err(error) => {
                print_error(&error.into());
                EXIT_FAILED
            }
        };
        worst = worst.max(status);
    }
    Ok(Some(worst))
}

/// The apps to try: the one that is named, else all.
fn choose_targets(audit: &AuditEngine, name: Option<&str>) -> anyhow::Result<Vec<TrialTarget>> {
    let all = TrialTarget::list_all(audit);
    let Some(name) = name else {
        return if all.is_empty() {
            Err(anyhow!("nothing here deploys a container: name a folder with a manifest that does"))
        } else {
            Ok(all)
        };
    };
    let known: Vec<String> = all.iter().map(TrialTarget::label).collect();
    let named: Vec<TrialTarget> = all.into_iter().filter(|target| target.is_named(audit, name)).collect();
    if named.is_empty() {
        let listed = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        bail!("there is no app `{name}` here: there are {listed}");
    }
    Ok(named)
}

/// Tries one app, and prints each step as it is made.
fn try_app(
    engine: &ContainerEngine,
    audit: &mut AuditEngine,
    target: TrialTarget,
    options: TrialOptions,
    is_awaited: &dyn Fn() -> bool,
) -> Result<TrialResult, TrialError> {
    let mut attempts = 0;
    let mut report = |step: TrialStep<'_>| {
        for line in step_lines(&step, &mut attempts) {
            let _ = print_stdout(&format!("{}\n", make_printable(&line)));
        }
    };
    let trial = AppTrial::prepare(engine, audit, target.clone(), options, is_awaited, &mut report)?;
    let (images, launch) = trial.preview()?;
    for line in preview_lines(engine, &target, options, (&images, &launch)) {
        let _ = print_stdout(&format!("{line}\n"));
    }
    trial.run()
}

/// Keeps what was seen, for the fixes of this app.
fn keep_result(audit: &AuditEngine, result: &TrialResult) {
    if let Some(Err(error)) = TrialRecord::of_result(audit, result).map(|record| record.save()) {
        print_note(&format!("what the trial saw cannot be kept: {error}"));
    }
}

/// Writes what was seen into the settings, as every other write is made, so that `undo` takes it back.
fn save_result(audit: &AuditEngine, result: &TrialResult) -> anyhow::Result<()> {
    let TrialTarget { path, object, .. } = result.target.clone();
    let plan = match settings_plan::plan_change(audit, &SettingsChange::Trial { path, object }) {
        Ok(plan) => plan,
        Err(why) => {
            print_note(&format!("nothing is written to {SETTINGS_FILE}: {why}"));
            return Ok(());
        }
    };
    let mut history = open_history(&workspace::settings_folder(audit.root()));
    Planner::write_with_title(&mut history, &plan.title, &plan.patches)?;
    print_patches(&plan)?;
    print_stdout(&format!("Written to {SETTINGS_FILE}; `seaworthy undo` takes it back.\n"))
}

fn print_patches(plan: &FixPlan) -> anyhow::Result<()> {
    for patch in &plan.patches {
        let diff = unified_patch(patch.path.as_str(), patch.before.text(), patch.after.text());
        print_stdout(&make_printable_lines(&diff))?;
    }
    Ok(())
}

/// Prints what came of it, with the fix that the app lived with.
fn print_result(args: &TrialArgs, result: &TrialResult) -> anyhow::Result<u8> {
    for line in result_lines(result) {
        print_stdout(&format!("{line}\n"))?;
    }
    if let Some(plan) = result.plan.as_ref().filter(|plan| !plan.patches.is_empty()) {
        print_stdout("The fix that ran:\n")?;
        print_patches(plan)?;
        let path = make_printable(&quote_shell_word(&args.path.display().to_string())).into_owned();
        print_stdout(&format!("`seaworthy fix --review {path}` writes it.\n"))?;
        let bounds = BOUND_RULES.iter().filter(|rule| result.tried.iter().any(|(key, _)| key.rule == **rule));
        let bounds: String = bounds.map(|rule| format!(" --rule {rule}")).collect();
        if !bounds.is_empty() {
            // They are defaults: a plain `fix` leaves them to a person.
            print_stdout(&format!(
                "`seaworthy fix --review{bounds} {path}` writes its bounds of resources.\n"
            ))?;
        }
    }
    Ok(match result.outcome {
        TrialOutcome::Lives => EXIT_CLEAN,
        TrialOutcome::LivesWithNeeds | TrialOutcome::NotDecided(_) => EXIT_FOUND,
    })
}

/// A sign that is set by the signals that end a program: what a trial made is removed first.
fn watch_signals() -> anyhow::Result<Arc<AtomicBool>> {
    let is_stopped = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&is_stopped))?;
    }
    Ok(is_stopped)
}
