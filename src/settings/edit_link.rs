//! Writes which Dockerfile builds an image into the text of `seaworthy.toml`, for a person who settles it: every other byte
//! stays, and the text is read again to prove it.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::edit_settings::{append_table, foreign_form, prove_values};
use super::link_setting::LinkSetting;
use super::{parse_settings, quote_toml};
use crate::image::Reference;

/// The text in which `dockerfile`, from the settings' folder, builds the image, whatever its tag; none where no Dockerfile
/// here does. What was said of the image before, a stage too, is replaced.
///
/// # Errors
/// Why that has no place in it, for a person.
pub fn set_link(
    text: &str,
    (image, dockerfile): (&Reference, Option<&str>),
    rules: &[&'static str],
) -> Result<String, String> {
    let before = parse_settings(text, rules).map_err(|error| error.to_string())?;
    let name = image.name();
    let known = before.links.iter().position(|link| link.image == name);
    let value = dockerfile.map_or_else(|| "false".to_owned(), quote_toml);
    let (mut links, dockerfile) = (before.links, dockerfile.map(str::to_owned));
    let after = match known {
        Some(at) => {
            (links[at].dockerfile, links[at].stage) = (dockerfile, None);
            replace_link(text, at, &value)?
        }
        None => {
            links.push(LinkSetting { image: name, dockerfile, stage: None, line: 0 });
            append_link(text, image.written_name(), &value)
        }
    };
    let each: Vec<String> = links.iter().map(|link| link.to_toml(quote_toml)).collect();
    prove_values(text, &after, &[("link".to_owned(), format!("[{}]", each.join(", ")))], rules)?;
    Ok(after)
}

fn append_link(text: &str, image: &str, value: &str) -> String {
    let image = format!("image = {}", quote_toml(image));
    append_table(text, &["[[link]]".to_owned(), image, format!("dockerfile = {value}")])
}

/// The text with another Dockerfile in its `at`th link, and without that link's stage.
fn replace_link(text: &str, at: usize, value: &str) -> Result<String, String> {
    let root = DeTable::parse(text).map_err(|error| error.to_string())?;
    let links =
        root.get_ref().iter().find(|(key, _)| key.get_ref() == "link").map(|(_, value)| value.get_ref());
    let Some(DeValue::Array(links)) = links else { return Err(foreign_form("link")) };
    let Some(DeValue::Table(entries)) = links.get(at).map(toml::Spanned::get_ref) else {
        return Err(foreign_form("link"));
    };
    let span_of = |name: &str| {
        let entry = entries.iter().find(|(key, _)| key.get_ref() == name);
        entry.map(|(_, value)| value.span())
    };
    let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
    edits.extend(span_of("dockerfile").map(|span| (span, value)));
    if let Some(stage) = span_of("stage") {
        edits.push((own_line(text, &stage, "stage").ok_or_else(|| foreign_form("link"))?, ""));
    }
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    let mut out = text.to_owned();
    edits.into_iter().for_each(|(span, new)| out.replace_range(span, new));
    Ok(out)
}

/// The line of a value, with its end, where it holds nothing else.
fn own_line(text: &str, value: &Range<usize>, key: &str) -> Option<Range<usize>> {
    let start = text[..value.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[value.end..].find('\n').map_or(text.len(), |at| value.end + at + 1);
    let (before, after) = (text[start..value.start].trim(), text[value.end..end].trim());
    let is_alone = before.strip_suffix('=').is_some_and(|own| own.trim() == key) && after.is_empty();
    is_alone.then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str, image: &str, dockerfile: Option<&str>) -> Result<String, String> {
        let image = Reference::parse(image).expect("it is a name");
        set_link(text, (&image, dockerfile), &[])
    }

    #[test]
    fn a_link_stands_at_the_end_and_takes_nothing_with_it() {
        assert_eq!(
            set("", "shop/web", Some("web/Dockerfile")).expect("it has a place"),
            "[[link]]\nimage = \"shop/web\"\ndockerfile = \"web/Dockerfile\"\n"
        );
        let text = "# ours\r\nfail-on = \"high\" # agreed";
        assert_eq!(
            set(text, "shop/web", None).expect("it has a place"),
            format!("{text}\r\n\r\n[[link]]\r\nimage = \"shop/web\"\r\ndockerfile = false\r\n")
        );
    }

    #[test]
    fn what_was_said_of_the_image_is_replaced() {
        let text = "[[link]]\nimage = \"a\"\ndockerfile = false # not ours\n\n[[link]] # web\nimage = \"docker.io/shop/web\"\nstage = \"prod\"\ndockerfile = \"old/Dockerfile\"\n\n[users]\na = [20000, 20000]\n";
        let after = set(text, "shop/web", Some("new/Dockerfile")).expect("it has a place");
        let expected = text.replace("stage = \"prod\"\n", "").replace("old/Dockerfile", "new/Dockerfile");
        assert_eq!(after, expected);
        assert_eq!(set(&after, "shop/web", Some("new/Dockerfile")).expect("it has a place"), after);
    }

    #[test]
    fn a_form_of_ones_own_is_left_to_its_writer() {
        let inline = "link = [{ image = \"a\", dockerfile = \"b/Dockerfile\", stage = \"x\" }]\n";
        assert!(set(inline, "a", None).is_err(), "its stage has no line of its own");
        assert!(set(inline, "c", None).is_err(), "TOML has no place for another");
        let bare = inline.replace(", stage = \"x\"", "");
        assert_eq!(
            set(&bare, "a", None).expect("its value has a place"),
            bare.replace("\"b/Dockerfile\"", "false")
        );
    }
}
