//! `baseline`: what stands today is taken down, so that what is new can be told.

use std::io::Write;
use std::path::Path;

use anyhow::Context;

use super::{CLEAN, audit, home, print};
use crate::audit::{BASELINE, Baseline};
use crate::text::printable;

pub(super) fn run(path: &Path, shrink: bool) -> anyhow::Result<u8> {
    let target = audit::resolve(path)?;
    let engine = audit::audit(std::slice::from_ref(&target))?;
    let before = home::baseline(engine.root())?;
    let home = home::home(engine.root());
    let mut now = Baseline::of(&engine);
    if shrink {
        now = before.clone().shrunk(&now);
    }
    let looked_at = |known: &str| home.join(known).starts_with(&target);
    now.keep(&before, looked_at);
    let at = home.join(BASELINE);
    write(&at, &now.write()).with_context(|| format!("{} cannot be written", at.display()))?;
    let (was, is) = (before.len(), now.len());
    let findings = if is == 1 { "finding" } else { "findings" };
    print(&format!("{}: {is} {findings} ({was} before)\n", printable(&at.display().to_string())))?;
    Ok(CLEAN)
}

/// All of it or nothing: a baseline cut short would call old findings new.
fn write(at: &Path, text: &str) -> std::io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(at.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A temporary file is its owner's alone; this one is everyone's who works on the repository.
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.persist(at).map(|_| ()).map_err(|error| error.error)
}
