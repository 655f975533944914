//! Reads what the engine knows of an image: who it runs as, how it starts and what it declares to be a volume.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::container_engine::{ContainerEngine, StillAwaited};
use super::passwd_entries::PasswdEntry;
use super::trial_error::TrialError;

/// An image that is here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocalImage {
    /// The name by which it is run.
    pub name: String,
    /// The digest of its configuration, without the algorithm.
    pub id: String,
    /// As the image says it: a name or a number, perhaps with a group; empty for root.
    pub user: String,
    pub entrypoint: Vec<String>,
    pub cmd: Vec<String>,
    pub volumes: Vec<String>,
    pub workdir: String,
    pub env: Vec<(String, String)>,
    /// Those of its passwd file; none where that was not read.
    pub accounts: Option<Vec<PasswdEntry>>,
}

#[derive(Deserialize)]
struct InspectedImage {
    #[serde(rename = "Id")]
    id: String,
    #[serde(rename = "Config", default)]
    config: InspectedConfig,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct InspectedConfig {
    user: Option<String>,
    entrypoint: Option<Vec<String>>,
    cmd: Option<Vec<String>>,
    volumes: Option<BTreeMap<String, serde_json::Value>>,
    working_dir: Option<String>,
    env: Option<Vec<String>>,
}

impl LocalImage {
    /// The image of that name; none where it is not here. Nothing is fetched.
    ///
    /// # Errors
    /// When the engine does not answer.
    pub fn find(
        engine: &ContainerEngine,
        name: &str,
        is_awaited: StillAwaited<'_>,
    ) -> Result<Option<Self>, TrialError> {
        let answer = engine.ask(&["image", "inspect", "--", name], is_awaited)?;
        if !answer.succeeded() {
            return Ok(None);
        }
        Ok(Self::parse(name, &answer.stdout))
    }

    fn parse(name: &str, json: &[u8]) -> Option<Self> {
        let mut images: Vec<InspectedImage> = serde_json::from_slice(json).ok()?;
        let InspectedImage { id, config } = images.drain(..).next()?;
        let pair =
            |text: &String| text.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
        Some(Self {
            name: name.to_owned(),
            id: id.trim_start_matches("sha256:").to_owned(),
            user: config.user.unwrap_or_default(),
            entrypoint: config.entrypoint.unwrap_or_default(),
            cmd: config.cmd.unwrap_or_default(),
            volumes: config.volumes.unwrap_or_default().into_keys().collect(),
            workdir: config.working_dir.unwrap_or_default(),
            env: config.env.unwrap_or_default().iter().filter_map(pair).collect(),
            accounts: None,
        })
    }

    /// The uid that it runs as by itself; none where it names an account that is not known.
    #[must_use]
    pub fn uid(&self) -> Option<u32> {
        match self.user.split(':').next().unwrap_or_default() {
            "" | "root" => Some(0),
            user => user.parse().ok().or_else(|| Some(self.account(|own| own.name == user)?.uid)),
        }
    }

    /// The gid that a uid has by itself, the image's own with the group that it names; none where that is a name.
    #[must_use]
    pub fn gid_of(&self, uid: u32) -> Option<u32> {
        let named = self.user.split_once(':').map(|(_, group)| group).filter(|_| self.uid() == Some(uid));
        match named {
            Some(group) => group.parse().ok(),
            None => Some(self.account(|own| own.uid == uid).map_or(0, |own| own.gid)),
        }
    }

    fn account(&self, is: impl Fn(&PasswdEntry) -> bool) -> Option<&PasswdEntry> {
        self.accounts.iter().flatten().find(|own| is(own))
    }

    /// True where it says itself where home is.
    #[must_use]
    pub fn sets_home(&self) -> bool {
        self.env.iter().any(|(name, _)| name == "HOME")
    }

    /// The folders in which its programs are looked for.
    #[must_use]
    pub fn search_path(&self) -> Vec<String> {
        let own = self.env.iter().find(|(name, _)| name == "PATH").map(|(_, value)| value.as_str());
        let path = own.unwrap_or("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        path.split(':').filter(|folder| folder.starts_with('/')).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_words_are_read() {
        let docker = br#"[{"Id":"sha256:ab12","Config":{"User":"","Env":["PATH=/bin:/sbin"],"Cmd":["httpd"],"Entrypoint":null,"Volumes":{"/data":{}},"WorkingDir":"/srv"}}]"#;
        let image = LocalImage::parse("web:1", docker).expect("it is one");
        assert_eq!((image.id.as_str(), image.uid(), image.workdir.as_str()), ("ab12", Some(0), "/srv"));
        assert_eq!((image.cmd, image.volumes), (vec!["httpd".to_owned()], vec!["/data".to_owned()]));
        let podman = br#"[{"Id":"cd34","User":"app","Config":{"User":"app"}}]"#;
        let image = LocalImage::parse("web:1", podman).expect("it is one");
        assert_eq!((image.uid(), image.search_path().len()), (None, 6));
        let account = PasswdEntry { name: "app".to_owned(), uid: 1001, gid: 7 };
        let known = LocalImage { accounts: Some(vec![account]), ..image };
        assert_eq!((known.uid(), known.gid_of(1001), known.gid_of(5)), (Some(1001), Some(7), Some(0)));
        assert_eq!(LocalImage::parse("web:1", b"[]"), None);
    }
}
