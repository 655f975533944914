//! The table of well-known images, for those who look one up: the files of `assets/images`, read image by image.
//!
//! Reading them whole takes longer than many an audit. So only their names are gathered, once, and an image is read when
//! it is first asked for.

use std::collections::{BTreeMap, HashMap};
use std::sync::{LazyLock, OnceLock};

use memchr::memmem;

use super::image_needs::ImageNeeds;
use super::image_record::{ImageFile, ImageRecord, NeedsFile};
use super::row::KnownImage;

macro_rules! image_files {
    ($($name:literal),+ $(,)?) => {
        [$(($name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/images/", $name, ".toml")))),+]
    };
}

/// The files, by name.
const IMAGE_FILES: [(&str, &str); 12] = image_files![
    "databases",
    "search",
    "web",
    "php",
    "languages",
    "platforms",
    "applications",
    "observability",
    "controllers",
    "mesh",
    "nodes",
    "bases",
];

/// The beginning of each image's text.
const IMAGE_HEADER: &str = "\n[[image]]";

static IMAGE_TABLE: LazyLock<ImageTable> =
    LazyLock::new(|| ImageTable::new(IMAGE_FILES.iter().map(|(_, text)| *text)));

const NAMES_KEY: &str = "\nnames";
const RELATED_KEY: &str = "\nrelated";

/// The beginning of an image's needs, which are the last part of its text.
const NEEDS_HEADER: &str = "\n[[image.needs]]";

/// All images, by their names.
pub(super) struct ImageTable {
    images: Vec<ImageText>,
    names: NameIndex,
    /// Names of other builds, of which only the needs are told.
    related: NameIndex,
}

/// Images by a list of their names.
#[derive(Default)]
struct NameIndex {
    exact: HashMap<&'static str, usize>,
    /// The names that stand for all below a folder, the longest first.
    folders: Vec<(&'static str, usize)>,
}

/// One image: its part of a file, and its rows once they were asked for.
pub(super) struct ImageText {
    text: &'static str,
    rows: OnceLock<Vec<KnownImage>>,
    needs: OnceLock<Vec<ImageNeeds>>,
}

impl ImageTable {
    pub(super) fn shared() -> &'static Self {
        &IMAGE_TABLE
    }

    fn new(files: impl Iterator<Item = &'static str>) -> Self {
        let mut table =
            Self { images: Vec::new(), names: NameIndex::default(), related: NameIndex::default() };
        for text in files.flat_map(split_images) {
            let nth = table.images.len();
            list_of(text, NAMES_KEY).for_each(|name| table.names.insert(name, nth));
            list_of(text, RELATED_KEY).for_each(|name| table.related.insert(name, nth));
            table.images.push(ImageText { text, rows: OnceLock::new(), needs: OnceLock::new() });
        }
        table.names.sort();
        table.related.sort();
        table
    }

    /// The images that a full repository name stands for, the nearest first: that of its own name, then those of the
    /// folders above it.
    pub(super) fn find_images(&self, name: &str) -> impl Iterator<Item = &ImageText> {
        self.names.find(name).filter_map(|nth| self.images.get(nth))
    }

    /// The same, and then the images that one of this name is another build of.
    pub(super) fn find_needs(&self, name: &str) -> impl Iterator<Item = &ImageText> {
        self.names.find(name).chain(self.related.find(name)).filter_map(|nth| self.images.get(nth))
    }

    pub(super) fn images(&self) -> impl Iterator<Item = &ImageText> {
        self.images.iter()
    }
}

impl NameIndex {
    fn insert(&mut self, name: &'static str, nth: usize) {
        match name.strip_suffix('*') {
            Some(folder) => self.folders.push((folder, nth)),
            None => drop(self.exact.insert(name, nth)),
        }
    }

    fn sort(&mut self) {
        self.folders.sort_by_key(|(folder, _)| std::cmp::Reverse(folder.len()));
    }

    fn find(&self, name: &str) -> impl Iterator<Item = usize> {
        let above = move |folder: &str| name.strip_prefix(folder).is_some_and(|rest| !rest.is_empty());
        let folders = self.folders.iter().filter(move |(folder, _)| above(folder)).map(|(_, nth)| *nth);
        self.exact.get(name).copied().into_iter().chain(folders)
    }
}

impl ImageText {
    /// The rows, in the order in which a tag is held against them. None of a text that cannot be read: tests read all.
    pub(super) fn rows(&self) -> &[KnownImage] {
        self.rows.get_or_init(|| {
            let file: ImageFile = toml::from_str(self.parts().0).unwrap_or_default();
            file.into_values().flatten().flat_map(ImageRecord::into_rows).collect()
        })
    }

    /// The needs, in the same order.
    pub(super) fn needs(&self) -> &[ImageNeeds] {
        self.needs.get_or_init(|| {
            let file: NeedsFile = toml::from_str(self.parts().1).unwrap_or_default();
            file.into_values().flat_map(BTreeMap::into_values).flatten().map(ImageNeeds::weaken).collect()
        })
    }

    /// The text of the rows, and that of the needs.
    fn parts(&self) -> (&'static str, &'static str) {
        self.text.split_at(self.text.find(NEEDS_HEADER).unwrap_or(self.text.len()))
    }
}

/// The images of a file, each with its header.
fn split_images(file: &'static str) -> impl Iterator<Item = &'static str> {
    let mut starts = memmem::find_iter(file.as_bytes(), IMAGE_HEADER).peekable();
    std::iter::from_fn(move || {
        let start = starts.next()?;
        file.get(start..starts.peek().copied().unwrap_or(file.len()))
    })
}

/// The names between quotes in a list.
fn list_of(image: &'static str, key: &str) -> impl Iterator<Item = &'static str> {
    let keys = image.split_once("\n\n").map_or(image, |(keys, _)| keys);
    let list = keys.split_once(key).and_then(|(_, rest)| rest.split_once(']'));
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

    /// An image cut out of its file and read by itself is what the file says as a whole.
    #[test]
    fn each_image_read_alone_is_as_in_its_file() {
        let mut images = ImageTable::shared().images();
        for file in &IMAGE_FILES {
            for mut record in read_file(file) {
                let image = images.next().expect("as many images as the files have");
                let names = [NAMES_KEY, RELATED_KEY].map(|key| list_of(image.text, key).collect::<Vec<_>>());
                assert_eq!([&names[0][..], &names[1][..]], record.names(), "{}.toml", file.0);
                assert_eq!(image.needs(), record.take_needs(), "{}.toml: {names:?}", file.0);
                assert_eq!(image.rows(), record.into_rows(), "{}.toml: {names:?}", file.0);
            }
        }
        assert!(images.next().is_none());
    }

    /// A row that no tag can reach would be a fact that nobody is ever told.
    #[test]
    fn of_what_an_image_needs_only_the_last_row_takes_every_tag() {
        for image in ImageTable::shared().images() {
            let names: Vec<_> = list_of(image.text, NAMES_KEY).collect();
            let needs = image.needs();
            assert!(!names.is_empty() && (!needs.is_empty() || !image.rows().is_empty()), "{names:?}");
            assert!(needs.iter().rev().skip(1).all(|row| !row.tags.is_all()), "{names:?}");
        }
    }

    #[test]
    fn no_reference_stands_in_two_images() {
        let mut seen = std::collections::HashSet::new();
        for image in ImageTable::shared().images() {
            for name in list_of(image.text, NAMES_KEY).chain(list_of(image.text, RELATED_KEY)) {
                assert!(seen.insert(name), "{name} stands twice");
            }
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
            images.map(|image| list_of(image.text, NAMES_KEY).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        let (wide, near) = (vec!["a.b/*", "a.b/c/d"], vec!["a.b/c/*"]);
        assert_eq!(found("a.b/c/e"), [near.clone(), wide.clone()]);
        assert_eq!(found("a.b/c/d"), [wide.clone(), near, wide.clone()]);
        assert_eq!(found("a.b/e"), [wide]);
        assert!(found("a.b/").is_empty());
    }
}
