//! Plans that take long can be called off.

use std::sync::atomic::{AtomicUsize, Ordering};

use seaworthy::fix::{FixOrder, Planner};

use crate::support::{audit, repository};

#[test]
fn a_plan_that_is_wanted_no_more_is_not_made_to_its_end() {
    let deploy = |name: usize| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: p-{name}}}\nspec:\n  containers:\n  - {{name: c, image: 'a/b:1'}}\n"
        )
    };
    let files: Vec<(String, String)> = (0..20).map(|n| (format!("{n}.yaml"), deploy(n))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let home = repository(&files);
    let engine = audit(home.path());
    let keys: Vec<_> =
        engine.audited_paths().flat_map(|path| engine.open_findings(path)).map(|(key, _)| key).collect();
    let asked = AtomicUsize::new(0);
    let until = |last: usize| {
        asked.store(0, Ordering::Relaxed);
        let is_awaited = || asked.fetch_add(1, Ordering::Relaxed) < last;
        Planner::new(&engine).while_awaited(&is_awaited).plan(&FixOrder::Findings(&keys))
    };
    assert_eq!(until(usize::MAX).unwrap().patches.len(), files.len());
    let all = asked.load(Ordering::Relaxed);
    assert!(until(0).is_err());
    assert!(until(keys.len() / 2).is_err(), "while files are fixed");
    assert!(until(all - 5).is_err(), "while it is said what they resolve");
}
