//! Servers for the tests, on ports that the system chooses, and a fetcher for them.

use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, Version};
use axum::response::{IntoResponse, Response};
use axum::serve::Listener;
use cmes_fetch::{Budget, BudgetLimits, CertificateDer, FetchError, FetchOptions, Fetched, Fetcher};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{self, pki_types::PrivateKeyDer};
use url::Url;

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub path: String,
    pub headers: HeaderMap,
    pub version: Version,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// A running server with what it has seen.
pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    /// Set for TLS servers.
    pub certificate: Option<CertificateDer<'static>>,
}

impl Server {
    pub fn url(&self, path: &str) -> Url {
        let scheme = if self.certificate.is_some() { "https" } else { "http" };
        Url::parse(&format!("{scheme}://{}{path}", self.address)).expect("the path is valid")
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("nobody panicked").clone()
    }

    /// The paths that were asked for, robots.txt left out.
    pub fn paths(&self) -> Vec<String> {
        let paths = self.seen().into_iter().map(|seen| seen.path);
        paths.filter(|path| path != "/robots.txt").collect()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// A server that answers by this function; robots.txt is missing unless it answers it.
pub async fn serve(answer: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> Server {
    start(answer, None).await
}

/// The same behind TLS for these names, offering HTTP/2.
pub async fn serve_tls(names: &[&str], answer: impl Fn(&Seen) -> Response + Send + Sync + 'static) -> Server {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let key = generate_simple_self_signed(names).expect("the names are valid");
    start(answer, Some(key)).await
}

async fn start(
    answer: impl Fn(&Seen) -> Response + Send + Sync + 'static,
    key: Option<CertifiedKey<rcgen::KeyPair>>,
) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let address = listener.local_addr().expect("it is bound");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let connections = Arc::new(AtomicUsize::new(0));
    let certificate = key.as_ref().map(|key| key.cert.der().clone());
    let counted = Counted { listener, tls: key.as_ref().map(acceptor), connections: Arc::clone(&connections) };
    let (answer, log) = (Arc::new(answer), Arc::clone(&seen));
    let app = axum::Router::new().fallback(move |request: Request| {
        let (parts, _) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let now = Seen { path, headers: parts.headers, version: parts.version };
        log.lock().expect("nobody panicked").push(now.clone());
        let response = answer(&now);
        async move { response }
    });
    tokio::spawn(axum::serve(counted, app).into_future());
    Server { address, seen, connections, certificate }
}

fn acceptor(key: &CertifiedKey<rcgen::KeyPair>) -> TlsAcceptor {
    let private = PrivateKeyDer::Pkcs8(key.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows them")
        .with_no_client_auth()
        .with_single_cert(vec![key.cert.der().clone()], private)
        .expect("the key fits the certificate");
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// Counts connections and speaks TLS if it has a key.
struct Counted {
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    connections: Arc<AtomicUsize>,
}

impl Listener for Counted {
    type Io = Stream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Stream, SocketAddr) {
        loop {
            let Ok((stream, peer)) = self.listener.accept().await else { continue };
            self.connections.fetch_add(1, Ordering::SeqCst);
            match &self.tls {
                None => return (Stream(Box::pin(stream)), peer),
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        return (Stream(Box::pin(stream)), peer);
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

trait ReadWrite: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> ReadWrite for T {}

/// Either kind of connection.
pub struct Stream(Pin<Box<dyn ReadWrite>>);

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        self.0.as_mut().poll_read(cx, buf)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<std::io::Result<usize>> {
        self.0.as_mut().poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.0.as_mut().poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.0.as_mut().poll_shutdown(cx)
    }
}

/// A server that sends these bytes whatever it is asked, except for robots.txt,
/// and closes the connection.
pub async fn serve_bytes(bytes: impl Into<Vec<u8>>) -> SocketAddr {
    let bytes = Arc::new(bytes.into());
    serve_connections(move |mut stream, request| {
        let bytes = Arc::clone(&bytes);
        async move {
            let no_robots = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
            let answer = if request.starts_with("GET /robots.txt") { &no_robots[..] } else { bytes.as_slice() };
            let _ = stream.write_all(answer).await;
            let _ = stream.shutdown().await;
        }
    })
    .await
}

/// A server that hands each connection with its request to this function.
pub async fn serve_connections<F>(handle: impl Fn(TcpStream, String) -> F + Send + Sync + 'static) -> SocketAddr
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while !request.windows(4).any(|window| window == b"\r\n\r\n") {
                match stream.read(&mut buffer).await {
                    Ok(count) if count > 0 => request.extend_from_slice(&buffer[..count]),
                    _ => break,
                }
            }
            tokio::spawn(handle(stream, String::from_utf8_lossy(&request).into_owned()));
        }
    });
    address
}

/// Settings under which the servers of this file may be read, without pauses.
pub fn options() -> FetchOptions {
    FetchOptions {
        allow_networks: vec!["127.0.0.0/8".parse().expect("a network")],
        per_host_delay: Duration::ZERO,
        ..FetchOptions::default()
    }
}

/// A fetcher with these settings.
pub fn fetcher(options: FetchOptions) -> Fetcher {
    Fetcher::new(options).expect("the settings are valid")
}

/// A table of names, as `fetch.resolve` takes it.
pub fn hosts(names: &[(&str, SocketAddr)]) -> BTreeMap<String, SocketAddr> {
    names.iter().map(|(name, address)| ((*name).to_owned(), *address)).collect()
}

/// Reads one page with plain settings and an ample budget.
pub async fn read(url: &Url) -> Result<Fetched, FetchError> {
    fetcher(options()).page(url, &budget()).await
}

/// A budget that no test uses up by accident.
pub fn budget() -> Budget {
    Budget::new(BudgetLimits { time: Duration::from_secs(60), requests: 1000, bytes: 1 << 30 })
}

/// Parses a URL of a test.
pub fn url(text: &str) -> Url {
    Url::parse(text).expect("the test writes a valid URL")
}

/// A small page with this title.
pub fn html(title: &str) -> Response {
    response(200, &[("content-type", "text/html; charset=utf-8")], format!("<!doctype html><title>{title}</title>"))
}

/// An answer with these headers and body.
pub fn response(status: u16, headers: &[(&str, &str)], body: impl Into<Body>) -> Response {
    let status = StatusCode::from_u16(status).expect("a status code");
    let mut response = (status, body.into()).into_response();
    response.headers_mut().remove("content-type");
    for (name, value) in headers {
        let name: axum::http::HeaderName = name.parse().expect("a header name");
        let value = axum::http::HeaderValue::from_bytes(value.as_bytes()).expect("a header value");
        response.headers_mut().append(name, value);
    }
    response
}

/// A redirect.
pub fn redirect(status: u16, location: &str) -> Response {
    response(status, &[("location", location)], "")
}

/// 404.
pub fn missing() -> Response {
    response(404, &[("content-type", "text/plain")], "no such page")
}

/// An unused port of this machine: it was free a moment ago.
pub async fn closed_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    listener.local_addr().expect("it is bound")
}
