//! As much HTTP as the tests need, on the standard library alone.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// A request or an answer: its first line, headers in lower case, and body.
#[derive(Clone, Debug, Default)]
pub(super) struct Message {
    pub(super) first: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Message {
    /// Reads one; the answer to a HEAD has no body, whatever its headers say.
    pub(super) fn read(stream: &TcpStream, has_body: bool) -> Option<Self> {
        let mut reader = BufReader::new(stream);
        let mut message = Self { first: line(&mut reader)?, ..Self::default() };
        loop {
            let text = line(&mut reader)?;
            let Some((name, value)) = text.split_once(':') else { break };
            message.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        if has_body {
            match message.header("content-length").map(|length| length.parse().unwrap()) {
                Some(length) => {
                    message.body.resize(length, 0);
                    reader.read_exact(&mut message.body).ok()?;
                }
                None if message.first.starts_with("HTTP") => {
                    reader.read_to_end(&mut message.body).ok()?;
                }
                None => {}
            }
        }
        Some(message)
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Of a request.
    pub(super) fn method(&self) -> &str {
        self.first.split(' ').next().unwrap()
    }

    /// Of a request: the path with its query.
    pub(super) fn target(&self) -> &str {
        self.first.split(' ').nth(1).unwrap()
    }

    /// Of an answer.
    pub(super) fn status(&self) -> u16 {
        self.first.split(' ').nth(1).unwrap().parse().unwrap()
    }
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut text = String::new();
    let length = reader.read_line(&mut text).ok()?;
    (length > 0).then(|| text.trim_end().to_owned())
}

/// Sends a request to a server on this machine.
pub(super) fn send(
    authority: &str,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Message {
    let mut stream = TcpStream::connect(authority).unwrap();
    let mut text = format!("{method} {target} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str(&format!("content-length: {}\r\n\r\n", body.len()));
    stream.write_all(text.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    Message::read(&stream, method != "HEAD").unwrap()
}
