//! Decides what kind of file the audit reads, by its name and, for YAML and JSON, by its beginning.

use memchr::memmem;

use crate::kubernetes::names_objects;

/// The kind that a candidate file is audited as.
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

    /// The kind by the file's name alone; `None` where the name shows none. A name that ends in `.yaml`, `.yml` or
    /// `.json` means "perhaps a manifest": [`looks_like_manifest`] decides.
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
        if is_kustomization_name(name) {
            return Some(Self::Manifest);
        }
        [".yaml", ".yml", ".json"].iter().any(|end| lower.ends_with(end)).then_some(Self::Manifest)
    }
}

/// The names by which kustomize finds its files (its `RecognizedKustomizationFileNames`).
pub const KUSTOMIZATION_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// True when a file of this name is a kustomization whatever it holds: it need not say so itself.
#[must_use]
pub fn is_kustomization_name(name: &str) -> bool {
    KUSTOMIZATION_NAMES.contains(&name)
}

/// The beginning of a file in which nearly every manifest shows itself, in bytes.
const PEEK_BYTES: usize = 64 * 1024;

/// True when a YAML or JSON file has `apiVersion` and `kind`: as people write them, at the start of a line or as JSON
/// keys; where they stand in any other form, the parser decides.
#[must_use]
pub fn looks_like_manifest(text: &str) -> bool {
    let end = (0..=PEEK_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let has_keys = |text| has_key(text, "apiVersion") && has_key(text, "kind");
    has_keys(&text[..end.unwrap_or_default()])
        || has_keys(text)
        || names_objects(text)
        || (text.contains('\0') && looks_like_manifest(&text.replace('\0', "")))
}

/// True when a `Chart.yaml` says what Helm asks of one: a name and a version.
#[must_use]
pub fn looks_like_chart(text: &str) -> bool {
    has_key(text, "name") && has_key(text, "version")
}

/// True when a file of any other name begins as a Dockerfile does: its first instruction is `FROM` or `ARG`.
#[must_use]
pub fn looks_like_dockerfile(beginning: &str) -> bool {
    beginning
        .trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#'))
        .and_then(|line| line.split_once(char::is_whitespace))
        .is_some_and(|(word, _)| word.eq_ignore_ascii_case("from") || word.eq_ignore_ascii_case("arg"))
}

/// What ends a line in YAML 1.1, as kubectl reads it.
const LINE_ENDS: [char; 5] = ['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'];

/// A list's items are indented or follow a dash, and JSON keys stand in quotes: so a key counts wherever only blanks,
/// dashes, quotes, braces and commas precede it on its line, or where it stands in double quotes.
fn has_key(text: &str, key: &str) -> bool {
    memmem::find_iter(text.as_bytes(), key).any(|at| {
        let after = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t']);
        // No more is looked at than what may lead: a line may be very long, and name the key very often.
        let rest = text[..at].trim_end_matches([' ', '\t', '-', '"', '\'', '{', '[', ',']);
        let rest = rest.trim_end_matches('\u{feff}');
        let leads = rest.is_empty() || rest.ends_with(LINE_ENDS);
        after.starts_with(':') && (leads || text[..at].ends_with('"'))
    })
}
