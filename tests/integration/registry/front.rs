//! A small server that answers as a test says, and remembers what it was asked.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::http::{Message, send};

/// What to say.
pub(super) enum Reply {
    Answer(u16, Vec<(String, String)>, Vec<u8>),
    /// These bytes, then the end.
    Raw(Vec<u8>),
    /// As a proxy does: the next request of the same connection is for the other end.
    Tunnel,
    /// Nothing, for as long as the server runs.
    Silence,
}

impl Reply {
    pub(super) fn status(status: u16) -> Self {
        Self::Answer(status, Vec::new(), Vec::new())
    }

    pub(super) fn json(text: &str) -> Self {
        Self::Answer(200, vec![("content-type".into(), "application/json".into())], text.as_bytes().to_vec())
    }

    pub(super) fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// An OCI index of this digest: one that `index_digest` gave, or any other without the index itself.
    pub(super) fn index(digest: &str) -> Self {
        let text = LABELS.iter().find(|label| index_digest(label) == digest).map(|label| index_text(label));
        Self::Answer(200, Vec::new(), text.unwrap_or_default().into_bytes())
            .with("content-type", "application/vnd.oci.image.index.v1+json")
            .with("docker-content-digest", digest)
    }
}

/// What indexes are told apart by.
const LABELS: [&str; 10] = ["2", "3", "4", "5", "6", "7", "8", "9", "a", "b"];

/// The index itself.
pub(super) fn index_text(label: &str) -> String {
    format!(r#"{{"schemaVersion":2,"manifests":[],"annotations":{{"label":"{label}"}}}}"#)
}

/// The digest of an index of its own.
pub(super) fn index_digest(label: &str) -> String {
    super::distribution::sha256(index_text(label).as_bytes())
}

type Handler = dyn Fn(&Message) -> Reply + Send + Sync;

/// It runs until it is dropped.
pub(super) struct Front {
    pub(super) authority: String,
    asked: Arc<Mutex<Vec<Message>>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Front {
    pub(super) fn new(handler: impl Fn(&Message) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let (asked, over) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let (seen, stop): (Arc<Mutex<Vec<Message>>>, _) = (Arc::clone(&asked), Arc::clone(&over));
        let handler: Arc<Handler> = Arc::new(handler);
        let thread = std::thread::spawn(move || {
            let mut silent = Vec::new();
            for stream in listener.incoming().map_while(Result::ok) {
                if stop.load(Ordering::SeqCst) {
                    return;
                }
                let ask = || {
                    let message = Message::read(&stream, true)?;
                    seen.lock().unwrap().push(message.clone());
                    Some((handler(&message), message.method() == "HEAD"))
                };
                let mut reply = ask();
                if let Some((Reply::Tunnel, _)) = reply {
                    (&stream).write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap();
                    reply = ask();
                }
                match reply {
                    Some((Reply::Silence, _)) => silent.push(stream),
                    Some((reply, head)) => answer(stream, reply, head),
                    None => {}
                }
            }
        });
        Self { authority, asked, over, thread: Some(thread) }
    }

    /// A front that asks a registry behind it, where `guard` has no answer of its own.
    pub(super) fn before(
        behind: &str,
        guard: impl Fn(&Message) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let behind = behind.to_owned();
        Self::new(move |message| guard(message).unwrap_or_else(|| forward(&behind, message)))
    }

    /// Method and target of all that was asked so far.
    pub(super) fn asked(&self) -> Vec<String> {
        let lines = |message: &Message| format!("{} {}", message.method(), message.target());
        self.asked.lock().unwrap().iter().map(lines).collect()
    }

    /// What each request showed of who asks.
    pub(super) fn authorizations(&self) -> Vec<Option<String>> {
        let asked = self.asked.lock().unwrap();
        asked.iter().map(|message| message.header("authorization").map(str::to_owned)).collect()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(&self.authority);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(mut stream: TcpStream, reply: Reply, head: bool) {
    let bytes = match reply {
        Reply::Silence | Reply::Tunnel => return,
        Reply::Raw(bytes) => bytes,
        Reply::Answer(status, headers, body) => {
            let mut text = format!("HTTP/1.1 {status} Said\r\nconnection: close\r\n");
            for (name, value) in headers {
                text.push_str(&format!("{name}: {value}\r\n"));
            }
            text.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
            let mut bytes = text.into_bytes();
            if !head {
                bytes.extend(body);
            }
            bytes
        }
    };
    // The other side may have heard enough.
    let _ = stream.write_all(&bytes);
}

fn forward(behind: &str, message: &Message) -> Reply {
    let accept = message.header("accept").unwrap_or("*/*").to_owned();
    let answer = send(behind, message.method(), message.target(), &[("accept", &accept)], &message.body);
    let kept = ["content-type", "docker-content-digest", "link", "www-authenticate"];
    let headers = answer.headers.iter().filter(|(name, _)| kept.contains(&name.as_str())).cloned().collect();
    Reply::Answer(answer.status(), headers, answer.body)
}
