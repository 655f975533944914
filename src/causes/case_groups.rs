//! Joins the objects that one line makes, such as a base that overlays rename or a helper of a chart: what is wrong in
//! such a line is one case, however many objects it stands in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::rules::RuleDecision;

/// The objects of a kind of case, each with the one that stands for all that it shares a line with.
#[derive(Default)]
pub(super) struct CaseGroups {
    leads: BTreeMap<(RuleDecision, Arc<str>), Arc<str>>,
}

impl CaseGroups {
    /// Joins the objects in which one finding stands.
    pub(super) fn join(&mut self, decision: RuleDecision, names: &BTreeSet<&Arc<str>>) {
        let leads: BTreeSet<Arc<str>> = names.iter().map(|name| self.lead_of(decision, name)).collect();
        let Some(first) = leads.first().cloned().filter(|_| names.len() > 1) else { return };
        for (_, lead) in
            self.leads.iter_mut().filter(|((of, _), lead)| *of == decision && leads.contains(*lead))
        {
            *lead = Arc::clone(&first);
        }
        for name in names {
            self.leads.insert((decision, Arc::clone(name)), Arc::clone(&first));
        }
    }

    /// The object that stands for one: the first of its group by name.
    pub(super) fn lead_of(&self, decision: RuleDecision, name: &Arc<str>) -> Arc<str> {
        self.leads.get(&(decision, Arc::clone(name))).unwrap_or(name).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shares_a_line_with_another_is_of_its_group() {
        let names = ["Pod/c", "Pod/b", "Pod/a", "Pod/d"].map(Arc::<str>::from);
        let mut groups = CaseGroups::default();
        let case = RuleDecision::NodePower;
        groups.join(case, &BTreeSet::from([&names[0], &names[1]]));
        groups.join(case, &BTreeSet::from([&names[3]]));
        assert_eq!(&*groups.lead_of(case, &names[0]), "Pod/b");
        groups.join(case, &BTreeSet::from([&names[1], &names[2]]));
        assert!(names[..3].iter().all(|name| &*groups.lead_of(case, name) == "Pod/a"));
        assert_eq!(groups.lead_of(case, &names[3]), names[3]);
        assert_eq!(groups.lead_of(RuleDecision::ClusterRights, &names[0]), names[0], "another kind of case");
    }
}
