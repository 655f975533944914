//! Reads from the settings what an app's program needs, which somebody's trial saw, for those who have no engine.

use super::setting_reader::{SettingReader, ValueError};

/// The most of them: each is compared with each container.
const MAX_APPS: usize = 1_000;

/// The needs that the settings can name besides folders that are written, by their words, each with what stands behind it.
const NEED_WORDS: [(&str, NeedAbout); 12] = [
    ("root-start", NeedAbout::Nothing),
    ("capability", NeedAbout::Capability),
    ("low-port", NeedAbout::Port),
    ("filled-path", NeedAbout::Folder),
    ("occupied-path", NeedAbout::Folder),
    ("root-only-path", NeedAbout::Folder),
    ("volume", NeedAbout::Folder),
    ("memory", NeedAbout::Memory),
    ("api-token", NeedAbout::Nothing),
    ("set-user-id", NeedAbout::Nothing),
    ("uid", NeedAbout::Uid),
    ("own-group", NeedAbout::Nothing),
];

/// What an app's program needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppSetting {
    /// The object's name, perhaps with its kind, as in `Deployment/tides`.
    pub name: String,
    /// The container that it is about; none for all of the app's.
    pub container: Option<String>,
    /// The folders that it writes.
    pub writes: Vec<String>,
    pub needs: Vec<AppNeed>,
    /// The line in the settings, from 1.
    pub line: usize,
}

/// A need by its word, and what it is about: a folder, a port, a capability, a quantity of memory; empty where the word
/// says all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppNeed {
    pub word: String,
    pub about: String,
}

/// What stands behind the word of a need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NeedAbout {
    Nothing,
    Folder,
    Port,
    Capability,
    Memory,
    Uid,
}

impl AppSetting {
    /// An empty one, by the name under which it stands in the settings: `tides`, `Deployment/tides`, `tides:web`.
    #[must_use]
    pub fn named(key: &str) -> Self {
        let (name, container) = match key.split_once(':') {
            Some((name, container)) => (name, Some(container.to_owned())),
            None => (key, None),
        };
        Self { name: name.to_owned(), container, ..Self::default() }
    }

    /// The name under which it stands in the settings.
    #[must_use]
    pub fn key(&self) -> String {
        let container = self.container.as_deref().map(|container| format!(":{container}"));
        format!("{}{}", self.name, container.unwrap_or_default())
    }

    /// True where it is about a container of an object, which is named as `Kind/name`.
    #[must_use]
    pub fn is_of(&self, object: &str, container: &str) -> bool {
        let is_named =
            self.name == object || object.split_once('/').is_some_and(|(_, name)| name == self.name);
        is_named && self.container.as_deref().is_none_or(|own| own == container)
    }

    /// The same with what another says of it, too. Of two amounts of memory the other's counts.
    #[must_use]
    pub fn join(mut self, other: &Self) -> Self {
        let new = other.writes.iter().filter(|folder| !self.writes.contains(folder)).cloned();
        self.writes.extend(new.collect::<Vec<_>>());
        for need in &other.needs {
            let same = |own: &&mut AppNeed| {
                own.word == need.word && (own.about == need.about || need.word == "memory")
            };
            match self.needs.iter_mut().find(same) {
                Some(own) => own.clone_from(need),
                None => self.needs.push(need.clone()),
            }
        }
        self
    }
}

impl AppNeed {
    /// As it stands in the settings.
    #[must_use]
    pub fn to_text(&self) -> String {
        if self.about.is_empty() { self.word.clone() } else { format!("{} {}", self.word, self.about) }
    }

    /// Reads it; else says what is wrong with it.
    fn parse(text: &str) -> Result<Self, String> {
        let (word, about) = text.split_once(' ').unwrap_or((text, ""));
        let words = || NEED_WORDS.iter().map(|(word, _)| *word);
        let Some((_, wanted)) = NEED_WORDS.iter().find(|(known, _)| *known == word) else {
            let near = crate::base::find_nearest_name(word, words());
            let near = super::setting_reader::suggestion_text(near, "");
            return Err(format!(
                "there is no need `{word}`{near}: there are {}",
                words().collect::<Vec<_>>().join(", ")
            ));
        };
        let (is_well, shape) = wanted.check(about);
        if is_well {
            Ok(Self { word: word.to_owned(), about: about.trim_end_matches('/').to_owned() })
        } else {
            Err(format!(
                "the need `{word}` is written {shape}, not `{text}`",
                shape = shape.replace('@', word)
            ))
        }
    }
}

impl NeedAbout {
    /// Whether that stands well behind the word, and how it is written, with the word's own place.
    fn check(self, about: &str) -> (bool, &'static str) {
        match self {
            Self::Nothing => (about.is_empty(), "`@` alone"),
            Self::Folder => (is_folder(about), "with a folder, as in `@ /srv/data`"),
            Self::Port => (about.parse::<u16>().is_ok_and(|port| port > 0), "with a port, as in `@ 80`"),
            Self::Uid => (about.parse::<u32>().is_ok_and(|uid| uid > 0), "with a number, as in `@ 1000`"),
            Self::Capability => {
                let is_name = about.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
                (is_name && !about.is_empty(), "with a capability, as in `@ CHOWN`")
            }
            Self::Memory => {
                let bytes = crate::kubernetes::model::Quantity::from(about).amount();
                (bytes.is_some_and(|bytes| bytes >= 1.0), "with a quantity, as in `@ 200Mi`")
            }
        }
    }
}

/// True for a folder from the root that a volume may be mounted at.
fn is_folder(text: &str) -> bool {
    let path = text.trim_end_matches('/');
    let is_plain = |part: &str| part != ".." && part != ".";
    path.starts_with('/')
        && path.len() > 1
        && !path.contains(|c: char| c == ':' || c.is_control())
        && path.split('/').all(is_plain)
}

/// Reads one app.
pub(super) fn read_app(value: &SettingReader<'_>, known: usize) -> Result<AppSetting, ValueError> {
    const NAMES: [&str; 2] = ["writes", "needs"];
    if known >= MAX_APPS {
        return Err(value.key_error(format!("more than {MAX_APPS} apps are not read")));
    }
    let mut app = AppSetting { line: value.line(), ..AppSetting::named(value.key) };
    let is_named = !app.name.is_empty() && app.container.as_deref() != Some("");
    if !is_named {
        let how = "an app is named by its object, perhaps with its kind and one container: \"Deployment/tides:web\"";
        return Err(value.key_error(how.to_owned()));
    }
    for entry in value.read_entries()? {
        match entry.key {
            "writes" => app.writes = entry.read_folders(is_folder)?,
            "needs" => {
                let needs = entry.read_texts()?.into_iter().map(|text| AppNeed::parse(&text));
                app.needs = needs.collect::<Result<_, _>>().map_err(|why| entry.value_refusal(why))?;
            }
            _ => return Err(entry.unknown_entry("an app", &NAMES)),
        }
    }
    Ok(app)
}

impl AppSetting {
    /// As it stands in the settings, in one line.
    pub(super) fn to_toml(&self) -> String {
        let lists = self.lists();
        let parts: Vec<String> = lists.iter().map(|(key, list)| format!("{key} = {list}")).collect();
        if parts.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", parts.join(", ")) }
    }

    /// Its lists that are not empty, by their keys.
    pub(super) fn lists(&self) -> Vec<(&'static str, String)> {
        let needs: Vec<String> = self.needs.iter().map(AppNeed::to_text).collect();
        let all = [("writes", self.writes.as_slice()), ("needs", needs.as_slice())];
        let said = all.into_iter().filter(|(_, list)| !list.is_empty());
        said.map(|(key, list)| (key, super::format_list(list))).collect()
    }
}
