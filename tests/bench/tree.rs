//! A repository as large as a monorepo: 10,000 manifests and 1,000 Dockerfiles, some 100 MB. It is made of real ones
//! where there are any (`SEAWORTHY_REPOSITORIES` names their folder), else of the fixtures and of made definitions.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use seaworthy::repo;
use tempfile::TempDir;

pub(crate) const MANIFESTS: usize = 10_000;
pub(crate) const DOCKERFILES: usize = 1_000;

/// Real manifests have ten kilobytes on average, most of them in a few definitions.
const BYTES: usize = 100_000_000;

/// The tree, laid out once.
pub(crate) fn tree() -> &'static Tree {
    static TREE: OnceLock<Tree> = OnceLock::new();
    TREE.get_or_init(Tree::lay_out)
}

pub(crate) struct Tree {
    folder: TempDir,
    files: Vec<PathBuf>,
}

/// A file to be laid out many times: its path and its text.
type Model = (PathBuf, String);

impl Tree {
    fn lay_out() -> Self {
        let folder = TempDir::new().unwrap();
        let (mut manifests, dockerfiles) = models();
        let bytes: usize = manifests.iter().map(|(_, text)| text.len()).sum();
        let missing =
            BYTES.saturating_sub(bytes * MANIFESTS / manifests.len()) / (MANIFESTS / manifests.len());
        if missing > BYTES / MANIFESTS {
            manifests.extend((0..missing / 100_000 + 1).map(definition));
        }
        let mut files = Vec::new();
        for (models, count) in [(manifests, MANIFESTS), (dockerfiles, DOCKERFILES)] {
            for (copy, (path, text)) in
                models.iter().cycle().take(count).enumerate().map(|(at, model)| (at / models.len(), model))
            {
                let at = folder.path().join(format!("copy-{copy:03}")).join(path);
                std::fs::create_dir_all(at.parent().unwrap()).unwrap();
                std::fs::write(&at, varied(text, copy)).unwrap();
                files.push(at);
            }
        }
        Self { folder, files }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Its Dockerfiles, in a folder of their own.
    pub(crate) fn dockerfiles(&self) -> TempDir {
        let folder = TempDir::new().unwrap();
        for (at, file) in self.files.iter().skip(MANIFESTS).enumerate() {
            let name = folder.path().join(format!("app-{at:04}"));
            std::fs::create_dir(&name).unwrap();
            std::fs::copy(file, name.join("Dockerfile")).unwrap();
        }
        folder
    }

    /// How long one thread takes to read every file, when the system has them in memory.
    pub(crate) fn read(&self) -> Duration {
        let begin = Instant::now();
        let mut bytes = Vec::new();
        for file in &self.files {
            bytes.clear();
            std::io::Read::read_to_end(&mut std::fs::File::open(file).unwrap(), &mut bytes).unwrap();
            std::hint::black_box(&bytes);
        }
        begin.elapsed()
    }
}

/// The manifests and the Dockerfiles to copy.
fn models() -> (Vec<Model>, Vec<Model>) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let root =
        std::env::var_os("SEAWORTHY_REPOSITORIES").map_or(fixtures, PathBuf::from).canonicalize().unwrap();
    let candidates = repo::scan_targets(&root, std::slice::from_ref(&root)).candidates;
    let candidates = candidates.into_iter().filter(|candidate| candidate.skip_reason.is_none());
    let read = candidates.filter_map(|candidate| {
        let text = std::fs::read_to_string(candidate.path.to_absolute(&root)).ok()?;
        Some((candidate.kind, (PathBuf::from(candidate.path.as_str()), text)))
    });
    let (dockerfiles, manifests): (Vec<_>, Vec<_>) = read
        .filter(|(kind, _)| *kind != repo::FileKind::Template)
        .partition(|(kind, _)| *kind == repo::FileKind::Dockerfile);
    let models = |found: Vec<(_, Model)>| found.into_iter().map(|(_, model)| model).collect();
    (models(manifests), models(dockerfiles))
}

/// Another text for each copy: other names, of as many objects as before.
fn varied(text: &str, copy: usize) -> String {
    if copy == 0 {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + text.len() / 64);
    for line in text.split_inclusive('\n') {
        let content = line.trim_end();
        let name = content.trim_start_matches([' ', '-']).strip_prefix("name: ");
        let is_plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        out.push_str(content);
        if name.is_some_and(|name| !name.is_empty() && is_plain(name)) {
            let _ = write!(out, "-{copy}");
        }
        out.push_str(&line[content.len()..]);
    }
    out
}

/// A definition of some hundred kilobytes, as generators write them.
fn definition(nth: usize) -> Model {
    let mut text = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: boats{nth}.example.org\nspec:\n  group: example.org\n  versions:\n  - name: v1\n    schema:\n      openAPIV3Schema:\n        properties:\n"
    );
    for field in 0..500 {
        let _ = write!(
            text,
            "          field{field}:\n            description: |-\n              What field {field} of boat {nth} is for, and what happens\n              where it is not written.\n            properties:\n              name:\n                description: A name.\n                type: string\n            type: object\n"
        );
    }
    (PathBuf::from(format!("definitions/boat-{nth}.yaml")), text)
}
