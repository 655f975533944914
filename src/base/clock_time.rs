//! Tells the time of day as people here read it, for records of what happened: by the system's own time zone.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) const DAY_SECONDS: i64 = 24 * 60 * 60;
/// The time of a change of summer time where the rule says none, in seconds of that day (POSIX, `TZ`).
const DEFAULT_CHANGE: i64 = 2 * 60 * 60;
/// The largest file of a time zone that is read, in bytes: the fattest are below 10 KiB.
const MAX_ZONE_BYTES: u64 = 1 << 18;

/// A time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockTime {
    pub hour: u8,
    pub minute: u8,
}

impl ClockTime {
    /// The time of day now; in UTC where the time zone cannot be read.
    #[must_use]
    pub fn now() -> Self {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let seconds = i64::try_from(seconds).unwrap_or(0);
        Self::from_seconds(seconds + local_offset(seconds).unwrap_or(0))
    }

    /// The time of day after so many seconds since a midnight.
    pub(super) fn from_seconds(seconds: i64) -> Self {
        let minutes = seconds.rem_euclid(DAY_SECONDS) / 60;
        Self {
            hour: u8::try_from(minutes / 60).unwrap_or(0),
            minute: u8::try_from(minutes % 60).unwrap_or(0),
        }
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

/// The seconds that local time is ahead of UTC.
pub(super) fn local_offset(now: i64) -> Option<i64> {
    match std::env::var("TZ") {
        Err(_) => offset_by_file(Path::new("/etc/localtime"), now),
        Ok(name) => {
            let name = name.trim_start_matches(':');
            let named = Path::new("/usr/share/zoneinfo").join(name);
            let inside = !name.is_empty() && !name.split('/').any(|part| part == "..");
            let file: Option<PathBuf> = inside.then_some(named);
            file.and_then(|file| offset_by_file(&file, now)).or_else(|| offset_by_rule(name, now))
        }
    }
}

fn offset_by_file(path: &Path, now: i64) -> Option<i64> {
    let is_sound = path.metadata().is_ok_and(|own| own.is_file() && own.len() <= MAX_ZONE_BYTES);
    offset_by_zone(&std::fs::read(path).ok().filter(|_| is_sound)?, now)
}

/// The offset by a compiled time zone (RFC 8536): by its list of changes, after the last of them by its rule.
fn offset_by_zone(bytes: &[u8], now: i64) -> Option<i64> {
    let first = ZoneBlock::read(bytes, 4)?;
    if bytes.get(4).is_none_or(|version| *version < b'2') {
        return first.offset_at(now);
    }
    let rest = bytes.get(first.end..)?;
    let block = ZoneBlock::read(rest, 8)?;
    let rule = rest.get(block.end..).and_then(|footer| std::str::from_utf8(footer).ok()).map(str::trim);
    let is_listed = block.times.last().is_some_and(|last| now < *last);
    rule.filter(|_| !is_listed).and_then(|rule| offset_by_rule(rule, now)).or_else(|| block.offset_at(now))
}

/// A header of a compiled time zone with what follows it.
struct ZoneBlock {
    times: Vec<i64>,
    kinds: Vec<u8>,
    offsets: Vec<i64>,
    end: usize,
}

impl ZoneBlock {
    /// Reads a block whose times take so many bytes.
    fn read(bytes: &[u8], size: usize) -> Option<Self> {
        bytes.strip_prefix(b"TZif")?;
        let count = |at: usize| -> Option<usize> {
            let start = 20 + 4 * at;
            let number: [u8; 4] = bytes.get(start..start + 4)?.try_into().ok()?;
            usize::try_from(u32::from_be_bytes(number)).ok().filter(|n| *n <= bytes.len())
        };
        let (utc, standard, leaps) = (count(0)?, count(1)?, count(2)?);
        let (times, kinds, letters) = (count(3)?, count(4)?, count(5)?);
        let mut at = 44;
        let mut take = |length: usize| {
            let part = bytes.get(at..at + length);
            at += length;
            part
        };
        let signed = |bytes: &[u8]| {
            let negative = bytes.first().is_some_and(|byte| *byte >= 0x80);
            bytes.iter().fold(if negative { -1 } else { 0 }, |n: i64, byte| n << 8 | i64::from(*byte))
        };
        let block = Self {
            times: take(times * size)?.chunks(size).map(signed).collect(),
            kinds: take(times)?.to_vec(),
            offsets: take(kinds * 6)?.chunks(6).map(|kind| signed(&kind[..4])).collect(),
            end: 0,
        };
        take(letters + leaps * (size + 4) + standard + utc)?;
        Some(Self { end: at, ..block })
    }

    fn offset_at(&self, now: i64) -> Option<i64> {
        let next = self.times.partition_point(|time| *time <= now);
        let kind = next.checked_sub(1).and_then(|at| self.kinds.get(at)).copied().unwrap_or(0);
        self.offsets.get(usize::from(kind)).copied()
    }
}

/// The offset by a rule as POSIX has it: `CET-1CEST,M3.5.0,M10.5.0/3`.
fn offset_by_rule(rule: &str, now: i64) -> Option<i64> {
    let (zone, changes) = rule.split_once(',').map_or((rule, None), |(zone, changes)| (zone, Some(changes)));
    let (standard, rest) = read_offset(skip_name(zone)?)?;
    let standard = -standard;
    let Some((begin, end)) = changes.and_then(|changes| changes.split_once(',')) else {
        return Some(standard);
    };
    let rest = skip_name(rest)?;
    let summer = read_offset(rest).map_or(standard + 60 * 60, |(offset, _)| -offset);
    let year = year_of(now + standard);
    let (begin, end) = (change_time(begin, year)? - standard, change_time(end, year)? - summer);
    // South of the equator the summer spans the turn of the year.
    let is_summer = if begin < end { (begin..end).contains(&now) } else { !(end..begin).contains(&now) };
    Some(if is_summer { summer } else { standard })
}

/// The rest of a rule after the name of a zone: letters, or anything in `<>`.
fn skip_name(text: &str) -> Option<&str> {
    if let Some(quoted) = text.strip_prefix('<') {
        return quoted.split_once('>').map(|(_, rest)| rest);
    }
    let rest = text.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    (text.len() - rest.len() >= 3).then_some(rest)
}

/// `-1`, `5:30`: the seconds, and the rest of the text.
fn read_offset(text: &str) -> Option<(i64, &str)> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(digits.len());
    let mut seconds = 0;
    for (part, unit) in digits[..end].split(':').zip([60 * 60, 60, 1]) {
        seconds += part.parse::<i64>().ok().filter(|n| *n < 200)? * unit;
    }
    Some((sign * seconds, &digits[end..]))
}

/// A change of summer time in a year, in seconds since 1970 by the clock on the wall.
fn change_time(text: &str, year: i64) -> Option<i64> {
    let (day, time) = text.split_once('/').map_or((text, None), |(day, time)| (day, Some(time)));
    let time = time.map_or(Some(DEFAULT_CHANGE), |time| read_offset(time).map(|(seconds, _)| seconds))?;
    let number = |text: &str| text.parse::<i64>().ok();
    let first = days_to(year, 1, 1);
    let is_leap = days_to(year + 1, 1, 1) - first == 366;
    let day = if let Some(rule) = day.strip_prefix('M') {
        let mut parts = rule.split('.').map(number);
        let (month, week, weekday) = (parts.next()??, parts.next()??, parts.next()??);
        let begin = days_to(year, month, 1);
        let next = if month == 12 { days_to(year + 1, 1, 1) } else { days_to(year, month + 1, 1) };
        // The first of January 1970 was a Thursday.
        let mut day = begin + (weekday - (begin + 4)).rem_euclid(7) + 7 * (week - 1);
        while day >= next {
            day -= 7;
        }
        day
    } else if let Some(day) = day.strip_prefix('J') {
        // The 29th of February is never counted.
        let day = number(day)?;
        first + day - 1 + i64::from(is_leap && day >= 60)
    } else {
        first + number(day)?
    };
    Some(day * DAY_SECONDS + time)
}

pub(super) fn year_of(seconds: i64) -> i64 {
    let days = seconds.div_euclid(DAY_SECONDS);
    let mut year = 1970 + days / 366;
    while days_to(year + 1, 1, 1) <= days {
        year += 1;
    }
    year
}

/// The days from 1970 to a day, by the Gregorian calendar.
pub(super) const fn days_to(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March, so that the day that may be missing is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let of_year = (153 * month + 2) / 5 + day - 1;
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-07-01 and 2026-11-29, noon in UTC.
    const SUMMER: i64 = 1_782_907_200;
    const WINTER: i64 = 1_795_953_600;

    fn at(rule: &str, now: i64) -> String {
        ClockTime::from_seconds(now + offset_by_rule(rule, now).expect("it is there")).to_string()
    }

    #[test]
    fn rules_are_read_on_both_halves_of_the_earth() {
        for (rule, summer, winter) in [
            ("CET-1CEST,M3.5.0,M10.5.0/3", "14:00", "13:00"),
            ("EST5EDT,M3.2.0,M11.1.0", "08:00", "07:00"),
            ("AEST-10AEDT,M10.1.0,M4.1.0/3", "22:00", "23:00"),
            ("<+0530>-5:30", "17:30", "17:30"),
            ("UTC0", "12:00", "12:00"),
            ("XXX3YYY,J60/0,J300/0", "10:00", "09:00"),
        ] {
            assert_eq!((at(rule, SUMMER).as_str(), at(rule, WINTER).as_str()), (summer, winter), "{rule}");
        }
        assert_eq!(offset_by_rule("", SUMMER), None);
    }

    #[test]
    fn summer_time_begins_at_its_second() {
        // 2026-03-29 01:00 in UTC.
        let begin = 1_774_746_000;
        assert_eq!(at("CET-1CEST,M3.5.0,M10.5.0/3", begin - 60), "01:59");
        assert_eq!(at("CET-1CEST,M3.5.0,M10.5.0/3", begin), "03:00");
    }

    #[test]
    fn a_compiled_zone_is_read_by_its_list_and_then_by_its_rule() {
        let header = |times: u8| {
            let mut bytes = b"TZif2".to_vec();
            bytes.extend([0; 15]);
            for count in [0, 0, 0, times, 2, 4] {
                bytes.extend([0, 0, 0, count]);
            }
            bytes
        };
        let kinds = [0, 0, 0x0e, 0x10, 0, 0, 0xff, 0xff, 0xf1, 0xf0, 0, 0, b'A', b'B', b'C', 0];
        let mut zone = header(0);
        zone.extend(kinds);
        zone.extend(header(1));
        zone.extend(1_000_000_000_i64.to_be_bytes());
        zone.push(1);
        zone.extend(kinds);
        zone.extend(b"\nCET-1CEST,M3.5.0,M10.5.0/3\n");
        assert_eq!(offset_by_zone(&zone, 999_999_999), Some(3600));
        assert_eq!(offset_by_zone(&zone, SUMMER), Some(7200));
        assert_eq!(offset_by_zone(&zone[..60], SUMMER), None);
        let without_rule = zone[..zone.len() - 28].to_vec();
        assert_eq!(offset_by_zone(&without_rule, SUMMER), Some(-3600));
    }
}
