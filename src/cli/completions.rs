//! Runs `completions`: prints the script by which a shell completes the commands.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, CommandFactory};

use super::args::CliArgs;
use super::{EXIT_CLEAN, print_stdout};
use crate::finding::Severity;
use crate::rules::ALL_RULES;

pub(super) fn print_completions(shell: clap_complete::Shell) -> anyhow::Result<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut add_known_values(CliArgs::command()), "seaworthy", &mut out);
    print_stdout(&String::from_utf8_lossy(&out))?;
    Ok(EXIT_CLEAN)
}

/// Adds the words that a shell can complete. The program itself does without: its own parsers of these arguments say
/// more about an unknown word.
fn add_known_values(command: Command) -> Command {
    let rules = || PossibleValuesParser::new(ALL_RULES.iter().map(|rule| rule.id));
    let of_rules = |arg: Arg| arg.value_parser(rules());
    let severities = Severity::ALL.map(Severity::name).into_iter().chain(["never"]);
    let floors = PossibleValuesParser::new(severities);
    let themes = PossibleValuesParser::new(crate::theme::theme_names().collect::<Vec<_>>());
    command
        .mut_arg("theme", |arg| arg.value_parser(themes))
        .mut_subcommand("check", |check| {
            check.mut_arg("fail_on", |arg| arg.value_parser(floors)).mut_arg("rules", of_rules)
        })
        .mut_subcommand("fix", |fix| fix.mut_arg("rules", of_rules))
        .mut_subcommand("explain", |explain| explain.mut_arg("id", of_rules))
}
