//! Reads the user's own file: theme, editor, mouse, keys and registries. A wrong line is named by its number; the rest
//! counts.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::action::Action;
use super::key_bindings::{KEY_BINDINGS, KeyBinding};
use super::key_sequence::KeySequence;
use super::keymap::{Keymap, PrefixConflict};

/// The way in which the user is alerted to new findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AlertMethod {
    #[default]
    None,
    Bell,
    /// A notification by the terminal, `OSC 9`.
    Osc9,
    /// A notification by the terminal, `OSC 777`.
    Osc777,
}

impl AlertMethod {
    /// The method by its name in the user's file.
    fn from_name(name: &str) -> Option<Self> {
        match name {
            "none" => Some(Self::None),
            "bell" => Some(Self::Bell),
            "osc9" => Some(Self::Osc9),
            "osc777" => Some(Self::Osc777),
            _ => None,
        }
    }
}

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
    /// True to name the worst new finding in the place of the keys until the next one is pressed.
    pub news: bool,
    /// The alert to a new finding that is high or critical.
    pub alert: AlertMethod,
    /// The command that is started for such a finding, with `{text}` as an argument of its own where it has the text.
    pub alert_command: Option<String>,
    /// True to name the repository and what is new in the terminal's title.
    pub title: bool,
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
            news: true,
            alert: AlertMethod::default(),
            alert_command: None,
            title: true,
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
                ("title", DeValue::Boolean(on)) => config.title = *on,
                ("news", DeValue::Boolean(on)) => config.news = *on,
                ("alert", DeValue::String(name)) => match AlertMethod::from_name(name) {
                    Some(alert) => config.alert = alert,
                    None => {
                        let message = format!("`{name}` is no alert: none, bell, osc9, osc777");
                        config.add_problem(text, at, &message);
                    }
                },
                ("alert-command", DeValue::String(command)) => {
                    config.alert_command = Some(command.to_string());
                }
                ("keys", DeValue::Table(keys)) => config.parse_keys(text, keys),
                ("registries", DeValue::Table(registries)) => config.parse_registries(text, registries),
                (
                    "theme" | "editor" | "mouse" | "ascii" | "title" | "news" | "alert" | "alert-command"
                    | "keys" | "registries",
                    _,
                ) => {
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
                        &format!("`{other}` is no setting: theme, editor, mouse, ascii, title, news, alert, alert-command, keys, registries"),
                    );
                }
            }
        }
        config.problems.sort_by_key(|(line, _)| *line);
        config
    }

    fn parse_keys(&mut self, text: &str, table: &DeTable<'_>) {
        let mut entries = Vec::new();
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
                Ok(keys) => entries.push(KeyEntry { binding, keys }),
                Err((at, message)) => self.add_problem(text, at, &message),
            }
        }
        self.bind_entries(text, entries);
    }

    /// Binds the user's keys. What makes keys both an action and the beginning of a sequence is left out: its action
    /// keeps what it had.
    fn bind_entries(&mut self, text: &str, mut entries: Vec<KeyEntry>) {
        loop {
            let mut keymap = Keymap::default();
            for entry in &entries {
                keymap.bind(entry.binding.action, entry.keys.iter().map(|(_, keys)| keys.clone()).collect());
            }
            let conflict = keymap.find_prefix_conflict();
            let guilty = conflict.as_ref().and_then(|conflict| find_guilty_entry(&entries, conflict));
            let Some((conflict, (entry, at))) = conflict.zip(guilty) else {
                self.keymap = keymap;
                return;
            };
            let PrefixConflict { prefix: (prefix, action), sequence: (sequence, other) } = conflict;
            let (action, other) = (action_name(action), action_name(other));
            let message = format!(
                "`{prefix}` cannot be {action} and begin `{sequence}`, which is {other}: give one of them other keys"
            );
            self.add_problem(text, at, &message);
            entries.remove(entry);
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

/// An action's keys as the file has them, each with its place.
struct KeyEntry {
    binding: &'static KeyBinding,
    keys: Vec<(usize, KeySequence)>,
}

/// The entry that brought one of the two in, and where it did: of two that of the user's which stands later.
fn find_guilty_entry(entries: &[KeyEntry], conflict: &PrefixConflict) -> Option<(usize, usize)> {
    let is_of_conflict = |action, keys: &KeySequence| {
        [&conflict.prefix, &conflict.sequence].into_iter().any(|(one, of)| one == keys && *of == action)
    };
    let places = entries.iter().enumerate().flat_map(|(entry, KeyEntry { binding, keys })| {
        let guilty = keys.iter().filter(|(_, keys)| is_of_conflict(binding.action, keys));
        guilty.map(move |(at, _)| (entry, *at))
    });
    places.max_by_key(|(_, at)| *at)
}

fn action_name(action: Action) -> &'static str {
    KEY_BINDINGS.iter().find(|binding| binding.action == action).map_or("", |binding| binding.name)
}

fn line_number(text: &str, at: usize) -> usize {
    text.get(..at).unwrap_or(text).matches('\n').count() + 1
}

/// One key, or a list of them; an empty list unbinds.
fn parse_key_list(value: &Spanned<DeValue<'_>>) -> Result<Vec<(usize, KeySequence)>, (usize, String)> {
    let one = |value: &Spanned<DeValue<'_>>| {
        let text = value.get_ref().as_str().ok_or("a key is written as text, such as \"Ctrl-r\"".to_owned());
        let at = value.span().start;
        text.and_then(str::parse).map(|keys| (at, keys)).map_err(|message| (at, message))
    };
    match value.get_ref() {
        DeValue::Array(list) => list.iter().map(one).collect(),
        _ => Ok(vec![one(value)?]),
    }
}
