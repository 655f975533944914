//! From a text's pieces to what a render says of its bytes, each claim held against the file that it names.

use std::collections::HashMap;
use std::sync::Arc;

use super::origin_files::OriginFiles;
use super::rendered_chart::{OriginPlace, OriginSegment, SegmentKind};
use crate::template::origin_table::{
    ActionSite, ChainId, ComputedId, ComputedInput, FileId, KeyPathId, OriginTable, PieceSource,
};
use crate::template::origin_text::{OriginPiece, OriginText};

/// How many segments a text may have; what follows is one more. Real templates have some thousands.
const MAX_SEGMENTS: usize = 200_000;

type OriginChain = Arc<[OriginPlace]>;

/// Turns pieces into segments; what many share is made once.
pub(super) struct SegmentBuilder<'a> {
    table: &'a OriginTable,
    files: &'a OriginFiles,
    paths: HashMap<FileId, Arc<str>>,
    keys: HashMap<KeyPathId, Arc<str>>,
    chains: HashMap<ChainId, OriginChain>,
    computed: HashMap<ComputedId, (SegmentKind, bool)>,
    segments: Vec<OriginSegment>,
    random: bool,
}

impl<'a> SegmentBuilder<'a> {
    pub(super) fn new(table: &'a OriginTable, files: &'a OriginFiles) -> Self {
        Self {
            table,
            files,
            paths: HashMap::new(),
            keys: HashMap::new(),
            chains: HashMap::new(),
            computed: HashMap::new(),
            segments: Vec::new(),
            random: false,
        }
    }

    /// The segments of a text, and whether something random went into it.
    pub(super) fn build(&mut self, text: &OriginText) -> (Vec<OriginSegment>, bool) {
        self.random = false;
        for (range, piece) in text.spans() {
            if self.segments.len() >= MAX_SEGMENTS {
                self.add_rest(range.start, text.len());
                break;
            }
            self.add_piece(&text.bytes()[range.clone()], range.start, piece);
        }
        (std::mem::take(&mut self.segments), self.random)
    }

    fn add_rest(&mut self, start: usize, end: usize) {
        let Some(last) = self.segments.last() else { return };
        let kind = SegmentKind::Computed { length: 0, from: Arc::default() };
        let (place, via) = (last.place.clone(), last.via.clone());
        self.segments.push(OriginSegment { start, end, kind, place, via });
    }

    fn path(&mut self, file: FileId) -> Arc<str> {
        let table = self.table;
        self.paths.entry(file).or_insert_with(|| table.file_path(file).into()).clone()
    }

    fn via(&mut self, chain: ChainId) -> OriginChain {
        if let Some(via) = self.chains.get(&chain) {
            return via.clone();
        }
        let sites: Vec<ActionSite> = self.table.chain_sites(chain);
        let places = sites
            .into_iter()
            .map(|site| OriginPlace { path: self.path(site.file), offset: site.offset as usize });
        let via: OriginChain = places.collect();
        self.chains.insert(chain, via.clone());
        via
    }

    fn add_piece(&mut self, bytes: &[u8], start: usize, piece: &OriginPiece) {
        let via = self.via(piece.chain);
        let (file, offset) = self.table.place(piece.source);
        let place = OriginPlace { path: self.path(file), offset: offset as usize };
        let kind = match piece.source {
            PieceSource::Text { .. } => SegmentKind::Text,
            PieceSource::Value { key, .. } => {
                let table = self.table;
                let key = self.keys.entry(key).or_insert_with(|| table.key_path(key).into());
                SegmentKind::Value { key: key.clone() }
            }
            PieceSource::Computed(id) => {
                let kind = self.computed_kind(id);
                let (place, via) = computed_place(place, via);
                self.push(OriginSegment { start, end: start + bytes.len(), kind, place, via });
                return;
            }
        };
        self.add_copied(bytes, &OriginSegment { start, end: start + bytes.len(), kind, place, via }, file);
    }

    fn computed_kind(&mut self, id: ComputedId) -> SegmentKind {
        if let Some((kind, random)) = self.computed.get(&id) {
            self.random |= random;
            return kind.clone();
        }
        let Some(origin) = self.table.computed(id) else {
            return SegmentKind::Computed { length: 0, from: Arc::default() };
        };
        let mut from: Vec<String> = Vec::new();
        for input in &origin.inputs {
            let name = match input {
                ComputedInput::Key(key) => self.table.key_path(*key),
                ComputedInput::Named(name) => (*name).to_owned(),
                ComputedInput::Random => "random".to_owned(),
            };
            if !from.contains(&name) {
                from.push(name);
            }
        }
        let random = origin.inputs.contains(&ComputedInput::Random);
        let kind = SegmentKind::Computed { length: origin.site.length as usize, from: from.into() };
        self.random |= random;
        self.computed.insert(id, (kind.clone(), random));
        kind
    }

    /// Bytes that should stand in a file: those that do, and those that an escape or a fold stands for, which are computed.
    fn add_copied(&mut self, bytes: &[u8], whole: &OriginSegment, file: FileId) {
        let files = self.files;
        let written = files.data(file).get(whole.place.offset..).unwrap_or_default();
        if written.starts_with(bytes) {
            self.push(whole.clone());
            return;
        }
        let mut at = 0;
        while at < bytes.len() {
            let equal = |index: usize| written.get(index) == Some(&bytes[index]);
            let copied = equal(at);
            let length = (at..bytes.len()).take_while(|index| equal(*index) == copied).count();
            let kind = match &whole.kind {
                kind if copied => kind.clone(),
                SegmentKind::Value { key } => {
                    SegmentKind::Computed { length: 0, from: Arc::new([key.to_string()]) }
                }
                _ => SegmentKind::Computed { length: 0, from: Arc::default() },
            };
            let place = OriginPlace { path: whole.place.path.clone(), offset: whole.place.offset + at };
            let (start, end) = (whole.start + at, whole.start + at + length);
            self.push(OriginSegment { start, end, kind, place, via: whole.via.clone() });
            at += length;
        }
    }

    fn push(&mut self, segment: OriginSegment) {
        if segment.end > segment.start {
            self.segments.push(segment);
        }
    }
}

/// Where computed bytes were made, and the chain up to there. What no file holds, as the release's name, is made where it is
/// printed.
fn computed_place(place: OriginPlace, via: OriginChain) -> (OriginPlace, OriginChain) {
    match via.split_last() {
        Some((printed, above)) if place.path.is_empty() => (printed.clone(), above.into()),
        Some((last, above)) if *last == place => (place, above.into()),
        _ => (place, via),
    }
}
