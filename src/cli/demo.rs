//! Runs `demo`: copies a small app with the article's weaknesses for the user, and opens it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::app;
use super::args::AppearanceArgs;
use crate::repo;

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/", $path)))),*]
    };
}

/// The files of the demo app and of the chart beside it, from `assets/demo/`.
const DEMO_FILES: &[(&str, &str)] = files![
    "README.md",
    "tides/Dockerfile",
    "tides/deploy.yaml",
    "tides/requirements.txt",
    "tides/src/app.py",
    "wharf/Chart.yaml",
    "wharf/values.yaml",
    "wharf/values-storm.yaml",
    "wharf/templates/_helpers.tpl",
    "wharf/templates/deployment.yaml",
];

pub(super) fn run(dir: Option<&Path>, look: &AppearanceArgs) -> anyhow::Result<u8> {
    let temporary;
    let root = match dir {
        Some(dir) => dir.to_path_buf(),
        None => {
            temporary = tempfile::Builder::new().prefix("seaworthy-demo-").tempdir()?;
            // The header shows the last part of the path.
            temporary.path().join("demo")
        }
    };
    copy_demo(&root)?;
    app::run(&root, look)
}

/// Copies the demo into `root`, and overwrites nothing.
fn copy_demo(root: &Path) -> anyhow::Result<()> {
    for (path, text) in DEMO_FILES {
        let target: PathBuf = root.join(path);
        if target.exists() {
            bail!("{} is there already: name a folder that is empty or not there yet", target.display());
        }
        repo::create_file(&target, text)
            .with_context(|| format!("{} cannot be written", target.display()))?;
    }
    Ok(())
}
