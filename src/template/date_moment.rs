//! A moment and the zone that it is told in, for the functions that write dates.

use std::rc::Rc;

/// How far a zone is ahead, and the name by which it is written; none where only the difference is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateZone {
    /// Seconds.
    pub ahead: i64,
    pub name: Option<Rc<str>>,
}

impl DateZone {
    pub fn named(name: &str, ahead: i64) -> Self {
        Self { ahead, name: Some(name.into()) }
    }

    pub fn utc() -> Self {
        Self::named("UTC", 0)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateMoment {
    /// Since 1970.
    pub seconds: i64,
    /// It came from the clock.
    pub random: bool,
    pub zone: DateZone,
}

impl DateMoment {
    /// Seconds since 1970 on the clocks of its zone.
    pub fn local_seconds(&self) -> i64 {
        self.seconds.saturating_add(self.zone.ahead)
    }
}
