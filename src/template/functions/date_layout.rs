//! Dates written and read by Go's layouts, in which 2006-01-02 15:04:05 stands for each part.

use crate::template::date_moment::DateZone;

/// A moment taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CivilTime {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    pub(super) weekday: i64,
    pub(super) year_day: i64,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// The parts of a layout, the longer before those that they begin with.
const TOKENS: [&str; 34] = [
    "January",
    "Jan",
    "Monday",
    "Mon",
    "MST",
    "2006",
    "-07:00:00",
    "-07:00",
    "-0700",
    "-07",
    "Z07:00:00",
    "Z07:00",
    "Z0700",
    "Z07",
    "002",
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "15",
    "PM",
    "pm",
    "_2",
    ".000000000",
    ".000000",
    ".000",
    ".999999999",
    "1",
    "2",
    "3",
    "4",
    "5",
];

/// Days since 1970-01-01 of a date.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = (month + 9) % 12;
    let day_of_year = (153 * shifted + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

pub(super) fn civil_from_unix(seconds: i64) -> CivilTime {
    let days = seconds.div_euclid(86_400);
    let rest = seconds.rem_euclid(86_400);
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    CivilTime {
        year,
        month,
        day,
        hour: rest / 3600,
        minute: rest % 3600 / 60,
        second: rest % 60,
        weekday: (days + 4).rem_euclid(7),
        year_day: days - days_from_civil(year, 1, 1) + 1,
    }
}

fn name_of(names: &[&'static str], index: i64) -> &'static str {
    usize::try_from(index).ok().and_then(|index| names.get(index).copied()).unwrap_or("")
}

fn next_token(layout: &str) -> Option<&'static str> {
    TOKENS.iter().copied().find(|token| layout.starts_with(token))
}

/// A moment as UTC.
pub(super) fn format_layout(seconds: i64, layout: &str) -> String {
    format_zoned(seconds, &DateZone::utc(), layout)
}

/// A zone's difference: `+01`, `+0100`, `+01:00`.
fn format_ahead(zone: &DateZone, token: &str) -> String {
    let sign = if zone.ahead < 0 { '-' } else { '+' };
    let minutes = zone.ahead.abs() / 60;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let seconds = zone.ahead.abs() % 60;
    match &token[1..] {
        "07" => format!("{sign}{hours:02}"),
        "0700" => format!("{sign}{hours:02}{minutes:02}"),
        "07:00:00" => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}"),
    }
}

/// A moment on the clocks of a zone.
pub(super) fn format_zoned(seconds: i64, zone: &DateZone, layout: &str) -> String {
    let time = civil_from_unix(seconds.saturating_add(zone.ahead));
    let hour12 = if time.hour % 12 == 0 { 12 } else { time.hour % 12 };
    let mut out = String::new();
    let mut rest = layout;
    while let Some(char) = rest.chars().next() {
        let Some(token) = next_token(rest) else {
            out.push(char);
            rest = &rest[char.len_utf8()..];
            continue;
        };
        rest = &rest[token.len()..];
        out.push_str(&match token {
            "2006" => format!("{:04}", time.year),
            "06" => format!("{:02}", time.year.rem_euclid(100)),
            "01" => format!("{:02}", time.month),
            "1" => time.month.to_string(),
            "January" => name_of(&MONTHS, time.month - 1).to_owned(),
            "Jan" => name_of(&MONTHS, time.month - 1).chars().take(3).collect(),
            "02" => format!("{:02}", time.day),
            "_2" => format!("{:>2}", time.day),
            "2" => time.day.to_string(),
            "002" => format!("{:03}", time.year_day),
            "Monday" => name_of(&DAYS, time.weekday).to_owned(),
            "Mon" => name_of(&DAYS, time.weekday).chars().take(3).collect(),
            "15" => format!("{:02}", time.hour),
            "03" => format!("{hour12:02}"),
            "3" => hour12.to_string(),
            "04" => format!("{:02}", time.minute),
            "4" => time.minute.to_string(),
            "05" => format!("{:02}", time.second),
            "5" => time.second.to_string(),
            "PM" => if time.hour >= 12 { "PM" } else { "AM" }.to_owned(),
            "pm" => if time.hour >= 12 { "pm" } else { "am" }.to_owned(),
            "MST" => zone.name.as_deref().map_or_else(|| format_ahead(zone, "-0700"), str::to_owned),
            "Z07:00" | "Z0700" | "Z07:00:00" | "Z07" if zone.ahead == 0 => "Z".to_owned(),
            token if token.contains("07") => format_ahead(zone, token),
            ".999999999" => String::new(),
            fraction => fraction.to_owned(),
        });
    }
    out
}

/// The seconds since 1970 and the zone that a text means by a layout.
pub(super) fn parse_layout(layout: &str, text: &str) -> Option<(i64, DateZone)> {
    let (mut year, mut month, mut day, mut clock) = (1, 1, 1, [0_i64; 3]);
    let (mut ahead, mut name) = (None, None);
    let mut afternoon = None;
    let (mut rest, mut left) = (layout, text);
    while let Some(char) = rest.chars().next() {
        let Some(token) = next_token(rest) else {
            left = left.strip_prefix(char)?;
            rest = &rest[char.len_utf8()..];
            continue;
        };
        rest = &rest[token.len()..];
        match token {
            "2006" => year = take_number(&mut left, 4, 4)?,
            "06" => year = 2000 + take_number(&mut left, 2, 2)?,
            "01" => month = take_number(&mut left, 2, 2)?,
            "1" => month = take_number(&mut left, 1, 2)?,
            "January" | "Jan" => month = 1 + take_name(&mut left, &MONTHS, token == "Jan")?,
            "02" => day = take_number(&mut left, 2, 2)?,
            "2" | "_2" => {
                left = left.trim_start_matches(' ');
                day = take_number(&mut left, 1, 2)?;
            }
            "Monday" | "Mon" => {
                take_name(&mut left, &DAYS, token == "Mon")?;
            }
            "15" | "03" => clock[0] = take_number(&mut left, 2, 2)?,
            "3" => clock[0] = take_number(&mut left, 1, 2)?,
            "04" => clock[1] = take_number(&mut left, 2, 2)?,
            "05" => clock[2] = take_number(&mut left, 2, 2)?,
            "PM" | "pm" => {
                afternoon = Some(left.get(..2)?.eq_ignore_ascii_case("pm"));
                left = left.get(2..)?;
            }
            "MST" => name = Some(take_zone_name(&mut left)?),
            _ if token.starts_with('Z') || token.starts_with('-') => ahead = Some(take_zone(&mut left)?),
            _ => return None,
        }
    }
    let length = days_from_civil(year + month / 12, month % 12 + 1, 1) - days_from_civil(year, month, 1);
    let fits = (1..=12).contains(&month) && (1..=length).contains(&day);
    if !left.is_empty() || !fits || clock[0] > 23 || clock[1] > 59 || clock[2] > 59 {
        return None;
    }
    let hour = match afternoon {
        Some(true) if clock[0] < 12 => clock[0] + 12,
        Some(false) if clock[0] == 12 => 0,
        _ => clock[0],
    };
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3600 + clock[1] * 60 + clock[2];
    Some((seconds - ahead.unwrap_or(0), read_zone(ahead, name)))
}

/// The zone of a date as Go makes it up: a name alone says no difference, but behind `GMT`.
fn read_zone(ahead: Option<i64>, name: Option<&str>) -> DateZone {
    match (ahead, name) {
        (None | Some(0), None | Some("UTC")) => DateZone::utc(),
        (Some(ahead), name) => DateZone { ahead, name: name.map(Into::into) },
        (None, Some(name)) => {
            let hours = name.strip_prefix("GMT").and_then(|hours| hours.parse::<i64>().ok());
            DateZone::named(name, hours.unwrap_or(0) * 3600)
        }
    }
}

/// What Go takes for the short name of a zone: three to five capitals, with exceptions.
fn take_zone_name<'t>(left: &mut &'t str) -> Option<&'t str> {
    let capitals = left.bytes().take(6).take_while(u8::is_ascii_uppercase).count();
    let length = if left.starts_with("UTC") {
        3
    } else if left.starts_with("ChST") || left.starts_with("MeST") {
        4
    } else if let Some(rest) = left.strip_prefix("GMT") {
        3 + signed_hours(rest)
    } else if left.starts_with(['+', '-']) {
        signed_hours(left)
    } else {
        match (capitals, left.as_bytes().get(capitals.saturating_sub(1))) {
            (3, _) | (4 | 5, Some(b'T')) => capitals,
            (4, _) if left.starts_with("WITA") => 4,
            _ => 0,
        }
    };
    let (name, rest) = left.split_at_checked(length).filter(|_| length > 0)?;
    *left = rest;
    Some(name)
}

/// How long a sign and hours are.
fn signed_hours(text: &str) -> usize {
    let Some(digits) = text.strip_prefix(['+', '-']) else { return 0 };
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    match digits[..count].parse::<u32>() {
        Ok(hours) if hours < 24 => 1 + count,
        _ => 0,
    }
}

fn take_number(left: &mut &str, low: usize, high: usize) -> Option<i64> {
    let digits = left.bytes().take(high).take_while(u8::is_ascii_digit).count();
    if digits < low {
        return None;
    }
    let (number, rest) = left.split_at(digits);
    *left = rest;
    number.parse().ok()
}

fn take_name(left: &mut &str, names: &[&'static str], short: bool) -> Option<i64> {
    let index = names.iter().position(|name| left.starts_with(if short { &name[..3] } else { name }))?;
    *left = &left[if short { 3 } else { names[index].len() }..];
    i64::try_from(index).ok()
}

/// Seconds that a zone is ahead.
fn take_zone(left: &mut &str) -> Option<i64> {
    if let Some(rest) = left.strip_prefix('Z') {
        *left = rest;
        return Some(0);
    }
    let sign = if left.starts_with('-') { -1 } else { 1 };
    *left = left.get(1..)?;
    let hours = take_number(left, 2, 2)?;
    *left = left.strip_prefix(':').unwrap_or(left);
    let minutes = take_number(left, 2, 2)?;
    Some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_write_and_read() {
        assert_eq!(format_layout(0, "2006-01-02 15:04:05 MST"), "1970-01-01 00:00:00 UTC");
        let (moment, _) = parse_layout("2006-01-02", "2020-05-06").expect("a date");
        assert_eq!(format_layout(moment, "Mon Jan _2 06"), "Wed May  6 20");
        assert_eq!(parse_layout("2006-01-02", "2020-02-30"), None);
        let (moment, zone) =
            parse_layout("2006-01-02T15:04:05Z07:00", "1970-01-01T01:00:00+01:00").expect("a date");
        assert_eq!((moment, zone.ahead), (0, 3600));
    }
}
