//! `config`: the settings in effect, and where each comes from.

use std::fmt::Write;
use std::path::Path;

use super::{CLEAN, audit, home, print};
use crate::app::UserConfig;
use crate::repo;
use crate::settings::{FILE, KEYS, Settings};
use crate::terminal;
use crate::text::printable;

pub(super) fn run(path: &Path) -> anyhow::Result<u8> {
    let root = repo::common_root(&[audit::resolve(path)?]);
    let settings = home::settings(&root)?;
    print(&(listing(&settings, &home::home(&root)) + &own(&terminal::read_config())))?;
    Ok(CLEAN)
}

/// The user's own file, which no repository can replace: whom the program may ask without encryption.
fn own(config: &UserConfig) -> String {
    let path = terminal::config_path().map(|path| path.display().to_string()).unwrap_or_default();
    let mut out = format!("\n# Your own file, {}: theme, keys, and\n", printable(&path));
    out.push_str("# registries that may be asked without encryption, besides those on this machine\n");
    match config.plain_registries.as_slice() {
        [] => out.push_str(
            "# registries.http is not set; for example: registries.http = [\"registry.lan:5000\"]\n",
        ),
        hosts => {
            let _ = writeln!(out, "# registries.http = {}", printable(&format!("{hosts:?}")));
        }
    }
    out
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
