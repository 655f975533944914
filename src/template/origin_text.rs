//! Text whose every byte knows where it was written, for values, templates and what is rendered from them.

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use super::origin_table::{ChainId, ComputedId, FileId, PieceSource};

/// Bytes from one place; they reach to the next piece's start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginPiece {
    pub start: u32,
    pub chain: ChainId,
    pub source: PieceSource,
}

#[derive(Debug, Default)]
struct TextData {
    bytes: Vec<u8>,
    pieces: Vec<OriginPiece>,
}

/// A text and its pieces, shared. Go's strings are bytes, so these are.
#[derive(Clone, Debug, Default)]
pub struct OriginText(Rc<TextData>);

/// Bytes as a text, with something in the place of each byte that is no UTF-8, as Go writes it.
pub fn replace_invalid_bytes<'a>(bytes: &'a [u8], instead: &str) -> Cow<'a, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.into();
    }
    let parts = bytes.utf8_chunks().map(|chunk| (chunk.valid(), instead.repeat(chunk.invalid().len())));
    parts.flat_map(|(valid, invalid)| [valid.to_owned(), invalid]).collect()
}

impl OriginText {
    /// The text of a whole file.
    pub fn from_file(file: FileId, offset: u32, bytes: impl Into<Vec<u8>>) -> Self {
        Self::single(bytes, PieceSource::Text { file, offset })
    }

    pub fn from_computed(id: ComputedId, bytes: impl Into<Vec<u8>>) -> Self {
        Self::single(bytes, PieceSource::Computed(id))
    }

    fn single(bytes: impl Into<Vec<u8>>, source: PieceSource) -> Self {
        let bytes = bytes.into();
        let pieces = match bytes.is_empty() {
            true => Vec::new(),
            false => vec![OriginPiece { start: 0, chain: ChainId::NONE, source }],
        };
        Self(Rc::new(TextData { bytes, pieces }))
    }

    pub fn len(&self) -> usize {
        self.0.bytes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.bytes.is_empty()
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    pub fn as_str(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0.bytes)
    }

    pub fn pieces(&self) -> &[OriginPiece] {
        &self.0.pieces
    }

    /// Each piece with the bytes that it covers.
    pub fn spans(&self) -> impl Iterator<Item = (Range<usize>, &OriginPiece)> {
        let ends = self.0.pieces.iter().skip(1).map(|piece| piece.start as usize).chain([self.len()]);
        self.0.pieces.iter().zip(ends).map(|(piece, end)| (piece.start as usize..end, piece))
    }

    /// The source of the byte at `offset`.
    pub fn source_at(&self, offset: usize) -> Option<PieceSource> {
        let index = self.0.pieces.partition_point(|piece| piece.start as usize <= offset).checked_sub(1)?;
        let piece = self.0.pieces.get(index)?;
        Some(advance(piece.source, offset - piece.start as usize))
    }

    pub fn slice(&self, range: Range<usize>) -> Self {
        if range.start == 0 && range.end >= self.len() {
            return self.clone();
        }
        let mut builder = TextBuilder::for_slice(range.len());
        builder.push_slice(self, range);
        builder.finish()
    }

    /// The same bytes with each piece's source changed, as when a file's text becomes a value.
    pub fn map_sources(&self, change: impl Fn(PieceSource) -> PieceSource) -> Self {
        let pieces = self.0.pieces.iter().map(|piece| OriginPiece { source: change(piece.source), ..*piece });
        Self(Rc::new(TextData { bytes: self.0.bytes.clone(), pieces: pieces.collect() }))
    }
}

impl PartialEq for OriginText {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

/// The source of the byte that stands `by` bytes after a piece's first.
fn advance(source: PieceSource, by: usize) -> PieceSource {
    let by = u32::try_from(by).unwrap_or(u32::MAX);
    match source {
        PieceSource::Text { file, offset } => PieceSource::Text { file, offset: offset.saturating_add(by) },
        PieceSource::Value { key, offset } => PieceSource::Value { key, offset: offset.saturating_add(by) },
        PieceSource::Computed(id) => PieceSource::Computed(id),
    }
}

/// How many bytes one text may have; a hostile chart doubles a string a hundred times.
pub const MAX_TEXT: usize = 16 * 1024 * 1024;

/// How many places one text may come from. Beyond that, bytes count to the last place, which whoever reports origins
/// holds against the file.
const MAX_PIECES: usize = 500_000;

/// A text as it grows, up to [`MAX_TEXT`], where it stays as it is and whoever charges for it refuses it; pieces that follow one another in one place become one.
#[derive(Debug, Default)]
pub struct TextBuilder {
    bytes: Vec<u8>,
    pieces: Vec<OriginPiece>,
}

impl TextBuilder {
    /// A builder with room for as many bytes of one place, and no more: of a text that is split there are millions.
    fn for_slice(length: usize) -> Self {
        Self { bytes: Vec::with_capacity(length.min(MAX_TEXT)), pieces: Vec::with_capacity(length.min(1)) }
    }

    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether nothing more is taken.
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= MAX_TEXT
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn push(&mut self, bytes: &[u8], chain: ChainId, source: PieceSource) {
        let room = MAX_TEXT.saturating_sub(self.bytes.len());
        let bytes = &bytes[..bytes.len().min(room)];
        if bytes.is_empty() {
            return;
        }
        let start = self.bytes.len();
        let continues = self.pieces.last().is_some_and(|last| {
            last.chain == chain && advance(last.source, start - last.start as usize) == source
        });
        if !continues && self.pieces.len() < MAX_PIECES {
            self.pieces.push(OriginPiece { start: u32::try_from(start).unwrap_or(u32::MAX), chain, source });
        }
        self.bytes.extend_from_slice(bytes);
    }

    pub fn push_computed(&mut self, bytes: impl AsRef<[u8]>, id: ComputedId) {
        self.push(bytes.as_ref(), ChainId::NONE, PieceSource::Computed(id));
    }

    pub fn push_text(&mut self, text: &OriginText) {
        self.push_slice(text, 0..text.len());
    }

    pub fn push_slice(&mut self, text: &OriginText, range: Range<usize>) {
        self.push_in_chain(text, range, ChainId::NONE);
    }

    /// Adds bytes of a text; those that went through no chain yet get `chain`.
    pub fn push_in_chain(&mut self, text: &OriginText, range: Range<usize>, chain: ChainId) {
        let (from, to) = (range.start, range.end.min(text.len()));
        let first = text.pieces().partition_point(|piece| piece.start as usize <= from).saturating_sub(1);
        let mut at = from;
        for (index, piece) in text.pieces().iter().enumerate().skip(first) {
            if at >= to || self.is_full() {
                break;
            }
            let end = text.pieces().get(index + 1).map_or(text.len(), |next| next.start as usize).min(to);
            let source = advance(piece.source, at - piece.start as usize);
            let own = if piece.chain == ChainId::NONE { chain } else { piece.chain };
            self.push(&text.bytes()[at..end], own, source);
            at = end;
        }
    }

    pub fn finish(self) -> OriginText {
        OriginText(Rc::new(TextData { bytes: self.bytes, pieces: self.pieces }))
    }
}
