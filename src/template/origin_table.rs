//! The table of places that rendered bytes come from: files, keys of values files, actions and chains of includes.
//!
//! Everything is a small number here, so that a piece of text can be copied freely.

use std::rc::Rc;

/// A file of the chart, or a values file beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(u32);

/// A key (or list index) of a values file, with all that stand above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyPathId(u32);

/// Bytes that an action computed, all alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ComputedId(u32);

/// The includes and actions that a piece of text went through; zero is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChainId(u32);

impl ChainId {
    pub const NONE: Self = Self(0);
}

/// Where a piece of text was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceSource {
    /// Bytes of a template, or of another file of the chart, as they stand there.
    Text { file: FileId, offset: u32 },
    /// Bytes of a scalar or a key of a values file, as they stand there.
    Value { key: KeyPathId, offset: u32 },
    /// Bytes that stand nowhere.
    Computed(ComputedId),
}

/// The place of an action: where its command begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionSite {
    pub file: FileId,
    pub offset: u32,
    /// Bytes; zero where the action stands in a text made by `tpl`.
    pub length: u32,
}

/// What went into computed bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComputedInput {
    Key(KeyPathId),
    /// Something that no file holds: the release's name, a capability.
    Named(&'static str),
    /// Drawn at random or from the clock by Helm; fixed here.
    Random,
}

/// An action's result that is no copy of anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComputedOrigin {
    pub site: ActionSite,
    pub inputs: Vec<ComputedInput>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum KeySegment {
    Root,
    Name(Rc<str>),
    Index(usize),
}

#[derive(Clone, Debug)]
struct KeyNode {
    file: FileId,
    parent: KeyPathId,
    segment: KeySegment,
}

#[derive(Clone, Copy, Debug)]
struct ChainLink {
    parent: ChainId,
    site: ActionSite,
}

/// How many links a chain is shown with.
const MAX_CHAIN: usize = 64;

/// All places of one render.
#[derive(Debug, Default)]
pub struct OriginTable {
    files: Vec<Rc<str>>,
    keys: Vec<KeyNode>,
    computed: Vec<ComputedOrigin>,
    chains: Vec<ChainLink>,
}

impl OriginTable {
    pub fn add_file(&mut self, path: &str) -> FileId {
        self.files.push(path.into());
        FileId(count_u32(self.files.len() - 1))
    }

    pub fn file_path(&self, file: FileId) -> &str {
        self.files.get(file.0 as usize).map_or("", |path| path)
    }

    /// The key that stands above all others of a file.
    pub fn add_root_key(&mut self, file: FileId) -> KeyPathId {
        let own = KeyPathId(count_u32(self.keys.len()));
        self.keys.push(KeyNode { file, parent: own, segment: KeySegment::Root });
        own
    }

    pub fn add_key(&mut self, parent: KeyPathId, name: &str) -> KeyPathId {
        self.add_segment(parent, KeySegment::Name(name.into()))
    }

    pub fn add_index(&mut self, parent: KeyPathId, index: usize) -> KeyPathId {
        self.add_segment(parent, KeySegment::Index(index))
    }

    fn add_segment(&mut self, parent: KeyPathId, segment: KeySegment) -> KeyPathId {
        let file = self.keys.get(parent.0 as usize).map_or(FileId(0), |node| node.file);
        self.keys.push(KeyNode { file, parent, segment });
        KeyPathId(count_u32(self.keys.len() - 1))
    }

    pub fn key_file(&self, key: KeyPathId) -> FileId {
        self.keys.get(key.0 as usize).map_or(FileId(0), |node| node.file)
    }

    /// The keys from the top, as a person writes them: `image.tag`, `hosts[0].host`.
    pub fn key_path(&self, key: KeyPathId) -> String {
        let mut segments = Vec::new();
        let mut at = key;
        while let Some(node) = self.keys.get(at.0 as usize) {
            if node.segment == KeySegment::Root {
                break;
            }
            segments.push(&node.segment);
            at = node.parent;
        }
        let mut path = String::new();
        for segment in segments.into_iter().rev() {
            match segment {
                KeySegment::Root => {}
                KeySegment::Name(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                KeySegment::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    pub fn add_computed(&mut self, site: ActionSite, inputs: Vec<ComputedInput>) -> ComputedId {
        let origin = ComputedOrigin { site, inputs };
        if self.computed.last() != Some(&origin) {
            self.computed.push(origin);
        }
        ComputedId(count_u32(self.computed.len() - 1))
    }

    pub fn computed(&self, id: ComputedId) -> Option<&ComputedOrigin> {
        self.computed.get(id.0 as usize)
    }

    pub fn add_chain(&mut self, parent: ChainId, site: ActionSite) -> ChainId {
        self.chains.push(ChainLink { parent, site });
        ChainId(count_u32(self.chains.len()))
    }

    /// The chain's places, the outermost first.
    pub fn chain_sites(&self, chain: ChainId) -> Vec<ActionSite> {
        let mut sites = Vec::new();
        let mut at = chain;
        while let Some(link) = (at.0 as usize).checked_sub(1).and_then(|index| self.chains.get(index)) {
            sites.push(link.site);
            at = link.parent;
            if sites.len() == MAX_CHAIN {
                break;
            }
        }
        sites.reverse();
        sites
    }

    /// The file and offset of a piece's first byte, for computed bytes those of their action.
    pub fn place(&self, source: PieceSource) -> (FileId, u32) {
        match source {
            PieceSource::Text { file, offset } => (file, offset),
            PieceSource::Value { key, offset } => (self.key_file(key), offset),
            PieceSource::Computed(id) => {
                self.computed(id).map_or((FileId(0), 0), |origin| (origin.site.file, origin.site.offset))
            }
        }
    }
}

/// Counts of one render stay far below four thousand million, since its bounds do.
fn count_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
