//! `check`: what is found, in the form that was asked for.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::args::{Check, Floor, Output};
use super::{CLEAN, FOUND, audit, baseline, home, online, print, print_with, say};
use crate::audit::AuditEngine;
use crate::base::{par_map, par_map_ordered};
use crate::finding::{FindingKey, Safety, Severity, Subject};
use crate::fix;
use crate::fix::{FixOffer, FixOffers, PinCheck};
use crate::repo::RelPath;
use crate::report::{self, Counts, Json, Paint, Patches, Text};
use crate::store::Store;

/// How many files' part of the report is made at a time.
const PART: usize = 64;

pub(super) fn run(check: &Check) -> anyhow::Result<u8> {
    // Pinned images are asked about wherever they stand, so all must be kept.
    let audit = if check.online { audit::audit } else { audit::audit_lightly };
    let engine = audit(&check.paths)?;
    let images = check.online.then(|| online::check(fix::find_pinned_images(&engine)));
    let counts = match check.format {
        Output::Text => text(&engine, check)?,
        Output::Json => json(&engine, check, images.as_deref())?,
        Output::Sarif | Output::Github => whole(&engine, check)?,
    };
    if let Some(images) = &images {
        tell(images, check.format)?;
    }
    baseline::tidy(&engine)?;
    let status = exit(&engine, check, &counts);
    // The process ends with this report: to take all apart in order would only take time.
    std::mem::forget(engine);
    Ok(status)
}

fn exit(engine: &AuditEngine, check: &Check, counts: &Counts) -> u8 {
    let floor = check.fail_on.unwrap_or(Floor(engine.settings().fail_on));
    if fails(counts, floor) { FOUND } else { CLEAN }
}

/// Fixes are told of, not proven: whoever reads this is not about to write them.
fn text(engine: &AuditEngine, check: &Check) -> anyhow::Result<Counts> {
    if engine.audited_paths().next().is_none() {
        print(&nothing(engine.ignored_count()))?;
        return Ok(Counts::default());
    }
    let paint = Paint::new(coloured());
    let part = |paths: &[&RelPath]| {
        Text::of(&stored(engine, check, paths), |path| fix::preview_fixes(engine, path), paint)
    };
    let (paths, mut whole): (Vec<&RelPath>, _) = (engine.audited_paths().collect(), Text::default());
    print_with(|out| {
        // What is written is let go, so that no more than a few parts are in memory.
        par_map_ordered(paths.chunks(PART).collect(), part, |part| whole.take(&part, out))?;
        whole.close(engine.score(), engine.score_factors(), engine.ignored_count(), paint, out)
    })?;
    Ok(whole.counts)
}

/// A program may act on what it reads here, so each fix that is named is proven.
fn json(engine: &AuditEngine, check: &Check, images: Option<&[PinCheck]>) -> anyhow::Result<Counts> {
    let offers = offers(engine, check);
    let units = engine.unit_table();
    let parts = parts(engine, |paths| Json::of(&stored(engine, check, paths), &offers, &units));
    let source = |path: &RelPath| engine.source(path);
    let images = images.map(|images| report::pinned(images, source));
    print_with(|out| Json::write(&parts, &units, engine.score(), images.as_deref(), out))?;
    Ok(sum(parts.iter().map(|part| &part.counts)))
}

/// The forms that are made of all files at once.
fn whole(engine: &AuditEngine, check: &Check) -> anyhow::Result<Counts> {
    let store = Store::of(engine.full_update().retain_rules(&check.rules, check.only_open));
    let offers = match check.format {
        Output::Sarif => offers(engine, check),
        _ => FixOffers::default(),
    };
    let counts = Counts::of(&store, &offers);
    let below = below(engine.root());
    match check.format {
        Output::Sarif => {
            let patches = |path: &RelPath| patches(engine, path, &offers);
            let exit = exit(engine, check, &counts);
            print_with(|out| report::sarif(&store, patches, &below, exit, out))?;
        }
        _ => print(&report::github(&store, &below))?,
    }
    Ok(counts)
}

fn offers(engine: &AuditEngine, check: &Check) -> FixOffers {
    fix::verified_fixes(engine, |rule| check.rules.is_empty() || check.rules.contains(&rule))
}

/// The report in parts, so that it is made on all processors and only what is found is in memory twice.
fn parts<T: Send>(engine: &AuditEngine, part: impl Fn(&[&RelPath]) -> T + Sync) -> Vec<T> {
    let paths: Vec<&RelPath> = engine.audited_paths().collect();
    par_map(paths.chunks(PART).collect(), part)
}

fn stored(engine: &AuditEngine, check: &Check, paths: &[&RelPath]) -> Store {
    Store::of(engine.snapshot(paths).retain_rules(&check.rules, check.only_open))
}

fn sum<'c>(parts: impl Iterator<Item = &'c Counts>) -> Counts {
    parts.fold(Counts::default(), Counts::plus)
}

/// From a GitHub workflow's workspace to the root of the audit, with a slash at its end: what reads these reports there
/// knows paths from the workspace on. Empty elsewhere.
fn below(root: &Path) -> String {
    let workspace = std::env::var_os("GITHUB_WORKSPACE").and_then(|at| PathBuf::from(at).canonicalize().ok());
    let below = workspace.as_deref().and_then(|workspace| root.strip_prefix(workspace).ok());
    below.map(home::slashed).unwrap_or_default()
}

/// What has become of pinned images: in the report as text, beside one that has no place for it.
fn tell(images: &[PinCheck], format: Output) -> anyhow::Result<()> {
    match format {
        Output::Json => {}
        Output::Text => print(&format!("\n{}", report::images(images, Paint::new(coloured()))))?,
        Output::Sarif | Output::Github => report::images(images, Paint::new(false)).lines().for_each(say),
    }
    Ok(())
}

/// What each fix of a file that needs no value from outside would write.
fn patches(engine: &AuditEngine, path: &RelPath, offers: &FixOffers) -> Patches {
    // What reads these reports writes a fix without a question.
    let mended = |offer: &FixOffer| matches!(offer, FixOffer::Fix { safety, risk, .. } if *safety < Safety::Value && !risk.will_break());
    let first =
        FindingKey { path: path.clone(), rule: "", subject: Subject::default(), keys: None, ordinal: 0 };
    let offers = offers.range(first..).take_while(|(key, _)| key.path == *path);
    let keys: Vec<_> = offers.filter(|(_, offer)| mended(offer)).map(|(key, _)| key).collect();
    fix::patch_each_finding(engine, &keys)
}

fn fails(counts: &Counts, Floor(floor): Floor) -> bool {
    let stands = |floor| Severity::ALL.into_iter().any(|it| it >= floor && counts.open(it) > 0);
    floor.is_some_and(stands)
}

/// Colours on a terminal, unless the user has said no to them.
pub(super) fn coloured() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stdout().is_terminal() && !refused
}

fn nothing(ignored: usize) -> String {
    let hidden = if ignored > 0 { format!(" ({ignored} are hidden by ignore files)") } else { String::new() };
    format!(
        "No Dockerfile and no Kubernetes manifest found here{hidden}.\n\
         Looked for Dockerfile*, *.Dockerfile, Containerfile*, and .yaml, .yml or .json with apiVersion and kind.\n"
    )
}
