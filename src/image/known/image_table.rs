//! The table of well-known images, for those who look one up: the files of `assets/images`, read image by image.
//!
//! Reading them whole takes longer than many an audit. So only their names are gathered, once, and an image is read when
//! it is first asked for.

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use super::image_record::{ImageFile, ImageRecord};
use super::row::KnownImage;

macro_rules! image_files {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/images/", $name, ".toml")))),+]
    };
}

/// The files, by name.
const IMAGE_FILES: [(&str, &str); 9] = image_files![
    "databases",
    "search",
    "web",
    "php",
    "languages",
    "platforms",
    "applications",
    "observability",
    "bases",
];

/// What each image's text begins with.
const IMAGE_HEADER: &str = "\n[[image]]";

static IMAGE_TABLE: LazyLock<ImageTable> =
    LazyLock::new(|| ImageTable::new(IMAGE_FILES.iter().map(|(_, text)| *text)));

/// All images, by their names.
pub(super) struct ImageTable {
    images: Vec<ImageText>,
    by_name: HashMap<&'static str, usize>,
    /// The names that stand for all below a folder, the longest first.
    folders: Vec<(&'static str, usize)>,
}

/// One image: its part of a file, and its rows once they were asked for.
pub(super) struct ImageText {
    text: &'static str,
    rows: OnceLock<Vec<KnownImage>>,
}

impl ImageTable {
    pub(super) fn shared() -> &'static Self {
        &IMAGE_TABLE
    }

    fn new(files: impl Iterator<Item = &'static str>) -> Self {
        let mut table = Self { images: Vec::new(), by_name: HashMap::new(), folders: Vec::new() };
        for text in files.flat_map(split_images) {
            let nth = table.images.len();
            for name in image_names(text) {
                match name.strip_suffix('*') {
                    Some(folder) => table.folders.push((folder, nth)),
                    None => drop(table.by_name.insert(name, nth)),
                }
            }
            table.images.push(ImageText { text, rows: OnceLock::new() });
        }
        table.folders.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
        table
    }

    /// The images that a full repository name stands for, the nearest first: that of its own name, then those of the
    /// folders above it.
    pub(super) fn find_images(&self, name: &str) -> impl Iterator<Item = &ImageText> {
        let own = self.by_name.get(name);
        let folders = self
            .folders
            .iter()
            .filter(move |(folder, _)| name.strip_prefix(folder).is_some_and(|rest| !rest.is_empty()));
        own.into_iter().chain(folders.map(|(_, nth)| nth)).filter_map(|nth| self.images.get(*nth))
    }

    pub(super) fn images(&self) -> impl Iterator<Item = &ImageText> {
        self.images.iter()
    }
}

impl ImageText {
    /// The rows, in the order in which a tag is held against them. None of a text that cannot be read: tests read all.
    pub(super) fn rows(&self) -> &[KnownImage] {
        self.rows.get_or_init(|| {
            let file: ImageFile = toml::from_str(self.text).unwrap_or_default();
            file.into_values().flatten().flat_map(ImageRecord::into_rows).collect()
        })
    }
}

/// The images of a file, each with its header.
fn split_images(file: &'static str) -> impl Iterator<Item = &'static str> {
    let mut starts = file.match_indices(IMAGE_HEADER).map(|(at, _)| at).peekable();
    std::iter::from_fn(move || {
        let start = starts.next()?;
        file.get(start..starts.peek().copied().unwrap_or(file.len()))
    })
}

/// What stands between quotes in the list `names`.
fn image_names(image: &'static str) -> impl Iterator<Item = &'static str> {
    let list = image.split_once("\nnames").and_then(|(_, rest)| rest.split_once(']'));
    list.map_or("", |(list, _)| list).split('"').skip(1).step_by(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_file((name, text): &(&str, &'static str)) -> Vec<ImageRecord> {
        let mut file: ImageFile = toml::from_str(text).unwrap_or_else(|error| panic!("{name}.toml: {error}"));
        let images = file.remove("image").unwrap_or_default();
        assert!(file.is_empty(), "{name}.toml holds {:?} beside images", file.keys());
        images
    }

    /// What is cut out of a file and read by itself is what the file says as a whole.
    #[test]
    fn each_image_read_alone_is_as_in_its_file() {
        let mut images = ImageTable::shared().images();
        for file in &IMAGE_FILES {
            for record in read_file(file) {
                let image = images.next().expect("as many images as the files have");
                let names: Vec<_> = image_names(image.text).collect();
                assert_eq!(names, record.names(), "{}.toml", file.0);
                assert_eq!(image.rows(), record.into_rows(), "{}.toml: {names:?}", file.0);
            }
        }
        assert!(images.next().is_none());
    }

    #[test]
    fn no_reference_stands_in_two_images() {
        let mut seen = std::collections::HashSet::new();
        for name in ImageTable::shared().images().flat_map(|image| image_names(image.text)) {
            assert!(seen.insert(name), "{name} stands twice");
        }
    }

    #[test]
    fn an_unknown_field_a_missing_source_and_an_id_that_is_no_number_are_refused() {
        let read = |field: &str| {
            let text = format!("[[image]]\nnames = [\"docker.io/acme/app\"]\n[[image.variant]]\n{field}\n");
            toml::from_str::<ImageFile>(text.leak()).is_ok()
        };
        assert!(read("source = \"acme/app:Dockerfile\""));
        assert!(!read("user = \"root\""));
        for field in ["usr = \"root\"", "uid = \"70\"", "drops = \"gosu\"", "tags = { word = [\"alpine\"] }"]
        {
            assert!(!read(&format!("source = \"acme/app:Dockerfile\"\n{field}")), "{field}");
        }
    }

    #[test]
    fn the_nearest_name_comes_first() {
        let table = ImageTable::new(
            ["# Two.\n[[image]]\nnames = [\"a.b/*\", \"a.b/c/d\"]\n\n[[image]]\nnames = [\n    \"a.b/c/*\",\n]\n"]
                .into_iter(),
        );
        let found = |name| {
            let images = table.find_images(name);
            images.map(|image| image_names(image.text).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        let (wide, near) = (vec!["a.b/*", "a.b/c/d"], vec!["a.b/c/*"]);
        assert_eq!(found("a.b/c/e"), [near.clone(), wide.clone()]);
        assert_eq!(found("a.b/c/d"), [wide.clone(), near, wide.clone()]);
        assert_eq!(found("a.b/e"), [wide]);
        assert!(found("a.b/").is_empty());
    }
}
