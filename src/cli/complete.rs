//! `completions` and `man`.

use clap::CommandFactory;

use super::args::Args;
use super::{CLEAN, print};

pub(super) fn completions(shell: clap_complete::Shell) -> anyhow::Result<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "seaworthy", &mut out);
    print(&String::from_utf8_lossy(&out))?;
    Ok(CLEAN)
}

pub(super) fn man() -> anyhow::Result<u8> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut out)?;
    print(&String::from_utf8_lossy(&out))?;
    Ok(CLEAN)
}
