//! Runs `config`: prints the settings in effect, and the source of each.

use std::fmt::Write;
use std::path::Path;

use super::named_paths::{PathAccess, resolve_path};
use super::{EXIT_CLEAN, print_stdout};
use crate::app::UserConfig;
use crate::repo;
use crate::service::workspace;
use crate::settings::{SETTING_KEYS, SETTINGS_FILE, Settings};
use crate::text::make_printable;

pub(super) fn run(path: &Path) -> anyhow::Result<u8> {
    let root = repo::common_root(&[resolve_path(path, PathAccess::Read)?]);
    let settings = workspace::load_settings(&root)?;
    print_stdout(
        &(settings_text(&settings, &workspace::settings_folder(&root))
            + &user_config_text(&crate::service::read_config())),
    )?;
    Ok(EXIT_CLEAN)
}

/// The text for the user's own file, which no repository can replace: the registries that may be asked without
/// encryption.
fn user_config_text(config: &UserConfig) -> String {
    let path = crate::service::config_path().map(|path| path.display().to_string()).unwrap_or_default();
    let mut out = format!("\n# Your own file, {}: theme, keys, and\n", make_printable(&path));
    out.push_str("# registries that may be asked without encryption, besides those on this machine\n");
    match config.plain_registries.as_slice() {
        [] => out.push_str(
            "# registries.http is not set; for example: registries.http = [\"registry.lan:5000\"]\n",
        ),
        hosts => {
            let _ = writeln!(out, "# registries.http = {}", make_printable(&format!("{hosts:?}")));
        }
    }
    out
}

fn settings_text(settings: &Settings, home: &Path) -> String {
    let at = home.join(SETTINGS_FILE);
    let found = if at.is_file() { "" } else { " (not there: all is as it comes)" };
    let mut out = format!("# {}{found}\n", make_printable(&at.display().to_string()));
    for key in SETTING_KEYS {
        let _ = writeln!(out, "\n# {}", key.description);
        let shown = (key.show_values)(settings);
        if shown.is_empty() {
            let _ = writeln!(out, "# {} is not set; for example: {}", key.name, key.example);
        }
        for (name, value) in shown {
            let bare = name.replace('"', "");
            let from = match settings.key_lines.get(&bare) {
                Some(line) => format!("{SETTINGS_FILE}:{line}"),
                None => "default".to_owned(),
            };
            let _ = writeln!(out, "{name} = {}  # {from}", make_printable(&value));
        }
    }
    out
}
