//! Parses a text as a template that is not run, for who only looks at what is written in it.

use super::functions::find_function;
use super::origin_table::OriginTable;
use super::origin_text::OriginText;
use super::template_parser::parse_template;
use super::template_tree::TemplateBody;

/// All that a text defines; nothing where it is no template.
pub(super) fn parse_plain_template(text: &str, table: &mut OriginTable) -> Vec<TemplateBody> {
    let text = OriginText::from_file(table.add_file(""), 0, text.as_bytes());
    parse_template("", &text, &|name| find_function(name).is_some()).unwrap_or_default()
}
