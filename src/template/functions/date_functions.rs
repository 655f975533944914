//! sprig's dates. The clock stands still while a chart is rendered, and what it gave is marked as random.

use std::rc::Rc;

use super::argument_access::{any, int, text};
use super::date_layout::{civil_from_unix, days_from_civil, format_layout, format_zoned, parse_layout};
use super::number_convert::to_int;
use crate::template::call_error::CallError;
use crate::template::date_moment::{DateMoment, DateZone};
use crate::template::function_spec::{CallResult, FunctionSpec, ParamType::*, TIME_TYPE};
use crate::template::render_state::RenderState;
use crate::template::template_value::{GoKind, IntType, MethodCaller, TemplateObject, TemplateValue};

pub(super) const FUNCTIONS: &[FunctionSpec] = &[
    FunctionSpec::new("now", &[], |state, _| Ok(moment(state.settings.now, true, DateZone::utc()))),
    FunctionSpec::new("date", &[Text, Any], format),
    FunctionSpec::new("dateInZone", &[Text, Any, Text], format_in_zone),
    FunctionSpec::new("date_in_zone", &[Text, Any, Text], format_in_zone),
    FunctionSpec::new("htmlDate", &[Any], |state, arguments| {
        Ok(write(state, "2006-01-02", &any(arguments, 0), arguments))
    }),
    FunctionSpec::new("htmlDateInZone", &[Any, Text], |state, arguments| {
        Ok(write_in_zone(state, "2006-01-02", arguments, 0))
    }),
    FunctionSpec::new("dateModify", &[Text, Time], |state, arguments| {
        Ok(modify(state, arguments).unwrap_or(any(arguments, 1)))
    }),
    FunctionSpec::new("date_modify", &[Text, Time], |state, arguments| {
        Ok(modify(state, arguments).unwrap_or(any(arguments, 1)))
    }),
    FunctionSpec::new("mustDateModify", &[Text, Time], |state, arguments| {
        modify(state, arguments).ok_or_else(bad_duration)
    }),
    FunctionSpec::new("must_date_modify", &[Text, Time], |state, arguments| {
        modify(state, arguments).ok_or_else(bad_duration)
    }),
    FunctionSpec::new("toDate", &[Text, Text], |_, arguments| {
        let (seconds, zone) = read(arguments).unwrap_or_else(|| (ZERO_TIME, DateZone::utc()));
        Ok(moment(seconds, false, zone))
    }),
    FunctionSpec::new("mustToDate", &[Text, Text], |_, arguments| {
        let read = read(arguments).ok_or_else(|| CallError::new("parsing time: cannot parse"));
        read.map(|(seconds, zone)| moment(seconds, false, zone))
    }),
    FunctionSpec::new("unixEpoch", &[Time], |state, arguments| {
        let (seconds, random) = seconds_of(state, &any(arguments, 0));
        let text = seconds.to_string();
        Ok(if random { state.random(text) } else { state.computed(text, arguments) }.into())
    }),
    FunctionSpec::new("ago", &[Any], |state, arguments| {
        let (seconds, _) = seconds_of(state, &any(arguments, 0));
        Ok(state.random(format_duration(state.settings.now - seconds)).into())
    }),
    FunctionSpec::new("duration", &[Any], |state, arguments| {
        // A plain `int` is none of the types that sprig looks for.
        let seconds = match any(arguments, 0) {
            value @ (TemplateValue::Text(_) | TemplateValue::Int(_, IntType::Int64, _)) => to_int(&value),
            _ => 0,
        };
        Ok(state.computed(format_duration(seconds), arguments).into())
    }),
    FunctionSpec::new("durationRound", &[Any], |state, arguments| {
        let rounded = round_duration(state, &any(arguments, 0));
        Ok(state.computed(rounded, arguments).into())
    }),
];

fn bad_duration() -> CallError {
    CallError::new("time: invalid duration")
}

/// Go's date of nothing, in the year 1.
const ZERO_TIME: i64 = -62_135_596_800;

/// The names of zones that need no table: they never differ from UTC but in what they are called.
const UTC_ZONES: [&str; 10] =
    ["", "UTC", "Local", "Etc/UTC", "UCT", "Etc/UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal"];
const GMT_ZONES: [&str; 7] = ["GMT", "Etc/GMT", "GMT0", "GMT+0", "GMT-0", "Etc/Greenwich", "Greenwich"];

/// A moment as a value.
struct DateValue(DateMoment);

fn moment(seconds: i64, random: bool, zone: DateZone) -> TemplateValue {
    let object: Rc<dyn TemplateObject> = Rc::new(DateValue(DateMoment { seconds, random, zone }));
    object.into()
}

/// The moment that a value is. What is no date is now.
fn moment_of(state: &RenderState, value: &TemplateValue) -> DateMoment {
    let known = match value {
        TemplateValue::Int(seconds, ..) => {
            Some(DateMoment { seconds: *seconds, random: false, zone: DateZone::utc() })
        }
        TemplateValue::Object(object) => object.as_moment(),
        _ => None,
    };
    known.unwrap_or(DateMoment { seconds: state.settings.now, random: true, zone: DateZone::utc() })
}

/// Its seconds since 1970, and whether the clock had a part in them.
fn seconds_of(state: &RenderState, value: &TemplateValue) -> (i64, bool) {
    let moment = moment_of(state, value);
    (moment.seconds, moment.random)
}

fn write(
    state: &mut RenderState,
    layout: &str,
    value: &TemplateValue,
    from: &[TemplateValue],
) -> TemplateValue {
    let (seconds, random) = seconds_of(state, value);
    let text = format_layout(seconds, layout);
    if random { state.random(text) } else { state.computed(text, from) }.into()
}

fn format(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let layout = text(arguments, 0).as_str().into_owned();
    Ok(write(state, &layout, &any(arguments, 1), arguments))
}

fn format_in_zone(state: &mut RenderState, arguments: &[TemplateValue]) -> CallResult {
    let layout = text(arguments, 0).as_str().into_owned();
    Ok(write_in_zone(state, &layout, arguments, 1))
}

/// The date at an index in the zone behind it. No table of zones is here: what another zone than UTC would show is marked
/// as not known.
fn write_in_zone(
    state: &mut RenderState,
    layout: &str,
    arguments: &[TemplateValue],
    date: usize,
) -> TemplateValue {
    let zone = text(arguments, date + 1);
    let (seconds, random) = seconds_of(state, &any(arguments, date));
    let name = zone.as_str();
    let known = match name.as_ref() {
        name if UTC_ZONES.contains(&name) => Some(DateZone::utc()),
        name if GMT_ZONES.contains(&name) => Some(DateZone::named("GMT", 0)),
        _ => None,
    };
    let text = format_zoned(seconds, known.as_ref().unwrap_or(&DateZone::utc()), layout);
    if random || known.is_none() { state.random(text) } else { state.computed(text, arguments) }.into()
}

fn read(arguments: &[TemplateValue]) -> Option<(i64, DateZone)> {
    parse_layout(&text(arguments, 0).as_str(), &text(arguments, 1).as_str())
}

fn modify(state: &RenderState, arguments: &[TemplateValue]) -> Option<TemplateValue> {
    let by = parse_duration(&text(arguments, 0).as_str())?;
    let own = moment_of(state, &any(arguments, 1));
    Some(moment(own.seconds.checked_add(by)?, own.random, own.zone))
}

/// Go's durations in whole seconds: `-1h30m`, `1.5h`.
fn parse_duration(text: &str) -> Option<i64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned == "0" {
        return Some(0);
    }
    let mut rest = unsigned;
    let mut total = 0.0_f64;
    while !rest.is_empty() {
        let digits = rest.find(|char: char| !char.is_ascii_digit() && char != '.')?;
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|char: char| char.is_ascii_digit() || char == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let factor = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * factor;
        rest = after;
    }
    if unsigned.is_empty() || total > 9e9 {
        return None;
    }
    Some(if text.starts_with('-') { -total } else { total } as i64)
}

/// Go's `time.Duration` as a text.
fn format_duration(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let total = seconds.unsigned_abs();
    let (hours, minutes, rest) = (total / 3600, total % 3600 / 60, total % 60);
    match (hours, minutes) {
        (0, 0) => format!("{sign}{rest}s"),
        (0, _) => format!("{sign}{minutes}m{rest}s"),
        _ => format!("{sign}{hours}h{minutes}m{rest}s"),
    }
}

fn round_duration(state: &RenderState, value: &TemplateValue) -> String {
    let seconds = match value {
        TemplateValue::Text(text) => parse_duration(&text.as_str()).unwrap_or(0),
        TemplateValue::Object(_) => state.settings.now - seconds_of(state, value).0,
        _ => 0,
    };
    let total = seconds.unsigned_abs();
    let units = [(31_536_000, "y"), (2_592_000, "mo"), (86_400, "d"), (3600, "h"), (60, "m"), (1, "s")];
    let unit = units.iter().find(|(length, _)| total > *length);
    unit.map_or_else(|| "0s".to_owned(), |(length, name)| format!("{}{name}", total / length))
}

/// Go's `AddDate`: a day beyond its month's end runs into the next month.
fn add_date(seconds: i64, years: i64, months: i64, days: i64) -> i64 {
    let time = civil_from_unix(seconds);
    let limit = |number: i64| number.clamp(-1_000_000, 1_000_000);
    let month = time.month - 1 + limit(months);
    let year = time.year + limit(years) + month.div_euclid(12);
    let day = days_from_civil(year, month.rem_euclid(12) + 1, 1) + time.day - 1 + limit(days);
    day * 86_400 + seconds.rem_euclid(86_400)
}

impl DateValue {
    fn format(&self, layout: &str) -> String {
        format_zoned(self.0.seconds, &self.0.zone, layout)
    }
}

impl TemplateObject for DateValue {
    fn type_name(&self) -> &'static str {
        TIME_TYPE
    }

    fn kind(&self) -> GoKind {
        GoKind::Struct
    }

    fn field(&self, _: &str) -> Option<TemplateValue> {
        None
    }

    fn is_random(&self) -> bool {
        self.0.random
    }

    fn as_moment(&self) -> Option<DateMoment> {
        Some(self.0.clone())
    }

    fn has_method(&self, name: &str) -> bool {
        matches!(
            name,
            "Year"
                | "Month"
                | "Day"
                | "Hour"
                | "Minute"
                | "Second"
                | "YearDay"
                | "Weekday"
                | "Unix"
                | "UnixNano"
                | "UnixMilli"
                | "Nanosecond"
                | "Format"
                | "String"
                | "UTC"
                | "Local"
                | "AddDate"
                | "IsZero"
        )
    }

    fn call_method(
        &self,
        caller: &mut dyn MethodCaller,
        name: &str,
        arguments: &[TemplateValue],
    ) -> Option<Result<TemplateValue, CallError>> {
        let DateMoment { seconds, random, zone } = self.0.clone();
        let time = civil_from_unix(self.0.local_seconds());
        let mut written = |text: String| match random {
            true => caller.random_text(text.into()),
            false => caller.computed_text(text.into(), arguments),
        };
        let mut number = |value: i64| {
            let literal = written(value.to_string());
            TemplateValue::Int(value, crate::template::template_value::IntType::Int, Some(literal))
        };
        Some(Ok(match name {
            "Year" => number(time.year),
            "Month" => written(self.format("January")).into(),
            "Day" => number(time.day),
            "Hour" => number(time.hour),
            "Minute" => number(time.minute),
            "Second" => number(time.second),
            "YearDay" => number(time.year_day),
            "Weekday" => written(self.format("Monday")).into(),
            "Unix" => number(seconds),
            "UnixMilli" => number(seconds.saturating_mul(1000)),
            "UnixNano" => number(seconds.saturating_mul(1_000_000_000)),
            "Nanosecond" => number(0),
            "Format" => written(self.format(&text(arguments, 0).as_str())).into(),
            "String" => written(self.print()).into(),
            "UTC" | "Local" => moment(seconds, random, DateZone::utc()),
            "IsZero" => TemplateValue::bool(seconds == ZERO_TIME),
            "AddDate" => {
                let (years, months, days) = (int(arguments, 0), int(arguments, 1), int(arguments, 2));
                let moved = add_date(self.0.local_seconds(), years, months, days);
                moment(moved - zone.ahead, random, zone)
            }
            _ => return None,
        }))
    }

    fn to_plain(&self) -> TemplateValue {
        TemplateValue::int(self.0.seconds)
    }

    fn print(&self) -> String {
        self.format("2006-01-02 15:04:05 -0700 MST")
    }

    fn to_scalar(&self) -> Option<String> {
        Some(self.format("2006-01-02T15:04:05Z07:00"))
    }
}
