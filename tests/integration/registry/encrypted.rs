//! Registries that speak TLS, with a certificate that is trusted or not.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use seaworthy::image::registry::{ReferenceResolver, RegistryError};

use super::front::{index_digest, index_text};
use super::{reference, registries};
use crate::support::{fixtures, repository};

/// Answers every request over TLS with an index of this digest, as `localhost`, whose authority nobody trusts. It ends
/// with the test's process.
fn serve(digest: String) -> u16 {
    let read = |name: &str| std::fs::read(fixtures().join("registry").join(name)).unwrap();
    let key = PrivateKeyDer::try_from(read("localhost.key.der")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(read("localhost.der"))], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            let mut seen = Vec::new();
            let mut byte = [0];
            // A client that speaks no TLS, or trusts nobody, is gone before it has asked.
            while !seen.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                seen.push(byte[0]);
            }
            let text = index_text("6");
            let answer = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\ndocker-content-digest: {digest}\r\n\
                 content-type: application/vnd.oci.image.index.v1+json\r\n\r\n",
                text.len()
            );
            let _ = stream.write_all(answer.as_bytes());
            if seen.starts_with(b"GET") {
                let _ = stream.write_all(text.as_bytes());
            }
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    port
}

fn digest() -> String {
    index_digest("6")
}

#[test]
fn a_certificate_that_nobody_trusts_is_refused_and_it_is_said_what_to_do() {
    let port = serve(digest());
    let error = registries().resolve(&reference(&format!("localhost:{port}/app:1.0.0"))).unwrap_err();
    assert!(matches!(error, RegistryError::Certificate { .. }), "{error:?}");
    let words = error.to_string();
    assert!(words.contains(&format!("certificate of localhost:{port} is not trusted")), "{words}");
    assert!(words.contains("SSL_CERT_FILE"), "{words}");
}

/// Elsewhere the system's own store decides alone.
#[cfg(target_os = "linux")]
#[test]
fn an_authority_that_the_system_trusts_is_trusted() {
    let port = serve(digest());
    let root = repository(&[("Dockerfile", &format!("FROM localhost:{port}/app:1.0.0\nUSER 50000\n"))]);
    let done = Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .args(["fix", "--online", "--diff"])
        .arg(root.path())
        .env("SSL_CERT_FILE", fixtures().join("registry/authority.pem"))
        .env("XDG_CACHE_HOME", root.path().join("cache"))
        .env("DOCKER_CONFIG", root.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    let patch = String::from_utf8_lossy(&done.stdout);
    assert!(patch.contains(&format!("+FROM localhost:{port}/app:1.0.0@{}", digest())), "{patch}{said}");
}
