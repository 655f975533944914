//! Makes a manifest's probe by what the image itself has, where no helper can: a command of it, its wget or curl; else its
//! port alone tells.

use std::collections::BTreeSet;
use std::time::Duration;

use super::launch_probe::{HttpProbe, ProbeAction};
use crate::trial::kernel_view::{TCP_LISTENS, listening_ports};
use crate::trial::run_settings::RunSettings;

/// The longest that one request may take.
const PROBE_TIME: Duration = Duration::from_secs(5);
/// What the engine's client itself takes for a command.
const CLIENT_TIME: Duration = Duration::from_secs(2);
/// The statuses by which an engine says that the image has no such program.
const NO_PROGRAM: [i32; 3] = [125, 126, 127];

/// The tools of an image that were found missing.
#[derive(Default)]
pub(super) struct OwnTools {
    missing: BTreeSet<&'static str>,
}

/// An answer, and by what it was had.
pub(super) struct ToolAnswer {
    pub answer: Result<String, String>,
    pub means: &'static str,
}

/// Runs a command in a container; its exit status is the answer.
pub(super) fn run_command(
    settings: &RunSettings<'_>,
    container: &str,
    words: &[String],
    patience: Duration,
) -> Result<String, String> {
    let (status, said) = exec(settings, container, words, patience + CLIENT_TIME);
    match status {
        Some(0) => Ok("ended with 0".to_owned()),
        Some(status) => {
            let line = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
            let line: String = crate::text::make_printable(line.trim()).chars().take(160).collect();
            Err(if line.is_empty() {
                format!("ended with {status}")
            } else {
                format!("ended with {status}: {line}")
            })
        }
        None => Err(format!("did not end within {} s", patience.as_secs())),
    }
}

fn exec(
    settings: &RunSettings<'_>,
    container: &str,
    words: &[String],
    limit: Duration,
) -> (Option<i32>, String) {
    let start = ["exec".to_owned(), container.to_owned()];
    let answer = settings.engine.run(&[&start[..], words].concat(), limit, settings.is_awaited);
    let Ok(answer) = answer else { return (None, String::new()) };
    let text = answer.text();
    (answer.status, format!("{}\n{text}", answer.stderr))
}

impl OwnTools {
    /// Asks as far as the image has what that takes.
    pub(super) fn ask(
        &mut self,
        settings: &RunSettings<'_>,
        container: &str,
        action: &ProbeAction,
        ports: &BTreeSet<u16>,
    ) -> ToolAnswer {
        let is_open = action.port().is_some_and(|port| ports.contains(&port));
        let by_port = |means| {
            let answer =
                if is_open { Ok("listens".to_owned()) } else { Err("nothing listens there".to_owned()) };
            ToolAnswer { answer, means }
        };
        let ProbeAction::Http(http) = action else { return by_port("answered by its port only") };
        if !is_open {
            return by_port("answered by its port only");
        }
        for (tool, means) in
            [("curl", "asked by the image's own curl"), ("wget", "asked by the image's own wget")]
        {
            if self.missing.contains(tool) {
                continue;
            }
            let (status, said) = exec(settings, container, &tool_words(tool, http), PROBE_TIME);
            match status {
                Some(status) if NO_PROGRAM.contains(&status) => {
                    self.missing.insert(tool);
                }
                status => return ToolAnswer { answer: read_answer(tool, status, &said), means },
            }
        }
        by_port("answered by its port only")
    }
}

fn tool_words(tool: &str, http: &HttpProbe) -> Vec<String> {
    let is_curl = tool == "curl";
    let options: &[&str] = match (is_curl, http.is_encrypted) {
        (true, _) => &["-s", "-k", "-o", "/dev/null", "-w", "%{http_code}"],
        (false, true) => &["-S", "-q", "--no-check-certificate", "-O", "/dev/null"],
        (false, false) => &["-S", "-q", "-O", "/dev/null"],
    };
    let mut words: Vec<String> =
        std::iter::once(tool).chain(options.iter().copied()).map(str::to_owned).collect();
    for (name, value) in &http.headers {
        words.extend([if is_curl { "-H" } else { "--header" }.to_owned(), format!("{name}: {value}")]);
    }
    let host = if http.host.is_empty() { "127.0.0.1" } else { &http.host };
    words.push(http.url(host));
    words
}

/// curl prints the status, wget the head of the answer.
fn read_answer(tool: &str, status: Option<i32>, said: &str) -> Result<String, String> {
    let code = if tool == "curl" {
        said.trim().lines().last().and_then(|line| line.trim().parse::<u16>().ok()).filter(|code| *code > 0)
    } else {
        let heads = said.lines().rev().filter_map(|line| line.split_once("HTTP/1"));
        heads.filter_map(|(_, rest)| rest.split_whitespace().nth(1)?.parse().ok()).next()
    };
    match code {
        Some(code) if (200..400).contains(&code) => Ok(format!("answered {code}")),
        Some(code) => Err(format!("answered {code}")),
        None if status == Some(0) => Ok("answered".to_owned()),
        None => Err("gave no answer".to_owned()),
    }
}

/// The ports that listen, read by the image's own `cat`, where this machine's kernel does not show them.
pub(in crate::trial) fn read_ports_inside(
    settings: &RunSettings<'_>,
    container: &str,
) -> Option<BTreeSet<u16>> {
    let words = ["exec", container, "cat", "/proc/net/tcp", "/proc/net/tcp6"].map(str::to_owned);
    let answer = settings.engine.run(&words, PROBE_TIME, settings.is_awaited).ok()?;
    let text = answer.text();
    (!text.is_empty()).then(|| listening_ports(&text, TCP_LISTENS).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_read_from_what_each_tool_prints() {
        let head = "  HTTP/1.1 404 Not Found\nwget: server returned error: HTTP/1.1 404 Not Found";
        assert_eq!(read_answer("wget", Some(1), head), Err("answered 404".to_owned()));
        assert_eq!(
            read_answer("wget", Some(0), "  HTTP/1.1 204 No Content\n"),
            Ok("answered 204".to_owned())
        );
        assert_eq!(read_answer("wget", Some(0), ""), Ok("answered".to_owned()));
        assert_eq!(read_answer("curl", Some(0), "\n503"), Err("answered 503".to_owned()));
        assert_eq!(read_answer("curl", Some(7), "\n000"), Err("gave no answer".to_owned()));
    }
}
