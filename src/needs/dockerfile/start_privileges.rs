//! Finds what the commands of an image's start take: root, capabilities, set-user-id programs.
//!
//! Sources: nginx (`user` in its core module's manual), httpd (mpm_common, `User`), php-fpm (its manual, `user`), and those
//! of [`crate::needs::find_command_needs`].

use super::ImageBuild;
use super::start_commands::StartCommand;
use super::supervised_programs::{SupervisedProgram, find_supervised};
use crate::dockerfile::BuildStage;
use crate::dockerfile::shell::Invocation;
use crate::needs::command_needs::{effect_of, quote_call};
use crate::needs::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed, find_command_needs};

/// Programs whose first process is root's and gives its workers to another user, with what they do as root.
const MASTERS: [&str; 16] = [
    "nginx",
    "openresty",
    "httpd",
    "httpd-foreground",
    "apache2",
    "apache2-foreground",
    "apache2ctl",
    "apachectl",
    "php-fpm",
    "haproxy-systemd-wrapper",
    "vsftpd",
    "proftpd",
    "dovecot",
    "postfix",
    "exim",
    "squid",
];

/// Programs that start another as some other user.
const DROPPERS: [&str; 10] = [
    "gosu",
    "su-exec",
    "su",
    "runuser",
    "s6-setuidgid",
    "setuidgid",
    "setpriv",
    "chpst",
    "chroot",
    "start-stop-daemon",
];

pub(super) fn add_start_privileges(
    build: ImageBuild<'_>,
    stage: &BuildStage,
    start: &[StartCommand],
    needs: &mut Vec<ProgramNeed>,
) {
    let is_root = build.starts_as_root(stage);
    let mentions_s6 = build.text().contains("s6-");
    for line in start {
        let mut calls: Vec<_> =
            find_command_needs(&line.command).into_iter().map(|c| (c.call, c.needs)).collect();
        if let Some(call) = line.command.effective_invocation() {
            let of_master = is_master(call).then(supervisor_needs);
            let of_s6 = (call.program_word().text == "/init" && mentions_s6).then(supervisor_needs);
            calls.extend(of_master.or(of_s6).map(|needs| (call, needs)));
            for program in find_supervised(build, stage, call) {
                add_program_user(line, is_root, &program, needs);
            }
        }
        for (call, found) in calls {
            for (kind, certainty) in found {
                let of_root = matches!(kind, NeedKind::RootStart | NeedKind::Capability(_));
                let certainty = certainty.min(line.certainty);
                let certainty = match is_root {
                    None if of_root => NeedCertainty::Likely,
                    _ => certainty,
                };
                if !(of_root && is_root == Some(false)) {
                    add_need(line, call, (kind, certainty), needs);
                }
            }
        }
    }
}

/// A supervisor that starts a program as another user than itself is root.
fn add_program_user(
    line: &StartCommand,
    is_root: Option<bool>,
    program: &SupervisedProgram,
    needs: &mut Vec<ProgramNeed>,
) {
    let Some((user, span)) = program.user.as_ref().filter(|(user, _)| !matches!(user.as_str(), "root" | "0"))
    else {
        return;
    };
    let kinds = ["SETUID", "SETGID"].map(|name| NeedKind::Capability(name.to_owned()));
    for kind in std::iter::once(NeedKind::RootStart).chain(kinds).filter(|_| is_root != Some(false)) {
        if needs.iter().any(|need| need.kind == kind && need.certainty == NeedCertainty::Shown) {
            continue;
        }
        needs.retain(|need| need.kind != kind);
        let certainty = if is_root.is_some() { line.certainty } else { NeedCertainty::Likely };
        let fact = format!("`{}` starts a program as {user}", program.runner);
        let reason = format!("{fact}, which only root can");
        let evidence = vec![NeedEvidence { text: fact.into(), path: program.path.clone(), span: *span }];
        needs.push(ProgramNeed { kind, certainty, reason: reason.into(), evidence });
    }
}

/// One need of a kind is enough: the surest, and the first of these. What gives root up says more of a start as root
/// than what it is used for before.
fn add_need(
    line: &StartCommand,
    call: Invocation<'_>,
    (kind, certainty): (NeedKind, NeedCertainty),
    needs: &mut Vec<ProgramNeed>,
) {
    let fact = format!("{} runs `{}`", name_runner(line), quote_call(call));
    let span = call.program_word().span;
    let mut evidence = vec![NeedEvidence { text: fact.clone().into(), path: line.path.clone(), span }];
    let standing = needs.iter().position(|need| need.kind == kind);
    if let Some(at) = standing {
        let tells_more = kind == NeedKind::RootStart && is_dropper(call) && needs[at].evidence.len() == 1;
        if needs[at].certainty > certainty || needs[at].certainty == certainty && !tells_more {
            return;
        }
        let earlier = needs.remove(at).evidence;
        evidence.extend(earlier.into_iter().filter(|_| tells_more));
    }
    let reason = format!("{fact}, {}", effect_of_start(&kind, call)).into();
    needs.push(ProgramNeed { kind, certainty, reason, evidence });
}

fn is_dropper(call: Invocation<'_>) -> bool {
    DROPPERS.contains(&call.name())
}

fn is_master(call: Invocation<'_>) -> bool {
    let name = call.name();
    let asks =
        call.arguments().iter().any(|word| matches!(word.text.as_str(), "-t" | "-v" | "-V" | "--version"));
    // `php-fpm8.2`, `php-fpm82`.
    let versioned =
        name.strip_prefix("php-fpm").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'));
    !asks && (MASTERS.contains(&name) || versioned)
}

/// What starts as root, and gives it up for its workers or services: servers, and s6-overlay.
fn supervisor_needs() -> Vec<(NeedKind, NeedCertainty)> {
    let capability = |name: &str| (NeedKind::Capability(name.to_owned()), NeedCertainty::Likely);
    vec![
        (NeedKind::RootStart, NeedCertainty::Likely),
        capability("SETUID"),
        capability("SETGID"),
        capability("CHOWN"),
    ]
}

fn name_runner(line: &StartCommand) -> String {
    format!("`{}`", line.runner)
}

/// What a call takes, to be read after it: for what it is root, where it is.
fn effect_of_start(kind: &NeedKind, call: Invocation<'_>) -> String {
    if *kind != NeedKind::RootStart {
        return effect_of(kind);
    }
    let effect = match call.name() {
        _ if is_dropper(call) => "which takes root and gives it up for another user",
        "/init" | "init" => "the supervisor s6, which starts as root and runs its services as others",
        "supervisord" | "s6-svscan" | "runsvdir" => {
            "a supervisor, which starts as root and runs its programs as others"
        }
        "cron" | "crond" => "which must be root to run each job as its owner",
        "sshd" => "which must be root to let anybody in",
        _ if is_master(call) => "whose first process is root and gives its workers to another user",
        _ => "which only root can",
    };
    effect.to_owned()
}
