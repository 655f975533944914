//! Reads from the settings which Dockerfile builds an image, where what the repository's files say of it is wrong or missing.

use super::setting_reader::{SettingReader, ValueError};

/// The most of them: each is compared with each image.
const MAX_LINKS: usize = 1_000;

/// What a person says of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSetting {
    /// The image's name, without tag and digest.
    pub image: String,
    /// The Dockerfile that builds it, from the settings' folder; none where no Dockerfile here does.
    pub dockerfile: Option<String>,
    /// The stage that is built; none for the last one.
    pub stage: Option<String>,
    /// The line in the settings, from 1.
    pub line: usize,
}

/// Reads all of them.
pub(super) fn read_links(value: &SettingReader<'_>) -> Result<Vec<LinkSetting>, ValueError> {
    let items = value.read_items("[[link]]")?;
    if items.len() > MAX_LINKS {
        return Err(value.key_error(format!("more than {MAX_LINKS} links are not read")));
    }
    items.iter().map(read_link).collect()
}

fn read_link(item: &SettingReader<'_>) -> Result<LinkSetting, ValueError> {
    const NAMES: [&str; 3] = ["image", "dockerfile", "stage"];
    let (mut image, mut dockerfile, mut stage) = (String::new(), None, None);
    for value in item.read_entries()? {
        match value.key {
            "image" => image = value.read_image_name()?,
            "dockerfile" => dockerfile = Some(value.read_inner_path_or_none()?),
            "stage" => stage = Some(value.read_text()?.to_owned()),
            _ => return Err(value.unknown_entry("a link", &NAMES)),
        }
    }
    let lacks = |message: &str| item.key_error(message.to_owned());
    if image.is_empty() {
        return Err(lacks("a link lacks its `image`, without tag and digest"));
    }
    let dockerfile =
        dockerfile.ok_or_else(|| lacks("a link lacks its `dockerfile`: a path, or false for none"))?;
    if dockerfile.is_none() && stage.is_some() {
        return Err(lacks("a link to no Dockerfile has no `stage`"));
    }
    Ok(LinkSetting { image, dockerfile, stage, line: item.line() })
}

impl LinkSetting {
    /// As it stands in the settings.
    pub(super) fn to_toml(&self, quote: impl Fn(&str) -> String) -> String {
        let dockerfile = self.dockerfile.as_deref().map_or_else(|| "false".to_owned(), &quote);
        let stage = self.stage.as_deref().map(|stage| format!(", stage = {}", quote(stage)));
        format!(
            "{{ image = {}, dockerfile = {dockerfile}{} }}",
            quote(&self.image),
            stage.unwrap_or_default()
        )
    }
}
