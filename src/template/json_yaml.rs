//! Writes JSON as Go's YAML library writes it, for whoever prints what kubectl prints.

use serde_json::Value;

use super::origin_table::{ActionSite, ComputedId, OriginTable};
use super::origin_text::OriginText;
use super::template_value::{IntType, NilKind, TemplateValue};
use super::value_collection::ValueMap;
use super::yaml_writer::write_yaml;

/// A value as YAML that readers of old and new YAML read alike, without the last line's end. None for what YAML cannot say.
#[must_use]
pub fn json_to_yaml(json: &Value) -> Option<String> {
    let mut origins = OriginTable::default();
    let site = ActionSite { file: origins.add_file(""), offset: 0, length: 0 };
    let glue = origins.add_computed(site, Vec::new());
    let text = write_yaml(&template_value(json, glue)?, glue).ok()?;
    (!text.is_empty()).then(|| text.as_str().into_owned())
}

/// None for a number that values of templates do not have.
fn template_value(json: &Value, glue: ComputedId) -> Option<TemplateValue> {
    Some(match json {
        Value::Null => TemplateValue::Nil(NilKind::Interface),
        Value::Bool(boolean) => TemplateValue::bool(*boolean),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => TemplateValue::Int(whole, IntType::Int64, None),
            None if number.is_u64() => return None,
            None => TemplateValue::Float(number.as_f64().unwrap_or_default(), None),
        },
        Value::String(text) => TemplateValue::Text(OriginText::from_computed(glue, text.as_bytes())),
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(|item| template_value(item, glue)).collect();
            TemplateValue::list(items?)
        }
        Value::Object(entries) => {
            let map = ValueMap::default();
            for (key, value) in entries {
                map.insert(key, template_value(value, glue)?);
            }
            TemplateValue::Map(map)
        }
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use serde_json::json;

    use super::json_to_yaml;

    const WORDS: [&str; 26] = [
        "yes",
        "no",
        "on",
        "Off",
        "y",
        "N",
        "010",
        "1_000",
        "12:30:45",
        "2001-01-01",
        "0x1F",
        "0b11",
        "1e3",
        "~",
        "null",
        "true",
        "0o17",
        "+1",
        ".5",
        "08",
        ".inf",
        "1:30",
        "NULL",
        "-0",
        "1.",
        "2024-01-02T03:04:05Z",
    ];

    #[test]
    fn texts_that_some_reader_takes_for_something_else_are_in_quotes() {
        for word in WORDS {
            let quoted = format!("\"{word}\": \"{word}\"");
            assert_eq!(json_to_yaml(&json!({ word: word })).unwrap(), quoted);
        }
        let plain =
            json!({"v": "=", "w": "<<", "x": "a: b", "n": 1.5, "z": {}, "l": [[1, "2"], {"a": null}]});
        let expected = "l:\n- - 1\n  - \"2\"\n- a: null\n\"n\": 1.5\nv: =\nw: <<\nx: 'a: b'\nz: {}";
        assert_eq!(json_to_yaml(&plain).unwrap(), expected);
    }

    #[test]
    fn what_is_written_reads_as_it_was() {
        let odd = [
            "a\nb\n",
            " a",
            "a ",
            "\ta",
            "a\n b\n\n",
            "é",
            "\u{1F600} x",
            "- a",
            "# a",
            "a #b",
            "",
            "'a\"",
            "%",
            "@a",
        ];
        let long = "word ".repeat(40);
        let texts = WORDS.into_iter().chain(odd).chain([long.as_str()]);
        let all: serde_json::Map<String, serde_json::Value> =
            texts.enumerate().map(|(at, text)| (format!("k{at}"), json!(text))).collect();
        let all = serde_json::Value::Object(all);
        let read: serde_json::Value = serde_yaml::from_str(&json_to_yaml(&all).unwrap()).unwrap();
        assert_eq!(read, all);
        assert_eq!(json_to_yaml(&json!({"n": u64::MAX})), None);
    }
}
