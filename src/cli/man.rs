//! Runs `man`: prints the manual page, one for all commands.

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::args::CliArgs;
use super::{EXIT_CLEAN, print_stdout};

/// The manual's last sections: exit status, files and environment variables.
const MANUAL_CLOSING: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/manual.roff"));

pub(super) fn run() -> anyhow::Result<u8> {
    let mut command = CliArgs::command().disable_help_subcommand(true);
    command.build();
    let man = Man::new(command.clone());
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    man.render_options_section(&mut out)?;
    let mut page = String::from_utf8_lossy(&out).into_owned();
    page.push_str(".SH COMMANDS\n");
    for command in command.get_subcommands() {
        page.push_str(&command_section(command)?);
    }
    page.push_str(MANUAL_CLOSING);
    print_stdout(&page)?;
    Ok(EXIT_CLEAN)
}

/// The section of a command with its own options: those that every command has are listed once.
fn command_section(command: &Command) -> std::io::Result<String> {
    let (name, about) = (command.get_name(), command.get_about().map(ToString::to_string));
    let mut out = Vec::new();
    let man = Man::new(command.clone().mut_args(|arg| {
        let everywhere = arg.is_global_set() || matches!(arg.get_id().as_str(), "help" | "version");
        arg.hide(everywhere)
    }));
    man.render_options_section(&mut out)?;
    let options = String::from_utf8_lossy(&out).into_owned();
    let options = options.lines().filter(|line| !line.starts_with([' ']) && !is_heading(line));
    let options: String = options.map(|line| format!("{line}\n")).collect();
    Ok(format!(".SS seaworthy {name}\n{}.\n{options}", about.unwrap_or_default().replace('-', "\\-")))
}

/// True for the heading of a page made for one command, which must not stand in the middle of the whole.
fn is_heading(line: &str) -> bool {
    [".ie ", ".el ", ".SH "].iter().any(|head| line.starts_with(head))
}
