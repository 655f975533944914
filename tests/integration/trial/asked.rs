//! The helper asks a port as a kubelet does: what it is answered decides, over HTTP, TLS and gRPC.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use seaworthy::trial::{HttpProbe, LaunchProbe, ProbeAction, ProbeKind, ProbeTiming};

use crate::support::fixtures;

/// Answers every connection until the test's process ends.
fn serve(address: &str, answer: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind(address).unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || answer(stream));
        }
    });
    port
}

fn read_head(stream: &mut impl Read) -> String {
    let (mut seen, mut byte) = (Vec::new(), [0]);
    while !seen.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
        seen.push(byte[0]);
    }
    String::from_utf8_lossy(&seen).to_lowercase()
}

/// Answers each path with a status, and says what it was asked with.
fn answer_plainly(mut stream: TcpStream) {
    let head = read_head(&mut stream);
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let answer = match path.as_str() {
        "/late" => {
            std::thread::sleep(Duration::from_secs(4));
            "200 OK"
        }
        "/moved" => "302 Found\r\nLocation: /broken",
        "/away" => "302 Found\r\nLocation: https://login.invalid/",
        "/round" => "302 Found\r\nLocation: /round",
        "/broken" => "503 Broken",
        "/named" if head.contains("x-tide: high") && head.contains("host: tides.example\r\n") => "204 None",
        "/agent" if head.contains("user-agent: kube-probe/") => "200 OK",
        "/nonsense" => return drop(stream.write_all(b"220 mail.example ESMTP\r\n")),
        "/" => "200 OK",
        _ => "404 Not Found",
    };
    let _ = stream.write_all(format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n").as_bytes());
}

fn answer_encrypted() -> impl Fn(TcpStream) {
    let read = |name: &str| std::fs::read(fixtures().join("registry").join(name)).unwrap();
    let key = PrivateKeyDer::try_from(read("localhost.key.der")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(read("localhost.der"))], key)
        .unwrap();
    let config = Arc::new(config);
    move |stream| {
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
        if read_head(&mut stream).starts_with("get /secure ") {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
        stream.conn.send_close_notify();
        let _ = stream.flush();
    }
}

/// A health service that serves `tides` and nothing else, in HTTP/2 as a server of gRPC answers.
fn answer_health(mut stream: TcpStream) {
    let mut preface = [0; 24];
    stream.read_exact(&mut preface).unwrap();
    assert!(preface.starts_with(b"PRI * HTTP/2.0\r\n\r\n"));
    stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).unwrap();
    loop {
        let mut head = [0; 9];
        if stream.read_exact(&mut head).is_err() {
            return;
        }
        let mut body = vec![0; usize::from(head[1]) * 256 + usize::from(head[2])];
        stream.read_exact(&mut body).unwrap();
        if head[3] == 1 {
            let text = String::from_utf8_lossy(&body).into_owned();
            assert!(
                text.contains("/grpc.health.v1.Health/Check") && text.contains("application/grpc"),
                "{text}"
            );
        }
        if head[3] == 0 {
            let status = if body.ends_with(b"tides") { 1 } else { 3 };
            // Headers (`:status: 200`), the message, and the trailers that end it.
            stream.write_all(&[0, 0, 1, 1, 4, 0, 0, 0, 1, 0x88]).unwrap();
            stream.write_all(&[0, 0, 7, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 8, status]).unwrap();
            stream.write_all(&[0, 0, 1, 1, 5, 0, 0, 0, 1, 0x88]).unwrap();
        }
    }
}

fn http(port: u16, path: &str) -> ProbeAction {
    let (host, path) = (String::new(), path.to_owned());
    ProbeAction::Http(HttpProbe { is_encrypted: false, host, port, path, headers: Vec::new() })
}

/// The first answers of the helper to these probes, in their order.
fn ask(actions: Vec<ProbeAction>) -> Vec<String> {
    let timing = ProbeTiming { patience: Duration::from_secs(2), ..ProbeTiming::default() };
    let probe = |action| LaunchProbe { kind: ProbeKind::Readiness, action, timing };
    let probes: Vec<Vec<LaunchProbe>> = actions.into_iter().map(|action| vec![probe(action)]).collect();
    let mut helper = Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .arg("--probe-helper-of-a-trial")
        .arg(serde_json::to_string(&probes).unwrap())
        .env("http_proxy", "http://proxy.invalid:3128")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(helper.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert_eq!(lines.next().as_deref(), Some("asking"));
    let mut answers: Vec<Option<String>> = vec![None; probes.len()];
    while answers.contains(&None) {
        let line = lines.next().expect("it asks on");
        let (at, rest) = line.split_once(" 0 ").unwrap();
        answers[at.parse::<usize>().unwrap()].get_or_insert(rest.to_owned());
    }
    helper.kill().unwrap();
    helper.wait().unwrap();
    answers.into_iter().flatten().collect()
}

#[test]
fn a_status_is_counted_as_a_kubelet_counts_it() {
    let port = serve("0.0.0.0:0", answer_plainly);
    let named = HttpProbe {
        is_encrypted: false,
        host: String::new(),
        port,
        path: "/named".to_owned(),
        headers: vec![
            ("X-Tide".to_owned(), "high".to_owned()),
            ("Host".to_owned(), "tides.example".to_owned()),
        ],
    };
    let elsewhere = HttpProbe { host: "registry.invalid".to_owned(), ..named.clone() };
    let mut actions: Vec<ProbeAction> =
        ["/", "/missing", "/moved", "/away", "/round", "/late", "/agent", "/nonsense"]
            .map(|path| http(port, path))
            .into();
    actions.extend([ProbeAction::Http(named), ProbeAction::Http(elsewhere)]);
    let answers = ask(actions);
    assert_eq!(
        answers[..7],
        [
            "met answered 200",
            "not answered 404",
            "not answered 503",
            "met answered 302",
            "not redirected more than 10 times",
            "not did not answer within 2 s",
            "met answered 200",
        ]
    );
    assert!(answers[7].starts_with("not gave no answer of HTTP"), "{}", answers[7]);
    assert_eq!(answers[8], "met answered 204");
    assert_eq!(answers[9], "not the host `registry.invalid` is not known here");
}

#[test]
fn certificates_are_not_verified() {
    let port = serve("0.0.0.0:0", answer_encrypted());
    let probe = |is_encrypted| {
        let (host, path) = (String::new(), "/secure".to_owned());
        ProbeAction::Http(HttpProbe { is_encrypted, host, port, path, headers: Vec::new() })
    };
    let answers = ask(vec![probe(true), probe(false)]);
    assert_eq!(answers[0], "met answered 200");
    assert!(answers[1].starts_with("not gave no answer of HTTP"), "{}", answers[1]);
}

#[test]
fn a_health_service_is_asked_for_the_service_that_is_named() {
    let port = serve("0.0.0.0:0", answer_health);
    let plain = serve("0.0.0.0:0", answer_plainly);
    let probe = |port, service: &str| ProbeAction::Grpc { port, service: service.to_owned() };
    let answers = ask(vec![probe(port, "tides"), probe(port, "ebb"), probe(plain, "tides")]);
    assert_eq!(answers[..2], ["met serves", "not answered SERVICE_UNKNOWN"]);
    assert!(answers[2].starts_with("not "), "{}", answers[2]);
}

#[test]
fn what_listens_for_itself_alone_is_told_so() {
    let own = serve("127.0.0.1:0", answer_plainly);
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let probe = |port| ProbeAction::Port { host: String::new(), port };
    let answers = ask(vec![probe(own), probe(free), http(free, "/")]);
    assert_eq!(answers[0], "met takes connections at 127.0.0.1 alone, where no kubelet asks");
    assert_eq!(answers[1..], ["not nothing listens there", "not nothing listens there"]);
}
