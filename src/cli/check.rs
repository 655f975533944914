//! Runs `check`: prints the findings in the format that the user chose.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::args::{CheckArgs, CheckFormat, FailThreshold};
use super::colour_choice::ColourChoice;
use super::{
    EXIT_CLEAN, EXIT_FAILED, EXIT_FOUND, baseline, piped_input, print_note, print_stdout, registry,
    run_audit, write_stdout,
};
use crate::audit::{AuditEngine, FileReport, ListedFinding, PinCheck};
use crate::base::{par_map, par_map_ordered};
use crate::finding::{FindingKey, Safety, Severity};
use crate::fix::{FixOffer, FixOffers, FixOrder, Planner, ProvenOffers};
use crate::repo::RelPath;
use crate::report::{
    self, JsonFindings, JsonReport, LoggedFile, LoggedFixes, PatchesByFinding, ReportCounts,
    ReportSurroundings, TextPaint, TextReport,
};
use crate::service::workspace::{self, RepositorySettings};
use crate::store::Store;

/// The number of files in one part of the report; parts are made on all processors.
const FILES_PER_PART: usize = 64;

/// The number of files whose findings are listed at a time, where parts of them are made on all processors.
const FILES_PER_STORE: usize = 1024;

pub(super) fn run(check: &CheckArgs, colour: ColourChoice) -> anyhow::Result<u8> {
    let paint = TextPaint::new(colour.paints_stdout());
    let piped = piped_input::audit_pipes(check)?;
    let is_piped = piped.is_some();
    let settings = RepositorySettings::for_check(check.ignore_repository_settings);
    // Pinned images are checked in every file, clean ones too, so all must be kept.
    let engine = match piped {
        Some(engine) => engine,
        None => run_audit::audit_for_report(&check.paths, settings, !check.online)?,
    };
    let images = check.online.then(|| registry::check_pins(engine.pinned_images()));
    let counts = match check.format {
        CheckFormat::Text => print_text_report(&engine, check, paint)?,
        CheckFormat::Json => print_json_report(&engine, check, images.as_deref())?,
        CheckFormat::Sarif => print_sarif_log(&engine, check)?,
        CheckFormat::Github => print_annotations(&engine, check)?,
    };
    if let Some(images) = &images {
        print_pin_checks(images, check.format, paint)?;
    }
    if !is_piped && !check.ignore_repository_settings {
        baseline::print_gone_findings(&engine);
    }
    let status = exit_status(&engine, check, &counts);
    // The process ends with this report: to free everything in order would only take time.
    std::mem::forget(engine);
    Ok(status)
}

fn exit_status(engine: &AuditEngine, check: &CheckArgs, counts: &ReportCounts) -> u8 {
    if engine.has_unreadable_target() {
        return EXIT_FAILED;
    }
    let floor = check.fail_on.unwrap_or(FailThreshold(engine.settings().fail_on));
    if reaches_threshold(counts, floor) { EXIT_FOUND } else { EXIT_CLEAN }
}

/// Prints the report as text. Its fixes are named, not proven: its reader is not about to write them.
fn print_text_report(
    engine: &AuditEngine,
    check: &CheckArgs,
    paint: TextPaint,
) -> anyhow::Result<ReportCounts> {
    if engine.audited_paths().next().is_none() {
        let bar = report::bar_line(&engine.lowered_bar()).unwrap_or_default();
        print_stdout(&(no_files_message(engine.ignored_count()) + &bar))?;
        return Ok(ReportCounts::default());
    }
    let charts = chart_offers(engine, check);
    let part = |paths: &[&RelPath]| {
        TextReport::from_store(
            &collect_store(engine, check, paths),
            |path| preview_offers(engine, &charts, path),
            paint,
        )
    };
    let (paths, mut whole): (Vec<&RelPath>, _) = (engine.audited_paths().collect(), TextReport::default());
    write_stdout(|out| {
        // Each part is freed once written, so that only a few parts are in memory.
        par_map_ordered(paths.chunks(FILES_PER_PART).collect(), part, |part| whole.append_part(&part, out))?;
        let lowered_bar = &engine.lowered_bar();
        let (ignored_count, mended_count) = (engine.ignored_count(), engine.mended_count());
        let around = ReportSurroundings { ignored_count, mended_count, lowered_bar };
        whole.write_summary(engine.score(), engine.score_factors(), around, paint, out)
    })?;
    Ok(whole.counts)
}

/// The offers of charts' fixes, proven: unlike others they cannot be told from a look.
fn chart_offers(engine: &AuditEngine, check: &CheckArgs) -> FixOffers {
    let is_asked = |rule: &str| check.rules.is_empty() || check.rules.contains(&rule);
    Planner::new(engine).verify_charts(is_asked)
}

/// The offers for a file as far as a look tells them, or as those of charts were proven.
fn preview_offers(engine: &AuditEngine, charts: &FixOffers, path: &RelPath) -> FixOffers {
    if engine.chart_of(path).is_none() {
        return Planner::new(engine).preview(path);
    }
    charts
        .iter()
        .filter(|(key, _)| key.path == *path)
        .map(|(key, offer)| (key.clone(), offer.clone()))
        .collect()
}

/// Prints the report as JSON. A program may act on it, so each fix that it names is proven.
fn print_json_report(
    engine: &AuditEngine,
    check: &CheckArgs,
    images: Option<&[PinCheck]>,
) -> anyhow::Result<ReportCounts> {
    let proven = prove_offers(engine, check);
    let units = engine.unit_table();
    let mut parts =
        report_parts(engine, |paths| JsonReport::from_store(&collect_store(engine, check, paths), &units));
    parts.push(JsonReport::from_services(&engine.index().service_answers()));
    let source = |path: &RelPath| engine.source(path);
    let images = images.map(|images| report::pinned_images_json(images, source));
    let bar = engine.lowered_bar();
    let about = (engine.score(), Some(&bar).filter(|_| !check.ignore_repository_settings));
    let write_findings = |findings: &mut JsonFindings<'_>| {
        let paths: Vec<&RelPath> = engine.audited_paths().collect();
        // What is listed of some files is freed before the next: all of it would take more than all else.
        paths.chunks(FILES_PER_STORE).try_for_each(|some| {
            let store = collect_store(engine, check, some);
            findings.push_findings(&store, |path, listed| proven.offers_among(path, listed))
        })
    };
    write_stdout(|out| {
        JsonReport::write_report(&parts, &units, about, images.as_deref(), write_findings, out)
    })?;
    Ok(sum_counts(parts.iter().map(|part| &part.counts)))
}

/// Prints the annotations, the worst of all files first. Their fixes are named, as in the text: nobody writes from an
/// annotation.
fn print_annotations(engine: &AuditEngine, check: &CheckArgs) -> anyhow::Result<ReportCounts> {
    let store = Store::from_update(engine.full_update().retain_rules(&check.rules, check.only_open));
    let charts = chart_offers(engine, check);
    let offers = |path: &RelPath, listed: &[&Arc<ListedFinding>]| -> FixOffers {
        if engine.chart_of(path).is_none() {
            return Planner::new(engine).preview_among(path, listed);
        }
        let known = listed.iter().filter_map(|listed| charts.get_key_value(&listed.key));
        known.map(|(key, offer)| (key.clone(), offer.clone())).collect()
    };
    print_unreadable(engine);
    write_stdout(|out| report::write_github(&store, offers, &workspace_prefix(engine.root()), out))?;
    Ok(ReportCounts::from_store(&store, &FixOffers::new()))
}

/// Prints the log of static analysis, file by file.
fn print_sarif_log(engine: &AuditEngine, check: &CheckArgs) -> anyhow::Result<ReportCounts> {
    let proven = prove_offers(engine, check);
    let counts = report_parts(engine, |paths| {
        ReportCounts::from_store(&collect_store(engine, check, paths), &FixOffers::new())
    });
    let counts = sum_counts(counts.iter());
    print_unreadable(engine);
    let files: Vec<FileReport> = engine.audited_reports().collect();
    let made = |file: &FileReport| {
        let (path, left) = (file.path.clone(), AtomicUsize::new(max_patches(file)));
        let proven = &proven;
        let fixes = move |listed: &[Arc<ListedFinding>]| {
            let offers = proven.offers_among(&path, listed);
            LoggedFixes { patches: fix_patches(engine, listed, &offers, &left), offers }
        };
        let update = engine.snapshot(&[&file.path]).retain_rules(&check.rules, check.only_open);
        LoggedFile {
            findings: update.findings.into_values().next().unwrap_or_default(),
            fixes: Box::new(fixes),
        }
    };
    let about = (&engine.lowered_bar(), exit_status(engine, check, &counts));
    let below = workspace_prefix(engine.root());
    write_stdout(|out| report::write_sarif(&files, made, &below, about, out))?;
    Ok(counts)
}

/// These formats have no place for what lies outside of every file.
fn print_unreadable(engine: &AuditEngine) {
    engine.unreadable_files().for_each(|(path, reason)| print_note(&format!("not read: {path}: {reason}")));
}

fn prove_offers<'a>(engine: &'a AuditEngine, check: &CheckArgs) -> ProvenOffers<'a> {
    Planner::new(engine).prove(|rule| check.rules.is_empty() || check.rules.contains(&rule))
}

/// The report in parts, so that it is made on all processors and only findings are in memory twice.
fn report_parts<T: Send>(engine: &AuditEngine, part: impl Fn(&[&RelPath]) -> T + Sync) -> Vec<T> {
    let paths: Vec<&RelPath> = engine.audited_paths().collect();
    par_map(paths.chunks(FILES_PER_PART).collect(), part)
}

fn collect_store(engine: &AuditEngine, check: &CheckArgs, paths: &[&RelPath]) -> Store {
    Store::from_update(engine.snapshot(paths).retain_rules(&check.rules, check.only_open))
}

fn sum_counts<'c>(parts: impl Iterator<Item = &'c ReportCounts>) -> ReportCounts {
    parts.fold(ReportCounts::default(), ReportCounts::add_counts)
}

/// The path from a GitHub workflow's workspace to the root of the audit, ending with a slash: GitHub reads the paths of
/// these reports from its workspace on. Empty elsewhere.
fn workspace_prefix(root: &Path) -> String {
    let workspace = std::env::var_os("GITHUB_WORKSPACE").and_then(|at| PathBuf::from(at).canonicalize().ok());
    let below = workspace.as_deref().and_then(|workspace| root.strip_prefix(workspace).ok());
    below.map(workspace::slash_parts).unwrap_or_default()
}

/// Prints the state of pinned images: in the report as text, on stderr beside a format that has no place for it.
fn print_pin_checks(images: &[PinCheck], format: CheckFormat, paint: TextPaint) -> anyhow::Result<()> {
    match format {
        CheckFormat::Json => {}
        CheckFormat::Text => print_stdout(&format!("\n{}", report::render_pinned_images(images, paint)))?,
        CheckFormat::Sarif | CheckFormat::Github => {
            report::render_pinned_images(images, TextPaint::new(false)).lines().for_each(print_note);
        }
    }
    Ok(())
}

/// The most text, in bytes, that the single fixes of one file may make and prove: each of them reads the whole file.
const MAX_PATCH_BYTES: usize = 8 * 1024 * 1024;

/// The most fixes of a file that are made singly: of a large file that has many, the first ones.
fn max_patches(file: &FileReport) -> usize {
    MAX_PATCH_BYTES / file.source.as_ref().map_or(1, |source| source.text().len().max(1))
}

/// The patch of each of these findings' fixes that needs no value from outside, as long as some are `left`.
fn fix_patches(
    engine: &AuditEngine,
    listed: &[Arc<ListedFinding>],
    offers: &FixOffers,
    left: &AtomicUsize,
) -> PatchesByFinding {
    // The readers of these reports apply a fix without asking, so none that will break the program is given.
    let is_fixable = |offer: &FixOffer| matches!(offer, FixOffer::Fix { safety, risk, .. } if *safety < Safety::Value && !risk.will_break());
    let keys = listed.iter().map(|listed| &listed.key).filter(|key| offers.get(*key).is_some_and(is_fixable));
    let keys: Vec<&FindingKey> = keys.take(left.load(Ordering::Relaxed)).collect();
    left.fetch_sub(keys.len(), Ordering::Relaxed);
    let patches = par_map(keys, |key: &FindingKey| {
        let plan = Planner::new(engine).plan(&FixOrder::Findings(std::slice::from_ref(key))).ok()?;
        Some((key.clone(), plan.patches))
    });
    patches.into_iter().flatten().collect()
}

fn reaches_threshold(counts: &ReportCounts, FailThreshold(floor): FailThreshold) -> bool {
    let stands = |floor| Severity::ALL.into_iter().any(|it| it >= floor && counts.open_count(it) > 0);
    floor.is_some_and(stands)
}

fn no_files_message(ignored: usize) -> String {
    let hidden = if ignored > 0 { format!(" ({ignored} are hidden by ignore files)") } else { String::new() };
    format!(
        "No Dockerfile and no Kubernetes manifest found here{hidden}.\n\
         Looked for Dockerfile*, *.Dockerfile, Containerfile*, and .yaml, .yml or .json with apiVersion and kind.\n"
    )
}
