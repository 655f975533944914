//! What a file is, told by its name and, for YAML and JSON, by a look at its beginning.

/// What a candidate file is audited as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FileKind {
    Dockerfile,
    Manifest,
    /// A file that becomes one of the others once it is rendered; never audited, never written.
    Template,
}

impl FileKind {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dockerfile => "dockerfile",
            Self::Manifest => "manifest",
            Self::Template => "template",
        }
    }

    /// By the file's name alone; `None` where the name says nothing. A name that ends in `.yaml`, `.yml` or `.json`
    /// says "perhaps a manifest": [`looks_like_manifest`] decides.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        if lower.ends_with(".dockerignore") || lower.ends_with(".md") {
            return None;
        }
        let template = [".template", ".tmpl", ".j2"].iter().find_map(|end| lower.strip_suffix(end));
        let named = |name: &str| {
            let from = |word: &str| {
                name.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
            };
            from("Dockerfile")
                || from("dockerfile")
                || name.starts_with("Containerfile")
                || name.ends_with(".Dockerfile")
                || name.ends_with(".dockerfile")
        };
        if let Some(stem) = template {
            return named(&name[..stem.len()]).then_some(Self::Template);
        }
        if named(name) {
            return Some(Self::Dockerfile);
        }
        [".yaml", ".yml", ".json"].iter().any(|end| lower.ends_with(end)).then_some(Self::Manifest)
    }
}
