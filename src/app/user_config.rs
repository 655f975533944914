//! Reads the user's own file: theme, editor, mouse, keys and registries. A wrong line is named by its number; the rest
//! counts.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::action::KEY_BINDINGS;
use super::key_press::KeyPress;
use super::keymap::Keymap;

/// The values of the user's file, with the defaults for the missing ones.
#[derive(Clone, Debug)]
pub struct UserConfig {
    /// The name of a theme; none for the default.
    pub theme: Option<String>,
    /// The number of the line that names it.
    pub theme_line: usize,
    pub mouse: bool,
    /// The editor, as `$EDITOR` would name it, perhaps with `{file}` and `{line}` in it; none for the environment's.
    pub editor: Option<String>,
    /// True to draw with ASCII alone.
    pub ascii: bool,
    pub keymap: Keymap,
    /// Registries that may be asked in plain text, as references name them.
    pub plain_registries: Vec<String>,
    /// The lines that are left out: the number, from 1, and the fault.
    pub problems: Vec<(usize, String)>,
}

impl Default for UserConfig {
    fn default() -> Self {
        Self {
            theme: None,
            theme_line: 0,
            mouse: true,
            editor: None,
            ascii: false,
            keymap: Keymap::default(),
            plain_registries: Vec::new(),
            problems: Vec::new(),
        }
    }
}

impl UserConfig {
    /// Reads the text of `config.toml`.
    #[must_use]
    pub fn parse_toml(text: &str) -> Self {
        let mut config = Self::default();
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            config.add_problem(text, at, error.message());
        }
        for (name, value) in table.get_ref() {
            let at = name.span().start;
            match (name.get_ref().as_ref(), value.get_ref()) {
                ("theme", DeValue::String(theme)) => {
                    (config.theme, config.theme_line) = (Some(theme.to_string()), line_number(text, at));
                }
                ("editor", DeValue::String(editor)) => config.editor = Some(editor.to_string()),
                ("mouse", DeValue::Boolean(on)) => config.mouse = *on,
                ("ascii", DeValue::Boolean(on)) => config.ascii = *on,
                ("keys", DeValue::Table(keys)) => config.parse_keys(text, keys),
                ("registries", DeValue::Table(registries)) => config.parse_registries(text, registries),
                ("theme" | "editor" | "mouse" | "ascii" | "keys" | "registries", _) => {
                    config.add_problem(
                        text,
                        at,
                        &format!("`{}` has a value of the wrong type", name.get_ref()),
                    );
                }
                (other, _) => {
                    config.add_problem(
                        text,
                        at,
                        &format!("`{other}` is no setting: theme, editor, mouse, ascii, keys, registries"),
                    );
                }
            }
        }
        config.problems.sort_by_key(|(line, _)| *line);
        config
    }

    fn parse_keys(&mut self, text: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let Some(binding) = KEY_BINDINGS.iter().find(|b| b.name == name.get_ref().as_ref()) else {
                self.add_problem(
                    text,
                    name.span().start,
                    &format!("`{}` is no action; `?` names them", name.get_ref()),
                );
                continue;
            };
            match parse_key_list(value) {
                Ok(keys) => self.keymap.bind(binding.action, keys),
                Err((at, message)) => self.add_problem(text, at, &message),
            }
        }
    }

    fn parse_registries(&mut self, text: &str, table: &DeTable<'_>) {
        for (name, value) in table {
            let hosts = match (name.get_ref().as_ref(), value.get_ref()) {
                ("http", DeValue::Array(hosts)) => hosts.iter().map(|host| host.get_ref().as_str()).collect(),
                _ => None,
            };
            match hosts {
                Some(hosts) => {
                    let hosts: Vec<&str> = hosts;
                    self.plain_registries.extend(hosts.into_iter().map(str::to_owned));
                }
                None => self.add_problem(
                    text,
                    name.span().start,
                    "`registries` has one setting, `http`: a list of hosts, with their ports",
                ),
            }
        }
    }

    fn add_problem(&mut self, text: &str, at: usize, message: &str) {
        self.problems.push((line_number(text, at), message.to_owned()));
    }

    /// The index of the named theme; the first where none is named, or an unknown one, which is a problem.
    pub fn choose_theme(&mut self, names: &[String]) -> usize {
        let Some(wanted) = &self.theme else { return 0 };
        names.iter().position(|name| name == wanted).unwrap_or_else(|| {
            let message = format!("`{wanted}` is no theme: {}", names.join(", "));
            self.problems.push((self.theme_line, message));
            self.problems.sort_by_key(|(line, _)| *line);
            0
        })
    }
}

fn line_number(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

/// One key, or a list of them; an empty list unbinds.
fn parse_key_list(value: &Spanned<DeValue<'_>>) -> Result<Vec<KeyPress>, (usize, String)> {
    let one = |value: &Spanned<DeValue<'_>>| {
        let text = value.get_ref().as_str().ok_or("a key is written as text, such as \"Ctrl-r\"".to_owned());
        text.and_then(str::parse).map_err(|message| (value.span().start, message))
    };
    match value.get_ref() {
        DeValue::Array(list) => list.iter().map(one).collect(),
        _ => Ok(vec![one(value)?]),
    }
}
