//! `check`: what is found, in the form that was asked for.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::args::{Check, Floor, Output};
use super::{CLEAN, FOUND, audit, baseline, home, online, print, say};
use crate::audit::Engine;
use crate::finding::Safety;
use crate::fix::{self, Checked, Offer, Offers};
use crate::report::{self, Paint, Patches};
use crate::store::Store;

pub(super) fn run(check: &Check) -> anyhow::Result<u8> {
    let engine = audit::audit(&check.paths)?;
    let mut store = Store::default();
    store.apply(engine.update().only(&check.rules, check.only_open));
    let offers = fix::offers(&engine, |rule| check.rules.is_empty() || check.rules.contains(&rule));
    let floor = check.fail_on.unwrap_or(Floor(engine.settings().fail_on));
    let exit = if fails(&store, floor) { FOUND } else { CLEAN };
    let images = check.online.then(|| online::check(fix::pins(&engine)));
    match check.format {
        Output::Sarif => {
            print(&report::sarif(&store, &patches(&engine, &offers), &below(engine.root()), exit))?;
        }
        Output::Github => print(&report::github(&store, &below(engine.root())))?,
        Output::Json => print(&report::json(&store, &offers, images.as_deref()))?,
        Output::Text if store.files().next().is_none() => print(&nothing(store.ignored()))?,
        Output::Text => print(&report::text(&store, &offers, Paint::new(coloured())))?,
    }
    if let Some(images) = &images {
        tell(images, check.format)?;
    }
    baseline::tidy(&engine)?;
    Ok(exit)
}

/// From a GitHub workflow's workspace to the root of the audit, with a slash at its end: what reads these reports there
/// knows paths from the workspace on. Empty elsewhere.
fn below(root: &Path) -> String {
    let workspace = std::env::var_os("GITHUB_WORKSPACE").and_then(|at| PathBuf::from(at).canonicalize().ok());
    let below = workspace.as_deref().and_then(|workspace| root.strip_prefix(workspace).ok());
    below.map(home::slashed).unwrap_or_default()
}

/// What has become of pinned images: in the report as text, beside one that has no place for it.
fn tell(images: &[Checked], format: Output) -> anyhow::Result<()> {
    match format {
        Output::Json => {}
        Output::Text => print(&format!("\n{}", report::images(images, Paint::new(coloured()))))?,
        Output::Sarif | Output::Github => report::images(images, Paint::new(false)).lines().for_each(say),
    }
    Ok(())
}

/// What each fix that needs no value from outside would write.
fn patches(engine: &Engine, offers: &Offers) -> Patches {
    let mended = |offer: &Offer| matches!(offer, Offer::Fix { safety, .. } if *safety < Safety::Value);
    let keys: Vec<_> = offers.iter().filter(|(_, offer)| mended(offer)).map(|(key, _)| key).collect();
    fix::patches(engine, &keys)
}

fn fails(store: &Store, Floor(floor): Floor) -> bool {
    let open = |listed: &crate::audit::Listed| listed.suppressed.is_none();
    floor.is_some_and(|floor| store.findings().any(|(_, l)| open(l) && l.finding.severity >= floor))
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
