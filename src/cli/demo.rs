//! `demo`: a small app with the article's weaknesses, to try everything on.

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

/// The demo app, as it lies in `assets/demo/`.
const DEMO_FILES: &[(&str, &str)] = files![
    "README.md",
    "tides/Dockerfile",
    "tides/deploy.yaml",
    "tides/requirements.txt",
    "tides/src/app.py",
];

pub(super) fn run(dir: Option<&Path>, look: &AppearanceArgs) -> anyhow::Result<u8> {
    let temporary;
    let root = match dir {
        Some(dir) => dir.to_path_buf(),
        None => {
            temporary = tempfile::Builder::new().prefix("seaworthy-demo-").tempdir()?;
            // The last part of the path is what the header shows.
            temporary.path().join("demo")
        }
    };
    copy_demo(&root)?;
    app::run(&root, look)
}

/// Lays the demo out in `root`, over nothing that is there.
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
