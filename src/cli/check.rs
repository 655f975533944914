//! Runs `check`: prints the findings in the format that the user chose.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::args::{CheckArgs, CheckFormat, FailThreshold};
use super::colour_choice::ColourChoice;
use super::{
    EXIT_CLEAN, EXIT_FAILED, EXIT_FOUND, baseline, piped_input, print_note, print_stdout, registry,
    run_audit, write_stdout,
};
use crate::audit::{AuditEngine, FileReport, ListedFinding, LoweredBar, PinCheck};
use crate::base::{par_map, par_map_ordered};
use crate::finding::{FindingKey, Safety, Severity};
use crate::fix::{FixOffer, FixOffers, FixOrder, Planner, ProvenOffers, ReportOffers};
use crate::repo::RelPath;
use crate::report::{
    self, AnnotationStyle, JsonReport, LoggedFile, LoggedFixes, PatchesByFinding, ReportCounts,
    ReportSurroundings, ReportedFiles, TextPaint, TextReport, TextStyle,
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

/// Prints the report as text.
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
    let offers = offers_for_readers(engine, check);
    let style = TextStyle { paint, are_fixes_proven: offers.are_proven() };
    let part = |paths: &[&RelPath]| {
        let store = collect_store(engine, check, paths);
        TextReport::from_store(&store, |path, listed| offers.offers_among(path, listed), style)
    };
    let (paths, mut whole): (Vec<&RelPath>, _) = (engine.audited_paths().collect(), TextReport::default());
    let engine_bar = engine.lowered_bar();
    write_stdout(|out| {
        // Each part is freed once written, so that only a few parts are in memory.
        par_map_ordered(paths.chunks(FILES_PER_PART).collect(), part, |part| whole.append_part(&part, out))?;
        let around = surroundings_of(engine, &engine_bar);
        whole.write_summary(engine.score(), engine.score_factors(), around, style, out)
    })?;
    Ok(whole.counts)
}

/// What the reports say besides the files.
fn surroundings_of<'a>(engine: &AuditEngine, lowered_bar: &'a LoweredBar) -> ReportSurroundings<'a> {
    let (ignored_count, mended_count) = (engine.ignored_count(), engine.mended_count());
    ReportSurroundings { ignored_count, mended_count, lowered_bar }
}

fn offers_for_readers<'a>(engine: &'a AuditEngine, check: &CheckArgs) -> ReportOffers<'a> {
    Planner::new(engine).prove_for_readers(|rule| check.rules.is_empty() || check.rules.contains(&rule))
}

/// Prints the report as JSON. A program may act on it, so each fix that it names is proven.
fn print_json_report(
    engine: &AuditEngine,
    check: &CheckArgs,
    images: Option<&[PinCheck]>,
) -> anyhow::Result<ReportCounts> {
    let proven = prove_offers(engine, check);
    let counts = count_findings(engine, check);
    let source = |path: &RelPath| engine.source(path);
    let images = images.map(|images| report::pinned_images_json(images, source));
    let bar = engine.lowered_bar();
    let report = JsonReport {
        units: &engine.unit_table(),
        services: &engine.index().service_answers(),
        score: engine.score(),
        bar: Some(&bar).filter(|_| !check.ignore_repository_settings),
        ignored_count: engine.ignored_count(),
        images: images.as_deref(),
    };
    let paths: Vec<&RelPath> = engine.audited_paths().collect();
    let files = ReportedFiles {
        with_findings: &|take| visit_stores(&paths, |some| collect_store(engine, check, some), take),
        without_findings: &|take| {
            visit_stores(&paths, |some| Store::from_update(engine.snapshot_files(some)), take)
        },
    };
    let offers = |path: &RelPath, listed: &[Arc<ListedFinding>]| proven.offers_among(path, listed);
    write_stdout(|out| report.write_report(&files, offers, out))?;
    Ok(counts)
}

/// Prints the annotations, the worst of all files first.
fn print_annotations(engine: &AuditEngine, check: &CheckArgs) -> anyhow::Result<ReportCounts> {
    let proven = offers_for_readers(engine, check);
    let offers = |path: &RelPath, listed: &[Arc<ListedFinding>]| proven.offers_among(path, listed);
    print_unreadable(engine);
    let counts = count_findings(engine, check);
    let paths: Vec<&RelPath> = engine.audited_paths().collect();
    let visit = |take: &mut dyn FnMut(&Store) -> io::Result<()>| {
        visit_stores(&paths, |some| collect_store(engine, check, some), take)
    };
    let (bar, below) = (engine.lowered_bar(), workspace_prefix(engine.root()));
    let style = AnnotationStyle { below: &below, are_fixes_proven: proven.are_proven() };
    write_stdout(|out| {
        report::write_github(&visit, (&counts, surroundings_of(engine, &bar)), offers, style, out)
    })?;
    Ok(counts)
}

/// Prints the log of static analysis, file by file.
fn print_sarif_log(engine: &AuditEngine, check: &CheckArgs) -> anyhow::Result<ReportCounts> {
    let proven = prove_offers(engine, check);
    let counts = count_findings(engine, check);
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
    let bar = engine.lowered_bar();
    let about = (surroundings_of(engine, &bar), exit_status(engine, check, &counts));
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

/// Hands over the files in parts, each freed before the next: what is listed of all of them would take more than all else.
fn visit_stores(
    paths: &[&RelPath],
    collect: impl Fn(&[&RelPath]) -> Store,
    take: &mut dyn FnMut(&Store) -> io::Result<()>,
) -> io::Result<()> {
    paths.chunks(FILES_PER_STORE).try_for_each(|some| take(&collect(some)))
}

fn collect_store(engine: &AuditEngine, check: &CheckArgs, paths: &[&RelPath]) -> Store {
    Store::from_update(engine.snapshot(paths).retain_rules(&check.rules, check.only_open))
}

fn count_findings(engine: &AuditEngine, check: &CheckArgs) -> ReportCounts {
    let counts = report_parts(engine, |paths| {
        ReportCounts::from_store(&collect_store(engine, check, paths), &FixOffers::new())
    });
    sum_counts(counts.iter())
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
        let planner = Planner::new(engine).without_values();
        let plan = planner.plan(&FixOrder::Findings(std::slice::from_ref(key))).ok()?;
        Some((key.clone(), plan.patches))
    });
    patches.into_iter().flatten().collect()
}

fn reaches_threshold(counts: &ReportCounts, FailThreshold(floor): FailThreshold) -> bool {
    let stands = |floor| Severity::ALL.into_iter().any(|it| it >= floor && counts.open_count(it) > 0);
    floor.is_some_and(stands)
}

pub(super) fn no_files_message(ignored: usize) -> String {
    let hidden = if ignored > 0 { format!(" ({ignored} are hidden by ignore files)") } else { String::new() };
    format!(
        "No Dockerfile and no Kubernetes manifest found here{hidden}.\n\
         Looked for Dockerfile*, *.Dockerfile, Containerfile*, and .yaml, .yml or .json with apiVersion and kind.\n"
    )
}
