//! Databases, caches and queues.

use super::{Known, Tags};
use crate::image::Family;

pub(super) const ROWS: &[Known] =
    &[Known::root(&["docker.io/library/postgres"], "docker-library/postgres:17/alpine3.23/Dockerfile")
        .tagged(Tags::with(&["alpine"]).below(18))
        .drops_to(70, 70)
        .on(Family::Alpine)
        .writes(&["/var/lib/postgresql/data", "/var/run/postgresql", "/tmp"])];
