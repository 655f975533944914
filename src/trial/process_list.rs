//! Lists the processes of a container by the engine's `top`, which needs no tool in the image.

use super::kernel_view::read_ids;
use super::run_record::SeenProcess;
use super::run_settings::RunSettings;

/// The processes now; none where the engine cannot say.
pub(super) fn list_processes(settings: &RunSettings<'_>, container: &str) -> Vec<SeenProcess> {
    let engine = settings.engine;
    let is_podman = engine.is_podman();
    let words: Vec<&str> = if is_podman {
        vec!["top", container, "hpid", "user", "huser", "group", "capeff", "args"]
    } else {
        // The words behind are the host's ps's own.
        vec!["top", container, "-o", "pid,uid,gid,args"]
    };
    let answer = engine.ask(&words, settings.is_awaited).unwrap_or_default();
    if !answer.succeeded() {
        return Vec::new();
    }
    let text = answer.text();
    let rows = text
        .lines()
        .skip(1)
        .filter_map(|row| if is_podman { read_podman_row(row) } else { read_docker_row(row) });
    rows.map(with_numbers).collect()
}

/// The engines name accounts, of the image or of the host; this machine's kernel has the numbers.
fn with_numbers(process: SeenProcess) -> SeenProcess {
    let ids = process.pid.parse().ok().and_then(read_ids);
    let Some((uid, host_uid, gid)) = ids else { return process };
    SeenProcess { uid: uid.to_string(), host_uid: host_uid.to_string(), gid: gid.to_string(), ..process }
}

fn read_podman_row(row: &str) -> Option<SeenProcess> {
    let mut words = row.split_whitespace();
    let mut next = || words.next().map(str::to_owned);
    let (pid, uid, host_uid, gid, capabilities) = (next()?, next()?, next()?, next()?, next()?);
    // It was gone before all of it was read.
    if host_uid == "?" {
        return None;
    }
    let uid = if uid == "root" { "0".to_owned() } else { uid };
    let command = words.collect::<Vec<_>>().join(" ");
    let capabilities = if capabilities == "none" { String::new() } else { capabilities };
    Some(SeenProcess { pid, uid, host_uid, gid, capabilities, command: plain(&command) })
}

fn read_docker_row(row: &str) -> Option<SeenProcess> {
    let mut words = row.split_whitespace();
    let mut next = || words.next().map(str::to_owned);
    let (pid, uid, gid) = (next()?, next()?, next()?);
    let command = words.collect::<Vec<_>>().join(" ");
    Some(SeenProcess {
        pid,
        host_uid: uid.clone(),
        uid,
        gid,
        capabilities: String::new(),
        command: plain(&command),
    })
}

fn plain(command: &str) -> String {
    crate::text::make_printable(command).chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_both_engines_are_read() {
        let podman =
            read_podman_row("1    10001    10001    10001   none   httpd -f -p 8080 ").expect("it is one");
        assert_eq!((podman.uid.as_str(), podman.command.as_str()), ("10001", "httpd -f -p 8080"));
        assert_eq!(podman.capabilities, "");
        let docker = read_docker_row("4242 0 0 nginx: master").expect("it is one");
        assert_eq!((docker.uid.as_str(), docker.host_uid.as_str()), ("0", "0"));
    }
}
