//! Values as Helm reads them: files with their origins, one document over another.

use std::ops::Range;
use std::sync::Arc;

use super::chart_error::ChartError;
use super::origin_files::OriginFiles;
use crate::template::origin_table::{ChainId, OriginTable, PieceSource};
use crate::template::origin_text::{OriginText, TextBuilder};
use crate::template::template_value::TemplateValue;
use crate::template::value_collection::ValueMap;
use crate::template::yaml_reader::{KeyRegister, read_yaml};

/// How many documents a values file may have.
const MAX_DOCUMENTS: usize = 1_000;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The values of a chart's own file, each scalar with its place. Several documents are laid over one another, and the last
/// line ends as every line does, whether its end is written or not.
pub(super) fn read_chart_values(
    table: &mut OriginTable,
    files: &mut OriginFiles,
    path: &str,
    data: &Arc<[u8]>,
) -> Result<ValueMap, ChartError> {
    read_documents(table, files, path, data, true)
}

/// The values of a file that the user gives: its first document, as it is written.
pub(super) fn read_given_values(
    table: &mut OriginTable,
    files: &mut OriginFiles,
    path: &str,
    data: &Arc<[u8]>,
) -> Result<ValueMap, ChartError> {
    read_documents(table, files, path, data, false)
}

fn read_documents(
    table: &mut OriginTable,
    files: &mut OriginFiles,
    path: &str,
    data: &Arc<[u8]>,
    is_charts_own: bool,
) -> Result<ValueMap, ChartError> {
    let file = files.add(table, path, data.clone());
    let (offset, content) = match data.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => (3, rest),
        None => (0, &data[..]),
    };
    let mut text = OriginText::from_file(file, offset, content);
    let documents = if is_charts_own { split_documents(content) } else { vec![(0, 0..content.len())] };
    if is_charts_own {
        text = end_last_line(text, PieceSource::Text { file, offset: offset + text_length(content) });
    }
    let root = table.add_root_key(file);
    let values = ValueMap::default();
    for (line, range) in documents {
        let range = if range.end == content.len() { range.start..text.len() } else { range };
        let document = read_yaml(&text.slice(range), Some(KeyRegister { table, root }));
        let document = document.map_err(|error| ChartError::Values {
            path: path.to_owned(),
            line: line + error.line,
            message: error.message,
        })?;
        match document {
            TemplateValue::Map(map) => overlay(&values, &map),
            TemplateValue::Nil(_) => {}
            _ => {
                let message = "cannot load values: error unmarshaling JSON: values must be a map".to_owned();
                return Err(ChartError::Values { path: path.to_owned(), line: 1, message });
            }
        }
    }
    Ok(values)
}

fn text_length(content: &[u8]) -> u32 {
    u32::try_from(content.len()).unwrap_or(u32::MAX)
}

/// The text with the end of its last line, which stands behind the file's last byte.
fn end_last_line(text: OriginText, place: PieceSource) -> OriginText {
    if text.is_empty() || text.bytes().ends_with(b"\n") {
        return text;
    }
    let mut builder = TextBuilder::default();
    builder.push_text(&text);
    builder.push(b"\n", ChainId::NONE, place);
    builder.finish()
}

/// The documents of a values file as Helm parts them, at lines of three dashes and at most a comment: the number of lines
/// above each, and its bytes.
fn split_documents(content: &[u8]) -> Vec<(usize, Range<usize>)> {
    let mut documents = Vec::new();
    let (mut lines, mut start, mut first_line, mut at) = (0, 0, 0, 0);
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        let rest = line.strip_prefix(b"---").map(<[u8]>::trim_ascii);
        let is_end = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"#"));
        if is_end && documents.len() < MAX_DOCUMENTS {
            documents.push((first_line, start..at));
            (start, first_line) = (at + line.len(), lines + 1);
        }
        lines += 1;
        at += line.len();
    }
    documents.push((first_line, start..content.len()));
    documents
}

/// Lays one map over another: maps are merged, all else is replaced, null is kept.
pub(super) fn overlay(under: &ValueMap, over: &ValueMap) {
    for (key, entry) in over.entries() {
        match (under.get(&key), &entry.value) {
            (Some(TemplateValue::Map(own)), TemplateValue::Map(theirs)) => overlay(&own, theirs),
            _ => under.insert_entry(key, entry),
        }
    }
}
