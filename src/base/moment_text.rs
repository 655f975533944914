//! Words a moment for people: the time of day, and the day where it is not today's.

use std::time::{SystemTime, UNIX_EPOCH};

use super::clock_time::{ClockTime, DAY_SECONDS, days_to, local_offset, year_of};

/// `14:05`, and before today `2026-11-28 14:05`; in UTC where the time zone cannot be read.
pub(crate) fn describe_moment(at: SystemTime, now: SystemTime) -> String {
    let local = |time: SystemTime| {
        let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let seconds = i64::try_from(seconds).unwrap_or(0);
        seconds + local_offset(seconds).unwrap_or(0)
    };
    word_moment(local(at), local(now))
}

/// The same, by seconds since 1970 of the clock on the wall.
fn word_moment(at: i64, now: i64) -> String {
    let time = ClockTime::from_seconds(at);
    let day = at.div_euclid(DAY_SECONDS);
    if day == now.div_euclid(DAY_SECONDS) {
        return time.to_string();
    }
    let year = year_of(at);
    let month = (2..=12).take_while(|month| days_to(year, *month, 1) <= day).last().unwrap_or(1);
    format!("{year}-{month:02}-{:02} {time}", day - days_to(year, month, 1) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_named_where_it_is_not_todays() {
        // 2026-11-29, noon.
        let noon = 1_795_953_600;
        assert_eq!(word_moment(noon - 60, noon), "11:59");
        assert_eq!(word_moment(noon - DAY_SECONDS, noon), "2026-11-28 12:00");
        assert_eq!(word_moment(noon - 29 * DAY_SECONDS, noon), "2026-10-31 12:00");
        assert_eq!(word_moment(noon - 333 * DAY_SECONDS, noon), "2025-12-31 12:00");
        assert_eq!(word_moment(noon - (365 + 273) * DAY_SECONDS, noon), "2025-03-01 12:00");
        assert_eq!(word_moment(noon - 332 * DAY_SECONDS, noon), "2026-01-01 12:00");
    }
}
