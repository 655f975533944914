//! `config`: the settings in effect, and where each comes from.

use std::fmt::Write;
use std::path::Path;

use super::{CLEAN, audit, home, print};
use crate::repo;
use crate::settings::{FILE, KEYS, Settings};
use crate::text::printable;

pub(super) fn run(path: &Path) -> anyhow::Result<u8> {
    let root = repo::common_root(&[audit::resolve(path)?]);
    let settings = home::settings(&root)?;
    print(&listing(&settings, &home::home(&root)))?;
    Ok(CLEAN)
}

fn listing(settings: &Settings, home: &Path) -> String {
    let at = home.join(FILE);
    let found = if at.is_file() { "" } else { " (not there: all is as it comes)" };
    let mut out = format!("# {}{found}\n", printable(&at.display().to_string()));
    for key in KEYS {
        let _ = writeln!(out, "\n# {}", key.about);
        let shown = (key.show)(settings);
        if shown.is_empty() {
            let _ = writeln!(out, "# {} is not set; for example: {}", key.name, key.example);
        }
        for (name, value) in shown {
            let bare = name.replace('"', "");
            let from = match settings.lines.get(&bare) {
                Some(line) => format!("{FILE}:{line}"),
                None => "default".to_owned(),
            };
            let _ = writeln!(out, "{name} = {}  # {from}", printable(&value));
        }
    }
    out
}
