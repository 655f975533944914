//! `check`: what is found, as text or JSON.

use std::io::IsTerminal;

use super::args::{Check, Floor, Format};
use super::{CLEAN, FOUND, audit, print};
use crate::fix;
use crate::report::{self, Paint};
use crate::store::Store;

pub(super) fn run(check: &Check) -> anyhow::Result<u8> {
    let engine = audit::audit(&check.paths)?;
    let mut store = Store::default();
    store.apply(engine.update().only(&check.rules));
    let offers = fix::offers(&engine, |rule| check.rules.is_empty() || check.rules.contains(&rule));
    match check.format {
        Format::Json => print(&report::json(&store, &offers))?,
        Format::Text if store.files().next().is_none() => print(&nothing(store.ignored()))?,
        Format::Text => print(&report::text(&store, &offers, Paint::new(coloured())))?,
    }
    let floor = check.fail_on.unwrap_or(Floor(engine.settings().fail_on));
    Ok(if fails(&store, floor) { FOUND } else { CLEAN })
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
