//! Runs Docker's credential helpers, programs that keep passwords in the system's keychain, for registry clients.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde::Deserialize;

use super::docker_credentials::RegistryCredential;

/// The longest that a helper may take: it may prompt the user to unlock a keychain.
const HELPER_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest output of a helper, in bytes.
const MAX_REPLY_BYTES: u64 = 256 * 1024;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct HelperReply {
    username: String,
    secret: String,
}

/// The helper's credential for a server; none where it has none. The helper's output is not repeated: it may hold what
/// must not be shown.
pub(super) fn get_credential(helper: &str, server: &str) -> Result<Option<RegistryCredential>, String> {
    let name = format!("docker-credential-{helper}");
    let fits = helper.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if !fits {
        return Err(format!("`{helper}` is no name of a credential helper"));
    }
    let mut child = Command::new(&name)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("{name}, which Docker's configuration names, cannot be run: {error}"))?;
    let reply = exchange_with_helper(&mut child, server);
    // After a reply, or too late for one, there is nothing more to wait for.
    if reply.is_none() {
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| format!("{name} failed: {error}"))?;
    match reply {
        None => Err(format!("{name} did not answer in {} s", HELPER_TIMEOUT.as_secs())),
        Some(_) if !status.success() => Ok(None),
        Some(bytes) => {
            let HelperReply { username, secret } =
                serde_json::from_slice(&bytes).map_err(|_| format!("the answer of {name} cannot be read"))?;
            Ok(Some(match username.as_str() {
                "<token>" => RegistryCredential::RefreshToken(secret),
                _ => RegistryCredential::Password { name: username, password: secret },
            }))
        }
    }
}

/// Names the server to the helper, and takes its whole reply.
fn exchange_with_helper(child: &mut Child, server: &str) -> Option<Vec<u8>> {
    if let Some(mut stdin) = child.stdin.take() {
        // A helper that does not read its input is judged by its output.
        let _ = stdin.write_all(server.as_bytes());
    }
    let stdout = child.stdout.take()?;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stdout.take(MAX_REPLY_BYTES).read_to_end(&mut bytes);
        let _ = send.send(bytes);
    });
    receive.recv_timeout(HELPER_TIMEOUT).ok()
}
