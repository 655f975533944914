//! The README's table of the figures that are kept.

use std::fmt::Write as _;
use std::path::Path;

use crate::clock::{Count, Kept, Measure, shown};
use crate::{COUNTS, MEASURES};

const BEGIN: &str = "<!-- bench -->\n";
const END: &str = "<!-- /bench -->";

/// Writes the table between its marks, with this machine's name.
pub(crate) fn write(kept: &Kept) {
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(&at).unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    std::fs::write(&at, format!("{before}{BEGIN}{}{END}{after}", table(kept))).unwrap();
}

fn table(kept: &Kept) -> String {
    let mut out = format!(
        "Measured on {}.\n\n| what | figure | limit | of its limit |\n|---|---|---|---|\n",
        machine()
    );
    for Count { name, unit, limit, .. } in COUNTS {
        let Some(count) = kept.count(name) else { continue };
        let share = limit.map(|limit| format!("{:.2}", count / limit)).unwrap_or_default();
        let limit = limit.map(|limit| format!("{limit:.0}")).unwrap_or_default();
        let _ = writeln!(out, "| {name} | {count:.1} {unit} | {limit} | {share} |");
    }
    for Measure { name, limit, .. } in MEASURES {
        let Some(took) = kept.time(name) else { continue };
        let limit = limit.map(std::time::Duration::from_micros);
        let share = limit.map(|limit| format!("{:.2}", took.as_secs_f64() / limit.as_secs_f64()));
        let limit = limit.map(shown).unwrap_or_default();
        let _ = writeln!(out, "| {name} | {} | {limit} | {} |", shown(took), share.unwrap_or_default());
    }
    out
}

/// The processor and how many of them, as the system names them.
fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    let name = name.map_or("an unnamed processor", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{name}, {cores} cores, {}", std::env::consts::OS)
}
