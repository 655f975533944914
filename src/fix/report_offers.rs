//! Gives the reports that people read the offers of fixes: proven, so that what is offered is what `fix` writes, or where
//! there are very many findings, previewed.

use std::sync::Arc;

use super::FixOffers;
use super::fix_all::{self, ProvenOffers};
use crate::audit::{AuditEngine, ListedFinding};
use crate::repo::RelPath;

/// The most open findings whose fixes are proven for these reports. To prove more takes seconds, and nobody reads on for
/// so long; the report then says that they are not proven.
const MAX_PROVEN_FINDINGS: usize = 10_000;

/// The offers of fixes for one report.
pub struct ReportOffers<'a> {
    engine: &'a AuditEngine,
    source: OfferSource<'a>,
}

enum OfferSource<'a> {
    Proven(Box<ProvenOffers<'a>>),
    /// Those of charts are proven all the same: unlike others they cannot be told from a look.
    Previewed(FixOffers),
}

impl<'a> ReportOffers<'a> {
    pub(super) fn for_readers(engine: &'a AuditEngine, accepts: impl Fn(&str) -> bool + Sync) -> Self {
        let source = if engine.count_open_findings() > MAX_PROVEN_FINDINGS {
            OfferSource::Previewed(fix_all::verified_fixes_of_charts(engine, accepts))
        } else {
            OfferSource::Proven(Box::new(ProvenOffers::prove_fixes(engine, accepts)))
        };
        Self { engine, source }
    }

    /// False where a fix that is offered may still be withheld when it is asked for.
    #[must_use]
    pub const fn are_proven(&self) -> bool {
        matches!(self.source, OfferSource::Proven(_))
    }

    /// The offers for some of a file's findings.
    #[must_use]
    pub fn offers_among(&self, path: &RelPath, listed: &[Arc<ListedFinding>]) -> FixOffers {
        match &self.source {
            OfferSource::Proven(proven) => proven.offers_among(path, listed),
            OfferSource::Previewed(_) if self.engine.chart_of(path).is_none() => {
                fix_all::preview_fixes_among(self.engine, path, listed)
            }
            OfferSource::Previewed(charts) => {
                let known = listed.iter().filter_map(|listed| charts.get_key_value(&listed.key));
                known.map(|(key, offer)| (key.clone(), offer.clone())).collect()
            }
        }
    }
}
