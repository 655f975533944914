//! Writes what an app's program needs into the text of `seaworthy.toml`, for a person who keeps what a trial saw: every
//! other byte stays, and the text is read again to prove it.

use toml::de::{DeTable, DeValue};

use super::app_setting::AppSetting;
use super::edit_settings::{append_table, end_of_table, foreign_form, insert_entry, prove_values, quote_key};
use super::{parse_settings, quote_toml};

/// The text in which the app needs that, too, besides what it says of the app already.
///
/// # Errors
/// Why that has no place in it, for a person.
pub fn set_app(text: &str, app: &AppSetting, rules: &[&'static str]) -> Result<String, String> {
    let before = parse_settings(text, rules).map_err(|error| error.to_string())?;
    let known = before.apps.iter().find(|own| own.key() == app.key());
    let joined = known.cloned().unwrap_or_else(|| AppSetting::named(&app.key())).join(app);
    let mut after = text.to_owned();
    if known.is_none() {
        after = append_app(text, &joined);
    } else {
        for (key, list) in joined.lists() {
            after = set_list(&after, &joined.key(), key, &list)?;
        }
    }
    if DeTable::parse(&after).is_err() {
        return Err(foreign_form("apps"));
    }
    let name = format!("apps.{}", quote_toml(&joined.key()));
    prove_values(text, &after, &[(name, joined.to_toml())], rules)?;
    Ok(after)
}

fn append_app(text: &str, app: &AppSetting) -> String {
    let lists = app.lists().into_iter().map(|(key, list)| format!("{key} = {list}"));
    let lines: Vec<String> = [format!("[apps.{}]", quote_key(&app.key()))].into_iter().chain(lists).collect();
    append_table(text, &lines)
}

/// The text with another list in a table that is there.
fn set_list(text: &str, app: &str, key: &str, list: &str) -> Result<String, String> {
    let root = DeTable::parse(text).map_err(|error| error.to_string())?;
    let table = |within: &DeTable<'_>, name: &str| -> Option<std::ops::Range<usize>> {
        within.iter().find(|(own, _)| own.get_ref() == name).map(|(_, value)| value.span())
    };
    let apps = root.get_ref().iter().find(|(own, _)| own.get_ref() == "apps").map(|(_, value)| value);
    let Some(DeValue::Table(apps)) = apps.map(toml::Spanned::get_ref) else {
        return Err(foreign_form("apps"));
    };
    let own = apps.iter().find(|(own, _)| own.get_ref() == app).map(|(_, value)| value.get_ref());
    let Some(DeValue::Table(entries)) = own else { return Err(foreign_form("apps")) };
    if let Some(known) = table(entries, key) {
        return Ok(format!("{}{list}{}", &text[..known.start], &text[known.end..]));
    }
    let places = [quote_key(app), quote_toml(app)].map(|name| format!("apps.{name}"));
    let at = places.iter().find_map(|name| end_of_table(text, name, entries));
    let at = at.ok_or_else(|| foreign_form(&places[0]))?;
    Ok(insert_entry(text, at, &format!("{key} = {list}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::AppNeed;

    fn app(key: &str, writes: &[&str], needs: &[(&str, &str)]) -> AppSetting {
        let need =
            |(word, about): &(&str, &str)| AppNeed { word: (*word).to_owned(), about: (*about).to_owned() };
        AppSetting {
            writes: writes.iter().map(|folder| (*folder).to_owned()).collect(),
            needs: needs.iter().map(need).collect(),
            ..AppSetting::named(key)
        }
    }

    fn set(text: &str, app: &AppSetting) -> Result<String, String> {
        set_app(text, app, &[])
    }

    #[test]
    fn an_app_stands_at_the_end_and_takes_nothing_with_it() {
        let tides = app("tides", &["/tmp/cache"], &[]);
        let alone = "[apps.tides]\nwrites = [\"/tmp/cache\"]\n";
        assert_eq!(set("", &tides).expect("it has a place"), alone);
        let text = "# ours\r\nfail-on = \"high\"";
        let other = app("Deployment/tides:web", &[], &[("low-port", "80"), ("root-start", "")]);
        assert_eq!(
            set(text, &other).expect("it has a place"),
            format!(
                "{text}\r\n\r\n[apps.\"Deployment/tides:web\"]\r\nneeds = [\"low-port 80\", \"root-start\"]\r\n"
            )
        );
    }

    #[test]
    fn what_was_said_of_it_stays_and_what_is_new_stands_beside_it() {
        let text = "[apps.tides] # seen in May\nwrites = [\"/srv/a\"] # by hand\n\n[apps.other]\nneeds = [\"memory 100Mi\"]\n";
        let tides = app("tides", &["/tmp/cache", "/srv/a"], &[("memory", "200Mi")]);
        let after = set(text, &tides).expect("it has a place");
        let expected = text.replace(
            "[\"/srv/a\"] # by hand\n",
            "[\"/srv/a\", \"/tmp/cache\"] # by hand\nneeds = [\"memory 200Mi\"]\n",
        );
        assert_eq!(after, expected);
        assert_eq!(set(&after, &tides).expect("it has a place"), after, "twice is once");
        let more = set(&after, &app("other", &[], &[("memory", "300Mi")])).expect("it has a place");
        assert_eq!(more, after.replace("100Mi", "300Mi"), "one amount takes the place of the other");
    }

    #[test]
    fn other_forms_are_left_to_a_person() {
        let inline = "apps = { tides = { writes = [\"/a/b\"] } }\n";
        for own in [app("tides", &[], &[("root-start", "")]), app("other", &["/a/b"], &[])] {
            let refused = set(inline, &own);
            assert!(refused.as_ref().is_err_and(|why| why.contains("by hand")), "{refused:?}");
        }
        let changed = set(inline, &app("tides", &["/c"], &[])).expect("what is there has a place");
        assert_eq!(changed, inline.replace("[\"/a/b\"]", "[\"/a/b\", \"/c\"]"));
    }
}
