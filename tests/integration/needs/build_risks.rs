//! The fixes of a Dockerfile are weighed against the needs of its own image, with the places that show them.

use seaworthy::finding::{FixRisk, RiskAssessment, Safety};
use seaworthy::fix::{FixOrder, Planner};

use super::{audit_with_scripts, evidence_places, risk_of};

/// The risk of a rule's fix in `Dockerfile`, and whether a block of fixes leaves it out.
fn weigh(files: &[(&str, &str)], rule: &str) -> (RiskAssessment, bool) {
    let engine = audit_with_scripts(files);
    let risk = risk_of(&engine, "Dockerfile", rule);
    let order = FixOrder::Rules { accepts: &|own| own == rule, max_safety: Safety::Review };
    let plan = Planner::new(&engine).plan(&order);
    let is_left = plan.is_ok_and(|plan| plan.breaking_fixes.iter().any(|fix| fix.key.rule == rule));
    (risk, is_left)
}

#[test]
fn another_user_breaks_what_gains_root_by_a_set_user_id_program() {
    for (files, place) in [
        (
            vec![("Dockerfile", "FROM debian:12.8-slim\nCMD [\"sudo\", \"-E\", \"spoold\"]\n")],
            "Dockerfile:2:6",
        ),
        (
            vec![
                ("Dockerfile", "FROM alpine:3.21\nCOPY run.sh /\nENTRYPOINT [\"/run.sh\"]\n"),
                ("run.sh", "#!/bin/sh\nset -e\nexec doas queue --front\n"),
            ],
            "run.sh:3:6",
        ),
        (
            vec![("Dockerfile", "FROM python:3.13\nUSER root\nENTRYPOINT cd /srv && sudo python beat.py\n")],
            "Dockerfile:3:23",
        ),
    ] {
        let rule = if files[0].1.contains("USER root") { "root-user" } else { "missing-user" };
        let (risk, is_left) = weigh(&files, rule);
        assert_eq!(risk.risk, FixRisk::WillBreak, "{files:?} {risk:#?}");
        assert!(is_left, "{files:?}");
        assert_eq!(evidence_places(&risk), [place], "{files:?} {risk:#?}");
        assert!(risk.cautions[0].text.contains("set-user-id"), "{risk:#?}");
        assert!(risk.cautions[0].evidence.is_some(), "{risk:#?}");
    }
    // Words that nothing runs, and a program of another stage.
    for text in [
        "FROM debian:12.8-slim\n# CMD [\"sudo\", \"spoold\"]\nRUN sudo -V\nCMD [\"spoold\", \"sudo\"]\n",
        "FROM debian:12.8-slim AS old\nCMD [\"sudo\", \"spoold\"]\nFROM debian:12.8-slim\nCMD [\"spoold\"]\n",
    ] {
        let (risk, is_left) = weigh(&[("Dockerfile", text)], "missing-user");
        assert_eq!((risk.risk, is_left), (FixRisk::MayBreak, false), "{text}");
        assert!(risk.evidence.is_empty(), "{risk:#?}");
    }
}

#[test]
fn an_account_that_uses_sudo_today_may_keep_it_under_its_number() {
    let text = "FROM debian:12.8-slim\nRUN useradd -u 1200 spool && echo 'spool ALL=NOPASSWD: ALL' >/etc/sudoers.d/spool\n\
                USER spool\nCMD [\"sudo\", \"spoold\"]\n";
    let (risk, is_left) = weigh(&[("Dockerfile", text)], "named-user");
    assert_eq!((risk.risk, is_left), (FixRisk::MayBreak, false), "{risk:#?}");
    assert_eq!(evidence_places(&risk), ["Dockerfile:4:6"]);
}

#[test]
fn what_another_user_may_miss_is_told_with_its_place() {
    let (risk, is_left) =
        weigh(&[("Dockerfile", "FROM debian:12.8-slim\nEXPOSE 443\nCMD [\"edged\"]\n")], "missing-user");
    assert_eq!((risk.risk, is_left), (FixRisk::MayBreak, false));
    assert!(risk.cautions[0].text.contains("443"), "{risk:#?}");
    assert_eq!(evidence_places(&risk)[0].rsplit_once(':').unwrap().0, "Dockerfile:2", "{risk:#?}");
    assert!(risk.cautions.len() > 1, "what the fix says of itself stays: {risk:#?}");
}

#[test]
fn exec_form_names_the_script_that_looks_at_the_words() {
    let entrypoint =
        "FROM debian:12.8-slim\nCOPY begin.sh /\nENTRYPOINT [\"/begin.sh\"]\nCMD spoold --front\n";
    let reads = "#!/bin/sh\nif [ \"$1\" = spoold ]; then\n  echo starting\nfi\nexec \"$@\"\n";
    let (risk, _) = weigh(&[("Dockerfile", entrypoint), ("begin.sh", reads)], "shell-form-command");
    assert_eq!(risk.risk, FixRisk::MayBreak);
    assert!(evidence_places(&risk)[0].starts_with("begin.sh:2:"), "{risk:#?}");
    let hands_on = "#!/bin/sh\necho starting\nexec \"$@\"\n";
    let (risk, _) = weigh(&[("Dockerfile", entrypoint), ("begin.sh", hands_on)], "shell-form-command");
    assert!(!evidence_places(&risk).iter().any(|place| place.starts_with("begin.sh")), "{risk:#?}");
}
