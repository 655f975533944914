//! Decides whether a report has colours: by the command line, then the environment, then the terminal.

use std::io::IsTerminal;

use clap::ValueEnum;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ColourChoice {
    #[default]
    Auto,
    Always,
    Never,
}

impl ColourChoice {
    /// True where what is printed on stdout has colours.
    pub(super) fn paints_stdout(self) -> bool {
        self.is_on(|name| std::env::var(name).ok(), std::io::stdout().is_terminal())
    }

    /// The choice of the command line alone; none where it leaves it to the environment.
    pub(super) const fn explicit(self) -> Option<bool> {
        match self {
            Self::Auto => None,
            Self::Always => Some(true),
            Self::Never => Some(false),
        }
    }

    /// The order that the README names: `NO_COLOR`, `FORCE_COLOR`, `CLICOLOR_FORCE`, `CLICOLOR`, then the terminal.
    fn is_on(self, variable: impl Fn(&str) -> Option<String>, is_terminal: bool) -> bool {
        let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
        let is_true = |name: &str| is_set(name) && !variable(name).is_some_and(|value| is_negative(&value));
        self.explicit().unwrap_or_else(|| {
            if is_set("NO_COLOR") {
                return false;
            }
            let is_off = variable("CLICOLOR").is_some_and(|value| value == "0")
                || variable("TERM").is_some_and(|term| term == "dumb");
            is_true("FORCE_COLOR") || is_true("CLICOLOR_FORCE") || (is_terminal && !is_off)
        })
    }
}

fn is_negative(value: &str) -> bool {
    matches!(value, "0" | "false")
}

#[cfg(test)]
mod tests {
    use super::ColourChoice::{self, Always, Auto, Never};

    #[test]
    fn the_command_line_comes_first_then_no_color_then_force_color() {
        for (choice, variables, is_terminal, is_on) in [
            (Auto, &[][..], false, false),
            (Auto, &[], true, true),
            (Always, &[("NO_COLOR", "1")], false, true),
            (Never, &[("FORCE_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true, false),
            (Auto, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true, false),
            (Auto, &[("NO_COLOR", ""), ("FORCE_COLOR", "1")], false, true),
            (Auto, &[("FORCE_COLOR", "3")], false, true),
            (Auto, &[("FORCE_COLOR", "")], false, false),
            (Auto, &[("FORCE_COLOR", "0")], false, false),
            (Auto, &[("FORCE_COLOR", "0"), ("CLICOLOR_FORCE", "1")], false, true),
            (Auto, &[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")], false, true),
            (Auto, &[("CLICOLOR_FORCE", "0")], false, false),
            (Auto, &[("CLICOLOR", "0")], true, false),
            (Auto, &[("CLICOLOR", "1")], false, false),
            (Auto, &[("TERM", "dumb")], true, false),
        ] {
            let variable = |name: &str| {
                let value = variables.iter().find(|(known, _): &&(&str, &str)| *known == name);
                value.map(|(_, value)| (*value).to_owned())
            };
            let on = ColourChoice::is_on(choice, variable, is_terminal);
            assert_eq!(on, is_on, "{choice:?} {variables:?} {is_terminal}");
        }
    }
}
