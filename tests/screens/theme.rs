//! Themes: whole, readable, and brought down to what a terminal can show.

use ratatui::style::{Color, Modifier, Style};
use seaworthy::terminal::detect_colour_depth;
use seaworthy::theme::{ColourDepth, ColourTheme, StyleToken, TerminalFeatures, contrast_ratio, theme_names};

fn rgb(colour: Option<Color>) -> Option<[u8; 3]> {
    match colour {
        Some(Color::Rgb(r, g, b)) => Some([r, g, b]),
        Some(Color::Indexed(index)) => Some(indexed(index)),
        _ => None,
    }
}

/// What xterm shows for the fixed colours of its 256.
fn indexed(index: u8) -> [u8; 3] {
    let step = |value: u8| if value == 0 { 0 } else { 55 + 40 * value };
    match index {
        0..16 => panic!("the first sixteen are the terminal's own"),
        16..232 => [(index - 16) / 36, (index - 16) / 6 % 6, (index - 16) % 6].map(step),
        grey => [8 + 10 * (grey - 232); 3],
    }
}

/// The backgrounds that a style is drawn on: its own, else the screen's and the current line's.
fn grounds(theme: &ColourTheme, style: Style) -> Vec<[u8; 3]> {
    let of = |slot| rgb(theme.style(slot).bg);
    let shared = [of(StyleToken::Base), of(StyleToken::Line)].into_iter().flatten();
    rgb(style.bg).map_or_else(|| shared.collect(), |own| vec![own])
}

#[test]
fn every_pair_of_colours_can_be_read() {
    let depths = [ColourDepth::TrueColour, ColourDepth::Indexed];
    let of_own = theme_names().filter(|name| *name != "terminal");
    for (name, depth) in of_own.flat_map(|name| depths.map(|depth| (name, depth))) {
        let theme = ColourTheme::by_name(
            name,
            TerminalFeatures { colour_depth: depth, ..TerminalFeatures::default() },
        );
        let text = rgb(theme.style(StyleToken::Base).fg).unwrap();
        for slot in StyleToken::ALL {
            let style = theme.style(*slot);
            let foreground = rgb(style.fg).unwrap_or(text);
            for ground in grounds(&theme, style) {
                let ratio = contrast_ratio(foreground, ground);
                assert!(ratio >= 4.5, "{name}, {depth:?}: {} on {ground:?} is {ratio:.2}", slot.name());
            }
        }
        let line = grounds(&theme, Style::new());
        assert_eq!(line.len(), 2, "{name} names the backgrounds");
    }
}

#[test]
fn high_contrast_is_seven_to_one() {
    let theme = ColourTheme::by_name("high-contrast", TerminalFeatures::default());
    for slot in StyleToken::ALL {
        let style = theme.style(*slot);
        let foreground = rgb(style.fg).unwrap_or([255; 3]);
        assert!(
            grounds(&theme, style).into_iter().all(|ground| contrast_ratio(foreground, ground) >= 7.0),
            "{}",
            slot.name()
        );
    }
}

#[test]
fn every_slot_has_a_style_in_every_file_and_no_file_has_others() {
    for name in theme_names() {
        let text =
            std::fs::read_to_string(format!("{}/themes/{name}.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let table: toml::Table = text.parse().unwrap();
        let styles = table["styles"].as_table().unwrap();
        assert!(StyleToken::ALL.iter().all(|slot| styles.contains_key(slot.name())), "{name} lacks a slot");
        assert_eq!(styles.len(), StyleToken::ALL.len(), "{name} has a slot that nothing draws");
    }
}

#[test]
fn the_default_theme_uses_the_terminals_own_colours_and_one_grey() {
    let theme = ColourTheme::by_name("terminal", TerminalFeatures::default());
    for slot in StyleToken::ALL {
        let style = theme.style(*slot);
        let is_own = !matches!(style.fg, Some(Color::Rgb(..) | Color::Indexed(_)));
        assert!(is_own || style.fg == Some(Color::Indexed(243)), "{}", slot.name());
        assert!(matches!(style.bg, None | Some(Color::Reset)), "{}", slot.name());
    }
    // Its middle grey can be read on black and on white; sixteen colours have none that can.
    let grey = indexed(243);
    assert!(contrast_ratio(grey, [0; 3]) >= 4.5 && contrast_ratio(grey, [255; 3]) >= 4.5);
    let few = TerminalFeatures { colour_depth: ColourDepth::Sixteen, ..TerminalFeatures::default() };
    let few = ColourTheme::by_name("terminal", few);
    assert!(StyleToken::ALL.iter().all(|slot| !matches!(few.style(*slot).fg, Some(Color::Indexed(_)))));
}

#[test]
fn the_environment_says_how_many_colours_there_are() {
    let with = |pairs: &'static [(&str, &str)]| {
        detect_colour_depth(|name| {
            pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        })
    };
    assert_eq!(with(&[("TERM", "xterm"), ("COLORTERM", "truecolor")]), ColourDepth::TrueColour);
    assert_eq!(with(&[("TERM", "screen-256color")]), ColourDepth::Indexed);
    assert_eq!(with(&[("TERM", "xterm")]), ColourDepth::Sixteen);
    assert_eq!(with(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]), ColourDepth::None);
    assert_eq!(with(&[("TERM", "xterm-256color"), ("NO_COLOR", "")]), ColourDepth::Indexed);
    assert_eq!(with(&[("TERM", "dumb")]), ColourDepth::None);
}

#[test]
fn fewer_colours_are_the_nearest_ones_and_none_keep_bold_and_reverse() {
    let named = |name, depth| {
        ColourTheme::by_name(name, TerminalFeatures { colour_depth: depth, ..TerminalFeatures::default() })
    };
    assert_eq!(
        named("high-contrast", ColourDepth::Indexed).style(StyleToken::Base).fg,
        Some(Color::Indexed(231))
    );
    assert_eq!(named("dark", ColourDepth::Sixteen).style(StyleToken::High).fg, Some(Color::Red));
    let none = named("dark", ColourDepth::None);
    assert_eq!(none.style(StyleToken::High).fg, None);
    assert!(none.style(StyleToken::Selection).add_modifier.contains(Modifier::REVERSED));
}

#[test]
fn on_a_light_terminal_the_default_theme_avoids_yellow() {
    let light = ColourTheme::by_name(
        "terminal",
        TerminalFeatures { has_light_background: true, ..TerminalFeatures::default() },
    );
    assert!(StyleToken::ALL.iter().all(|slot| light.style(*slot).fg != Some(Color::Yellow)));
}
